"""Times on days when clocks are changed: none that no clock shows, no shift over the change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.clock_changes import ClockChange, Clocks
from optimizer.domain.visit import CouplingKind, Visit
from optimizer.errors import Fault
from optimizer.formats.checks.view import View
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.units import MS_PER_DAY, format_clock

Changes = dict[dt.date, ClockChange]


def check_clock_changes(view: View) -> Iterator[Fault]:
    """No time falls into an hour that is left out, and nobody works while clocks are changed.

    Within a shift clock times and real time then pass alike, so that all durations are real ones;
    between shifts the engine counts real hours.
    """
    if view.dates is None:
        return
    clocks = Clocks(view.scenario.time_zone)
    # A night reaches into the day after.
    days = (*view.dates, view.dates[-1] + dt.timedelta(days=1))
    found = ((day, clocks.change_on(day)) for day in days)
    changes = {day: change for day, change in found if change is not None}
    if not changes:
        return
    for place, caregiver in view.rows("caregivers", view.scenario.caregivers):
        yield from _shifts(place, caregiver, changes)
    for place, visit in view.due():
        yield from _visit(place, visit, view.dates, changes)
    yield from _couplings(view, changes)


def _shifts(place: str, caregiver: Caregiver, changes: Changes) -> Iterator[Fault]:
    for number, shift in enumerate(caregiver.shifts):
        here = f"{place}.shifts[{number}]"
        night = changes.get(shift.date + dt.timedelta(days=1))
        if night is not None and MS_PER_DAY + night.before < shift.end + caregiver.overtime_limit:
            yield _over(here, shift.date + dt.timedelta(days=1), night)
        change = changes.get(shift.date)
        if change is None:
            continue
        yield from _skipped(f"{here}.start", shift.start, shift.date, change)
        if shift.end != change.before:
            yield from _skipped(f"{here}.end", shift.end, shift.date, change)
        if shift.start < change.before < shift.end + caregiver.overtime_limit:
            yield _over(here, shift.date, change)


def _over(place: str, date: dt.date, change: ClockChange) -> Fault:
    """Return the fault of a shift that goes on while clocks are changed."""
    message = say(
        "fault.over-clock-change",
        date=date,
        before=format_clock(change.before),
        after=format_clock(max(change.before, change.after)),
    )
    return finding(place, FaultCode.OVER_CLOCK_CHANGE, message)


def _visit(
    place: str, visit: Visit, dates: tuple[dt.date, ...], changes: Changes
) -> Iterator[Fault]:
    """Yield the faults of a visit that has one day only; on other days its times are sound."""
    days = visit.dates or dates
    change = changes.get(days[0]) if len(days) == 1 else None
    if change is not None:
        yield from _skipped(f"{place}.window.earliest", visit.window.earliest, days[0], change)
        yield from _skipped(f"{place}.window.latest", visit.window.latest, days[0], change)
        if visit.pin is not None and visit.pin.start is not None:
            yield from _skipped(f"{place}.pin.start", visit.pin.start, days[0], change)


def _skipped(place: str, clock: int, day: dt.date, change: ClockChange) -> Iterator[Fault]:
    if change.skips(clock):
        message = say(
            "fault.no-such-time",
            time=format_clock(clock),
            date=day,
            before=format_clock(change.before),
            after=format_clock(change.after),
        )
        yield finding(place, FaultCode.NO_SUCH_TIME, message)


def _couplings(view: View, changes: Changes) -> Iterator[Fault]:
    """Yield the gaps of a day that may lie over the change, and so be longer than clocks say."""
    visits = view.visits()
    for place, tie in view.rows("couplings", view.scenario.couplings):
        first, second = visits.get(tie.first), visits.get(tie.second)
        if tie.kind is not CouplingKind.AFTER or first is None or second is None:
            continue
        for day, change in changes.items():
            can_be = all(not one.dates or day in one.dates for one in (first, second))
            if can_be and first.window.earliest < change.before <= second.window.latest:
                message = say(
                    "fault.gap-over-clock-change", date=day, before=format_clock(change.before)
                )
                yield finding(place, FaultCode.OVER_CLOCK_CHANGE, message)
