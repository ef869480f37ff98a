"""A scenario and a plan as lines of time, with everything that binds one more stop."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Flag
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Plan, Route
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Coupling, CouplingKind, Visit
from optimizer.explain.accounts import Account, Accounts
from optimizer.explain.change import Change
from optimizer.explain.timeline import Pause, Task, Timeline
from optimizer.travel import UNREACHABLE, TravelMatrices
from optimizer.units import MS_PER_DAY, to_ticks
from optimizer.verify import verify

Key = tuple[str, dt.date, int]
"""Caregiver id, day, and which of the shifts of that day, from 0: one line."""

Moment = tuple[dt.date, int]
"""Day and ticks since its midnight."""


@dataclass(frozen=True)
class Board:
    """What every question about a plan is answered from; times in ticks.

    Attributes
    ----------
    scenario, plan, index, matrices, accounts
        What was read.
    empty
        Every shift of the horizon without stops.
    lines
        The same with the plan's stops, and with the rest between the plan's days kept.
    moments
        Day and start of each visit that has a stop.
    carers
        Who serves each visit, by carer number.
    used
        What the plan charges to each account.
    ties
        Couplings of each visit that has some.
    visits_of
        Ids of the visits of each client that has some.
    worth
        Price of each stop of a line and whether it is tied, filled in when asked for.
    longer
        Lines with longer hours, filled in when asked for.
    sums
        Work and stops of a caregiver on a day, filled in when asked for.
    """

    scenario: Scenario
    plan: Plan
    index: ScenarioIndex
    matrices: TravelMatrices
    accounts: Accounts
    empty: Mapping[Key, Timeline]
    lines: Mapping[Key, Timeline]
    moments: Mapping[str, Moment]
    carers: Mapping[str, Mapping[int, str]]
    used: Mapping[Account, int]
    ties: Mapping[str, tuple[Coupling, ...]] = field(repr=False)
    visits_of: Mapping[str, tuple[str, ...]] = field(repr=False)
    worth: dict[Key, tuple[list[int], list[bool]]] = field(default_factory=dict, repr=False)
    longer: dict[Key, tuple[Timeline | None, Timeline | None]] = field(
        default_factory=dict, repr=False
    )
    sums: dict[tuple[str, dt.date], tuple[int, int]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, scenario: Scenario, plan: Plan, matrices: TravelMatrices) -> Board:
        """Read a plan; what the scenario does not know of it is left out."""
        return _Reader(scenario, plan, ScenarioIndex.of(scenario), matrices).board()

    def varied(self, change: Change) -> Board:
        """Return the same plan on a changed scenario.

        The caregivers who are changed or new must use means of travel of the scenario and
        have shifts on the same days as before; the visits that are changed have no stops.
        """
        scenario = change.applied(self.scenario)
        people = (*change.caregivers, *change.hired)
        index = self.index.varied(scenario, change.visits, people)
        if not people:
            return replace(
                self, scenario=scenario, index=index, accounts=replace(self.accounts, index=index)
            )
        reader = _Reader(scenario, self.plan, index, self.matrices)
        empty = {key: reader.empty(key) for person in people for key in reader.keys_of(person)}
        lines = reader.filled(empty, self.routes, self.ties, self.moments)
        return replace(
            self,
            scenario=scenario,
            index=index,
            accounts=replace(self.accounts, index=index),
            empty={**self.empty, **empty},
            lines={**self.lines, **lines},
            worth={},
            longer={},
            sums={},
        )

    @cached_property
    def routes(self) -> Mapping[Key, Route]:
        """The routes of the plan by caregiver, day and shift."""
        return routes_of(self.plan)

    @cached_property
    def is_clean(self) -> bool:
        """Whether the plan breaks no rule, by the verifier."""
        return not verify(self.scenario, self.plan, self.matrices).violations

    def ticks(self, ms: int) -> int:
        """Convert milliseconds of a record to ticks."""
        return to_ticks(ms, self.scenario.ticks_per_minute)

    def task(self, visit: Visit, carer: int) -> Task:
        """Return a carer's part of a visit, as short as it may be."""
        return task_of(self.index, self.matrices, visit, carer)

    def shifts_of(self, caregiver: Caregiver) -> list[Key]:
        """Return the lines of a caregiver, in order."""
        return [
            (caregiver.id, day, number)
            for day in self.index.dates
            for number in range(len(self.index.shifts_on(caregiver.id, day)))
        ]

    def work_on(self, caregiver: Caregiver, day: dt.date) -> int:
        """Return the work of a caregiver on one day of the plan, in ticks."""
        return self._sums(caregiver, day)[0]

    def work_in_week(self, caregiver: Caregiver, day: dt.date) -> int:
        """Return the work of a caregiver in the calendar week of a day, in ticks."""
        week = day.isocalendar()[:2]
        days = [one for one in self.index.dates if one.isocalendar()[:2] == week]
        return sum(self.work_on(caregiver, one) for one in days)

    def stops_on(self, caregiver: Caregiver, day: dt.date) -> int:
        """Return how many stops a caregiver has on one day of the plan."""
        return self._sums(caregiver, day)[1]

    def _sums(self, caregiver: Caregiver, day: dt.date) -> tuple[int, int]:
        """Return work in ticks and number of stops of a caregiver on one day of the plan."""
        if (caregiver.id, day) not in self.sums:
            shifts = range(len(self.index.shifts_on(caregiver.id, day)))
            lines = [self.lines[caregiver.id, day, number] for number in shifts]
            total = sum(line.work for line in lines), sum(len(line.tasks) for line in lines)
            self.sums[caregiver.id, day] = total
        return self.sums[caregiver.id, day]

    def unit(self, visit: Visit) -> tuple[Task, ...]:
        """Return all tasks that begin as one with a visit, its own first, as short as allowed."""
        mates = (
            self.index.visit[_other(tie, visit.id)]
            for tie in self.ties.get(visit.id, ())
            if tie.kind is CouplingKind.TOGETHER
        )
        visits = [visit, *mates]
        return tuple(
            self.task(one, carer) for one in visits for carer in range(1, len(one.carers) + 1)
        )

    def stretched(self, key: Key) -> tuple[Timeline | None, Timeline | None]:
        """Return a line with all the free time after its shift, and with all that before it.

        None where there is none, up to the neighbouring shifts and the ends of the day.
        """
        if key not in self.longer:
            line = self.lines[key]
            shifts = self.index.shifts_on(key[0], key[1])
            low, high = 0, self.ticks(MS_PER_DAY)
            if line.shift > 0:
                low = self.ticks(shifts[line.shift - 1].end + line.caregiver.overtime_limit)
            if line.shift + 1 < len(shifts):
                high = self.ticks(shifts[line.shift + 1].start)
            self.longer[key] = (
                replace(line, closes=high) if high > line.closes else None,
                replace(line, opens=low) if low < line.opens else None,
            )
        return self.longer[key]

    def is_tied(self, visit: Visit) -> bool:
        """Return whether another stop begins as one with this visit's."""
        ties = self.ties.get(visit.id, ())
        return len(visit.carers) > 1 or any(tie.kind is CouplingKind.TOGETHER for tie in ties)

    def bounded(self, task: Task, caregiver: Caregiver, day: dt.date) -> Task | None:
        """Return a task with the starts that ties to stops of the plan leave on a day.

        None if they leave none, or not to this caregiver.
        """
        visit = task.visit
        low, high = task.earliest, task.latest
        if visit.id in self.moments:
            if caregiver.id in self.carers[visit.id].values() or self.moments[visit.id][0] != day:
                return None
            low = high = self.moments[visit.id][1]
        for tie in self.ties.get(visit.id, ()):
            other = _other(tie, visit.id)
            if other not in self.moments:
                continue
            bounds = self._bounds(tie, other, day, is_first=tie.first == visit.id)
            strangers = tie.different_caregivers or tie.kind is CouplingKind.TOGETHER
            if bounds is None or (strangers and caregiver.id in self.carers[other].values()):
                return None
            low, high = max(low, bounds[0]), min(high, bounds[1])
        if (low, high) == (task.earliest, task.latest):
            return task if low <= high else None
        return None if low > high else replace(task, earliest=low, latest=high)

    def _bounds(
        self, tie: Coupling, other: str, day: dt.date, *, is_first: bool
    ) -> tuple[int, int] | None:
        """Return the starts that one tie leaves; None for none on this day."""
        other_day, start = self.moments[other]
        if tie.kind is CouplingKind.APART:
            days = abs((day - other_day).days)
            fits = tie.min_days <= days and (tie.max_days is None or days <= tie.max_days)
            return (0, self.ticks(MS_PER_DAY)) if fits else None
        if day != other_day:
            return None
        if tie.kind is CouplingKind.TOGETHER:
            return start, start
        least = self.ticks(tie.min_gap)
        most = self.ticks(MS_PER_DAY if tie.max_gap is None else tie.max_gap)
        return (start - most, start - least) if is_first else (start + least, start + most)


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


