"""The least time at work that is not care: a way in and a way out of every stop, as an assignment.

Of a caregiver's day from leaving home to coming back, what is not care is travel and waiting.
Between two stops made one after the other lies at least the way, and at least the time from the
end of the first, if it begins as late as it may, to the earliest start of the second.

References
----------
Carpaneto & Toth (1980), Some new branching and bounding criteria for the asymmetric travelling
salesman problem, Management Science 26(7): the assignment as a bound of routes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.certificate.hours import Blocks
from optimizer.certificate.relaxation import Relaxation
from optimizer.travel import UNREACHABLE
from optimizer.units import to_ticks

Ints = NDArray[int64]
Part = tuple[Ints, Ints, Ints]

MOST_PAIRS = 8_000_000
"""Pairs of stops that can be made on one day, of all days. Of a larger horizon only the shortest
way to each stop is counted."""
_NEVER = 1 << 40


def full_care(relaxation: Relaxation) -> Ints:
    """Return the full duration of each stop in ticks, shape ``(stops,)``."""
    tpm = relaxation.index.scenario.ticks_per_minute
    visits = relaxation.index.scenario.visits
    pairs = zip(relaxation.visit_of.tolist(), relaxation.carer_of.tolist(), strict=True)
    return np.array([to_ticks(visits[v].carers[c - 1].minutes, tpm) for v, c in pairs], int64)


def between(relaxation: Relaxation, stops: Ints, legs: Ints, *, waits: bool) -> Ints:
    """Return the least time between the care of two stops, one directly after the other.

    Parameters
    ----------
    relaxation
        The scenario.
    stops
        Stops, shape ``(n,)``.
    legs
        Ticks from each to each, `UNREACHABLE` where none leads, shape ``(n, n)``.
    waits
        Whether time that has to be waited counts, not travel alone.

    Returns
    -------
    array of int64
        Shape ``(n, n)``; more than any time there is where one cannot follow the other.
    """
    earliest, latest = relaxation.earliest[stops], relaxation.latest[stops]
    done = earliest + relaxation.care[stops]
    follows = (done[:, None] + legs <= latest[None, :]) & (legs < UNREACHABLE)
    np.fill_diagonal(follows, val=False)
    time = legs
    if waits:
        at_last = latest + full_care(relaxation)[stops]
        time = np.maximum(legs, earliest[None, :] - at_last[:, None])
    return np.where(follows, time, _NEVER)


def least_off_care(relaxation: Relaxation, stops: Ints, *, waits: bool) -> int:
    """Return the least ticks on the way, or on the way and waiting, of any roster with some stops.

    Parameters
    ----------
    relaxation
        The scenario.
    stops
        The stops that are made, and for `waits` no others.
    waits
        Whether time that has to be waited counts, not travel alone.

    Notes
    -----
    Each stop has one stop or home before it and one after it, each shift that is used begins and
    ends once. The cheapest such choice is no roster: it may go round in circles and knows no
    length of a shift. So it costs no more than one. It is found in whole numbers.
    """
    stops = stops[relaxation.allowed[stops].any(axis=1)]
    if not len(stops):
        return 0
    # Here, for OR-Tools comes with it, which only this is to wait for.
    from optimizer.exact.network_flow import Arcs, cheapest_flow  # noqa: PLC0415

    n, days = len(stops), len(relaxation.days)
    if _pairs(relaxation, stops) > MOST_PAIRS:
        return int(Blocks(relaxation).lead[stops].sum())
    ways = _least_legs(relaxation, waits=waits)
    parts = [_follow(relaxation, stops, ways, waits=waits)]
    parts += _homes(relaxation, stops, ways)
    idle = np.arange(days)
    parts.append((2 * n + idle, 2 * n + days + idle, np.zeros(days, int64)))
    supplies = np.concatenate([np.ones(n), -np.ones(n), np.ones(days), -np.ones(days)]).astype(
        int64
    )
    found = cheapest_flow(Arcs.together(parts), supplies)
    # A plan that breaks a rule may have a stop that nothing leads to: then nothing is said.
    return 0 if found is None else found


def _pairs(relaxation: Relaxation, stops: Ints) -> int:
    """Return how many pairs of stops there are that can be made on one day, of all days."""
    numbers: dict[int, list[int]] = {}
    for number, day in enumerate(relaxation.days):
        numbers.setdefault(day.date.toordinal(), []).append(number)
    allowed = relaxation.allowed[stops]
    return sum(int(allowed[:, own].any(axis=1).sum()) ** 2 for own in numbers.values())


def _least_legs(relaxation: Relaxation, *, waits: bool) -> tuple[Ints, ...]:
    """Return direct legs, or where other stops may lie between, the least travel by them."""
    paths = relaxation.paths
    if waits:
        return paths.legs
    found = []
    for legs in paths.legs:
        least = legs.copy()
        for place in np.unique(relaxation.place).tolist():
            np.minimum(least, least[:, place, None] + least[place], out=least)
        found.append(np.minimum(least, UNREACHABLE))
    return tuple(found)


def _follow(relaxation: Relaxation, stops: Ints, ways: tuple[Ints, ...], *, waits: bool) -> Part:
    """Return arcs from each stop to those that some shift may make after it."""
    place, allowed = relaxation.place[stops], relaxation.allowed[stops]
    dates: dict[int, list[int]] = {}
    for number, day in enumerate(relaxation.days):
        dates.setdefault(day.date.toordinal(), []).append(number)
    keys, costs = [], []
    for numbers in dates.values():
        here = np.flatnonzero(allowed[:, numbers].any(axis=1))
        least = np.full((len(here), len(here)), _NEVER)
        for group, legs in enumerate(ways):
            own = [number for number in numbers if relaxation.days[number].group == group]
            share = allowed[np.ix_(here, np.array(own, int64))].astype(np.float32)
            table = legs[np.ix_(place[here], place[here])]
            time = between(relaxation, stops[here], table, waits=waits)
            least = np.minimum(least, np.where(share @ share.T > 0, time, _NEVER))
        one, other = np.nonzero(least < _NEVER)
        keys.append(here[one] * len(stops) + here[other])
        costs.append(least[one, other])
    key, cost = np.concatenate(keys), np.concatenate(costs)
    order = np.lexsort((cost, key))
    key, cost = key[order], cost[order]
    first = np.concatenate([np.ones(min(1, len(key)), bool), key[1:] != key[:-1]])
    key, cost = key[first], cost[first]
    return key // len(stops), len(stops) + key % len(stops), cost


def _homes(relaxation: Relaxation, stops: Ints, ways: tuple[Ints, ...]) -> Iterator[Part]:
    """Yield arcs from where each shift begins to the stops that it may make, and back."""
    n, days = len(stops), len(relaxation.days)
    place, care = relaxation.place[stops], relaxation.care[stops]
    for number, day in enumerate(relaxation.days):
        there, back = ways[day.group][day.home, place], ways[day.group][place, day.end]
        soonest = np.maximum(relaxation.earliest[stops], day.opens + there)
        is_first = relaxation.allowed[stops, number] & (soonest <= relaxation.latest[stops])
        is_first = np.flatnonzero(is_first & (there < UNREACHABLE))
        done = relaxation.earliest[stops] + care
        is_last = relaxation.allowed[stops, number] & (done + back <= day.closes)
        is_last = np.flatnonzero(is_last & (back < UNREACHABLE))
        shift = 2 * n + number
        yield np.full(len(is_first), shift, int64), n + is_first, there[is_first]
        yield is_last, np.full(len(is_last), shift + days, int64), back[is_last]
