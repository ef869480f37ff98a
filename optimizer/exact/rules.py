"""Every hard rule and the functions that put it into the model, by subject beside this."""

from __future__ import annotations

from types import MappingProxyType

from optimizer.exact import (
    rules_accounts,
    rules_law,
    rules_once,
    rules_people,
    rules_ties,
    rules_time,
    rules_work,
)
from optimizer.exact.options import Options, Strikes
from optimizer.exact.variables import Binds, Variables
from optimizer.exact.world import World

STRIKES_PAIRS = rules_people.STRIKES_PAIRS
"""Rules that settle who may serve what, before there are variables."""

STRIKES_LEGS: Strikes = MappingProxyType({**rules_people.STRIKES_LEGS, **rules_time.STRIKES_LEGS})
"""Rules that settle what may follow what, before there are variables."""

BINDS: Binds = MappingProxyType(
    {
        **rules_once.BINDS,
        **rules_time.BINDS,
        **rules_work.BINDS,
        **rules_law.BINDS,
        **rules_ties.BINDS,
        **rules_accounts.BINDS,
        **rules_people.BINDS,
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
