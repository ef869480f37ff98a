"""Visits of which no shift can hold enough on one route, travel between them counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.certificate.balance import Balance
from optimizer.certificate.labels import most_weight
from optimizer.certificate.relaxation import Relaxation

Ints = NDArray[int64]
IsOver = Callable[[], bool]

MOST_VISITS = 32
"Limit on the visits of a set; larger sets are not looked at."
_FIRST = (2, 3, 4, 5, 6, 8, 10, 12, 17)
"Sizes of the sets that are tried around a visit."
_CLIMBS = 40
"Sets that local search improves: those with most missing."
_LABELS = 3_000
"Limit on labels per caregiver-day and set; beyond it an upper bound does for the search."


class RouteCaps:
    """Most visits of a set that each caregiver-day's best route can hold, kept once worked out."""

    def __init__(self, relaxation: Relaxation) -> None:
        self._relaxation = relaxation
        self._kept: dict[tuple[int, tuple[int, ...]], int] = {}
        self.counted = _hardest(relaxation)

    def balance(self, visits: Collection[int]) -> Balance:
        """Return what is asked of whom for a set of visits, one counted stop of each."""
        stops = np.array([self.counted[visit] for visit in sorted(visits)], int64)
        given = {}
        for day in np.flatnonzero(self._relaxation.allowed[stops].any(axis=0)):
            given[int(day)] = self._cap(int(day), stops)
        return Balance(
            {visit: (self.counted[visit],) for visit in visits}, dict.fromkeys(visits, 1), given
        )

    def _cap(self, day: int, stops: Ints) -> int:
        mine = stops[self._relaxation.allowed[stops, day]]
        key = day, tuple(mine.tolist())
        if key not in self._kept:
            ones = np.ones(len(mine), int64)
            self._kept[key] = most_weight(self._relaxation, day, mine, ones, most_labels=_LABELS)
        return self._kept[key]


def _hardest(relaxation: Relaxation) -> dict[int, int]:
    """Return of each visit the stop for which the fewest caregiver-days come into question."""
    few: dict[int, tuple[int, int]] = {}
    for stop, visit in enumerate(relaxation.visit_of):
        rank = int(relaxation.allowed[stop].sum()), stop
        few[int(visit)] = min(few.get(int(visit), rank), rank)
    return {visit: stop for visit, (_, stop) in few.items()}


def routed(
    relaxation: Relaxation,
    without: Collection[int],
    *,
    seeds: Iterable[Sequence[int]],
    unserved: Iterable[int],
    goal: int,
    is_over: IsOver,
) -> Balance | None:
    """Return a set of visits of which routes cannot hold enough; None if none is found.

    Parameters
    ----------
    relaxation
        The scenario.
    without
        Visits that are left out of it.
    seeds
        Sets of visits to begin with, the most promising first.
    unserved
        Visits that a plan leaves out; sets are tried around them.
    goal
        A set that proves so many is good enough.
    is_over
        Whether the time is up.
    """
    caps = RouteCaps(relaxation)
    near = _Near(relaxation, caps.counted, without)
    best: list[Balance] = []
    for visits in _candidates(near, seeds, unserved, without):
        if is_over() or (best and best[0].missing >= goal):
            break
        best = _ranked([*best, caps.balance(visits)])[:_CLIMBS]
    climbed: list[Balance] = []
    for balance in best:
        if climbed and (is_over() or max(one.missing for one in climbed) >= goal):
            break
        climbed.append(_climb(caps, near, balance, is_over))
    climbed = [balance for balance in _ranked(climbed) if balance.missing > 0]
    return smallest(caps, climbed[0], is_over) if climbed else None


def _ranked(found: list[Balance]) -> list[Balance]:
    """Sort the most missing first; of equal ones the tightest, by visits per lack."""
    return sorted(found, key=lambda one: (-one.missing, len(one.amounts)))


class _Near:
    """Which visits compete with which, the closest rivals first."""

    def __init__(
        self, relaxation: Relaxation, counted: dict[int, int], without: Collection[int]
    ) -> None:
        self._relaxation = relaxation
        self._left = np.array([v for v in counted if v not in set(without)], int64)
        self._stop = np.array([counted[v] for v in self._left], int64)
        self._counted = counted
        self._kept: dict[int, list[int]] = {}

    def rivals(self, visit: int) -> list[int]:
        """Return a visit and those that want the same people at the same time."""
        if visit not in self._kept:
            self._kept[visit] = self._sorted(visit)
        return self._kept[visit]

    def _sorted(self, visit: int) -> list[int]:
        relaxation, stop = self._relaxation, self._counted[visit]
        theirs = self._stop
        mine = relaxation.allowed[stop]
        shared = relaxation.allowed[theirs] @ mine.astype(int64)
        most = np.maximum(1, relaxation.allowed[theirs].sum(axis=1))
        apart = np.abs(
            (relaxation.earliest + relaxation.latest)[theirs]
            - (relaxation.earliest + relaxation.latest)[stop]
        )
        # Whom others than these people may also serve is a looser rival.
        score = apart / 2 + (1 - shared / most) * 4 * relaxation.care.max()
        keep = (shared > 0) & (self._left != visit)
        order = np.argsort(score[keep], kind="stable")
        return [visit, *self._left[keep][order].tolist()]


def _candidates(
    near: _Near,
    seeds: Iterable[Sequence[int]],
    unserved: Iterable[int],
    without: Collection[int],
) -> Iterator[tuple[int, ...]]:
    """Yield sets of visits to try, none twice."""
    seen: set[tuple[int, ...]] = set()
    around = [near.rivals(visit) for visit in unserved if visit not in set(without)]
    lists = [some[:size] for size in _FIRST for some in around if len(some) >= size]
    lists += [list(seed) for seed in seeds if len(seed) <= MOST_VISITS]
    for some in lists:
        key = tuple(sorted(some))
        if key and key not in seen:
            seen.add(key)
            yield key


def _climb(caps: RouteCaps, near: _Near, balance: Balance, is_over: IsOver) -> Balance:
    """Return a better set, one visit more or one less at a time."""
    better = True
    while better and not is_over():
        better = False
        visits = set(balance.amounts)
        for changed in _changes(near, visits):
            if is_over():
                break
            other = caps.balance(changed)
            if other.missing > balance.missing:
                balance, better = other, True
                break
    return balance


def _changes(near: _Near, visits: set[int]) -> Iterator[set[int]]:
    """Yield the sets with one visit more, then with one less, then with two more."""
    rivals = [v for visit in sorted(visits) for v in near.rivals(visit)[1:9] if v not in visits]
    close = list(dict.fromkeys(rivals))
    if len(visits) < MOST_VISITS:
        yield from (visits | {one} for one in close)
    yield from (visits - {one} for one in sorted(visits) if len(visits) > 1)
    if len(visits) + 1 < MOST_VISITS:
        yield from (visits | {a, b} for n, a in enumerate(close[:8]) for b in close[n + 1 : 8])


def smallest(caps: RouteCaps, balance: Balance, is_over: IsOver) -> Balance:
    """Return the set without visits that the same lack does not need."""
    for visit in sorted(balance.amounts):
        if is_over():
            break
        fewer = caps.balance(set(balance.amounts) - {visit})
        if fewer.missing >= balance.missing:
            balance = fewer
    return balance
