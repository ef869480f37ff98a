"""Edits of when people work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from optimizer.domain.caregiver import Shift
from optimizer.domain.edit import Caregivers, ClosedHours, OpeningHours, ShiftHours
from optimizer.domain.scenario import Scenario
from optimizer.shortfall.edits.lot import Lot
from optimizer.shortfall.edits.meant import caregivers_meant
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE

Hours = Callable[[Shift], Iterator[Shift]]
"From a shift to what is left of it: none, one or two."


def shift_hours(scenario: Scenario, edit: ShiftHours, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Let the shifts of those meant begin earlier and end later, within their day."""
    before, after = round(edit.earlier * MS_PER_MINUTE), round(edit.later * MS_PER_MINUTE)

    def moved(shift: Shift) -> Iterator[Shift]:
        end = max(shift.end, MS_PER_DAY) if after > 0 else shift.end + after
        end = min(end, shift.end + after)
        yield Shift.model_construct(date=shift.date, start=max(0, shift.start - before), end=end)

    return _with_hours(scenario, edit.of, moved)


def opening_hours(scenario: Scenario, edit: OpeningHours, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Cut the shifts of those meant to the opening hours."""

    def cut(shift: Shift) -> Iterator[Shift]:
        yield Shift.model_construct(
            date=shift.date,
            start=max(edit.opens, shift.start),
            end=min(edit.closes, shift.end),
        )

    return _with_hours(scenario, edit.of, cut)


def closed_hours(scenario: Scenario, edit: ClosedHours, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Cut the time between two clock times out of the shifts of those meant."""

    def cut(shift: Shift) -> Iterator[Shift]:
        if shift.end <= edit.start or shift.start >= edit.end:
            yield shift
            return
        yield Shift.model_construct(date=shift.date, start=shift.start, end=edit.start)
        yield Shift.model_construct(date=shift.date, start=edit.end, end=shift.end)

    return _with_hours(scenario, edit.of, cut)


def _with_hours(scenario: Scenario, of: Caregivers, hours: Hours) -> Scenario:
    meant = {one.id for one in caregivers_meant(scenario, of)}
    people = []
    for person in scenario.caregivers:
        if person.id in meant:
            shifts = tuple(_joined(new for old in person.shifts for new in hours(old)))
            people.append(person.model_copy(update={"shifts": shifts}))
        else:
            people.append(person)
    return scenario.model_copy(update={"caregivers": tuple(people)})


def _joined(shifts: Iterator[Shift]) -> Iterator[Shift]:
    """Yield shifts that last; two of a day that touch or overlap are one."""
    days: dict[date, list[Shift]] = defaultdict(list)
    for shift in shifts:
        if shift.start < shift.end:
            days[shift.date].append(shift)
    for of_day in days.values():
        of_day.sort(key=lambda one: (one.start, one.end))
        current = of_day[0]
        for shift in of_day[1:]:
            if shift.start <= current.end:
                end = max(current.end, shift.end)
                current = Shift.model_construct(date=shift.date, start=current.start, end=end)
            else:
                yield current
                current = shift
        yield current
