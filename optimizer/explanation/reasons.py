"""Why a visit is left unserved: proven or only in this plan, and what stands against each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.reason import UnservedReason
from optimizer.domain.visit import Visit
from optimizer.explanation.codes import RANK, Obstacle, Standing
from optimizer.explanation.first_reason import first_reason
from optimizer.explanation.insertions import Answer, InsertionPosition, Insertions
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.rivals import Rival, rivals
from optimizer.explanation.timeline import NEVER, Key, Task
from optimizer.explanation.trial import positions_of, tried
from optimizer.units import to_ms


class Against(NamedTuple):
    """What stands between one caregiver and one carer's part of a visit.

    Attributes
    ----------
    caregiver
        Id of the caregiver.
    obstacle
        The obstacle in the shift that comes nearest; None if there is room.
    is_proven
        Whether it stands on an empty roster as well.
    date
        Day of that shift; None without a shift in the horizon.
    travel
        Travel from the caregiver's home to the client in ticks; None without a shift.
    busy_with
        For `NO_FREE_TIME`: visits of the caregiver at the time in question, in order.
    """

    caregiver: str
    obstacle: Obstacle | None
    is_proven: bool
    date: dt.date | None
    travel: int | None
    busy_with: tuple[str, ...] = ()

    @property
    def nearness(self) -> tuple[int, int, str]:
        """Sort key by which those come first who come nearest to being able."""
        rank = len(RANK) if self.obstacle is None else RANK[self.obstacle]
        return -rank, NEVER if self.travel is None else self.travel, self.caregiver


@dataclass(frozen=True, slots=True)
class CarerReasons:
    """What stands against everybody as one carer of a visit.

    Attributes
    ----------
    visit, carer
        The visit and which of its carers, from 1; the visit is another one where two visits
        begin as one.
    against
        One entry per caregiver of the scenario, those who come nearest first.
    able_alone
        Ids of those who could serve it as the only visit of an empty roster.
    counts
        Caregivers per obstacle, the most frequent first.
    """

    visit: str
    carer: int
    against: tuple[Against, ...]
    able_alone: tuple[str, ...]
    counts: Mapping[Obstacle, int]


@dataclass(frozen=True, slots=True)
class Opening:
    """A caregiver who has room for a visit in this plan; `start` in milliseconds."""

    visit: str
    carer: int
    caregiver: str
    date: dt.date
    start: int


@dataclass(frozen=True, slots=True)
class VisitReasons:
    """Why a visit is left unserved.

    Attributes
    ----------
    visit
        Id of the visit.
    standing
        How firm that is.
    reason
        The first reason, as plans, pages and answers give it.
    obstacle
        What stands in the way of those who come nearest; None if it fits.
    carers
        In detail, per carer.
    rivals
        For visits crowded out: stops that would have to go, the cheapest first.
    openings
        For visits that fit: who could come, one per carer.
    """

    visit: str
    standing: Standing
    reason: UnservedReason
    obstacle: Obstacle | None
    carers: tuple[CarerReasons, ...]
    rivals: tuple[Rival, ...] = ()
    openings: tuple[Opening, ...] = ()


def visit_reasons(insertions: Insertions, visit: Visit) -> VisitReasons:
    """Explain one visit that the plan leaves unserved."""
    state, trial = insertions.state, tried(insertions, visit)
    reason = first_reason(insertions, trial)
    joint = None if trial.here else trial.why_here
    carers = tuple(
        _carer(state, insertions, task, one, other, joint)
        for task, one, other in zip(trial.tasks, trial.beside, trial.alone, strict=True)
    )
    if trial.here is not None:
        openings = tuple(_opening(state, position) for position in trial.here)
        return VisitReasons(visit.id, Standing.FITS, reason, None, carers, openings=openings)
    if trial.standing is Standing.PROVEN:
        nearest = _nearest(trial.alone, trial.why_there)
        return VisitReasons(visit.id, Standing.PROVEN, reason, nearest, carers)
    positions = [positions_of(one) for one in trial.beside]
    found = rivals(insertions, trial.tasks, positions, trial.slots)
    nearest = _nearest(trial.beside, trial.why_here)
    return VisitReasons(visit.id, Standing.CROWDED_OUT, reason, nearest, carers, rivals=found)


def _nearest(tasks: Sequence[Mapping[Key, Answer]], joint: Obstacle | None) -> Obstacle:
    """Return the obstacle of whoever comes nearest, at a carer whom nobody can be."""
    for answers in tasks:
        if not any(answer.positions for answer in answers.values()):
            found = [answer.obstacle for answer in answers.values() if answer.obstacle]
            return max(found, key=RANK.__getitem__, default=Obstacle.NOT_ON_THIS_DAY)
    return joint or Obstacle.PARTNER


def _carer(
    state: PlanState,
    insertions: Insertions,
    task: Task,
    beside: Mapping[Key, Answer],
    alone: Mapping[Key, Answer],
    joint: Obstacle | None,
) -> CarerReasons:
    """Return what stands against each caregiver; `joint` is told of those who have room."""
    nearest: dict[str, Key] = {}
    for key, answer in beside.items():
        other = nearest.setdefault(key[0], key)
        if other is not key and _rank(answer) > _rank(beside[other]):
            nearest[key[0]] = key
    travel = insertions.slots.travel_times(task)
    days = state.index.allowed_dates(task.visit) or state.index.dates
    against = [
        against_in(state, insertions, task, caregiver, days[0], {})
        if (line := nearest.get(caregiver.id)) is None
        else _against(state, task, line, beside[line], travel[line], joint)
        for caregiver in state.scenario.caregivers
    ]
    against.sort(key=lambda one: one.nearness)
    counts = Counter(one.obstacle for one in against if one.obstacle is not None)
    return CarerReasons(
        visit=task.visit.id,
        carer=task.carer,
        against=tuple(against),
        able_alone=tuple(dict.fromkeys(key[0] for key, one in alone.items() if one.positions)),
        counts=dict(counts.most_common()),
    )


def against_in(
    state: PlanState,
    insertions: Insertions,
    task: Task,
    caregiver: Caregiver,
    day: dt.date,
    answers: Mapping[Key, Answer],
) -> Against:
    """Return what stands against one caregiver, in the shift that comes nearest.

    Parameters
    ----------
    state, insertions
        The plan.
    task, caregiver, day
        Who is asked about, for what and when.
    answers
        One per shift of that caregiver; empty for somebody who has none.
    """
    if answers:
        key = max(answers, key=lambda one: _rank(answers[one]))
        line = state.lines[key]
        return _against(
            state, task, key, answers[key], line.travel_time(line.home, task.place), None
        )
    obstacle = insertions.barred(task, (caregiver.id, day, 0)) or Obstacle.NOT_ON_THIS_DAY
    return Against(caregiver.id, obstacle, is_proven=True, date=None, travel=None)


def _rank(answer: Answer) -> int:
    """Return how near a line comes to having room."""
    return len(RANK) if answer.obstacle is None else RANK[answer.obstacle]


def _against(
    state: PlanState, task: Task, key: Key, answer: Answer, travel: int, joint: Obstacle | None
) -> Against:
    obstacle = answer.obstacle or joint
    busy = _busy(state, task, key) if obstacle is Obstacle.NO_FREE_TIME else ()
    return Against(key[0], obstacle, answer.is_proven, key[1], travel, busy)


def _busy(state: PlanState, task: Task, key: Key) -> tuple[str, ...]:
    """Return the visits of a line that lie in the time in which a task may take place."""
    until = task.latest + task.care
    return tuple(
        visit for start, end, visit in state.times(key) if start < until and end > task.earliest
    )


def _opening(state: PlanState, position: InsertionPosition) -> Opening:
    start = to_ms(position.span[0], state.scenario.ticks_per_minute)
    return Opening(
        position.task.visit.id, position.task.carer, position.key[0], position.key[1], start
    )


def unserved_visits(state: PlanState, visits: Iterable[str] = ()) -> list[Visit]:
    """Return the visits without a full set of stops, in the scenario's order, or some of them."""
    wanted = set(visits)
    return [
        visit
        for visit in state.scenario.visits
        if len(state.carers.get(visit.id, {})) < len(visit.carers)
        and (not wanted or visit.id in wanted)
    ]
