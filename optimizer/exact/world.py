"""The scenario as the exact model sees it: tasks, caregiver-days and journeys, in ticks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy import int32
from numpy.typing import NDArray

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.client import Client
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.matching.reasons import Reason, reasons_against
from optimizer.travel.matrix import TravelMatrices, travel_matrices
from optimizer.units import MS_PER_DAY, to_ticks

HOME = -1
"The node of a route where it leaves home and where it ends; all others are task numbers."

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Task:
    """One carer's part of one visit; times in ticks.

    Attributes
    ----------
    number, visit_idx
        Position among all tasks, and of the visit in the scenario.
    full, short
        Full and shortest duration; equal where the visit cannot be shortened.
    """

    number: int
    visit_idx: int
    visit: Visit
    carer: int
    client: Client
    place: int
    full: int
    short: int

    @property
    def cut(self) -> int:
        """Ticks that shortening takes off."""
        return self.full - self.short


@dataclass(frozen=True, slots=True)
class Pause:
    """A break that is due; it begins between `earliest` and `latest`, in ticks."""

    earliest: int
    latest: int
    duration: int


@dataclass(frozen=True, slots=True)
class CaregiverDay:
    """One shift of one caregiver on one day; times in ticks since midnight.

    Attributes
    ----------
    number, caregiver_idx
        Position among all caregiver-days, and of the caregiver in the scenario.
    shift_number
        Which of the caregiver's shifts of that day, from 0.
    opens, closes, latest_back
        Start and end of the shift, and its end with the overtime that is permitted.
    is_night
        Whether it is a night shift.
    """

    number: int
    caregiver_idx: int
    caregiver: Caregiver
    date: dt.date
    shift_number: int
    opens: int
    closes: int
    latest_back: int
    pause: Pause | None
    is_night: bool

    @property
    def monday(self) -> dt.date:
        """First day of the calendar week."""
        return self.date - dt.timedelta(days=self.date.weekday())


@dataclass(frozen=True, eq=False)
class World:
    """A scenario, ready to be modelled.

    Attributes
    ----------
    tasks
        Visits in file order, carer 1 before carer 2.
    days
        Caregivers in file order, their days and shifts in order of time.
    tasks_of
        Task numbers per position of a visit.
    position_of
        Position of a visit per id.
    """

    scenario: Scenario
    index: ScenarioIndex
    matrices: TravelMatrices
    tasks: tuple[Task, ...]
    days: tuple[CaregiverDay, ...]
    tasks_of: tuple[tuple[int, ...], ...]
    position_of: Mapping[str, int]

    @classmethod
    def of(cls, scenario: Scenario, matrices: TravelMatrices | None = None) -> World:
        """Read a scenario without faults; its matrices are made from it if not given."""
        index = ScenarioIndex.of(scenario)
        matrices = travel_matrices(scenario) if matrices is None else matrices
        tasks = _tasks(index, matrices)
        of_visit = grouped((task.visit_idx, task.number) for task in tasks)
        return cls(
            scenario=scenario,
            index=index,
            matrices=matrices,
            tasks=tasks,
            days=_caregiver_days(index),
            tasks_of=tuple(of_visit[v] for v in range(len(scenario.visits))),
            position_of={visit.id: v for v, visit in enumerate(scenario.visits)},
        )

    @property
    def last_tick(self) -> int:
        """The latest time of any day, in ticks since its midnight."""
        starts = (self.ticks(visit.window.latest) for visit in self.scenario.visits)
        backs = (day.latest_back for day in self.days)
        return max(self.ticks(MS_PER_DAY), *starts, *backs, 0)

    def ticks(self, ms: int) -> int:
        """Convert milliseconds of a record to ticks."""
        return to_ticks(ms, self.scenario.ticks_per_minute)

    @cached_property
    def reasons(self) -> Mapping[tuple[int, int], tuple[Reason, ...]]:
        """Reasons against a task (second) on a caregiver-day (first)."""
        return {
            (day.number, task.number): reasons_against(
                self.index, task.visit, task.carer, day.caregiver, day.date
            )
            for day in self.days
            for task in self.tasks
        }

    def travel(self, r: int, i: int, j: int) -> int:
        """Return the ticks from node `i` to node `j` on a caregiver-day."""
        row, column = self._ends(r, i, j)
        return self._ticks[self.days[r].caregiver.mode][row][column]

    def metres(self, r: int, i: int, j: int) -> int:
        """Return the metres from node `i` to node `j`; 0 where nobody is paid for them."""
        row, column = self._ends(r, i, j)
        return self._metres[row][column] if self._metres else 0

    def _ends(self, r: int, i: int, j: int) -> tuple[int, int]:
        leaves, returns = self._homes[r]
        return (
            leaves if i == HOME else self.tasks[i].place,
            returns if j == HOME else self.tasks[j].place,
        )

    @cached_property
    def _homes(self) -> tuple[tuple[int, int], ...]:
        index = self.matrices.index
        return tuple(
            (index(day.caregiver.home), index(day.caregiver.end_place or day.caregiver.home))
            for day in self.days
        )

    # Lists of plain numbers: the model is built from single entries.
    @cached_property
    def _ticks(self) -> dict[str, list[list[int]]]:
        return {mode: _plain(table) for mode, table in self.matrices.ticks.items()}

    @cached_property
    def _metres(self) -> list[list[int]]:
        return [] if self.matrices.metres is None else _plain(self.matrices.metres)


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    """Collect the values of each key, in order."""
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _plain(table: NDArray[int32]) -> list[list[int]]:
    return [[int(entry) for entry in row] for row in np.asarray(table)]


def _tasks(index: ScenarioIndex, matrices: TravelMatrices) -> tuple[Task, ...]:
    scenario = index.scenario
    tpm = scenario.ticks_per_minute
    tasks: list[Task] = []
    for v, visit in enumerate(scenario.visits):
        client = index.client[visit.client]
        for carer, need in enumerate(visit.carers, 1):
            full = to_ticks(need.minutes, tpm)
            short = full if need.shortest is None else to_ticks(need.shortest, tpm)
            place = matrices.index(client.home)
            tasks.append(Task(len(tasks), v, visit, carer, client, place, full, short))
    return tuple(tasks)


def _caregiver_days(index: ScenarioIndex) -> tuple[CaregiverDay, ...]:
    days: list[CaregiverDay] = []
    for g, caregiver in enumerate(index.scenario.caregivers):
        for date in index.dates:
            shifts = index.shifts_on(caregiver.id, date)
            for number, shift in enumerate(shifts):
                latest_back = shift.end + caregiver.overtime_limit
                if number + 1 < len(shifts):
                    latest_back = min(latest_back, shifts[number + 1].start)
                tpm = index.scenario.ticks_per_minute
                days.append(
                    CaregiverDay(
                        number=len(days),
                        caregiver_idx=g,
                        caregiver=caregiver,
                        date=date,
                        shift_number=number,
                        opens=to_ticks(shift.start, tpm),
                        closes=to_ticks(shift.end, tpm),
                        latest_back=to_ticks(latest_back, tpm),
                        pause=_pause(caregiver, shift, tpm),
                        is_night=index.scenario.policy.night.is_night(shift),
                    )
                )
    return tuple(days)


def _pause(caregiver: Caregiver, shift: Shift, tpm: int) -> Pause | None:
    """Return the break that a route in this shift needs, if it needs one."""
    rule = caregiver.break_of(shift)
    if rule is None or shift.end - shift.start < rule.after:
        return None
    duration = to_ticks(rule.duration, tpm)
    earliest = max(to_ticks(rule.earliest, tpm), to_ticks(shift.start, tpm))
    latest = min(to_ticks(rule.latest, tpm), to_ticks(shift.end, tpm) - duration)
    return Pause(earliest, latest, duration) if earliest <= latest else None
