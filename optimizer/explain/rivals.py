"""Which stops of a plan would have to go for a visit to come in."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from optimizer.domain.policy import Priority
from optimizer.domain.visit import Visit
from optimizer.explain.accounts import Account, added
from optimizer.explain.board import Board
from optimizer.explain.places import Places, Room
from optimizer.explain.timeline import Key, Task, Timeline

MOST_STOPS = 3
"So many consecutive stops of one line are taken out at most."
SHOWN = 3
"So many rivals are told."


@dataclass(frozen=True, slots=True)
class Rival:
    """Consecutive stops of one caregiver without which a visit would have its place.

    Attributes
    ----------
    caregiver, date, shift
        Whose stops they are.
    visits
        One to three visits, in the order of the route.
    price
        What leaving them unserved would cost, in ticks of travel.
    rooms
        Where the visit would come then, one room per carer.
    """

    caregiver: str
    date: dt.date
    shift: int
    visits: tuple[str, ...]
    price: int
    rooms: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Some stops of a line with a room in their place."""

    price: int
    size: int
    room: Room


def rivals(
    places: Places,
    unit: Sequence[Task],
    rooms: Sequence[Sequence[Room]],
    keys: Sequence[Sequence[Key]],
) -> tuple[Rival, ...]:
    """Return the cheapest stops whose removal lets a visit in, at most three.

    Only stops are named that no other stop begins as one with. Of a visit with two carers
    one must have room already; otherwise two routes would have to change.

    Parameters
    ----------
    places
        The plan.
    unit
        The tasks that begin as one.
    rooms
        Where each of them has room in the plan.
    keys
        Lines of those who may be the carer of each of them.
    """
    homeless = [number for number, found in enumerate(rooms) if not found]
    if len(homeless) != 1:
        # All have room, but not at one moment: any of them may be the one to make room for.
        homeless = [] if homeless else list(range(len(unit)))
    found: list[_Candidate] = []
    for number in homeless:
        for key in keys[number]:
            found += _candidates(places, unit[number], key)
    found.sort(key=lambda one: (one.price, one.size, one.room.key, one.room.first))
    told: list[Rival] = []
    for candidate in found:
        if places.limit(candidate.room) is not None:
            continue
        rival = _rival(places, unit, rooms, candidate)
        if rival is not None and not any(_covers(rival, other) for other in told):
            told.append(rival)
        if len(told) == SHOWN:
            break
    return tuple(told)


def _candidates(places: Places, task: Task, key: Key) -> Iterator[_Candidate]:
    board, line = places.board, places.board.lines[key]
    bounded = board.bounded(task, line.caregiver, line.date)
    if bounded is None or not line.tasks:
        return
    prices, tied = _worth(board, line)
    # What leaves the task its window on both sides, as `Timeline.spans` would find.
    soonest = bisect_left(line.backward[0], bounded.earliest + bounded.care)
    count = len(line.tasks)
    for first in range(max(0, soonest - MOST_STOPS), count):
        if line.forward[0][first] > bounded.latest:
            break
        price = 0
        for last in range(first + 1, min(first + MOST_STOPS, count) + 1):
            if tied[last - 1]:
                break
            price += prices[last - 1]
            if last < soonest:
                continue
            opened = places.rooms(bounded, line, first, last)
            for room in opened:
                yield _Candidate(price, last - first, room)
            if opened:
                break  # More stops than needed are no answer.


def _worth(board: Board, line: Timeline) -> tuple[list[int], list[bool]]:
    """Return what each stop of a line is worth in ticks of travel, and whether it is tied."""
    key = line.caregiver.id, line.date, line.shift
    if key not in board.worth:
        prices = [price_unserved(board, task.visit) for task in line.tasks]
        board.worth[key] = prices, [board.is_tied(task.visit) for task in line.tasks]
    return board.worth[key]


def _rival(
    places: Places,
    unit: Sequence[Task],
    rooms: Sequence[Sequence[Room]],
    candidate: _Candidate,
) -> Rival | None:
    """Return a candidate as a rival if the other carers and the accounts agree."""
    room = candidate.room
    line = places.board.lines[room.key]
    used = _freed(places.board, line, room)
    choice = [
        [room] if task.visit.id == room.task.visit.id and task.carer == room.task.carer else others
        for task, others in zip(unit, rooms, strict=True)
    ]
    chosen, _ = places.together(choice, used)
    if chosen is None:
        return None
    removed = tuple(task.visit.id for task in line.tasks[room.first : room.last])
    return Rival(*room.key, removed, candidate.price, chosen)


def _freed(board: Board, line: Timeline, room: Room) -> dict[Account, int]:
    """Return what the accounts are charged without the stops that go."""
    used = dict(board.used)
    for task in line.tasks[room.first : room.last]:
        charges = board.accounts.charges(task, line.caregiver, line.date)
        used = added(used, charges, -1)
    return used


def _covers(rival: Rival, other: Rival) -> bool:
    return rival.caregiver == other.caregiver and set(other.visits) <= set(rival.visits)


def price_unserved(board: Board, visit: Visit) -> int:
    """Return what leaving a visit unserved costs, in ticks of travel."""
    weights = board.scenario.policy.weights.unserved
    base = {
        Priority.CRITICAL: weights.critical,
        Priority.ESSENTIAL: weights.essential,
        Priority.FLEXIBLE: weights.flexible,
    }[visit.priority]
    if visit.mandatory or board.scenario.policy.serve_everything:
        base += weights.mandatory
    care = sum(board.ticks(need.minutes) for need in visit.carers)
    return base * board.scenario.ticks_per_minute + weights.per_minute * care
