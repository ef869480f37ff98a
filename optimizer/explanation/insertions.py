"""Where a task may be inserted: in a line of the plan, or as the only stop of an empty one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from optimizer.explanation.accounts import Account, added
from optimizer.explanation.across_days import is_limited_across_days, obstacle_across_days
from optimizer.explanation.barred import Barred
from optimizer.explanation.codes import OF_MATCHING, RANK, Obstacle
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.slots import Slot, Slots
from optimizer.explanation.timeline import Key, Span, Task, Timeline, work
from optimizer.travel import UNREACHABLE


@dataclass(frozen=True, slots=True)
class InsertionPosition:
    """An insertion position of a task in a line.

    Attributes
    ----------
    key
        The line.
    first, last
        The task comes in place of stops `first` to `last` - 1; between two stops if equal.
    task
        The task, with the starts that its ties leave.
    span
        Earliest and latest start in ticks.
    """

    key: Key
    first: int
    last: int
    task: Task
    span: Span


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands against a task in a line, or where there is room for it.

    Attributes
    ----------
    obstacle
        None if there is room.
    is_proven
        Whether the obstacle stands on an empty roster as well.
    positions
        All insertion positions in the line; empty if there is an obstacle.
    is_barred
        Whether the obstacle is one of matching, which no time of the day changes.
    """

    obstacle: Obstacle | None
    is_proven: bool = False
    positions: tuple[InsertionPosition, ...] = ()
    is_barred: bool = False


BARRED = {one: Answer(one, is_proven=True, is_barred=True) for one in OF_MATCHING.values()}
"""The answer for each reason of matching; most caregivers get one of these."""


