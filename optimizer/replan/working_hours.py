"""The hours of caregivers who are absent, late or have to leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.event import Absent, Events, Late, Leaves
from optimizer.domain.place import Place
from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.scenario import Scenario
from optimizer.travel import TravelMatrices
from optimizer.units import to_ms

Line = tuple[str, dt.date, int]
"Caregiver id, day and number of the shift."


@dataclass(frozen=True, slots=True)
class Hours:
    """What has happened to the hours of caregivers: ids, milliseconds late, when they leave."""

    absent: frozenset[str]
    late: Mapping[str, int]
    leaves: Mapping[str, int]

    @classmethod
    def of(cls, events: Events) -> Hours:
        """Read events."""
        return cls(
            frozenset(one.caregiver for one in events.events if isinstance(one, Absent)),
            {one.caregiver: one.minutes for one in events.events if isinstance(one, Late)},
            {one.caregiver: one.at for one in events.events if isinstance(one, Leaves)},
        )

    @property
    def changed(self) -> frozenset[str]:
        """Everybody whose hours are others than planned."""
        return self.absent | set(self.late) | set(self.leaves)


@dataclass(frozen=True, slots=True)
class ChangedHours:
    """Caregivers with their new hours, and what became of the number of each changed shift."""

    caregivers: tuple[Caregiver, ...]
    number: Mapping[Line, int | None]


def hours_after(
    scenario: Scenario,
    plan: Plan,
    matrices: TravelMatrices,
    date: dt.date,
    now: int | None,
    hours: Hours,
    fixed: Collection[str],
) -> ChangedHours:
    """Return all caregivers with the hours they have now.

    Whoever is absent works to the end of what has begun and the way home. Whoever is late begins
    so much later, if nothing has begun yet. Whoever leaves is back by then, overtime included.

    Parameters
    ----------
    scenario, plan, matrices
        The day as it was planned, and its travel.
    date, now
        The day on which hours change, and the time in milliseconds since its midnight.
    hours
        What has happened.
    fixed
        Visits that have begun.
    """
    routes = {(route.caregiver, route.date, route.shift): route for route in plan.routes}
    homes = {client.id: client.home for client in scenario.clients}
    home_of = {visit.id: homes[visit.client] for visit in scenario.visits}
    number: dict[Line, int | None] = {}
    people = []
    for person in scenario.caregivers:
        if person.id not in hours.changed:
            people.append(person)
            continue
        others = tuple(shift for shift in person.shifts if shift.date != date)
        of_day = sorted((s for s in person.shifts if s.date == date), key=lambda s: s.start)
        left: list[Shift] = []
        limit, delay = person.overtime_limit, hours.late.get(person.id, 0)
        rule = person.break_rule
        for old, planned in enumerate(of_day):
            shift, route = planned, routes.get((person.id, date, old))
            begun = _begun(route, fixed)
            if delay and shift.end > (now or 0):
                start = shift.start if begun else shift.start + delay
                shift, delay = _within(shift, start, shift.end), 0
            end = hours.leaves.get(person.id)
            if person.id in hours.absent:
                tpm, last = scenario.ticks_per_minute, begun
                end = 0 if last is None else home_at(
                    person, home_of[last.visit], last.end, matrices, tpm)  # fmt: skip
            if end is not None and end < shift.end + limit:
                if len(person.shifts) == 1:
                    limit = max(0, end - shift.end)
                    # Whoever goes in the middle of a day is asked for no break that may be over.
                    rule = rule if begun is None else None
                else:
                    pause = None if begun is None or route is None else route.pause
                    end = end - limit if pause is None else max(end - limit, pause.end)
                shift = _within(shift, shift.start, min(end, shift.end))
            is_left = shift.start < shift.end
            number[person.id, date, old] = len(left) if is_left else None
            left += [shift] if is_left else []
        update = {"shifts": (*others, *left), "overtime_limit": limit, "break_rule": rule}
        people.append(person.model_copy(update=update))
    return ChangedHours(tuple(people), number)


def _begun(route: Route | None, fixed: Collection[str]) -> Stop | None:
    """Return the last stop of a route that has begun."""
    stops = () if route is None else route.stops
    return next((stop for stop in reversed(stops) if stop.visit in fixed), None)


def home_at(
    person: Caregiver, place: Place, leaves: int, matrices: TravelMatrices, ticks_per_minute: int
) -> int:
    """Return when somebody is at home who leaves a place at a time, both in milliseconds."""
    places = place, person.end_place or person.home
    ticks = matrices.between(person.mode, *(matrices.index(one) for one in places))
    return leaves + to_ms(ticks, ticks_per_minute)


def _within(shift: Shift, start: int, end: int) -> Shift:
    return shift.model_copy(update={"start": start, "end": end})
