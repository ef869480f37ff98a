"""Which stops of a plan would have to go for a visit to come in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optimizer.domain.policy import Priority
from optimizer.domain.visit import Visit
from optimizer.explanation.accounts import Account, added
from optimizer.explanation.board import Board
from optimizer.explanation.gaps import Gap
from optimizer.explanation.places import Places, Room
from optimizer.explanation.timeline import Key, Task, Timeline

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
    """Some stops of a line in whose place a task finds a start."""

    price: int
    size: int
    key: Key
    first: int
    task: Task


def rivals(
    places: Places,
    unit: Sequence[Task],
    rooms: Sequence[Sequence[Room]],
    gaps: Sequence[Mapping[Key, Sequence[Gap]]],
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
    gaps
        Where each of them finds a start by its own window, in lines of those who may be its
        carer.
    """
    homeless = [number for number, found in enumerate(rooms) if not found]
    if len(homeless) != 1:
        # All have room, but not at one moment: any of them may be the one to make room for.
        homeless = [] if homeless else list(range(len(unit)))
    found: list[_Candidate] = []
    for number in homeless:
        for key, some in gaps[number].items():
            found += _candidates(places.board, unit[number], key, some)
    found.sort(key=lambda one: (one.price, one.size, one.key, one.first))
    told: list[Rival] = []
    for candidate, room in _opened(places, found):
        if places.limit(room) is not None:
            continue
        rival = _rival(places, unit, rooms, room, candidate.price)
        if rival is not None and not any(_covers(rival, other) for other in told):
            told.append(rival)
        if len(told) == SHOWN:
            break
    return tuple(told)


def _candidates(board: Board, task: Task, key: Key, gaps: Sequence[Gap]) -> Iterator[_Candidate]:
    """Yield of each stop of a line the fewest from it on that would have to go."""
    line = board.lines[key]
    bounded = board.bounded(task, line.caregiver, line.date)
    if bounded is None:
        return
    prices, tied = _worth(board, line)
    answered = -1
    for first, last in gaps:
        # More stops than needed are no answer.
        if first in (answered, last) or any(tied[first:last]):
            continue
        if bounded is not task and not line.spans(first, last, bounded):
            continue
        answered = first
        yield _Candidate(sum(prices[first:last]), last - first, key, first, bounded)


def _opened(places: Places, candidates: Sequence[_Candidate]) -> Iterator[tuple[_Candidate, Room]]:
    """Yield the rooms that candidates open, when it is their turn."""
    for one in candidates:
        line = places.board.lines[one.key]
        for room in places.rooms(one.task, line, one.first, one.first + one.size):
            yield one, room


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
    room: Room,
    price: int,
) -> Rival | None:
    """Return the stops in a room's place as a rival if other carers and accounts agree."""
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
    return Rival(*room.key, removed, price, chosen)


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