@dataclass(frozen=True)
class Insertions:
    """Answers questions about single tasks on one plan, and remembers who may be a carer."""

    state: PlanState

    @cached_property
    def _barred(self) -> Barred:
        return Barred(self.state.index)

    def barred(self, task: Task, key: Key) -> Obstacle | None:
        """Return the reason of matching against a caregiver on a day, if there is one."""
        return self._barred.reasons(task, (key,))[key]

    def barred_from(self, task: Task, keys: Sequence[Key]) -> Mapping[Key, Obstacle | None]:
        """Return the same of all caregivers of some lines at once."""
        return self._barred.reasons(task, keys)

    def alone(self, task: Task, key: Key) -> Answer:
        """Return whether a task can be the only stop of a line on an empty roster."""
        reason = self.barred(task, key)
        return self.alone_unbarred(task, key) if reason is None else BARRED[reason]

    def alone_unbarred(self, task: Task, key: Key) -> Answer:
        """Return the same where matching has nothing against it."""
        line = self.state.empty[key]
        spans = line.spans(0, 0, task)
        if (obstacle := self._obstacle_alone(task, line, spans)) is not None:
            return Answer(obstacle, is_proven=True)
        return Answer(
            None, positions=tuple(InsertionPosition(key, 0, 0, task, span) for span in spans)
        )

    def _obstacle_alone(self, task: Task, line: Timeline, spans: list[Span]) -> Obstacle | None:
        """Return what bars a task from an empty line; `spans` is when it might begin there."""
        if spans:
            return self._limit_alone(task, line)
        if line.opens > line.begins and replace(line, opens=line.begins).spans(0, 0, task):
            return self._limit_alone(task, line) or Obstacle.REST
        out, home = line.travel_time(line.home, task.place), line.travel_time(task.place, line.end)
        if max(out, home) >= UNREACHABLE:
            return Obstacle.UNREACHABLE
        if max(out, home) > line.longest:
            return Obstacle.LONGEST_LEG
        if max(task.earliest, line.begins) > min(task.latest, line.closes - task.care):
            return Obstacle.WINDOW_AGAINST_SHIFT
        if max(task.earliest, line.begins + out) > min(task.latest, line.closes - home - task.care):
            return Obstacle.TRAVEL
        return Obstacle.BREAK

    def _limit_alone(self, task: Task, line: Timeline) -> Obstacle | None:
        caregiver, day = line.caregiver, line.date
        if _exceeds(self.state, caregiver.day_minutes_limit, task.care):
            return Obstacle.DAY_MINUTES
        if _exceeds(self.state, caregiver.week_minutes_limit, task.care):
            return Obstacle.WEEK_MINUTES
        if self.state.days_left(caregiver, day) <= 0:
            return Obstacle.DAYS_OFF
        law = obstacle_across_days(self.state, self.state.empty, line, task.care)
        if law is not None:
            return law
        if caregiver.visits_per_day == 0:
            return Obstacle.VISITS_PER_DAY
        charges = self.state.accounts.charges(task, caregiver, day, {})
        return self.state.accounts.refusal({}, charges)

    @cached_property
    def slots(self) -> Slots:
        """All slots of the plan's lines."""
        return Slots(self.state.lines, self.state.matrices)

    def beside(
        self,
        task: Task,
        key: Key,
        *,
        alone: Answer | None = None,
        slots: Iterable[Slot] | None = None,
    ) -> Answer:
        """Return whether a task fits into a line beside the stops of the plan.

        Parameters
        ----------
        task, key
            What is to be put where.
        alone
            The answer of `alone` to the same question, if it is known already.
        slots
            Where the task finds a start in the line by its own window, if that is known already.
        """
        if alone is not None and alone.is_barred:
            return alone
        if alone is None and (reason := self.barred(task, key)) is not None:
            return BARRED[reason]
        line = self.state.lines[key]
        bounded = self.state.bounded(task, line.caregiver, line.date)
        if bounded is None:
            return self._worst(task, key, Obstacle.COUPLING, alone)
        numbers = line.numbers(bounded) if slots is None else [at for at, to in slots if at == to]
        positions = [
            position for at in numbers for position in self.positions(bounded, line, at, at)
        ]
        obstacle = self._obstacle_beside(bounded, line, positions)
        if obstacle is not None:
            return self._worst(task, key, obstacle, alone)
        fitting = tuple(position for position in positions if self.limit(position) is None)
        return Answer(None, positions=fitting)

    def _worst(self, task: Task, key: Key, obstacle: Obstacle, alone: Answer | None) -> Answer:
        """Return the obstacle on an empty roster if there is one, else that of the plan."""
        if alone is not None:
            return Answer(obstacle) if alone.obstacle is None else alone
        empty = self.state.empty[key]
        proven = self._obstacle_alone(task, empty, empty.spans(0, 0, task))
        return Answer(obstacle) if proven is None else Answer(proven, is_proven=True)

    def _obstacle_beside(
        self, task: Task, line: Timeline, positions: list[InsertionPosition]
    ) -> Obstacle | None:
        ordered = [
            position for position in positions if line.in_order(position.first, position.last, task)
        ]
        limits = [self.limit(position) for position in ordered]
        if None in limits:
            return self.refusal(task, line.key)
        if limits:
            return max((limit for limit in limits if limit), key=RANK.__getitem__)
        if positions:
            return Obstacle.INFECTION
        empty = self.state.empty[(line.caregiver.id, line.date, line.shift)]
        if (line.opens, line.closes) != (empty.opens, empty.closes):
            unrested = replace(line, opens=empty.opens, closes=empty.closes)
            if any(unrested.spans(at, at, task) for at in unrested.numbers(task)):
                return Obstacle.REST
        return Obstacle.NO_FREE_TIME

    def refusal(self, task: Task, key: Key) -> Obstacle | None:
        """Return the account that cannot bear a task in a line beside the plan, if one cannot."""
        line = self.state.lines[key]
        used = self.state.used
        charges = self.state.accounts.charges(task, line.caregiver, line.date, used)
        return self.state.accounts.refusal(used, charges)

    def positions(
        self, task: Task, line: Timeline, first: int, last: int
    ) -> list[InsertionPosition]:
        """Return the positions by time alone for a task instead of some stops of a line."""
        spans = line.spans(first, last, task)
        return (
            [InsertionPosition(line.key, first, last, task, span) for span in spans]
            if spans
            else []
        )

    def limit(self, position: InsertionPosition) -> Obstacle | None:
        """Return the order of clients or the limit on work that a place would break, if one."""
        state, line = self.state, self.state.lines[position.key]
        caregiver = line.caregiver
        if not line.in_order(position.first, position.last, position.task):
            return Obstacle.INFECTION
        more = 1 - (position.last - position.first)
        cap = caregiver.visits_per_day
        if cap is not None and state.stops_on(caregiver, line.date) + more > cap:
            return Obstacle.VISITS_PER_DAY
        if caregiver.days_off > 0 and state.stops_on(caregiver, line.date) == 0:
            worked = state.days_worked(caregiver, line.date)
            if worked >= state.days_left(caregiver, line.date):
                return Obstacle.DAYS_OFF
        hours = (caregiver.day_minutes_limit, caregiver.week_minutes_limit)
        if hours == (None, None) and not is_limited_across_days(caregiver):
            return None
        more = work(line, line.with_task(position.first, position.last, position.task)) - line.work
        law = obstacle_across_days(state, state.lines, line, more)
        if law is not None:
            return law
        if _exceeds(state, caregiver.day_minutes_limit, state.work_on(caregiver, line.date) + more):
            return Obstacle.DAY_MINUTES
        week = state.work_in_week(caregiver, line.date)
        if _exceeds(state, caregiver.week_minutes_limit, week + more):
            return Obstacle.WEEK_MINUTES
        return None

    def together(
        self, positions: Sequence[Sequence[InsertionPosition]], used: Mapping[Account, int]
    ) -> tuple[tuple[InsertionPosition, ...] | None, Obstacle | None]:
        """Choose one position per task: same day, same start, different caregivers, caps kept.

        Returns
        -------
        positions
            One per task with equal spans, or None if there is no such choice.
        obstacle
            Without a choice: the account that refused, or `PARTNER` if there were none
            whatever the accounts bear.
        """
        refused: list[Obstacle] = []
        chosen = self._choose(positions, (), used, refused)
        if chosen is not None:
            return chosen, None
        if not refused or self._choose(positions, (), None, []) is None:
            return None, Obstacle.PARTNER
        return None, max(refused, key=RANK.__getitem__)

    def _choose(
        self,
        positions: Sequence[Sequence[InsertionPosition]],
        chosen: tuple[InsertionPosition, ...],
        used: Mapping[Account, int] | None,
        refused: list[Obstacle],
    ) -> tuple[InsertionPosition, ...] | None:
        """Complete a choice; `used` is None where accounts do not matter."""
        if len(chosen) == len(positions):
            return chosen
        for position in sorted(positions[len(chosen)], key=lambda position: position.span):
            if any(
                position.key[0] == one.key[0] or position.key[1] != one.key[1] for one in chosen
            ):
                continue
            low = max(position.span[0], *(one.span[0] for one in chosen), 0)
            high = min(position.span[1], *(one.span[1] for one in chosen), position.span[1])
            if low > high:
                continue
            then = used
            if used is not None:
                line = self.state.lines[position.key]
                accounts = self.state.accounts
                charges = accounts.charges(position.task, line.caregiver, line.date, used)
                if (refusal := accounts.refusal(used, charges)) is not None:
                    refused.append(refusal)
                    continue
                then = added(used, charges)
            same = tuple(replace(one, span=(low, high)) for one in (*chosen, position))
            found = self._choose(positions, same, then, refused)
            if found is not None:
                return found
        return None


def _exceeds(state: PlanState, limit: int | None, ticks: int) -> bool:
    return limit is not None and ticks > state.ticks(limit)