def _other(tie: Coupling, visit: str) -> str:
    return tie.second if tie.first == visit else tie.first


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads a plan with its scenario beside it."""

    scenario: Scenario
    plan: Plan
    index: ScenarioIndex
    matrices: TravelMatrices

    def board(self) -> Board:
        """Return the board."""
        ties = self._ties()
        routes = routes_of(self.plan)
        moments, carers = self._served(routes)
        people = self.scenario.caregivers
        empty = {key: self.empty(key) for person in people for key in self.keys_of(person)}
        accounts = Accounts.of(self.index)
        lines, used = self.filled(empty, routes, ties, moments), dict[Account, int]()
        for line in lines.values():
            for task in line.tasks:
                for account, amount in accounts.charges(task, line.caregiver, line.date).items():
                    used[account] = used.get(account, 0) + amount
        return Board(
            scenario=self.scenario,
            plan=self.plan,
            index=self.index,
            matrices=self.matrices,
            accounts=accounts,
            empty=empty,
            lines=lines,
            moments=moments,
            carers=carers,
            used=used,
            ties=ties,
            visits_of=self._visits_of(),
        )

    def filled(
        self,
        empty: Mapping[Key, Timeline],
        routes: Mapping[Key, Route],
        ties: Mapping[str, tuple[Coupling, ...]],
        moments: Mapping[str, Moment],
    ) -> dict[Key, Timeline]:
        """Return empty lines with the stops of the plan, and with the rest between its days."""
        days = self._days(empty, routes)
        lines = dict(empty)
        for key, line in empty.items():
            tasks = self._tasks(routes[key], ties, moments) if key in routes else ()
            rested = days.get(key[0]) if len(self.index.dates) > 1 else None
            if tasks or rested:
                opens, closes = self._rested(line, rested or {})
                lines[key] = replace(line, tasks=tasks, opens=opens, closes=closes)
        return lines

    def keys_of(self, caregiver: Caregiver) -> list[Key]:
        """Return the shifts of a caregiver in the horizon."""
        return [
            (caregiver.id, day, number)
            for day in self.index.dates
            for number in range(len(self.index.shifts_on(caregiver.id, day)))
        ]

    def _ties(self) -> dict[str, tuple[Coupling, ...]]:
        ties: dict[str, tuple[Coupling, ...]] = defaultdict(tuple)
        for tie in self.scenario.couplings:
            ties[tie.first] += (tie,)
            ties[tie.second] += (tie,)
        return dict(ties)

    def _visits_of(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for visit in self.scenario.visits:
            found[visit.client].append(visit.id)
        return {client: tuple(visits) for client, visits in found.items()}

    def _served(
        self, routes: Mapping[Key, Route]
    ) -> tuple[dict[str, Moment], dict[str, dict[int, str]]]:
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
        closes = min(hours.end + caregiver.overtime_limit, MS_PER_DAY)
        if key[2] + 1 < len(shifts):
            closes = min(closes, shifts[key[2] + 1].start)
        longest = caregiver.longest_leg
        return Timeline(
            caregiver=caregiver,
            date=key[1],
            shift=key[2],
            opens=self._ticks(hours.start),
            closes=self._ticks(closes),
            pause=self._pause(caregiver, hours),
            home=self.matrices.index(caregiver.home),
            end=self.matrices.index(caregiver.end_place or caregiver.home),
            ways=self.matrices.table[self.matrices.modes.index(caregiver.mode)],
            longest=UNREACHABLE - 1 if longest is None else self._ticks(longest),
        )

    def _pause(self, caregiver: Caregiver, hours: Shift) -> Pause | None:
        rule = caregiver.break_rule
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
        moments: Mapping[str, Moment],
    ) -> tuple[Task, ...]:
        """Return the stops of a route; those tied to other stops keep their start."""
        tasks = []
        for stop in route.stops:
            visit = self.index.visit.get(stop.visit)
            if visit is None or stop.carer > len(visit.carers):
                continue
            is_tied = len(visit.carers) > 1 or self._is_held(visit, ties, moments)
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

    def _is_held(
        self,
        visit: Visit,
        ties: Mapping[str, tuple[Coupling, ...]],
        moments: Mapping[str, Moment],
    ) -> bool:
        return any(
            tie.kind is not CouplingKind.APART and _other(tie, visit.id) in moments
            for tie in ties.get(visit.id, ())
        )

    def _days(
        self, empty: Mapping[Key, Timeline], routes: Mapping[Key, Route]
    ) -> dict[str, dict[dt.date, tuple[int, int]]]:
        """Return first departure and last return of every day worked, per caregiver."""
        days: dict[str, dict[dt.date, tuple[int, int]]] = defaultdict(dict)
        if len(self.index.dates) == 1:
            return days
        for key, route in routes.items():
            if key in empty:
                leaves, back = self._ticks(route.departure), self._ticks(route.back)
                before = days[key[0]].get(key[1], (leaves, back))
                days[key[0]][key[1]] = min(leaves, before[0]), max(back, before[1])
        return days

    def _rested(self, line: Timeline, days: Mapping[dt.date, tuple[int, int]]) -> tuple[int, int]:
        """Return when a shift may begin and must end for the rest from and to other days."""
        rest, whole = self._ticks(line.caregiver.rest), self._ticks(MS_PER_DAY)
        opens, closes = line.opens, line.closes
        for day, (leaves, back) in days.items():
            nights = (line.date - day).days
            if nights > 0:
                opens = max(opens, back + rest - nights * whole)
            elif nights < 0:
                closes = min(closes, leaves - rest - nights * whole)
        return opens, closes

    def _ticks(self, ms: int) -> int:
        return to_ticks(ms, self.scenario.ticks_per_minute)
