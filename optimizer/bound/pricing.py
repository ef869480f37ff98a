"""The cheapest routes of every caregiver at given rewards, and the bound that follows.

For any rewards that no bundle's price falls short of, the sum of all rewards plus what each
caregiver's cheapest route costs beyond its rewards, if less than nothing, is at most the cost
of any plan. Everything here is a whole number of ``1 / scale`` ticks, so that this holds
without a tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy import int32, int64, uint64
from numpy.typing import NDArray

from optimizer.bound.column import Column
from optimizer.bound.cuts import Cut
from optimizer.bound.kernels import tables
from optimizer.bound.kernels.labelling import EXACT, ONLY_BOUND, price_route
from optimizer.bound.memory import Memory
from optimizer.bound.near_arcs import NearArcs
from optimizer.bound.network import Network, RouteNodes
from optimizer.bound.scaled_days import LONGEST_ROUTE, ScaledDays

MOST_CUTS = 64 * tables.CUT_WORDS
"Cuts that a label can keep in mind."
MOST_LABELS = 1_000_000
"Labels of one route after which the backward bound has to do."
EVERYWHERE = tables.Arcs(np.zeros((0, 0), int32), np.zeros((0, 0), int32), np.zeros((0, 0), int64))


@dataclass(frozen=True, slots=True)
class Multipliers:
    """What rows and cuts are worth, in ``1 / scale`` ticks.

    Attributes
    ----------
    rewards
        Per row, at least 0; those of a bundle are at most its price together.
    cuts
        Members of each cut and its price, at least 0; at most `MOST_CUTS`.
    """

    rewards: NDArray[int64]
    cuts: tuple[tuple[Cut, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Priced:
    """What pricing found.

    Attributes
    ----------
    columns, ways
        Routes below the thresholds, and for each whose it is and its nodes in order.
    least
        Per route, a lower bound of its cheapest cost after rewards, at most 0; scaled.
    bound
        The scaled lower bound of every plan's cost.
    complete
        Whether `least` is exact for every route up to its threshold.
    labels
        Labels made.
    """

    columns: tuple[Column, ...]
    ways: tuple[tuple[int, tuple[int, ...]], ...]
    least: NDArray[int64]
    bound: int
    complete: bool
    labels: int


class Pricing:
    """Prices the routes of a network.

    Parameters
    ----------
    network, memory
        The day and what routes remember.
    threads
        At least 1.
    per_route
        Columns returned per route at most.
    """

    def __init__(
        self, network: Network, memory: Memory, *, threads: int = 1, per_route: int = 12
    ) -> None:
        self.network = network
        self.days = ScaledDays(network)
        self.scale = self.days.scale
        self._memory = tables.Memory(memory.bit, memory.keep, memory.near)
        self.threads = threads
        self._per_route = per_route

    def price(
        self,
        at: Multipliers,
        thresholds: NDArray[int64],
        *,
        most_labels: int = MOST_LABELS,
        effort: int = EXACT,
        near: NearArcs | None = None,
        without: Collection[int] = (),
        is_over: Callable[[], bool] = lambda: False,
    ) -> Priced | None:
        """Price every route.

        Parameters
        ----------
        at
            Rewards and prices of cuts.
        thresholds
            Per route, scaled and at most 0: columns that cost no less are of no use.
        most_labels
            Labels per route after which the backward bound has to do.
        effort
            `EXACT`; or `QUICK`, which finds most columns and takes the backward bound; or
            `ONLY_BOUND`, which finds none.
        near
            The only arcs that columns may go along; what is returned is then no bound.
        without
            Routes left aside; what is returned is then no bound.
        is_over
            Asked before each route; once it says so, nothing is returned.
        """
        cuts = _tables_of(at, self.network)
        routes = range(len(self.network.routes))

        def one(v: int) -> tuple[list[tuple[int, ...]], int, int] | None:
            if is_over():
                return None
            if v in without:
                return [], 0, 0
            return self._one(v, at, cuts, int(thresholds[v]), most_labels, effort, near)

        if self.threads == 1:
            found = [one(v) for v in routes]
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                found = list(pool.map(one, routes))
        answers = [answer for answer in found if answer is not None]
        if len(answers) < len(found):
            return None
        least = np.array([answer[1] for answer in answers], int64)
        total = (
            int(at.rewards.sum())
            - sum(price * (len(cut) // 2) for cut, price in at.cuts)
            + int(least.sum())
        )
        ways = tuple((v, way) for v, answer in enumerate(answers) for way in answer[0])
        return Priced(
            columns=tuple(self.column(v, way) for v, way in ways),
            ways=ways,
            least=least,
            bound=total,
            complete=effort == EXACT and all(answer[2] < most_labels for answer in answers),
            labels=sum(answer[2] for answer in answers),
        )

    def completed(self, at: Multipliers) -> int:
        """Return the scaled bound of the backward pass alone."""
        nothing = np.zeros(len(self.network.routes), int64)
        priced = self.price(at, nothing, effort=ONLY_BOUND)
        # Nobody has said that it is over.
        return 0 if priced is None else priced.bound

    def cheapest(self, v: int, at: Multipliers) -> int:
        """Return a scaled lower bound of one route's cost after rewards, at most 0."""
        cuts = _tables_of(at, self.network)
        return self._one(v, at, cuts, 0, MOST_LABELS, EXACT)[1]

    def _one(
        self,
        v: int,
        at: Multipliers,
        cuts: _Cuts,
        threshold: int,
        most_labels: int,
        effort: int,
        near: NearArcs | None = None,
    ) -> tuple[list[tuple[int, ...]], int, int]:
        nodes = self.network.routes[v]
        if len(nodes.row) == 0:
            return [], 0, 0
        found = tables.Found(
            np.zeros((self._per_route, LONGEST_ROUTE), int32),
            np.zeros(self._per_route, int32),
            np.zeros(self._per_route, int64),
            np.zeros(self._per_route, int32),
        )
        count, least, labels = price_route(
            self.days.after_rewards(v, at.rewards),
            EVERYWHERE if near is None else near.of(v),
            self.days.journeys[v],
            self._memory,
            cuts.met_by(v),
            threshold,
            most_labels,
            effort,
            found,
        )
        ways = [
            tuple(found.nodes[place, : found.length[place]].tolist())
            for place in range(count)
            if found.length[place]
        ]
        return ways, int(least), int(labels)

    def column(self, v: int, way: Sequence[int]) -> Column:
        """Return the column of a route that serves these nodes in this order."""
        nodes = self.network.routes[v]
        cost = walk_cost(self.network, nodes, way)
        rows = tuple(int(nodes.row[x]) for x in way)
        return Column(v, rows, tuple(int(nodes.duration[x]) for x in way), cost, tuple(way))

    def fair(self, rewards: NDArray[int64]) -> NDArray[int64]:
        """Return rewards, scaled, cut down where a bundle's price falls short of them."""
        price = self.network.prize * self.scale
        fair = np.maximum(0, rewards)
        total = self.network.bundled(fair)
        for bundle in np.flatnonzero(total > price):
            left = int(price[bundle])
            for row in np.flatnonzero(self.network.bundle == bundle):
                fair[row] = min(int(fair[row]), left)
                left -= int(fair[row])
        return fair


