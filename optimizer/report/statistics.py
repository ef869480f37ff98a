"""How the time of a roster is spent."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from optimizer.domain.caregiver import Shift
from optimizer.domain.plan import Route
from optimizer.report.roster import Roster


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """How the time between leaving home and coming back is spent, in milliseconds.

    Attributes
    ----------
    stops
        Number of stops.
    care, travel, waiting, pause
        Parts of the time away from home; `pause` counts breaks taken on the way only.
    overtime
        Time after the end of the shift, which is part of the others as well.
    """

    stops: int = 0
    care: int = 0
    travel: int = 0
    waiting: int = 0
    pause: int = 0
    overtime: int = 0

    @property
    def away(self) -> int:
        """All the time away from home."""
        return self.care + self.travel + self.waiting + self.pause

    def percent(self, part: int) -> float:
        """Return `part` as a percentage of the time away from home."""
        return 100 * part / self.away if self.away else 0.0


def time_of_route(roster: Roster, route: Route) -> TimeSpent:
    """Return how the time of one route is spent."""
    care = sum(stop.end - stop.start for stop in route.stops)
    travel = sum(stop.travel for stop in route.stops) + route.travel_back
    pause = 0
    if route.pause is not None and route.is_break_on_way:
        pause = route.pause.end - route.pause.start
    end = shift_end(roster, route)
    return TimeSpent(
        stops=len(route.stops),
        care=care,
        travel=travel,
        waiting=max(0, route.back - route.departure - care - travel - pause),
        pause=pause,
        overtime=0 if end is None else max(0, route.back - end),
    )


def time_of(parts: Iterable[TimeSpent]) -> TimeSpent:
    """Return the sum of several."""
    rows = list(parts)
    return TimeSpent(
        stops=sum(row.stops for row in rows),
        care=sum(row.care for row in rows),
        travel=sum(row.travel for row in rows),
        waiting=sum(row.waiting for row in rows),
        pause=sum(row.pause for row in rows),
        overtime=sum(row.overtime for row in rows),
    )


def shift_span(roster: Roster, route: Route) -> tuple[int, int] | None:
    """Return start and end of a route's shift in milliseconds since midnight, if it has one."""
    caregiver = roster.caregivers.get(route.caregiver)
    if caregiver is None:
        return None
    shifts = sorted(
        (shift for shift in caregiver.shifts if shift.date == route.date),
        key=lambda shift: shift.start,
    )
    if route.shift >= len(shifts):
        return None
    return shifts[route.shift].start, shifts[route.shift].end


def shift_end(roster: Roster, route: Route) -> int | None:
    """Return the end of a route's shift in milliseconds since midnight, if it has one."""
    span = shift_span(roster, route)
    return None if span is None else span[1]


def idle_shifts(roster: Roster, date: datetime.date) -> tuple[tuple[str, Shift], ...]:
    """Return caregivers and shifts of a day without a visit, in the scenario's order."""
    used = {(route.caregiver, route.shift) for route in roster.routes if route.date == date}
    found = []
    for caregiver in roster.scenario.caregivers:
        shifts = [shift for shift in caregiver.shifts if shift.date == date]
        for number, shift in enumerate(sorted(shifts, key=lambda one: one.start)):
            if (caregiver.id, number) not in used:
                found.append((caregiver.id, shift))
    return tuple(found)


def num_shifts(roster: Roster) -> int:
    """Return the number of shifts within the horizon."""
    dates = set(roster.scenario.horizon.dates())
    return sum(
        shift.date in dates
        for caregiver in roster.scenario.caregivers
        for shift in caregiver.shifts
    )
