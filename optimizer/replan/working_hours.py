"""The hours of caregivers who are absent, late or have to leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from optimizer.domain.caregiver import BreakRule, Caregiver, Shift
from optimizer.domain.event import Absent, Events, Late, Leaves, NewHours
from optimizer.domain.place import Place
from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.scenario import Scenario
from optimizer.travel import TravelMatrices
from optimizer.units import LATEST_CLOCK, MS_PER_MINUTE, to_ms

NO_BREAK = BreakRule.model_construct(
    duration=MS_PER_MINUTE, earliest=0, latest=LATEST_CLOCK, after=LATEST_CLOCK
)
"A break that no shift is long enough for."

Line = tuple[str, dt.date, int]
"Caregiver id, day and number of the shift."


@dataclass(frozen=True, slots=True)
class Hours:
    """What has happened to the hours of caregivers.

    Attributes
    ----------
    absent
        Ids of those who make no more visits.
    late, leaves
        Milliseconds late; and when they leave, in milliseconds since midnight.
    shifts
        New start and end of shifts of the day, by number; of a further one too.
    """

    absent: frozenset[str]
    late: Mapping[str, int]
    leaves: Mapping[str, int]
    shifts: Mapping[str, Mapping[int, tuple[int, int]]]

    @classmethod
    def of(cls, events: Events) -> Hours:
        """Read events."""
        return cls(
            frozenset(one.caregiver for one in events.events if isinstance(one, Absent)),
            {one.caregiver: one.minutes for one in events.events if isinstance(one, Late)},
            {one.caregiver: one.at for one in events.events if isinstance(one, Leaves)},
            _new_hours(events),
        )

    @property
    def changed(self) -> frozenset[str]:
        """Everybody whose hours are others than planned."""
        return self.absent | set(self.late) | set(self.leaves) | set(self.shifts)


def _new_hours(events: Events) -> dict[str, dict[int, tuple[int, int]]]:
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for one in events.events:
        if isinstance(one, NewHours):
            found.setdefault(one.caregiver, {})[one.shift] = one.start, one.end
    return found


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
        left: list[tuple[int, Shift]] = []
        new = hours.shifts.get(person.id, {})
        limit, delay = person.overtime_limit, hours.late.get(person.id, 0)
        rule = person.break_rule
        further = [Shift(date=date, start=0, end=0) for old in new if old >= len(of_day)]
        for old, planned in enumerate((*of_day, *further)):
            shift, route = planned, routes.get((person.id, date, old))
            if old in new:
                shift = _within(shift, *new[old])
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
                    if pause is not None and now is not None and pause.start > now:
                        pause = None  # Whoever goes before it does without.
                    end = end - limit if pause is None else max(end - limit, pause.end)
                    if pause is None and (begun is not None or person.id in hours.absent):
                        shift = shift.model_copy(update={"break_rule": NO_BREAK})
                shift = _within(shift, shift.start, min(end, shift.end))
            is_left = shift.start < shift.end
            number[person.id, date, old] = None
            left += [(old, shift)] if is_left else []
        left.sort(key=lambda one: one[1].start)
        number |= {(person.id, date, old): place for place, (old, _) in enumerate(left)}
        kept = tuple(shift for _, shift in left)
        update = {"shifts": (*others, *kept), "overtime_limit": limit, "break_rule": rule}
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
