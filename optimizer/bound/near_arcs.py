"""Each caregiver's day with the near arcs only, on which rewards are found quickly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy import int32, int64
from numpy.typing import NDArray

from optimizer.bound.kernels.completion import NOBODY
from optimizer.bound.kernels.near import cheapest_way
from optimizer.bound.network import Network, RouteNodes

NEAREST = 15
"Arcs kept from each stop at first."
SPARE = 9
"Further room for arcs that pricing found missing."
LONGEST_ROUTE = 64

Arcs = tuple[NDArray[int32], NDArray[int32], NDArray[int64]]
"Per node, where its arcs lead, latest start first, their ticks and their scaled prices."


class NearArcs:
    """The arcs from every stop to those that can follow it soonest; more can be learned.

    Ways along these arcs are ways of the whole network, so the cheapest of them says nothing
    about all others: no bound follows from it, only good rewards.

    Parameters
    ----------
    network
        The day.
    scale
        Factor of prices.
    threads
        Caregivers looked at at a time, at least 1.
    """

    def __init__(self, network: Network, scale: int, threads: int) -> None:
        self._network = network
        self._scale = scale
        self._threads = threads
        with ThreadPoolExecutor(threads) as pool:
            arcs = pool.map(lambda nodes: _nearest(network, nodes, scale), network.routes)
            self._arcs = list(arcs)

    def cheapest(self, rewards: NDArray[int64]) -> tuple[NDArray[int64], NDArray[int64]]:
        """Find every caregiver's cheapest way.

        Parameters
        ----------
        rewards
            Per row, scaled, at least 0.

        Returns
        -------
        tuple
            Per route, the scaled cost of its way after rewards, at most 0; and how often the
            ways serve each row.
        """
        with ThreadPoolExecutor(self._threads) as pool:
            routes = range(len(self._arcs))
            found = list(pool.map(lambda v: self._cheapest(v, rewards), routes))
        served = np.zeros(self._network.num_rows, int64)
        for _, rows in found:
            np.add.at(served, rows, 1)
        return np.array([least for least, _ in found], int64), served

    def learn(self, ways: Iterable[tuple[int, Sequence[int]]]) -> None:
        """Keep the arcs of these ways, each a route and its nodes in order."""
        for v, way in ways:
            arcs = self._arcs[v][0]
            for x, y in pairwise(way):
                if y in arcs[x]:
                    continue
                if arcs[x, -1] == NOBODY:
                    self._insert(v, x, y)

    def of(self, v: int) -> Arcs:
        """Return the arcs of a route."""
        return self._arcs[v]

    def _insert(self, v: int, x: int, y: int) -> None:
        to, ticks, price = self._arcs[v]
        nodes = self._network.routes[v]
        here, there = np.array([x]), np.array([y])
        time, cost = _arc(self._network, nodes, here, there, self._scale)
        place = int(np.count_nonzero((to[x] != NOBODY) & (to[x] < y)))
        for row, new in ((to[x], there), (ticks[x], time), (price[x], cost)):
            row[place + 1 :] = row[place:-1].copy()
            row[place] = new[0]

    def _cheapest(self, v: int, rewards: NDArray[int64]) -> tuple[int, NDArray[int32]]:
        nodes = self._network.routes[v]
        if len(nodes.row) == 0:
            return 0, nodes.row
        scale = self._scale
        way = np.empty(LONGEST_ROUTE, int32)
        least, stops = cheapest_way(
            nodes.row,
            nodes.stage,
            *nodes.pause,
            nodes.ready,
            nodes.latest,
            nodes.first,
            nodes.duration,
            nodes.due,
            self._network.late_rate * scale,
            nodes.price * scale - rewards[nodes.row],
            *self._arcs[v],
            nodes.time_out,
            nodes.cost_out * scale,
            nodes.cost_in * scale,
            nodes.close,
            nodes.back,
            nodes.overtime_rate * scale,
            self._network.cell,
            way,
        )
        return int(least), nodes.row[way[:stops]]


def _arc(
    network: Network, nodes: RouteNodes, x: NDArray[int64], y: NDArray[int64], scale: int
) -> tuple[NDArray[int32], NDArray[int64]]:
    """Return ticks and scaled price of the arcs from nodes `x` to nodes `y`."""
    one, two = nodes.row[x], nodes.row[y]
    ticks = network.time[nodes.mode, one, two]
    price = nodes.between_rate * ticks.astype(int64)
    if nodes.mileage:
        metres = network.metres[one, two].astype(int64)
        price = price + metres * nodes.mileage // 1000 * nodes.fen_rate
    return ticks, price * scale


def _nearest(network: Network, nodes: RouteNodes, scale: int) -> Arcs:
    """Return the nearest arcs of each node."""
    q = len(nodes.row)
    ticks = network.time[nodes.mode][np.ix_(nodes.row, nodes.row)].astype(int64)
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
    time, price = _arc(network, nodes, here, np.where(to < q, to, here), scale)
    to[to == q] = NOBODY
    return to, time, price
