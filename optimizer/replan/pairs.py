"""Two caregivers for a visit that needs both at once: every pair, at one start."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.domain.policy import Term
from optimizer.explanation.accounts import added
from optimizer.explanation.insertions import InsertionPosition, Insertions
from optimizer.explanation.timeline import Key, Task
from optimizer.replan.route_cost import Option, RouteCosts, circle

NEAREST = 12
"Caregivers looked at for each of the two, those whose cheapest place alone is cheapest."
KEPT = 8
"Caregivers of each of the two who are paired at one start."


@dataclass(frozen=True, slots=True)
class Pair:
    """Two places with one start.

    Attributes
    ----------
    halves
        What the route of each carer becomes.
    cost
        What it costs more, both together, in ticks of travel.
    """

    halves: tuple[Option, Option]
    cost: int


def cheapest_pairs(
    insertions: Insertions,
    costs: RouteCosts,
    unit: Sequence[Task],
    room: Sequence[Mapping[Key, Sequence[InsertionPosition]]],
    most: int,
) -> list[Pair]:
    """Return the cheapest pairs, one per two caregivers, the cheapest first.

    Parameters
    ----------
    insertions, costs
        The roster.
    unit
        The two tasks.
    room
        Where each of them has room, by line.
    most
        How many pairs are wanted.
    """
    places = [_nearest(insertions, costs, some) for some in room]
    best: dict[tuple[str, str], Pair] = {}
    for day in sorted({one.key[1] for one in places[0]}):
        both = [[one for one in some if one.key[1] == day] for some in places]
        for start in sorted({one.span[0] for some in both for one in some}):
            halves = [_halves(insertions, costs, some, start) for some in both]
            for first in halves[0]:
                for second in halves[1]:
                    pair = _pair(insertions, costs, unit, first, second)
                    if pair is not None:
                        who = first[0][0], second[0][0]
                        if who not in best or pair.cost < best[who].cost:
                            best[who] = pair
    return heapq.nsmallest(most, best.values(), key=lambda one: (one.cost, one.halves[0][0]))


def _nearest(
    insertions: Insertions, costs: RouteCosts, room: Mapping[Key, Sequence[InsertionPosition]]
) -> list[InsertionPosition]:
    """Return the places of the caregivers who are cheapest alone."""
    alone: dict[str, int] = {}
    for key, some in room.items():
        for place in some:
            for option in costs.options(insertions, place):
                cost = sum(option[-1].values())
                alone[key[0]] = min(cost, alone.get(key[0], cost))
    near = set(heapq.nsmallest(NEAREST, alone, key=lambda who: (alone[who], who)))
    return [place for key, some in room.items() if key[0] in near for place in some]


def _halves(
    insertions: Insertions,
    costs: RouteCosts,
    places: Sequence[InsertionPosition],
    start: int,
) -> list[Option]:
    """Return the cheapest place of each caregiver at one start."""
    best: dict[str, Option] = {}
    for place in places:
        if not place.span[0] <= start <= place.span[1]:
            continue
        held = replace(place, task=replace(place.task, earliest=start, latest=start))
        for option in costs.options(insertions, held):
            who = place.key[0]
            if who not in best or _cost(option) < _cost(best[who]):
                best[who] = option
    return heapq.nsmallest(KEPT, best.values(), key=lambda one: (_cost(one), one[0]))


def _pair(
    insertions: Insertions, costs: RouteCosts, unit: Sequence[Task], one: Option, other: Option
) -> Pair | None:
    """Return two places as a pair; None if they cannot be so together."""
    state = insertions.state
    people = [state.lines[half[0]].caregiver for half in (one, other)]
    if people[0].id == people[1].id:
        return None
    used = state.used
    for half, person in zip((one, other), people, strict=True):
        charges = state.accounts.charges(half[3], person, half[0][1], used)
        if state.accounts.refusal(used, charges) is not None:
            return None
        used = added(used, charges)
    client = state.index.client[unit[0].visit.client]
    flat = state.scenario.policy.continuity_flat
    seen = costs.seen(client.id)
    steps = [
        circle(len(seen | who), flat)
        for who in (set(), {people[0].id}, {people[1].id}, {people[0].id, people[1].id})
    ]
    both = client.continuity * (steps[3] - steps[1] - steps[2] + steps[0])
    both *= state.scenario.policy.weights.continuity * state.scenario.ticks_per_minute
    return Pair((one, other), _cost(one) + _cost(other) + both)


def _cost(option: Option) -> int:
    return sum(option[-1].values())


def rooms(
    insertions: Insertions, unit: Sequence[Task]
) -> Iterator[dict[Key, tuple[InsertionPosition, ...]]]:
    """Yield where each task of a unit has room beside the roster, by line."""
    state = insertions.state
    for task in unit:
        days = set(state.index.allowed_dates(task.visit))
        keys = [key for key in state.lines if key[1] in days]
        barred = insertions.barred_from(task, keys)
        yield {
            key: found
            for key in keys
            if barred[key] is None and (found := insertions.beside(task, key).positions)
        }


_OF_THE_WHOLE = {Term.UNSERVED, Term.SHARE, Term.RESPONSIBLE, Term.PURCHASE}
TOLD: tuple[Term, ...] = tuple(term for term in Term if term not in _OF_THE_WHOLE)
"Terms that are told of a place: not what the visit is worth."
