"""A bound of days with people who are only imagined, of whom at most so many are hired.

Every route of an imagined person takes its share of a hire from one row of the linear program that
they all have in common, in place of a row of their own; so the same person may be hired twice. For
any duals, the sum of all duals, plus the least reduced costs of the staff, less as often as
somebody is hired the most that one imagined person saves, is at most the cost of any plan with any
so many of them. As everywhere in this room, no figure of the linear program has to be believed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np
from numpy import float64, int64
from numpy.typing import NDArray

from optimizer.bound.column import Column
from optimizer.bound.kernels.labelling import EXACT
from optimizer.bound.master import Master, MasterSolution
from optimizer.bound.near_arcs import NearArcs
from optimizer.bound.network import Network
from optimizer.bound.ng_sets import NgSets
from optimizer.bound.pricing import MOST_LABELS, Multipliers, Priced, Pricing


@dataclass(frozen=True, slots=True, eq=False)
class Imagined:
    """The routes of people who are only imagined.

    Attributes
    ----------
    person
        Per route, the number of the imagined person, from 0; -1 for staff.
    hired
        How many of them are hired at most, each as often as one likes.
    """

    person: NDArray[int64]
    hired: int

    @property
    def routes(self) -> NDArray[int64]:
        """Return the routes of imagined people."""
        return np.flatnonzero(self.person >= 0)

    def shares(self) -> NDArray[float64]:
        """Return per route the part of a hire that it takes: whoever is hired works all shifts."""
        shifts = np.bincount(self.person[self.routes], minlength=1)
        return np.where(self.person >= 0, 1.0 / np.maximum(1, shifts[self.person]), 0.0)

    def most_saved(self, reduced_costs: NDArray[int64]) -> NDArray[int64]:
        """Return per imagined person what all her routes together save at most."""
        saved = np.zeros(int(self.person.max(initial=-1)) + 1, int64)
        np.subtract.at(saved, self.person[self.routes], reduced_costs[self.routes])
        return saved


class ImaginedPricing(Pricing):
    """Pricing whose bound lets the best imagined person be hired so many times.

    Parameters
    ----------
    network, ng_sets, threads
        As for `Pricing`.
    imagined
        Whose routes are imagined.
    """

    def __init__(
        self, network: Network, ng_sets: NgSets, imagined: Imagined, *, threads: int = 1
    ) -> None:
        super().__init__(network, ng_sets, threads=threads)
        self.imagined = imagined

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
        """Price every route; parameters as of `Pricing.price`."""
        priced = super().price(
            at,
            thresholds,
            most_labels=most_labels,
            effort=effort,
            near=near,
            without=without,
            is_over=is_over,
        )
        if priced is None:
            return None
        costs, imagined = priced.reduced_costs, self.imagined
        each = int(imagined.most_saved(costs).max(initial=0))
        alone = int(costs[imagined.routes].sum())
        return replace(priced, bound=priced.bound - alone - imagined.hired * each)


class ImaginedMaster(Master):
    """The linear program with one row in common for all routes of imagined people.

    Parameters
    ----------
    network
        The rows, bundles and routes.
    imagined
        Whose routes are imagined.
    """

    def __init__(self, network: Network, imagined: Imagined) -> None:
        super().__init__(network)
        self._imagined = imagined
        self._shares = imagined.shares()
        self._shared_row = network.num_rows + int(imagined.routes[0])
        "The row of the first imagined route serves as that of all."
        self._highs.changeRowBounds(self._shared_row, -highspy.kHighsInf, float(imagined.hired))

    def _own_row(self, column: Column) -> tuple[int, float]:
        if self._imagined.person[column.route] < 0:
            return super()._own_row(column)
        return self._shared_row, float(self._shares[column.route])

    def for_cuts(self, columns: Sequence[Column]) -> NDArray[int64]:
        """Return the incidence without own rows of imagined people, who may be hired twice."""
        found = self.incidence(columns)
        found[:, self._rows + self._imagined.routes] = 0
        return found

    def solve(self) -> MasterSolution:
        """Solve the linear program; the dual of a hire is shared out among its routes."""
        found = super().solve()
        duals = found.route_duals.copy()
        routes = self._imagined.routes
        duals[routes] = duals[self._shared_row - self._rows] * self._shares[routes]
        return replace(found, route_duals=duals)
