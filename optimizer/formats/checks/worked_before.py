"""What caregivers are said to have worked before the first day planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode, WarningCode
from optimizer.formats.findings import finding
from optimizer.i18n import say


def check_worked_before(view: View) -> Iterator[Fault]:
    """Nobody has worked on more days than there were; what is told of days and nights agrees."""
    if view.dates is None:
        return
    for place, caregiver in view.rows("caregivers", view.scenario.caregivers):
        yield from _of_week(place, caregiver, view.dates[0])
        yield from _in_a_row(place, caregiver, view.dates[0])
        if caregiver.month_overtime_worked > 0 and view.dates[0].day == 1:
            message = say("fault.month-begins", first=view.dates[0])
            yield finding(f"{place}.month_overtime_worked", FaultCode.OUT_OF_RANGE, message)


def _of_week(place: str, caregiver: Caregiver, first: dt.date) -> Iterator[Fault]:
    for name in ("days_worked", "week_nights_worked"):
        if getattr(caregiver, name) > first.weekday():
            message = say("fault.days-worked", first=first, passed=first.weekday())
            yield finding(f"{place}.{name}", FaultCode.OUT_OF_RANGE, message)


def _in_a_row(place: str, caregiver: Caregiver, first: dt.date) -> Iterator[Fault]:
    """Days in a row are days of the week and nights are days, wherever both are told."""
    passed = first.weekday()
    for name, of_week in (
        ("consecutive_days_worked", "days_worked"),
        ("consecutive_nights_worked", "week_nights_worked"),
    ):
        row, worked = getattr(caregiver, name), getattr(caregiver, of_week)
        if row > 0 and 0 < worked <= passed and not _agree(row, worked, passed):
            message = say(
                "fault.days-in-a-row",
                row=row, other=of_week, count=worked, passed=passed, first=first,
            )  # fmt: skip
            yield finding(f"{place}.{name}", FaultCode.OUT_OF_RANGE, message)
    nights, days = caregiver.consecutive_nights_worked, caregiver.consecutive_days_worked
    if 0 < days < nights:
        message = say("fault.nights-are-days", nights=nights, days=days)
        yield finding(f"{place}.consecutive_nights_worked", FaultCode.OUT_OF_RANGE, message)


def _agree(row: int, worked: int, passed: int) -> bool:
    """Return whether of so many days of a week so many were worked, the last `row` among them."""
    return worked >= passed if row >= passed else row <= worked < passed


def warn_of_worked_before(scenario: Scenario) -> Iterator[Fault]:
    """Warn where so much was worked before that nothing may follow, and of unread limits."""
    first = scenario.horizon.start
    for number, person in enumerate(scenario.caregivers):
        place = f"caregivers[{number}]"
        days, most = person.consecutive_days_worked, person.consecutive_days
        if most is not None and days > most:
            message = say("fault.used-up.days", worked=days, first=first, most=most)
            yield finding(f"{place}.consecutive_days_worked", WarningCode.USED_UP, message)
        nights, most = person.consecutive_nights_worked, person.consecutive_nights
        if most is not None and nights > most:
            message = say("fault.used-up.nights", worked=nights, first=first, most=most)
            yield finding(f"{place}.consecutive_nights_worked", WarningCode.USED_UP, message)
        nights, most = person.week_nights_worked, person.week_nights
        if most is not None and nights > most:
            message = say("fault.used-up.of-week", worked=nights, first=first, most=most)
            yield finding(f"{place}.week_nights_worked", WarningCode.USED_UP, message)
        limit = person.month_overtime_limit
        if limit is not None and person.month_overtime_worked > limit:
            message = say("fault.used-up.overtime")
            yield finding(f"{place}.month_overtime_worked", WarningCode.USED_UP, message)
        for name in ("month_overtime", "month_overtime_limit"):
            if person.day_minutes is None and getattr(person, name) is not None:
                message = say("fault.overtime-of-nothing")
                yield finding(f"{place}.{name}", WarningCode.OVERTIME_OF_NOTHING, message)
