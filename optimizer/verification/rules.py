"""Every hard rule and the function that checks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from optimizer.domain.policy import Rule
from optimizer.verification.replay import Replay
from optimizer.verification.rules_accounts import contract_cap, entitlement
from optimizer.verification.rules_once import served_once
from optimizer.verification.rules_people import allowed, pin, qualified
from optimizer.verification.rules_ties import gap, spacing, together
from optimizer.verification.rules_time import pause, shift, travel, window
from optimizer.verification.rules_work import day_minutes, rest, visits_per_day, week_minutes
from optimizer.verification.verdict import Violation

CHECKS: Mapping[Rule, Callable[[Replay], Iterator[Violation]]] = MappingProxyType(
    {
        Rule.QUALIFIED: qualified,
        Rule.ALLOWED: allowed,
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
        Rule.SERVED_ONCE: served_once,
    }
)
"""Rule by rule, in the order of `Rule`."""
