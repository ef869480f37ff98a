"""Each caregiver's day with the near arcs only, on which duals are found quickly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy import int32, int64
from numpy.typing import NDArray

from optimizer.bound.kernels.completion import cheapest_path
from optimizer.bound.kernels.tables import NOBODY, Arcs
from optimizer.bound.scaled_days import LONGEST_ROUTE, ScaledDays

NEAREST = 15
"Arcs kept from each stop at first: those it is followed by soonest."
SPARE = 9
"Further arcs that can be learned per stop; once they are used, nothing more is learned there."


class NearArcs:
    """The arcs from every stop to those that can follow it soonest; more can be learned.

    Paths along these arcs are paths of the whole network, so the cheapest of them says nothing
    about all others: no bound follows from it, only good duals.

    Parameters
    ----------
    days
        The days of all routes.
    threads
        Caregivers looked at at a time, at least 1.
    """

    def __init__(self, days: ScaledDays, threads: int) -> None:
        self._days = days
        self._threads = threads
        with ThreadPoolExecutor(threads) as pool:
            routes = range(len(days.network.routes))
            self._arcs = list(pool.map(lambda v: _nearest(days, v), routes))

    def cheapest(self, duals: NDArray[int64]) -> tuple[NDArray[int64], NDArray[int64]]:
        """Find every caregiver's cheapest path.

        Parameters
        ----------
        duals
            Per row, scaled, at least 0.

        Returns
        -------
        tuple
            Per route, the scaled reduced cost of its path, at most 0; and how often the
            paths serve each row.
        """
        with ThreadPoolExecutor(self._threads) as pool:
            routes = range(len(self._arcs))
            found = list(pool.map(lambda v: self._cheapest(v, duals), routes))
        served = np.zeros(self._days.network.num_rows, int64)
        for _, rows in found:
            np.add.at(served, rows, 1)
        return np.array([least for least, _ in found], int64), served

    def learn(self, paths: Iterable[tuple[int, Sequence[int]]]) -> None:
        """Keep the arcs of these paths, each a route and its nodes in order."""
        for v, path in paths:
            to = self._arcs[v].to
            for x, y in pairwise(path):
                if y not in to[x] and to[x, -1] == NOBODY:
                    self._insert(v, x, y)

    def of(self, v: int) -> Arcs:
        """Return the arcs of a route."""
        return self._arcs[v]

    def _insert(self, v: int, x: int, y: int) -> None:
        arcs = self._arcs[v]
        time, cost = self._days.arcs(v, np.array([x]), np.array([y]))
        place = int(np.count_nonzero((arcs.to[x] != NOBODY) & (arcs.to[x] < y)))
        for row, new in ((arcs.to[x], y), (arcs.ticks[x], time[0]), (arcs.price[x], cost[0])):
            row[place + 1 :] = row[place:-1].copy()
            row[place] = new

    def _cheapest(self, v: int, duals: NDArray[int64]) -> tuple[int, NDArray[int32]]:
        row = self._days.network.routes[v].row
        if len(row) == 0:
            return 0, row
        path = np.empty(LONGEST_ROUTE, int32)
        day = self._days.at_duals(v, duals)
        # Nothing is proven by these paths, so larger cells will do, at half the time.
        day = day._replace(cell=self._days.network.rough_cell)
        least, stops = cheapest_path(day, self._arcs[v], path)
        return int(least), row[path[:stops]]


def _nearest(days: ScaledDays, v: int) -> Arcs:
    """Return the nearest arcs of each node of a route."""
    nodes = days.network.routes[v]
    q = len(nodes.row)
    ticks = days.network.time[nodes.mode][np.ix_(nodes.row, nodes.row)].astype(int64)
    arrival = (nodes.ready + nodes.duration)[:, None] + ticks
    # Where one can hardly be followed at once, waiting counts as much as travel.
    apart = np.maximum(ticks, nodes.ready - (nodes.latest + nodes.duration)[:, None])
    possible = (arrival <= nodes.latest) & (ticks <= nodes.longest)
    possible &= (nodes.row[:, None] != nodes.row) & (nodes.stage[:, None] <= nodes.stage)
    apart[~possible] = 1 << 60
    order = np.argsort(apart, axis=1, kind="stable")[:, :NEAREST]
    kept = np.where(np.take_along_axis(possible, order, 1), order, q)
    to = np.full((q, NEAREST + SPARE), q, int32)
    to[:, : kept.shape[1]] = np.sort(kept, axis=1)
    here = np.repeat(np.arange(q)[:, None], to.shape[1], 1)
    time, price = days.arcs(v, here, np.where(to < q, to, here))
    to[to == q] = NOBODY
    return Arcs(to, time, price)
