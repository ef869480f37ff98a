"""Single changes after which two stops that begin as one should fit into two lines of the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from optimizer.domain.visit import Visit
from optimizer.explanation.change import Change, shorter, skilled, wider
from optimizer.explanation.codes import FixKind, Obstacle
from optimizer.explanation.drafts import (
    Draft,
    bounds_of_care,
    in_minutes,
    lacking_one,
    latest_departure,
    longer_shift,
    positions_in,
    size_of_skill,
    whole_day,
)
from optimizer.explanation.insertions import InsertionPosition, Insertions
from optimizer.explanation.timeline import Key, Task, Timeline, timed
from optimizer.units import MS_PER_MINUTE

NEAREST = 60
"Insertion positions looked at per carer for a wider window: those nearest to the window."


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two positions that can begin as one between `low` and `high`, in ticks."""

    positions: tuple[InsertionPosition, InsertionPosition]
    low: int
    high: int

    @property
    def keys(self) -> tuple[Key, Key]:
        return self.positions[0].key, self.positions[1].key


@dataclass(frozen=True, slots=True)
class _Slot:
    """Earliest start and latest end in one place of a line, in ticks."""

    key: Key
    soonest: int
    ends: int


def pair_drafts(insertions: Insertions, visit: Visit) -> Iterator[Draft]:
    """Yield changes after which a visit of two carers, or two that begin as one, should fit.

    Parameters
    ----------
    insertions
        The scenario and the plan.
    visit
        A visit with exactly one other stop that begins as one with it.
    """
    state = insertions.state
    unit = state.unit(visit)
    lines = [
        [line for key, line in state.lines.items() if insertions.barred(task, key) is None]
        for task in unit
    ]
    now = [
        [position for line in own for position in positions_in(insertions, task, line)]
        for task, own in zip(unit, lines, strict=True)
    ]
    pins = [task.visit.pin for task in unit]
    if all(pin is None or pin.start is None for pin in pins):
        yield from _widened(insertions, unit, lines)
    yield from _shortened(insertions, unit, lines)
    for number, task in enumerate(unit):
        others = now[1 - number]
        if others:
            for line in lines[number]:
                yield from _shifted(insertions, task, line, others)
            yield from _skilled(insertions, task, others)


def _pairs(
    own: Sequence[InsertionPosition], others: Sequence[InsertionPosition]
) -> Iterator[_Pair]:
    """Yield two positions of different caregivers on one day that have a start in common."""
    for position in own:
        for other in others:
            low, high = max(position.span[0], other.span[0]), min(position.span[1], other.span[1])
            if low <= high and position.key[0] != other.key[0] and position.key[1] == other.key[1]:
                yield _Pair((position, other), low, high)


def _widened(
    insertions: Insertions, unit: Sequence[Task], lines: Sequence[Sequence[Timeline]]
) -> Iterator[Draft]:
    """Yield wider windows with which both have room at the same moment."""
    state = insertions.state
    earliest, latest = max(one.earliest for one in unit), min(one.latest for one in unit)

    def far(position: InsertionPosition) -> int:
        return max(0, position.span[0] - latest, earliest - position.span[1])

    positions = [
        sorted(
            (
                position
                for line in own
                for position in positions_in(insertions, whole_day(state, task), line)
            ),
            key=far,
        )[:NEAREST]
        for task, own in zip(unit, lines, strict=True)
    ]  # fmt: skip
    visits = tuple({task.visit.id: task.visit for task in unit}.values())
    for pair in _pairs(*positions):
        start = max(pair.low, earliest)
        if start <= pair.high and start > latest:
            minutes = in_minutes(state, start - latest)
            change = partial(wider, visits, 0, minutes)
            yield Draft(FixKind.BEGIN_LATER, _size(minutes, pair), pair.keys, change, minutes)
        elif pair.high < earliest:
            minutes = in_minutes(state, earliest - pair.high)
            change = partial(wider, visits, minutes, 0)
            yield Draft(FixKind.BEGIN_EARLIER, _size(minutes, pair), pair.keys, change, minutes)


