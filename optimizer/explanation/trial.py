"""A visit tried on every shift of a plan and of an empty roster: what all answers come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimizer.domain.visit import Visit
from optimizer.explanation.codes import Obstacle, Standing
from optimizer.explanation.insertions import BARRED, Answer, InsertionPosition, Insertions
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.slots import Slot
from optimizer.explanation.timeline import Key, Task

Choice = tuple[InsertionPosition, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What trying a visit, with all that begins as one with it, has brought.

    Attributes
    ----------
    tasks
        The carers' parts that begin as one, those of the visit first.
    days
        Days on which all of them may take place; all of the horizon if there is none.
    alone, beside
        Answers of each line per task: empty, and with the stops of the plan.
    slots
        Where each task finds a start in a line by its own window.
    here, why_here
        A place in the plan for all tasks at once, or what bars it.
    there, why_there
        The same on an empty roster.
    """

    tasks: tuple[Task, ...]
    days: tuple[dt.date, ...]
    alone: tuple[Mapping[Key, Answer], ...]
    beside: tuple[Mapping[Key, Answer], ...]
    slots: tuple[Mapping[Key, list[Slot]], ...]
    here: Choice | None
    why_here: Obstacle | None
    there: Choice | None
    why_there: Obstacle | None

    @property
    def standing(self) -> Standing:
        """Return how firm it is that the visit is left unserved."""
        if self.here is not None:
            return Standing.FITS
        return Standing.PROVEN if self.there is None else Standing.CROWDED_OUT


def tried(insertions: Insertions, visit: Visit) -> Trial:
    """Try a visit that the plan leaves unserved."""
    state = insertions.state
    unit = state.unit(visit)
    days = _days(state, unit)
    keys = [key for key in state.lines if key[1] in days]
    alone = tuple(_alone(insertions, task, keys) for task in unit)
    slots = tuple(
        insertions.slots.fitting(task, [key for key, answer in one.items() if not answer.is_barred])
        for task, one in zip(unit, alone, strict=True)
    )
    beside = tuple(
        {
            key: answer
            if answer.is_barred
            else insertions.beside(task, key, alone=answer, slots=some.get(key, ()))
            for key, answer in one.items()
        }
        for task, one, some in zip(unit, alone, slots, strict=True)
    )
    here, why_here = insertions.together([positions_of(one) for one in beside], state.used)
    there, why_there = insertions.together([positions_of(one) for one in alone], {})
    return Trial(unit, days, alone, beside, slots, here, why_here, there, why_there)


def positions_of(answers: Mapping[Key, Answer]) -> list[InsertionPosition]:
    """Return the insertion positions of all lines."""
    return [position for answer in answers.values() for position in answer.positions]


def _alone(insertions: Insertions, task: Task, keys: Sequence[Key]) -> dict[Key, Answer]:
    """Return the answer of every line as if it were empty."""
    barred = insertions.barred_from(task, keys)
    return {
        key: insertions.alone_unbarred(task, key)
        if (reason := barred[key]) is None
        else BARRED[reason]
        for key in keys
    }


def _days(state: PlanState, unit: Sequence[Task]) -> tuple[dt.date, ...]:
    """Return the days on which all visits of a unit may take place, or else all days."""
    every = state.index.dates
    if len(every) == 1:
        return every
    allowed = [set(state.index.allowed_dates(task.visit)) for task in unit]
    return tuple(day for day in every if all(day in some for some in allowed)) or every
