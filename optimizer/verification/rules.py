"""Every hard rule and the function that checks it; the functions stand by subject beside this."""

from __future__ import annotations

from types import MappingProxyType

from optimizer.domain.policy import Rule
from optimizer.verification import (
    rules_accounts,
    rules_law,
    rules_once,
    rules_people,
    rules_ties,
    rules_time,
    rules_work,
)
from optimizer.verification.replay import Checks

_ALL = {
    **rules_people.CHECKS,
    **rules_time.CHECKS,
    **rules_work.CHECKS,
    **rules_law.CHECKS,
    **rules_ties.CHECKS,
    **rules_accounts.CHECKS,
    **rules_once.CHECKS,
}

CHECKS: Checks = MappingProxyType({rule: _ALL[rule] for rule in Rule})
"""Rule by rule, in the order of `Rule`."""
