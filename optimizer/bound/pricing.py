"""The cheapest routes of every caregiver at given duals, and the Lagrangian bound that follows.

For any duals that no bundle's price falls short of, the sum of all duals plus the least reduced
cost of each caregiver's routes, if it is negative, is at most the cost of any plan. Everything here
is a whole number of ``1 / scale`` ticks, so that this holds without a tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy import int32, int64, uint64
from numpy.typing import NDArray

from optimizer.bound.circles import NO_CLIENT
from optimizer.bound.column import Column
from optimizer.bound.cuts import Cut
from optimizer.bound.kernels import tables
from optimizer.bound.kernels.labelling import EXACT, ONLY_BOUND, price_route
from optimizer.bound.near_arcs import NearArcs
from optimizer.bound.network import Network, RouteNodes
from optimizer.bound.ng_sets import NgSets
from optimizer.bound.scaled_days import LONGEST_ROUTE, ScaledDays

MOST_CUTS = 64 * tables.CUT_WORDS
"Cuts with a price that a label can keep in mind; further ones are left out of pricing."
MOST_CIRCLES = 64
"""Circles of one route that a label can keep in mind, in place of as many cuts; of further ones
every stop pays its share."""
MOST_LABELS = 1_000_000
"Label limit of one route; beyond it, its completion bound has to do."
EVERYWHERE = tables.Arcs(np.zeros((0, 0), int32), np.zeros((0, 0), int32), np.zeros((0, 0), int64))


@dataclass(frozen=True, slots=True)
class Multipliers:
    """What rows and cuts are worth, in ``1 / scale`` ticks.

    Attributes
    ----------
    duals
        Per row, at least 0; those of a bundle are at most its price together.
    cuts
        Rows of each cut and its price, at least 0; at most `MOST_CUTS`.
    circles
        Per circle of caregivers, what a new carer pays, at least 0; None for the price of each
        circle's first step.
    moments
        Per moment, what the first of two tasks that begin as one pays and the second is paid,
        of either sign; None for nothing.
    sharing
        Per route and moment, the price of serving either task, at least 0, shape
        ``(routes, moments)``, which all who serve the first are paid; None for nothing.
    """

    duals: NDArray[int64]
    cuts: tuple[tuple[Cut, int], ...] = ()
    circles: NDArray[int64] | None = None
    moments: NDArray[int64] | None = None
    sharing: NDArray[int64] | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """What pricing found.

    Attributes
    ----------
    columns, paths
        Routes below the thresholds, and for each whose it is and its nodes in order.
    reduced_costs
        Per route, a lower bound of its least reduced cost, at most 0; scaled.
    bound
        The scaled lower bound of every plan's cost.
    complete
        Whether `reduced_costs` are exact for every route up to its threshold.
    labels
        Labels made.
    """

    columns: tuple[Column, ...]
    paths: tuple[tuple[int, tuple[int, ...]], ...]
    reduced_costs: NDArray[int64]
    bound: int
    complete: bool
    labels: int


class Pricing:
    """Prices the routes of a network.

    Parameters
    ----------
    network, ng_sets
        The day, and what routes remember of it.
    threads
        At least 1.
    per_route
        Columns returned per route at most.
    """

    def __init__(
        self, network: Network, ng_sets: NgSets, *, threads: int = 1, per_route: int = 12
    ) -> None:
        self.network = network
        self.days = ScaledDays(network)
        self.scale = self.days.scale
        self._ng_sets = tables.NgSets(ng_sets.bit, ng_sets.keep, ng_sets.near)
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
            Duals and prices of cuts.
        thresholds
            Per route, scaled and at most 0: columns that cost no less are of no use.
        most_labels
            Label limit per route; beyond it, the completion bound has to do.
        effort
            `EXACT`; or `QUICK`, which finds most columns and takes the completion bound; or
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
        reduced_costs = np.array([answer[1] for answer in answers], int64)
        total = (
            int(at.duals.sum())
            - sum(price * (len(cut) // 2) for cut, price in at.cuts)
            + int(reduced_costs.sum())
            + self.network.circles.beside_routes(self._circles(at), self.scale)
        )
        paths = tuple((v, path) for v, answer in enumerate(answers) for path in answer[0])
        return Priced(
            columns=tuple(self.column(v, path) for v, path in paths),
            paths=paths,
            reduced_costs=reduced_costs,
            bound=total,
            complete=effort == EXACT and all(answer[2] < most_labels for answer in answers),
            labels=sum(answer[2] for answer in answers),
        )

    def completed(self, at: Multipliers) -> int:
        """Return the scaled bound that completion bounds alone prove."""
        nothing = np.zeros(len(self.network.routes), int64)
        priced = self.price(at, nothing, effort=ONLY_BOUND)
        # Nobody has said that it is over.
        return 0 if priced is None else priced.bound

    def cheapest(self, v: int, at: Multipliers) -> int:
        """Return a scaled lower bound of one route's least reduced cost, at most 0."""
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
        circles = self._circles(at)
        day = self.days.at_duals(v, at.duals, circles)
        if at.moments is not None and at.sharing is not None and len(at.moments):
            paid = self.network.moments.prices(v, nodes.row, at.moments, at.sharing)
            day = day._replace(reduced=day.reduced + paid)
        count, least, labels = price_route(
            day,
            EVERYWHERE if near is None else near.of(v),
            self.days.journeys[v],
            self._ng_sets,
            self._met_by(v, cuts, circles),
            threshold,
            most_labels,
            effort,
            found,
        )
        paths = [
            tuple(found.nodes[place, : found.length[place]].tolist())
            for place in range(count)
            if found.length[place]
        ]
        return paths, int(least), int(labels)

    @property
    def most_cuts(self) -> int:
        """Return how many cuts pricing can count beside the circles of the day."""
        return MOST_CUTS - min(MOST_CIRCLES, self.network.circles.count())

    def _circles(self, at: Multipliers) -> NDArray[int64]:
        """Return the scaled price of every circle."""
        return self.days.first_steps if at.circles is None else at.circles

    def _met_by(self, v: int, cuts: _Cuts, circles: NDArray[int64]) -> tables.Cuts:
        """Return cuts and circles as the routes of one caregiver meet them."""
        nodes = self.network.routes[v]
        met = tables.Cuts(
            cuts.words,
            cuts.words[cuts.num_rows + v],
            cuts.price,
            cuts.pair_price,
            np.zeros(tables.CUT_WORDS, uint64),
            np.zeros(len(nodes.row), int64),
        )
        if not len(circles):
            return met
        own = self.network.circles.routes[v]
        circle = own.circle[nodes.row]
        # Where there can be one stop only, its share is the whole price.
        kept = (circle != NO_CLIENT) & own.once[nodes.row] & (own.stops[nodes.row] > 1)
        worth = np.unique(circle[kept])
        worth = worth[circles[worth] > 0]
        worth = worth[np.argsort(-circles[worth], kind="stable")]
        room = range(cuts.number, min(MOST_CUTS, cuts.number + MOST_CIRCLES))
        if not len(worth) or not room:
            return met
        of_row, of_own, price = met.of_row.copy(), met.own.copy(), met.price.copy()
        share = self.days.shares(v, circles)
        for place, number in zip(room, worth.tolist(), strict=False):
            bit = uint64(1) << uint64(place % 64)
            there = kept & (circle == number)
            of_row[np.unique(nodes.row[there]), place // 64] |= bit
            of_own[place // 64] |= bit
            met.once[place // 64] |= bit
            price[place] = circles[number]
            met.share[there] = share[there]
        return met._replace(of_row=of_row, own=of_own, price=price)

    def column(self, v: int, path: Sequence[int]) -> Column:
        """Return the column of a route that serves these nodes in this order."""
        nodes = self.network.routes[v]
        cost = path_cost(self.network, nodes, path)
        rows = tuple(int(nodes.row[x]) for x in path)
        return Column(v, rows, tuple(int(nodes.duration[x]) for x in path), cost, tuple(path))

    def feasible(self, duals: NDArray[int64]) -> NDArray[int64]:
        """Return duals, scaled, cut down where a bundle's price falls short of them."""
        price = self.network.prize * self.scale
        feasible = np.maximum(0, duals)
        total = self.network.bundled(feasible)
        for bundle in np.flatnonzero(total > price):
            left = int(price[bundle])
            for row in np.flatnonzero(self.network.bundle == bundle):
                feasible[row] = min(int(feasible[row]), left)
                left -= int(feasible[row])
        return feasible


def path_starts(network: Network, nodes: RouteNodes, path: Sequence[int]) -> list[int]:
    """Return when the stops of a route begin that serves these nodes in this order, in ticks."""
    starts = [int(nodes.first[path[0]])]
    for before, x in pairwise(path):
        end = starts[-1] + int(nodes.duration[before])
        if nodes.stage[x] > nodes.stage[before]:
            end = max(end, nodes.pause[0]) + nodes.pause[2]
        ticks = int(network.time[nodes.mode, nodes.row[before], nodes.row[x]])
        starts.append(max(end + ticks, int(nodes.ready[x])))
    return starts


def path_cost(network: Network, nodes: RouteNodes, path: Sequence[int]) -> int:
    """Return what a route costs that serves these nodes in this order, in ticks of travel."""
    starts = path_starts(network, nodes, path)
    cost = int(nodes.cost_in[path[0]])
    for before, x in pairwise(path):
        one, two = int(nodes.row[before]), int(nodes.row[x])
        cost += nodes.between_rate * int(network.time[nodes.mode, one, two])
        if nodes.mileage:
            paid = int(network.metres[one, two]) * nodes.mileage // 1000
            cost += paid * nodes.fen_rate
    for x, start in zip(path, starts, strict=True):
        cost += int(nodes.price[x]) + network.late_rate * max(0, start - int(nodes.due[x]))
    last = path[-1]
    end = starts[-1] + int(nodes.duration[last])
    back = end + int(nodes.time_out[last])
    begin, end_by, length = nodes.pause
    if length > 0 and nodes.stage[last] == 0 and back > end_by:
        back = max(end, begin) + length + int(nodes.time_out[last])
    return cost + int(nodes.cost_out[last]) + nodes.overtime_rate * max(0, back - nodes.close)


@dataclass(frozen=True, slots=True)
class _Cuts:
    """The cuts of each row as bits of words, the prices of cuts and of pairs of rows, and sizes."""

    words: NDArray[uint64]
    price: NDArray[int64]
    pair_price: NDArray[int64]
    num_rows: int
    number: int


def _tables_of(at: Multipliers, network: Network) -> _Cuts:
    all_rows = network.num_rows + len(network.routes)
    words = np.zeros((all_rows, tables.CUT_WORDS), uint64)
    price = np.zeros(MOST_CUTS, int64)
    pair_price = np.zeros((network.num_rows, network.num_rows), int64)
    for number, (cut, value) in enumerate(at.cuts):
        words[list(cut), number // 64] |= uint64(1) << uint64(number % 64)
        price[number] = value
        rows = [row for row in cut if row < network.num_rows]
        pair_price[np.ix_(rows, rows)] += value // 2
    return _Cuts(words, price, pair_price, network.num_rows, len(at.cuts))