def _shifted(
    insertions: Insertions, task: Task, line: Timeline, others: Sequence[InsertionPosition]
) -> Iterator[Draft]:
    """Yield longer shifts of one with which both have room at the same moment."""
    state = insertions.state
    late, early = state.stretched(line.key)
    if late is not None:
        for pair in _pairs(list(positions_in(insertions, task, late)), others):
            position = pair.positions[0]
            fixed = replace(position.task, earliest=pair.low, latest=pair.low)
            timing = timed(late, late.with_task(position.first, position.last, fixed))
            if timing is not None and timing.back > line.closes:
                minutes = in_minutes(state, timing.back - line.closes)
                change = longer_shift(state, line, 0, minutes)
                yield Draft(FixKind.SHIFT_LATER, _size(minutes, pair), pair.keys, change, minutes)
    if early is not None:
        for pair in _pairs(list(positions_in(insertions, task, early)), others):
            position = pair.positions[0]
            fixed = replace(position.task, earliest=pair.high, latest=pair.high)
            leaves = latest_departure(early, replace(position, task=fixed))
            if leaves < line.opens:
                minutes = in_minutes(state, line.opens - leaves)
                change = longer_shift(state, line, minutes, 0)
                yield Draft(FixKind.SHIFT_EARLIER, _size(minutes, pair), pair.keys, change, minutes)


def _skilled(
    insertions: Insertions, task: Task, others: Sequence[InsertionPosition]
) -> Iterator[Draft]:
    """Yield one qualification more with which both have room at the same moment."""
    for key, line in insertions.state.lines.items():
        if insertions.barred(task, key) not in {Obstacle.NOT_QUALIFIED, Obstacle.EXPIRED}:
            continue
        lacking = lacking_one(insertions, task, line)
        if lacking is None:
            continue
        pair = next(_pairs(list(positions_in(insertions, task, line)), others), None)
        if pair is not None:
            yield Draft(
                FixKind.QUALIFICATION,
                size_of_skill(task, line, lacking),
                pair.keys,
                partial(skilled, line.caregiver, (lacking,)),
                qualifications=(lacking,),
            )


def _shortened(
    insertions: Insertions, unit: Sequence[Task], lines: Sequence[Sequence[Timeline]]
) -> Iterator[Draft]:
    """Yield durations shorter by the same for both with which they have room at one moment."""
    state = insertions.state
    bounds = [bounds_of_care(task.visit.carers[task.carer - 1]) for task in unit]
    most = min(shortest - least for least, shortest in bounds) // MS_PER_MINUTE
    slots = [
        [slot for line in own for slot in _slots(insertions, task, line, state.ticks(least))]
        for task, own, (least, _) in zip(unit, lines, bounds, strict=True)
    ]
    latest = min(task.latest for task in unit)
    for one in slots[0]:
        for two in slots[1]:
            if one.key[0] == two.key[0] or one.key[1] != two.key[1]:
                continue
            start = max(one.soonest, two.soonest)
            over = max(start + unit[0].care - one.ends, start + unit[1].care - two.ends)
            minutes = in_minutes(state, over)
            if start <= latest and 0 < minutes <= most:
                yield Draft(
                    FixKind.SHORTER,
                    (minutes, 0, f"{one.key[0]} {two.key[0]}"),
                    (one.key, two.key),
                    partial(_all_shorter, unit, minutes),
                    minutes,
                )


def _slots(insertions: Insertions, task: Task, line: Timeline, care: int) -> Iterator[_Slot]:
    """Yield the places of a line in which a task of a shorter duration has room."""
    bounded = insertions.state.bounded(replace(task, care=care), line.caregiver, line.date)
    if bounded is not None:
        for at in line.numbers(bounded):
            for soonest, ends in line.gaps(at, at, bounded):
                if soonest <= bounded.latest and soonest + care <= ends:
                    yield _Slot(line.key, soonest, ends)


def _all_shorter(unit: Sequence[Task], minutes: int) -> Change:
    """Return a change by which all carers may leave so many minutes sooner."""
    visits = {task.visit.id: task.visit for task in unit}
    least = [
        [bounds_of_care(need)[1] - minutes * MS_PER_MINUTE for need in visit.carers]
        for visit in visits.values()
    ]
    return shorter(tuple(visits.values()), least)


def _size(minutes: int, pair: _Pair) -> tuple[int, int, str]:
    return minutes, 0, " ".join(key[0] for key in pair.keys)
