"""Which stops of a plan would have to go for a visit to come in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optimizer.explanation.accounts import Account, added
from optimizer.explanation.insertions import InsertionPosition, Insertions
from optimizer.explanation.plan_state import PlanState
from optimizer.explanation.slots import Slot
from optimizer.explanation.timeline import Key, Task, Timeline
from optimizer.problem.unserved_price import price_unserved

SHOWN = 3
"Rivals that are told; dearer ones are left out."


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
    positions
        Where the visit would come then, one position per carer.
    """

    caregiver: str
    date: dt.date
    shift: int
    visits: tuple[str, ...]
    price: int
    positions: tuple[InsertionPosition, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Some stops of a line in whose place a task finds a start."""

    price: int
    size: int
    key: Key
    first: int
    task: Task


def rivals(
    insertions: Insertions,
    unit: Sequence[Task],
    positions: Sequence[Sequence[InsertionPosition]],
    slots: Sequence[Mapping[Key, Sequence[Slot]]],
) -> tuple[Rival, ...]:
    """Return the cheapest stops whose removal lets a visit in, at most three.

    Only stops are named that no other stop begins as one with. Of a visit with two carers
    one must have room already; otherwise two routes would have to change.

    Parameters
    ----------
    insertions
        The plan.
    unit
        The tasks that begin as one.
    positions
        Where each of them has room in the plan.
    slots
        Where each of them finds a start by its own window, in lines of those who may be its
        carer.
    """
    homeless = [number for number, found in enumerate(positions) if not found]
    if len(homeless) != 1:
        # All have room, but not at one moment: any of them may be the one to make room for.
        homeless = [] if homeless else list(range(len(unit)))
    found: list[_Candidate] = []
    for number in homeless:
        for key, some in slots[number].items():
            found += _candidates(insertions.state, unit[number], key, some)
    found.sort(key=lambda one: (one.price, one.size, one.key, one.first))
    told: list[Rival] = []
    for candidate, position in _opened(insertions, found):
        if insertions.limit(position) is not None:
            continue
        rival = _rival(insertions, unit, positions, position, candidate.price)
        if rival is not None and not any(_covers(rival, other) for other in told):
            told.append(rival)
        if len(told) == SHOWN:
            break
    return tuple(told)


def _candidates(
    state: PlanState, task: Task, key: Key, slots: Sequence[Slot]
) -> Iterator[_Candidate]:
    """Yield of each stop of a line the fewest from it on that would have to go."""
    line = state.lines[key]
    bounded = state.bounded(task, line.caregiver, line.date)
    if bounded is None:
        return
    prices, tied = _worth(state, line)
    answered = -1
    for first, last in slots:
        # More stops than needed are no answer.
        if first in (answered, last) or any(tied[first:last]):
            continue
        if bounded is not task and not line.spans(first, last, bounded):
            continue
        answered = first
        yield _Candidate(sum(prices[first:last]), last - first, key, first, bounded)


def _opened(
    insertions: Insertions, candidates: Sequence[_Candidate]
) -> Iterator[tuple[_Candidate, InsertionPosition]]:
    """Yield the positions that candidates open, when it is their turn."""
    for one in candidates:
        line = insertions.state.lines[one.key]
        for position in insertions.positions(one.task, line, one.first, one.first + one.size):
            yield one, position


def _worth(state: PlanState, line: Timeline) -> tuple[list[int], list[bool]]:
    """Return what each stop of a line is worth in ticks of travel, and whether it is tied."""
    key = line.caregiver.id, line.date, line.shift
    if key not in state.worth:
        prices = [price_unserved(state.index, task.visit) for task in line.tasks]
        state.worth[key] = prices, [state.is_tied(task.visit) for task in line.tasks]
    return state.worth[key]


def _rival(
    insertions: Insertions,
    unit: Sequence[Task],
    positions: Sequence[Sequence[InsertionPosition]],
    position: InsertionPosition,
    price: int,
) -> Rival | None:
    """Return the stops in a position's place as a rival if other carers and accounts agree."""
    line = insertions.state.lines[position.key]
    used = _freed(insertions.state, line, position)
    choice = [
        [position]
        if task.visit.id == position.task.visit.id and task.carer == position.task.carer
        else others
        for task, others in zip(unit, positions, strict=True)
    ]
    chosen, _ = insertions.together(choice, used)
    if chosen is None:
        return None
    removed = tuple(task.visit.id for task in line.tasks[position.first : position.last])
    return Rival(*position.key, removed, price, chosen)


def _freed(state: PlanState, line: Timeline, position: InsertionPosition) -> dict[Account, int]:
    """Return what the accounts are charged without the stops that go."""
    used = dict(state.used)
    for task in line.tasks[position.first : position.last]:
        charges = state.accounts.held_charges(task, line.caregiver, line.date)
        used = added(used, charges, -1)
    return used


def _covers(rival: Rival, other: Rival) -> bool:
    return rival.caregiver == other.caregiver and set(other.visits) <= set(rival.visits)
