"""Prices under which visits rank above calls, and calls above everything else.

A lexicographic choice as one sum: each rank weighs more than all that lies below it can come to.
So it does not depend on the weights of the policy, which decide only among plans that leave out
as much and ask for as many calls.

References
----------
Isermann, Linear lexicographic optimization, OR Spektrum 4 (1982): equivalent weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from optimizer.domain.policy import Policy, Priority
from optimizer.domain.visit import Visit

LARGEST_CALL = 1 << 28
"Ticks: the price of a call has to fit into 32 bits with all that a stop costs beside it."
LARGEST_SUM = 1 << 58
"Ticks that all visits may be worth together; the search doubles some of it."
STEPS = (1_000, 300, 100, 30, 10)
"""So many visits of a rank weigh less than one of the next, and three times as many calls less
than a visit: the first that fits into whole numbers."""

RANKS = 5
"What has begun; mandatory; then the priorities."


def rank_of(visit: Visit, policy: Policy) -> int:
    """Return how much a visit matters: 1 for mandatory ones, 2 to 4 by priority."""
    if visit.mandatory or policy.serve_everything:
        return 1
    return 2 + tuple(Priority).index(visit.priority)


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in minutes of travel.

    Attributes
    ----------
    call
        Of a call.
    visits
        Of a visit left out, by rank; 0 is for what has begun.
    """

    call: int
    visits: tuple[int, ...]


def prices(
    visits: Collection[Visit],
    policy: Policy,
    *,
    others: int,
    call: int | None,
    ticks_per_minute: int,
) -> Prices:
    """Return prices that keep the ranks apart.

    Parameters
    ----------
    visits
        All visits of the day.
    policy
        The scenario's.
    others
        Cost of the roster in ticks, visits left out not counted: what a call may save at most.
    call
        Price of a call in minutes of travel; None puts calls above all other cost.
    ticks_per_minute
        Of the scenario.
    """
    stops = sum(len(visit.carers) for visit in visits)
    number = Counter(rank_of(visit, policy) for visit in visits)
    dear = -(-min(LARGEST_CALL, max(2 * others, 60_000)) // ticks_per_minute)
    found: tuple[int, ...] = ()
    for most in STEPS:
        lowest = max(dear, call or 0) * min(stops + 2, 3 * most)
        found = _stepped(lowest, number, most)
        worth = sum(found[rank] * number[rank] for rank in range(1, RANKS)) + found[0] * stops
        if worth * ticks_per_minute < LARGEST_SUM:
            break
    return Prices(dear if call is None else call, found)


def _stepped(lowest: int, number: Counter[int], most: int) -> tuple[int, ...]:
    """Return a price per rank, each above that of all or `most` visits of the rank below."""
    found = [lowest] * RANKS
    for rank in range(RANKS - 2, -1, -1):
        found[rank] = found[rank + 1] * min(most, number[rank + 1] + 1)
    return tuple(found)
