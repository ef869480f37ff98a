"""The cheapest routes of every caregiver at given rewards, and the bound that follows.

For any rewards that no bundle's price falls short of, the sum of all rewards plus what each
caregiver's cheapest route costs beyond its rewards, if less than nothing, is at most the cost
of any plan. Everything here is a whole number of ``1 / scale`` ticks, so that this holds
without a tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy import int32, int64, uint64
from numpy.typing import NDArray

from optimizer.bound.kernels.labelling import EXACT, ONLY_BOUND, price_route
from optimizer.bound.master import Column
from optimizer.bound.memory import Memory
from optimizer.bound.near_arcs import Arcs, NearArcs
from optimizer.bound.network import Network, RouteNodes

MOST_CUTS = 128
"Cuts that a label can keep in mind."
LONGEST_ROUTE = 64
MOST_LABELS = 1_000_000
"Labels of one route after which the backward bound has to do."
LARGEST_SUM = 1 << 60
EVERYWHERE: Arcs = (np.zeros((0, 0), int32), np.zeros((0, 0), int32), np.zeros((0, 0), int64))


@dataclass(frozen=True, slots=True)
class Multipliers:
    """What rows and cuts are worth, in ``1 / scale`` ticks.

    Attributes
    ----------
    rewards
        Per row, at least 0; those of a bundle are at most its price together.
    cuts
        Rows of each cut and its price, at least 0; at most `MOST_CUTS`.
    """

    rewards: NDArray[int64]
    cuts: tuple[tuple[tuple[int, int, int], int], ...] = ()


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
    """

    columns: tuple[Column, ...]
    ways: tuple[tuple[int, tuple[int, ...]], ...]
    least: NDArray[int64]
    bound: int
    complete: bool


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
        self.scale = _scale(network)
        self._memory = memory
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
        is_over
            Asked before each route; once it says so, nothing is returned.
        """
        words = _CutWords.of(at, self.network.num_rows)
        routes = range(len(self.network.routes))

        def one(v: int) -> tuple[list[tuple[int, ...]], int, bool] | None:
            if is_over():
                return None
            return self._one(v, at, words, int(thresholds[v]), most_labels, effort, near)

        if self.threads == 1:
            found = [one(v) for v in routes]
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                found = list(pool.map(one, routes))
        answers = [answer for answer in found if answer is not None]
        if len(answers) < len(found):
            return None
        least = np.array([answer[1] for answer in answers], int64)
        total = int(at.rewards.sum()) - sum(price for _, price in at.cuts) + int(least.sum())
        ways = tuple((v, way) for v, answer in enumerate(answers) for way in answer[0])
        return Priced(
            columns=tuple(self.column(v, way) for v, way in ways),
            ways=ways,
            least=least,
            bound=total,
            complete=all(answer[2] for answer in answers),
        )

    def completed(self, at: Multipliers) -> int:
        """Return the scaled bound of the backward pass alone."""
        nothing = np.zeros(len(self.network.routes), int64)
        priced = self.price(at, nothing, effort=ONLY_BOUND)
        # Nobody has said that it is over.
        return 0 if priced is None else priced.bound

    def cheapest(self, v: int, at: Multipliers) -> int:
        """Return a scaled lower bound of one route's cost after rewards, at most 0."""
        words = _CutWords.of(at, self.network.num_rows)
        return self._one(v, at, words, 0, MOST_LABELS, EXACT)[1]

    def _one(
        self,
        v: int,
        at: Multipliers,
        words: _CutWords,
        threshold: int,
        most_labels: int,
        effort: int,
        near: NearArcs | None = None,
    ) -> tuple[list[tuple[int, ...]], int, bool]:
        nodes = self.network.routes[v]
        if len(nodes.row) == 0:
            return [], 0, True
        scale = self.scale
        found = np.zeros((self._per_route, LONGEST_ROUTE), int32)
        length = np.zeros(self._per_route, int32)
        cost = np.zeros(self._per_route, int64)
        count, least, _, labels = price_route(
            nodes.row,
            nodes.stage,
            *nodes.pause,
            nodes.ready,
            nodes.latest,
            nodes.first,
            nodes.duration,
            nodes.due,
            self.network.late_rate * scale,
            nodes.price * scale - at.rewards[nodes.row],
            self.network.time[nodes.mode],
            self.network.metres,
            nodes.longest,
            nodes.between_rate * scale,
            nodes.mileage,
            nodes.fen_rate * scale,
            *(EVERYWHERE if near is None else near.of(v)),
            nodes.time_out,
            nodes.cost_out * scale,
            nodes.cost_in * scale,
            nodes.close,
            nodes.back,
            nodes.overtime_rate * scale,
            self.network.cell,
            self._memory.bit,
            self._memory.keep,
            self._memory.near,
            words.low,
            words.high,
            words.mind_low,
            words.mind_high,
            words.price,
            threshold,
            most_labels,
            effort,
            found,
            length,
            cost,
        )
        ways = [
            tuple(found[place, : length[place]].tolist()) for place in range(count) if length[place]
        ]
        return ways, int(least), effort == EXACT and bool(labels < most_labels)

    def column(self, v: int, way: Sequence[int]) -> Column:
        """Return the column of a route that serves these nodes in this order."""
        nodes = self.network.routes[v]
        cost = walk_cost(self.network, nodes, way)
        rows = tuple(int(nodes.row[x]) for x in way)
        return Column(v, rows, tuple(int(nodes.duration[x]) for x in way), cost)

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


