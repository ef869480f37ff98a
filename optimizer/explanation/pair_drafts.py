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
    rooms_in,
    size_of_skill,
    whole_day,
)
from optimizer.explanation.places import Places, Room
from optimizer.explanation.timeline import Key, Task, Timeline, timed
from optimizer.units import MS_PER_MINUTE

NEAREST = 60
"So many rooms of each carer are looked at with a wider window, those nearest to it first."


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two rooms that can begin as one between `low` and `high`, in ticks."""

    rooms: tuple[Room, Room]
    low: int
    high: int

    @property
    def keys(self) -> tuple[Key, Key]:
        return self.rooms[0].key, self.rooms[1].key


@dataclass(frozen=True, slots=True)
class _Gap:
    """Earliest start and latest end in one place of a line, in ticks."""

    key: Key
    soonest: int
    ends: int


def pair_drafts(places: Places, visit: Visit) -> Iterator[Draft]:
    """Yield changes after which a visit of two carers, or two that begin as one, should fit.

    Parameters
    ----------
    places
        The scenario and the plan.
    visit
        A visit with exactly one other stop that begins as one with it.
    """
    board = places.board
    unit = board.unit(visit)
    lines = [
        [line for key, line in board.lines.items() if places.barred(task, key) is None]
        for task in unit
    ]
    now = [
        [room for line in own for room in rooms_in(places, task, line)]
        for task, own in zip(unit, lines, strict=True)
    ]
    pins = [task.visit.pin for task in unit]
    if all(pin is None or pin.start is None for pin in pins):
        yield from _widened(places, unit, lines)
    yield from _shortened(places, unit, lines)
    for number, task in enumerate(unit):
        others = now[1 - number]
        if others:
            for line in lines[number]:
                yield from _shifted(places, task, line, others)
            yield from _skilled(places, task, others)


def _pairs(own: Sequence[Room], others: Sequence[Room]) -> Iterator[_Pair]:
    """Yield two rooms of different caregivers on one day that have a start in common."""
    for room in own:
        for other in others:
            low, high = max(room.span[0], other.span[0]), min(room.span[1], other.span[1])
            if low <= high and room.key[0] != other.key[0] and room.key[1] == other.key[1]:
                yield _Pair((room, other), low, high)


def _widened(
    places: Places, unit: Sequence[Task], lines: Sequence[Sequence[Timeline]]
) -> Iterator[Draft]:
    """Yield wider windows with which both have room at the same moment."""
    board = places.board
    earliest, latest = max(one.earliest for one in unit), min(one.latest for one in unit)

    def far(room: Room) -> int:
        return max(0, room.span[0] - latest, earliest - room.span[1])

    rooms = [
        sorted(
            (
                room
                for line in own
                for room in rooms_in(places, whole_day(board, task), line)
            ),
            key=far,
        )[:NEAREST]
        for task, own in zip(unit, lines, strict=True)
    ]  # fmt: skip
    visits = tuple({task.visit.id: task.visit for task in unit}.values())
    for pair in _pairs(*rooms):
        start = max(pair.low, earliest)
        if start <= pair.high and start > latest:
            minutes = in_minutes(board, start - latest)
            change = partial(wider, visits, 0, minutes)
            yield Draft(FixKind.BEGIN_LATER, _size(minutes, pair), pair.keys, change, minutes)
        elif pair.high < earliest:
            minutes = in_minutes(board, earliest - pair.high)
            change = partial(wider, visits, minutes, 0)
            yield Draft(FixKind.BEGIN_EARLIER, _size(minutes, pair), pair.keys, change, minutes)


def _shifted(places: Places, task: Task, line: Timeline, others: Sequence[Room]) -> Iterator[Draft]:
    """Yield longer shifts of one with which both have room at the same moment."""
    board = places.board
    late, early = board.stretched(line.key)
    if late is not None:
        for pair in _pairs(list(rooms_in(places, task, late)), others):
            room = pair.rooms[0]
            fixed = replace(room.task, earliest=pair.low, latest=pair.low)
            timing = timed(late, late.with_task(room.first, room.last, fixed))
            if timing is not None and timing.back > line.closes:
                minutes = in_minutes(board, timing.back - line.closes)
                change = longer_shift(board, line, 0, minutes)
                yield Draft(FixKind.SHIFT_LATER, _size(minutes, pair), pair.keys, change, minutes)
    if early is not None:
        for pair in _pairs(list(rooms_in(places, task, early)), others):
            room = pair.rooms[0]
            fixed = replace(room.task, earliest=pair.high, latest=pair.high)
            leaves = latest_departure(early, replace(room, task=fixed))
            if leaves < line.opens:
                minutes = in_minutes(board, line.opens - leaves)
                change = longer_shift(board, line, minutes, 0)
                yield Draft(FixKind.SHIFT_EARLIER, _size(minutes, pair), pair.keys, change, minutes)


def _skilled(places: Places, task: Task, others: Sequence[Room]) -> Iterator[Draft]:
    """Yield one qualification more with which both have room at the same moment."""
    for key, line in places.board.lines.items():
        if places.barred(task, key) not in {Obstacle.NOT_QUALIFIED, Obstacle.EXPIRED}:
            continue
        lacking = lacking_one(places, task, line)
        if lacking is None:
            continue
        pair = next(_pairs(list(rooms_in(places, task, line)), others), None)
        if pair is not None:
            yield Draft(
                FixKind.QUALIFICATION,
                size_of_skill(task, line, lacking),
                pair.keys,
                partial(skilled, line.caregiver, (lacking,)),
                qualifications=(lacking,),
            )


def _shortened(
    places: Places, unit: Sequence[Task], lines: Sequence[Sequence[Timeline]]
) -> Iterator[Draft]:
    """Yield durations shorter by the same for both with which they have room at one moment."""
    board = places.board
    bounds = [bounds_of_care(task.visit.carers[task.carer - 1]) for task in unit]
    most = min(shortest - least for least, shortest in bounds) // MS_PER_MINUTE
    gaps = [
        [gap for line in own for gap in _gaps(places, task, line, board.ticks(least))]
        for task, own, (least, _) in zip(unit, lines, bounds, strict=True)
    ]
    latest = min(task.latest for task in unit)
    for one in gaps[0]:
        for two in gaps[1]:
            if one.key[0] == two.key[0] or one.key[1] != two.key[1]:
                continue
            start = max(one.soonest, two.soonest)
            over = max(start + unit[0].care - one.ends, start + unit[1].care - two.ends)
            minutes = in_minutes(board, over)
            if start <= latest and 0 < minutes <= most:
                yield Draft(
                    FixKind.SHORTER,
                    (minutes, 0, f"{one.key[0]} {two.key[0]}"),
                    (one.key, two.key),
                    partial(_all_shorter, unit, minutes),
                    minutes,
                )


def _gaps(places: Places, task: Task, line: Timeline, care: int) -> Iterator[_Gap]:
    """Yield the places of a line in which a task of a shorter duration has room."""
    bounded = places.board.bounded(replace(task, care=care), line.caregiver, line.date)
    if bounded is not None:
        for at in line.numbers(bounded):
            for soonest, ends in line.gaps(at, at, bounded):
                if soonest <= bounded.latest and soonest + care <= ends:
                    yield _Gap(line.key, soonest, ends)


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
