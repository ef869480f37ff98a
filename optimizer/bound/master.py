"""The linear program over the routes known so far; what it says is only a proposal.

Its dual values steer the pricing. The bound itself is counted in whole numbers from rewards
rounded down, so no figure of the linear program has to be believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy import float64, int32, int64
from numpy.typing import NDArray

from optimizer.bound.column import Column, members_of
from optimizer.bound.cuts import Cut, counted
from optimizer.bound.network import Network
from optimizer.errors import InternalError

DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4


_Key = tuple[int, tuple[int, ...], tuple[int, ...]]


def _key(column: Column) -> _Key:
    return column.route, column.rows, column.care


@dataclass(frozen=True, slots=True)
class Duals:
    """A solution of the linear program.

    Attributes
    ----------
    value
        Its objective, in ticks of travel.
    rewards
        Per row, what serving it is worth.
    wages
        Per route, at most 0: what using it is worth.
    cuts
        Per cut, at least 0: what breaking it costs.
    shares
        Per column, how much of it is used.
    left_out
        Per bundle, how much of it is left out.
    """

    value: float
    rewards: NDArray[float64]
    wages: NDArray[float64]
    cuts: NDArray[float64]
    shares: NDArray[float64]
    left_out: NDArray[float64]


class Master:
    """Serve each row at least once or pay for leaving its bundle out; each route at most once.

    Parameters
    ----------
    network
        The rows, bundles and routes.
    """

    def __init__(self, network: Network) -> None:
        self.columns: list[Column] = []
        self.cuts: list[Cut] = []
        self._fixed: list[int] = []
        self._known: dict[_Key, int] = {}
        self._rows = network.num_rows
        self._routes = len(network.routes)
        self._bundles = len(network.prize)
        self._highs = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("presolve", "off"),
            ("simplex_strategy", PRIMAL_SIMPLEX),
        ):
            self._highs.setOptionValue(option, value)
        nothing = np.zeros(0, int32), np.zeros(0, float64)
        for _ in range(self._rows):
            self._highs.addRow(1.0, highspy.kHighsInf, 0, *nothing)
        for _ in range(self._routes):
            self._highs.addRow(-highspy.kHighsInf, 1.0, 0, *nothing)
        self._prize = network.prize.astype(float64)
        self._asked = self._prize.copy()
        self._dearer = 1.0
        for bundle in range(self._bundles):
            rows = np.flatnonzero(network.bundle == bundle).astype(int32)
            price = float(self._asked[bundle])
            self._highs.addCol(
                price, 0.0, highspy.kHighsInf, len(rows), rows, np.ones(len(rows), float64)
            )

    def add(self, columns: Sequence[Column]) -> int:
        """Add the columns not known yet; return how many those are."""
        new: list[Column] = []
        for column in columns:
            key = _key(column)
            if key not in self._known:
                self._known[key] = len(self.columns) + len(new)
                new.append(column)
        if not new:
            return 0
        starts: list[int] = []
        index: list[int] = []
        value: list[float] = []
        counts = counted(self.members(new), self.cuts)
        for place, column in enumerate(new):
            starts.append(len(index))
            for row, count in zip(*np.unique(column.rows, return_counts=True), strict=True):
                index.append(int(row))
                value.append(float(count))
            index.append(self._rows + column.route)
            value.append(1.0)
            for number in np.flatnonzero(counts[place]).tolist():
                index.append(self._rows + self._routes + number)
                value.append(float(counts[place, number]))
        self._highs.addCols(
            len(new),
            np.array([column.cost for column in new], float64),
            np.zeros(len(new), float64),
            np.full(len(new), highspy.kHighsInf),
            len(index),
            np.array(starts, int32),
            np.array(index, int32),
            np.array(value, float64),
        )
        self.columns.extend(new)
        return len(new)

    def members(self, columns: Sequence[Column]) -> NDArray[int64]:
        """Return the rows and the route of each column, as of `members_of`."""
        return members_of(columns, self._rows, self._routes)

    def add_cuts(self, cuts: Sequence[Cut]) -> None:
        """Demand of all solutions that they do not break these cuts."""
        counts = counted(self.members(self.columns), cuts)
        for number, cut in enumerate(cuts):
            used = np.flatnonzero(counts[:, number])
            self._highs.addRow(
                -highspy.kHighsInf,
                float(len(cut) // 2),
                len(used),
                (self._bundles + used).astype(int32),
                counts[used, number].astype(float64),
            )
        self.cuts.extend(cuts)

    def ask(self, prices: NDArray[float64], dearer: float) -> None:
        """Let leaving bundles out cost less than their price at first.

        Rewards then begin where they will end. The price rises as long as the program leaves
        the bundle out.

        Parameters
        ----------
        prices
            Per bundle, in ticks; of no effect where they exceed the bundle's price.
        dearer
            Factor by which they rise, above 1.
        """
        self._asked = np.minimum(self._prize, prices)
        self._dearer = dearer
        for bundle in np.flatnonzero(self._asked < self._prize):
            self._highs.changeColCost(int(bundle), float(self._asked[bundle]))

    def ask_more(self, duals: Duals) -> bool:
        """Raise the price of what is left out below its price; False if nothing is."""
        cheap = (duals.left_out > 1e-6) & (self._asked < self._prize)
        for bundle in np.flatnonzero(cheap):
            self._asked[bundle] = min(self._prize[bundle], self._dearer * self._asked[bundle])
            self._highs.changeColCost(int(bundle), float(self._asked[bundle]))
        return bool(cheap.any())

    def fix(self, columns: Sequence[Column]) -> Duals:
        """Use some columns for good, known ones or not, and solve.

        Parameters
        ----------
        columns
            Of different routes and rows, also from those fixed before: then no cut is broken.
        """
        self.add(columns)
        for column in columns:
            place = self._known[_key(column)]
            self._highs.changeColBounds(self._bundles + place, 1.0, 1.0)
            self._fixed.append(place)
        # What the duals allow has not changed, what is feasible has.
        self._highs.setOptionValue("simplex_strategy", DUAL_SIMPLEX)
        try:
            return self.solve()
        finally:
            self._highs.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)

    def release(self) -> None:
        """Take back what has been fixed."""
        for place in self._fixed:
            self._highs.changeColBounds(self._bundles + place, 0.0, highspy.kHighsInf)
        self._fixed.clear()

    def solve(self) -> Duals:
        """Solve the linear program.

        Raises
        ------
        InternalError
            If the solver ends without a solution, which this program always has.
        """
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # From a basis that has become singular, the simplex method can lose its way.
            self._highs.clearSolver()
            self._highs.run()
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise InternalError(f"The linear program of the bound ended as {status}.")
        solution = self._highs.getSolution()
        dual = np.array(solution.row_dual)
        first_cut = self._rows + self._routes
        return Duals(
            value=float(self._highs.getInfo().objective_function_value),
            rewards=np.maximum(0.0, dual[: self._rows]),
            wages=np.minimum(0.0, dual[self._rows : first_cut]),
            cuts=np.maximum(0.0, -dual[first_cut:]),
            shares=np.array(solution.col_value)[self._bundles :],
            left_out=np.array(solution.col_value)[: self._bundles],
        )


def rounded_down(values: NDArray[float64], scale: int) -> NDArray[int64]:
    """Return values as whole numbers of ``1 / scale``."""
    return np.floor(values * scale).astype(int64)
