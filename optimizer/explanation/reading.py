"""Reading a plan: every shift as a line of time with the plan's stops on it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Flag
from optimizer.domain.clock_changes import Clocks
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Plan, Route
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Coupling, CouplingKind, Visit
from optimizer.explanation.timeline import Key, Moment, Pause, Task, Timeline
from optimizer.problem.latest_return import latest_return
from optimizer.travel import UNREACHABLE, TravelMatrices
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE, to_ms, to_ticks


def routes_of(plan: Plan) -> dict[Key, Route]:
    """Return the routes of a plan by caregiver, day and shift."""
    return {(route.caregiver, route.date, route.shift): route for route in plan.routes}


def task_of(
    index: ScenarioIndex,
    matrices: TravelMatrices,
    visit: Visit,
    carer: int,
    *,
    care: int | None = None,
    start: int | None = None,
) -> Task:
    """Return a carer's part of a visit with the bounds of its own window and pin, in ticks.

    Parameters
    ----------
    care
        Duration in ticks; the shortest that is allowed if not given.
    start
        The only start, in ticks, whatever window and pin say; None leaves those.
    """
    tpm = index.scenario.ticks_per_minute
    need, client = visit.carers[carer - 1], index.client[visit.client]
    low, high = to_ticks(visit.window.earliest, tpm), to_ticks(visit.window.latest, tpm)
    if visit.pin is not None and visit.pin.start is not None:
        pinned = to_ticks(visit.pin.start, tpm)
        low, high = max(low, pinned), min(high, pinned)
    if start is not None:
        low = high = start
    if care is None:
        care = to_ticks(need.minutes if need.shortest is None else need.shortest, tpm)
    return Task(
        visit=visit,
        carer=carer,
        place=matrices.index(client.home),
        care=care,
        earliest=low,
        latest=high,
        is_infectious=Flag.INFECTIOUS in client.flags,
    )


def keys_of(index: ScenarioIndex, caregiver: Caregiver) -> list[Key]:
    """Return the shifts of a caregiver in the horizon, in order."""
    return [
        (caregiver.id, day, number)
        for day in index.dates
        for number in range(len(index.shifts_on(caregiver.id, day)))
    ]


def other_of(tie: Coupling, visit: str) -> str:
    """Return the other visit of a coupling."""
    return tie.second if tie.first == visit else tie.first


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a plan with its scenario beside it; times in ticks."""

    scenario: Scenario
    plan: Plan
    index: ScenarioIndex
    matrices: TravelMatrices

    def filled(
        self,
        empty: Mapping[Key, Timeline],
        routes: Mapping[Key, Route],
        ties: Mapping[str, tuple[Coupling, ...]],
    ) -> dict[Key, Timeline]:
        """Return empty lines with the stops of the plan, and with the rest between its days."""
        days = self._days(empty, routes)
        lines = dict(empty)
        for key, line in empty.items():
            tasks = self._tasks(routes[key], ties) if key in routes else ()
            rested = days.get(key[0]) if len(self.index.dates) > 1 else None
            if tasks or rested:
                opens, closes = self._rested(line, rested or {})
                lines[key] = replace(line, tasks=tasks, opens=opens, closes=closes)
        return lines

    def ties(self) -> dict[str, tuple[Coupling, ...]]:
        """Return the couplings of each visit that has some."""
        ties: dict[str, tuple[Coupling, ...]] = defaultdict(tuple)
        for tie in self.scenario.couplings:
            ties[tie.first] += (tie,)
            ties[tie.second] += (tie,)
        return dict(ties)

    def visits_of(self) -> dict[str, tuple[str, ...]]:
        """Return the ids of the visits of each client that has some."""
        found: dict[str, list[str]] = defaultdict(list)
        for visit in self.scenario.visits:
            found[visit.client].append(visit.id)
        return {client: tuple(visits) for client, visits in found.items()}

    def served(
        self, routes: Mapping[Key, Route]
    ) -> tuple[dict[str, Moment], dict[str, dict[int, str]]]:
        """Return day and start of each visit with a stop, and who serves it by carer number."""
        moments: dict[str, Moment] = {}
        carers: dict[str, dict[int, str]] = defaultdict(dict)
        for route in routes.values():
            for stop in route.stops:
                start = to_ticks(stop.start, self.scenario.ticks_per_minute)
                moments.setdefault(stop.visit, (route.date, start))
                carers[stop.visit][stop.carer] = route.caregiver
        return moments, dict(carers)

    def empty(self, key: Key) -> Timeline:
        """Return one shift without stops."""
        caregiver = self.index.caregiver[key[0]]
        shifts = self.index.shifts_on(caregiver.id, key[1])
        hours = shifts[key[2]]
        closes = latest_return(shifts, key[2], caregiver.overtime_limit)
        longest = caregiver.longest_leg
        return Timeline(
            caregiver=caregiver,
            date=key[1],
            shift=key[2],
            opens=min(self._ticks(closes), self._opens(caregiver, key[1], hours)),
            closes=self._ticks(closes),
            begins=self._ticks(hours.start),
            pause=self._pause(caregiver, hours),
            home=self.matrices.index(caregiver.home),
            end=self.matrices.index(caregiver.end_place or caregiver.home),
            travel=self.matrices.table[self.matrices.modes.index(caregiver.mode)],
            longest=UNREACHABLE - 1 if longest is None else self._ticks(longest),
        )

    def _opens(self, caregiver: Caregiver, date: dt.date, hours: Shift) -> int:
        """Return when a shift begins, after the rest before the first day planned."""
        opens = self._ticks(hours.start)
        if caregiver.last_return is None:
            return opens
        eve = self.scenario.horizon.start - dt.timedelta(days=1)
        evening = self._ticks(caregiver.last_return)
        between = (date - eve).days * self._ticks(MS_PER_DAY)
        between -= self._forward((eve, evening - 1), (date, opens))
        rest = caregiver.rest_after(night=caregiver.consecutive_nights_worked > 0)
        return max(opens, evening + self._ticks(rest) - between)

    def _pause(self, caregiver: Caregiver, hours: Shift) -> Pause | None:
        rule = caregiver.break_of(hours)
        if rule is None or hours.end - hours.start < rule.after:
            return None
        earliest, latest = (
            max(rule.earliest, hours.start),
            min(rule.latest, hours.end - rule.duration),
        )
        if earliest > latest:
            return None
        return Pause(self._ticks(earliest), self._ticks(latest), self._ticks(rule.duration))

    def _tasks(
        self,
        route: Route,
        ties: Mapping[str, tuple[Coupling, ...]],
    ) -> tuple[Task, ...]:
        """Return the stops of a route; those tied to other visits keep their start.

        Also to visits that are left out: where one of these is put is reckoned from that start.
        """
        tasks = []
        for stop in route.stops:
            visit = self.index.visit.get(stop.visit)
            if visit is None or stop.carer > len(visit.carers):
                continue
            is_tied = len(visit.carers) > 1 or any(
                tie.kind is not CouplingKind.APART for tie in ties.get(visit.id, ())
            )
            task = task_of(
                self.index,
                self.matrices,
                visit,
                stop.carer,
                care=self._ticks(stop.end - stop.start),
                start=self._ticks(stop.start) if is_tied else None,
            )
            tasks.append(task)
        return tuple(tasks)

    def _days(
        self, empty: Mapping[Key, Timeline], routes: Mapping[Key, Route]
    ) -> dict[str, dict[dt.date, tuple[int, int]]]:
        """Return per caregiver and day worked the first departure, and when its rest is over.

        Both in ticks of that day.
        """
        days: dict[str, dict[dt.date, tuple[int, int]]] = defaultdict(dict)
        if len(self.index.dates) == 1:
            return days
        for key, route in routes.items():
            if key in empty:
                leaves = self._ticks(route.departure)
                rested = self._ticks(route.back) + self._rest_after(empty[key])
                before = days[key[0]].get(key[1], (leaves, rested))
                days[key[0]][key[1]] = min(leaves, before[0]), max(rested, before[1])
        return days

    def _rest_after(self, line: Timeline) -> int:
        """Return the rest after a shift, in ticks."""
        caregiver = line.caregiver
        shift = self.index.shifts_on(caregiver.id, line.date)[line.shift]
        night = self.scenario.policy.night.is_night(shift)
        return self._ticks(caregiver.rest_after(night=night))

    def _rested(self, line: Timeline, days: Mapping[dt.date, tuple[int, int]]) -> tuple[int, int]:
        """Return when a shift may begin and must end for the rest from and to other days."""
        whole = self._ticks(MS_PER_DAY)
        opens, closes = line.opens, line.closes
        for day, (leaves, rested) in days.items():
            nights = (line.date - day).days
            between = nights * whole - self._forward((day, leaves), (line.date, line.opens))
            if nights > 0:
                opens = max(opens, rested - between)
            elif nights < 0:
                closes = min(closes, leaves - self._rest_after(line) - between)
        return opens, closes

    def _forward(self, one: tuple[dt.date, int], other: tuple[dt.date, int]) -> int:
        """Return the ticks by which clocks are put forward from one moment to another."""
        clocks, tpm = Clocks(self.scenario.time_zone), self.scenario.ticks_per_minute
        ahead = [clocks.offset(day, to_ms(ticks, tpm)) for day, ticks in (one, other)]
        return (ahead[1] - ahead[0]) * tpm // MS_PER_MINUTE

    def _ticks(self, ms: int) -> int:
        return to_ticks(ms, self.scenario.ticks_per_minute)
