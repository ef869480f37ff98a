"""Figures of a country's rules that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.domain.labour import LabourRules
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say

DAYS_OF_WEEK = 7
_AT_LEAST_ONE = ("consecutive_days", "consecutive_nights")
_OF_A_WEEK = ("days_off", "week_nights")


def check_labour_rules(rules: LabourRules, place: str = "") -> Iterator[Fault]:
    """What costs is below what is forbidden, and no figure is one that nobody could keep.

    Parameters
    ----------
    rules
        The rules.
    place
        Where they stand in a document, with the dot behind it.
    """
    for name in ("day_minutes", "week_minutes", "month_overtime"):
        norm, limit = getattr(rules, name), getattr(rules, f"{name}_limit")
        if norm is not None and limit is not None and limit.minutes < norm.minutes:
            message = say("fault.law-reversed", name=name)
            yield finding(f"{place}{name}_limit", FaultCode.LAW_REVERSED, message)
    for name in ("month_overtime", "month_overtime_limit"):
        if getattr(rules, name) is not None and rules.day_minutes is None:
            message = say("fault.overtime-of-nothing")
            yield finding(f"{place}{name}", FaultCode.LAW_REVERSED, message)
    for name in _AT_LEAST_ONE:
        figure = getattr(rules, name)
        if figure is not None and figure.count == 0:
            message = say("fault.law-nothing-left")
            yield finding(f"{place}{name}.count", FaultCode.OUT_OF_RANGE, message)
    for name in _OF_A_WEEK:
        figure = getattr(rules, name)
        if figure is not None and figure.count > DAYS_OF_WEEK:
            message = say("fault.law-of-week")
            yield finding(f"{place}{name}.count", FaultCode.OUT_OF_RANGE, message)
    rest, longer = rules.rest, rules.rest_after_night
    if rest is not None and longer is not None and longer.minutes < rest.minutes:
        message = say("fault.law-rest-reversed")
        yield finding(f"{place}rest_after_night", FaultCode.LAW_REVERSED, message)


def check_labour_of_scenario(view: View) -> Iterator[Fault]:
    """The same of the rules that a scenario gives itself."""
    rules = view.scenario.labour_rules
    if rules is not None:
        yield from check_labour_rules(rules, "labour_rules.")
