"""A scenario compiled to frozen arrays, with the way back to its ids."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.problem.layout import Arrays
from optimizer.travel.matrix import TravelMatrices


@dataclass(frozen=True, slots=True)
class Task:
    """What a task index stands for.

    Attributes
    ----------
    visit
        Index of the visit in the scenario.
    carer
        Carer number, 1 or 2.
    """

    visit: int
    carer: int


@dataclass(frozen=True, slots=True)
class CaregiverDay:
    """What a route index stands for.

    Attributes
    ----------
    caregiver
        Index of the caregiver in the scenario.
    date
        The day.
    shift
        Which of the caregiver's shifts of that day, by start, from 0.
    """

    caregiver: int
    date: datetime.date
    shift: int


@dataclass(frozen=True, slots=True)
class ProblemData:
    """The compiled problem: arrays for the kernels and the names behind the indices.

    The arrays are read-only, in every process that the problem is handed to: kernels are
    compiled for arrays that nobody changes.
    """

    scenario: Scenario
    index: ScenarioIndex
    matrices: TravelMatrices
    arrays: Arrays
    tasks: tuple[Task, ...]
    days: tuple[CaregiverDay, ...]

    def __post_init__(self) -> None:
        for array in self.arrays:
            array.setflags(write=False)

    def __reduce__(self) -> tuple[type[ProblemData], tuple[object, ...]]:
        # An array forgets on the way that it is read-only; whoever unpacks says so again.
        fields = (self.scenario, self.index, self.matrices, self.arrays, self.tasks, self.days)
        return ProblemData, fields

    @property
    def num_tasks(self) -> int:
        """Return the number of tasks."""
        return len(self.tasks)

    @property
    def num_routes(self) -> int:
        """Return the number of caregiver-days."""
        return len(self.days)
