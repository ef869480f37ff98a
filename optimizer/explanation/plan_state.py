"""A scenario and a plan as lines of time, with everything that binds one more stop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Coupling, CouplingKind, Visit
from optimizer.explanation.accounts import Account, Accounts
from optimizer.explanation.change import Change
from optimizer.explanation.reading import Reader, keys_of, other_of, routes_of, task_of
from optimizer.explanation.timeline import Key, Moment, Task, Timeline
from optimizer.travel import TravelMatrices
from optimizer.units import LATEST_CLOCK, MS_PER_DAY, to_ticks
from optimizer.verification import verify


@dataclass(frozen=True)
class PlanState:
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
    not_before
        Ticks before which a visit does not begin, whatever its window says, of those that such a
        question is about; the visit itself stays as it is, and so does what depends on its window.
    busy
        Start, end and visit of each stop of a line, filled in when asked for.
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
    not_before: Mapping[str, int] = field(default_factory=dict)
    worth: dict[Key, tuple[list[int], list[bool]]] = field(default_factory=dict, repr=False)
    longer: dict[Key, tuple[Timeline | None, Timeline | None]] = field(
        default_factory=dict, repr=False
    )
    busy: dict[Key, list[tuple[int, int, str]]] = field(default_factory=dict, repr=False)
    sums: dict[tuple[str, dt.date], tuple[int, int]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, scenario: Scenario, plan: Plan, matrices: TravelMatrices) -> PlanState:
        """Read a plan; what the scenario does not know of it is left out."""
        index = ScenarioIndex.of(scenario)
        reader = Reader(scenario, plan, index, matrices)
        ties = reader.ties()
        moments, carers = reader.served(routes_of(plan))
        people = scenario.caregivers
        empty = {key: reader.empty(key) for person in people for key in keys_of(index, person)}
        accounts = Accounts.of(index, plan, matrices)
        lines, used = reader.filled(empty, routes_of(plan), ties), dict[Account, int]()
        for line in lines.values():
            for task in line.tasks:
                charges = accounts.held_charges(task, line.caregiver, line.date)
                for account, amount in charges.items():
                    used[account] = used.get(account, 0) + amount
        return cls(
            scenario=scenario,
            plan=_with_contracts(plan, accounts),
            index=index,
            matrices=matrices,
            accounts=accounts,
            empty=empty,
            lines=lines,
            moments=moments,
            carers=carers,
            used=used,
            ties=ties,
            visits_of=reader.visits_of(),
        )

    def varied(self, change: Change) -> PlanState:
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
        reader = Reader(scenario, self.plan, index, self.matrices)
        empty = {key: reader.empty(key) for person in people for key in keys_of(index, person)}
        lines = reader.filled(empty, self.routes, self.ties)
        return replace(
            self,
            scenario=scenario,
            index=index,
            accounts=replace(self.accounts, index=index),
            empty={**self.empty, **empty},
            lines={**self.lines, **lines},
            worth={},
            longer={},
            busy={},
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
        task = task_of(self.index, self.matrices, visit, carer)
        floor = self.not_before.get(visit.id, 0)
        return task if task.earliest >= floor else replace(task, earliest=floor)

    def shifts_of(self, caregiver: Caregiver) -> list[Key]:
        """Return the lines of a caregiver, in order."""
        return keys_of(self.index, caregiver)

    def work_on(self, caregiver: Caregiver, day: dt.date) -> int:
        """Return the work of a caregiver on one day of the plan, in ticks."""
        return self._sums(caregiver, day)[0]

    def work_in_week(self, caregiver: Caregiver, day: dt.date) -> int:
        """Return the work of a caregiver in the calendar week of a day, in ticks."""
        return sum(self.work_on(caregiver, one) for one in self._week(day))

    def days_worked(self, caregiver: Caregiver, day: dt.date) -> int:
        """Return on how many days of the calendar week of a day a caregiver has stops."""
        return sum(self.stops_on(caregiver, one) > 0 for one in self._week(day))

    def days_left(self, caregiver: Caregiver, day: dt.date) -> int:
        """Return on how many planned days of the calendar week of a day a caregiver may work."""
        is_first = self.index.dates[0] in self._week(day)
        return 7 - caregiver.days_off - (caregiver.days_worked if is_first else 0)

    def _week(self, day: dt.date) -> list[dt.date]:
        """Return the planned days of the calendar week of a day."""
        week = day.isocalendar()[:2]
        return [one for one in self.index.dates if one.isocalendar()[:2] == week]

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
            self.index.visit[other_of(tie, visit.id)]
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
            low, high = 0, self.ticks(max(MS_PER_DAY, shifts[line.shift].end))
            if line.shift > 0:
                low = self.ticks(shifts[line.shift - 1].end + line.caregiver.overtime_limit)
            if line.shift + 1 < len(shifts):
                high = self.ticks(shifts[line.shift + 1].start)
            self.longer[key] = (
                replace(line, closes=high) if high > line.closes else None,
                replace(line, opens=low) if low < line.opens else None,
            )
        return self.longer[key]

    def times(self, key: Key) -> list[tuple[int, int, str]]:
        """Return start, end and visit of each stop of a line, in order."""
        if key not in self.busy:
            self.busy[key] = [
                (start := self.moments[task.visit.id][1], start + task.care, task.visit.id)
                for task in self.lines[key].tasks
            ]
        return self.busy[key]

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
            other = other_of(tie, visit.id)
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
            days = (other_day - day).days if is_first else (day - other_day).days
            if not tie.ordered:
                days = abs(days)
            fits = tie.min_days <= days and (tie.max_days is None or days <= tie.max_days)
            return (0, self.ticks(LATEST_CLOCK)) if fits else None
        if day != other_day:
            return None
        if tie.kind is CouplingKind.TOGETHER:
            return start, start
        least = self.ticks(tie.min_gap)
        most = self.ticks(LATEST_CLOCK if tie.max_gap is None else tie.max_gap)
        return (start - most, start - least) if is_first else (start + least, start + most)


def _with_contracts(plan: Plan, accounts: Accounts) -> Plan:
    """Return a plan whose stops all name their contracts, so that no stop beside moves them."""
    if not accounts.held:
        return plan

    def named(stop: Stop) -> Stop:
        contract = accounts.held.get((stop.visit, stop.carer), stop.contract)
        return stop.model_copy(update={"contract": contract})

    routes = tuple(
        route.model_copy(update={"stops": tuple(map(named, route.stops))}) for route in plan.routes
    )
    return plan.model_copy(update={"routes": routes})
