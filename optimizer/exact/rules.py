"""Every hard rule and the functions that put it into the model: a table of contents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from optimizer.domain.policy import Rule
from optimizer.exact.options import Options
from optimizer.exact.rules_accounts import contract_cap, entitlement
from optimizer.exact.rules_once import served_once
from optimizer.exact.rules_people import allowed, clean_first, pin, pinned_people, qualified
from optimizer.exact.rules_ties import gap, spacing, together
from optimizer.exact.rules_time import passable, pause, shift, travel, window
from optimizer.exact.rules_work import day_minutes, rest, visits_per_day, week_minutes
from optimizer.exact.variables import Variables
from optimizer.exact.world import World

STRIKES_PAIRS: Mapping[Rule, Callable[[World, Options], None]] = MappingProxyType(
    {
        Rule.QUALIFIED: qualified,
        Rule.ALLOWED: allowed,
        Rule.PIN: pinned_people,
    }
)
"""Rules that settle who may serve what, before there are variables."""

STRIKES_LEGS: Mapping[Rule, Callable[[World, Options], None]] = MappingProxyType(
    {
        Rule.ALLOWED: clean_first,
        Rule.TRAVEL: passable,
    }
)
"""Rules that settle what may follow what, before there are variables."""

BINDS: Mapping[Rule, Callable[[Variables], None]] = MappingProxyType(
    {
        Rule.SERVED_ONCE: served_once,
        Rule.WINDOW: window,
        Rule.TRAVEL: travel,
        Rule.SHIFT: shift,
        Rule.BREAK: pause,
        Rule.DAY_MINUTES: day_minutes,
        Rule.WEEK_MINUTES: week_minutes,
        Rule.REST: rest,
        Rule.VISITS_PER_DAY: visits_per_day,
        Rule.TOGETHER: together,
        Rule.GAP: gap,
        Rule.SPACING: spacing,
        Rule.CONTRACT_CAP: contract_cap,
        Rule.ENTITLEMENT: entitlement,
        Rule.PIN: pin,
    }
)
"""Rules that bind the variables."""


def possible_options(world: World) -> Options:
    """Return everything that the rules about single pairs and legs leave open."""
    options = Options.all_of(world)
    for strike in STRIKES_PAIRS.values():
        strike(world, options)
    options.join()
    for strike in STRIKES_LEGS.values():
        strike(world, options)
    return options


def add_rules(variables: Variables) -> None:
    """Bind the variables by all rules."""
    for bind in BINDS.values():
        bind(variables)