def walk_starts(network: Network, nodes: RouteNodes, way: Sequence[int]) -> list[int]:
    """Return when the stops of a route begin that serves these nodes in this order, in ticks."""
    starts = [int(nodes.first[way[0]])]
    for before, x in pairwise(way):
        end = starts[-1] + int(nodes.duration[before])
        if nodes.stage[x] > nodes.stage[before]:
            end = max(end, nodes.pause[0]) + nodes.pause[2]
        ticks = int(network.time[nodes.mode, nodes.row[before], nodes.row[x]])
        starts.append(max(end + ticks, int(nodes.ready[x])))
    return starts


def walk_cost(network: Network, nodes: RouteNodes, way: Sequence[int]) -> int:
    """Return what a route costs that serves these nodes in this order, in ticks of travel."""
    starts = walk_starts(network, nodes, way)
    cost = int(nodes.cost_in[way[0]])
    for before, x in pairwise(way):
        one, two = int(nodes.row[before]), int(nodes.row[x])
        cost += nodes.between_rate * int(network.time[nodes.mode, one, two])
        if nodes.mileage:
            paid = int(network.metres[one, two]) * nodes.mileage // 1000
            cost += paid * nodes.fen_rate
    for x, start in zip(way, starts, strict=True):
        cost += int(nodes.price[x]) + network.late_rate * max(0, start - int(nodes.due[x]))
    last = way[-1]
    back = starts[-1] + int(nodes.duration[last]) + int(nodes.time_out[last])
    return cost + int(nodes.cost_out[last]) + nodes.overtime_rate * max(0, back - nodes.close)


@dataclass(frozen=True, slots=True)
class _Cuts:
    """The cuts of each member as bits of words, and the prices of cuts and of pairs of rows."""

    words: NDArray[uint64]
    price: NDArray[int64]
    pair_price: NDArray[int64]
    num_rows: int

    def met_by(self, v: int) -> tables.Cuts:
        """Return the cuts as the routes of one caregiver meet them."""
        own = self.words[self.num_rows + v]
        return tables.Cuts(self.words, own, self.price, self.pair_price)


def _tables_of(at: Multipliers, network: Network) -> _Cuts:
    members = network.num_rows + len(network.routes)
    words = np.zeros((members, tables.CUT_WORDS), uint64)
    price = np.zeros(MOST_CUTS, int64)
    pair_price = np.zeros((network.num_rows, network.num_rows), int64)
    for number, (cut, value) in enumerate(at.cuts):
        words[list(cut), number // 64] |= uint64(1) << uint64(number % 64)
        price[number] = value
        rows = [member for member in cut if member < network.num_rows]
        pair_price[np.ix_(rows, rows)] += value // 2
    return _Cuts(words, price, pair_price, network.num_rows)