def walk_cost(network: Network, nodes: RouteNodes, way: Sequence[int]) -> int:
    """Return what a route costs that serves these nodes in this order, in ticks of travel."""
    first = way[0]
    start = int(nodes.first[first])
    cost = int(nodes.cost_in[first])
    for place, x in enumerate(way):
        if place > 0:
            before = way[place - 1]
            one, two = int(nodes.row[before]), int(nodes.row[x])
            ticks = int(network.time[nodes.mode, one, two])
            start += int(nodes.duration[before])
            if nodes.stage[x] > nodes.stage[before]:
                start = max(start, nodes.pause[0]) + nodes.pause[2]
            start = max(start + ticks, int(nodes.ready[x]))
            cost += nodes.between_rate * ticks
            if nodes.mileage:
                paid = int(network.metres[one, two]) * nodes.mileage // 1000
                cost += paid * nodes.fen_rate
        cost += int(nodes.price[x]) + network.late_rate * max(0, start - int(nodes.due[x]))
    last = way[-1]
    back = start + int(nodes.duration[last]) + int(nodes.time_out[last])
    return cost + int(nodes.cost_out[last]) + nodes.overtime_rate * max(0, back - nodes.close)


def _scale(network: Network) -> int:
    """Return a power of two by which every sum of prices still fits into 64 bits."""
    largest = int(network.prize.sum()) + 1
    for nodes in network.routes:
        if len(nodes.row):
            leg = min(nodes.longest, nodes.back) * nodes.between_rate
            leg += int(network.metres.max()) * nodes.mileage // 1000 * nodes.fen_rate
            legs = leg + int(nodes.price.max())
            ends = int(nodes.cost_in.max()) + int(nodes.cost_out.max())
            late = (network.late_rate + nodes.overtime_rate) * int(nodes.latest.max())
            largest += LONGEST_ROUTE * (legs + late) + ends
    return 1 << max(0, min(20, (LARGEST_SUM // largest).bit_length() - 1))


@dataclass(frozen=True, slots=True)
class _CutWords:
    """The cuts of each row as bits of two words, and what is remembered of them."""

    low: NDArray[uint64]
    high: NDArray[uint64]
    mind_low: NDArray[uint64]
    mind_high: NDArray[uint64]
    price: NDArray[int64]

    @classmethod
    def of(cls, at: Multipliers, num_rows: int) -> _CutWords:
        words = np.zeros((2, num_rows), uint64)
        price = np.zeros(MOST_CUTS, int64)
        for number, (rows, value) in enumerate(at.cuts):
            words[number // 64, list(rows)] |= uint64(1) << uint64(number % 64)
            price[number] = value
        everything = np.full(num_rows, ~uint64(0), uint64)
        return cls(words[0], words[1], everything, everything, price)
