"""The restricted master problem: the linear program over the routes known so far.

What it says is only a proposal. Its dual values steer the pricing; the bound itself is counted in
whole numbers from duals rounded down, so no figure of the linear program has to be believed.

References
----------
Desaulniers, Desrosiers & Solomon (2005), Column Generation. Marsten, Hogan & Blankenship (1975),
The boxstep method for large-scale optimization, Operations Research 23 (duals capped at first).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy import float64, int32, int64
from numpy.typing import NDArray

from optimizer.bound.column import Column, incidence_of
from optimizer.bound.cuts import Cut, coefficients
from optimizer.bound.network import Network
from optimizer.errors import InternalError

DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4


_Key = tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class MasterSolution:
    """A solution of the linear program.

    Attributes
    ----------
    value
        Its objective, in ticks of travel.
    duals
        Per row, at least 0: what serving it is worth.
    route_duals
        Per route, at most 0: the dual of its convexity row, what one more caregiver-day saves.
    cut_duals
        Per cut, at least 0: what one more of its right-hand side saves.
    circle_duals
        Per circle, at least 0: what one new carer more costs.
    moment_duals
        Per moment, of either sign: what serving the first task in it costs, and what serving
        the second is worth.
    sharing_duals
        Per route and moment, at least 0.
    column_values
        Per column, how much of it is used.
    left_out
        Per bundle, how much of it is left out.
    """

    value: float
    duals: NDArray[float64]
    route_duals: NDArray[float64]
    cut_duals: NDArray[float64]
    circle_duals: NDArray[float64]
    moment_duals: NDArray[float64]
    sharing_duals: NDArray[float64]
    column_values: NDArray[float64]
    left_out: NDArray[float64]


class Master:
    """Cover each row at least once or pay for leaving its bundle out; each route at most once.

    The routes of new carers pay for the steps by which they widen a client's circle.

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
        self._circles = network.circles
        self._moments = network.moments
        self._first_moment = self._rows + self._routes + len(network.circles)
        self._last_moment = self._first_moment + len(network.moments)
        self.shared: list[tuple[int, int]] = []
        "Route and moment of each sharing row."
        self._cut_rows: list[int] = []
        self._sharing_rows: list[int] = []
        self._first_column = self._bundles + sum(len(steps) for steps in network.circles.steps)
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
        for _ in range(len(network.circles)):
            self._highs.addRow(0.0, highspy.kHighsInf, 0, *nothing)
        for _ in range(len(network.moments)):
            self._highs.addRow(0.0, 0.0, 0, *nothing)
        self._prize = network.prize.astype(float64)
        self._caps = self._prize.copy()
        self._cap_factor = 1.0
        for bundle in range(self._bundles):
            rows = np.flatnonzero(network.bundle == bundle).astype(int32)
            price = float(self._caps[bundle])
            self._highs.addCol(
                price, 0.0, highspy.kHighsInf, len(rows), rows, np.ones(len(rows), float64)
            )
        for number, steps in enumerate(network.circles.steps):
            row = np.array([self._rows + self._routes + number], int32)
            most = [1.0] * (len(steps) - 1) + [highspy.kHighsInf]
            for step, upper in zip(steps.tolist(), most, strict=True):
                self._highs.addCol(float(step), 0.0, upper, 1, row, np.ones(1, float64))

    def add(self, columns: Sequence[Column]) -> int:
        """Add the columns not known yet; return how many those are."""
        new: list[Column] = []
        for column in columns:
            key = self._key(column)
            if key not in self._known:
                self._known[key] = len(self.columns) + len(new)
                new.append(column)
        if not new:
            return 0
        starts: list[int] = []
        index: list[int] = []
        value: list[float] = []
        counts = coefficients(self.incidence(new), self.cuts)
        widens = self._circles.coefficients(new)
        keeps = self._moments.coefficients(new)
        shares = self._moments.sharing_coefficients(new, self.shared)
        for place, column in enumerate(new):
            starts.append(len(index))
            for row, count in zip(*np.unique(column.rows, return_counts=True), strict=True):
                index.append(int(row))
                value.append(float(count))
            row, count = self._own_row(column)
            index.append(row)
            value.append(count)
            for number in np.flatnonzero(widens[place]).tolist():
                index.append(self._rows + self._routes + number)
                value.append(-float(widens[place, number]))
            for number in np.flatnonzero(keeps[place]).tolist():
                index.append(self._first_moment + number)
                value.append(-float(keeps[place, number]))
            for number in np.flatnonzero(shares[place]).tolist():
                index.append(self._sharing_rows[number])
                value.append(float(shares[place, number]))
            for number in np.flatnonzero(counts[place]).tolist():
                index.append(self._cut_rows[number])
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

    def _key(self, column: Column) -> _Key:
        return column.route, column.rows, column.care, self._moments.of(column)

    def _own_row(self, column: Column) -> tuple[int, float]:
        """Return the row that limits the routes like this one, and how much it takes of it."""
        return self._rows + column.route, 1.0

    def for_cuts(self, columns: Sequence[Column]) -> NDArray[int64]:
        """Return the incidence of columns in which cuts are looked for."""
        return self.incidence(columns)

    def incidence(self, columns: Sequence[Column]) -> NDArray[int64]:
        """Return the rows that each column covers, as of `incidence_of`."""
        return incidence_of(columns, self._rows, self._routes)

    def add_cuts(self, cuts: Sequence[Cut]) -> None:
        """Demand of all solutions that they keep these cuts."""
        counts = coefficients(self.incidence(self.columns), cuts)
        for number, cut in enumerate(cuts):
            used = np.flatnonzero(counts[:, number])
            self._cut_rows.append(self._highs.getNumRow())
            self._highs.addRow(
                -highspy.kHighsInf,
                float(len(cut) // 2),
                len(used),
                (self._first_column + used).astype(int32),
                counts[used, number].astype(float64),
            )
        self.cuts.extend(cuts)

    def add_sharing(self, shared: Sequence[tuple[int, int]]) -> None:
        """Demand that a route is one at most of those that serve a first task in a slot."""
        counts = self._moments.sharing_coefficients(self.columns, shared)
        for number in range(len(shared)):
            used = np.flatnonzero(counts[:, number])
            self._sharing_rows.append(self._highs.getNumRow())
            self._highs.addRow(
                -highspy.kHighsInf,
                0.0,
                len(used),
                (self._first_column + used).astype(int32),
                counts[used, number],
            )
        self.shared.extend(shared)

    def cap_duals(self, caps: NDArray[float64], factor: float) -> None:
        """Cap the duals: let leaving bundles out cost less than their price at first.

        Duals then begin near where they will end. A cap rises as long as the program leaves its
        bundle out.

        Parameters
        ----------
        caps
            Per bundle, in ticks; of no effect where they exceed the bundle's price.
        factor
            Factor by which they rise, above 1.
        """
        self._caps = np.minimum(self._prize, caps)
        self._cap_factor = factor
        for bundle in np.flatnonzero(self._caps < self._prize):
            self._highs.changeColCost(int(bundle), float(self._caps[bundle]))

    def raise_caps(self, solution: MasterSolution) -> bool:
        """Raise the caps of what is left out below its price; False if there is nothing."""
        cheap = (solution.left_out > 1e-6) & (self._caps < self._prize)
        for bundle in np.flatnonzero(cheap):
            self._caps[bundle] = min(self._prize[bundle], self._cap_factor * self._caps[bundle])
            self._highs.changeColCost(int(bundle), float(self._caps[bundle]))
        return bool(cheap.any())

    def fix(self, columns: Sequence[Column]) -> MasterSolution:
        """Use some columns for good, known ones or not, and solve.

        Parameters
        ----------
        columns
            Of different routes and rows, also from those fixed before: then no cut is violated.
        """
        self.add(columns)
        for column in columns:
            place = self._known[self._key(column)]
            self._highs.changeColBounds(self._first_column + place, 1.0, 1.0)
            self._fixed.append(place)
        # What the solution allow has not changed, what is feasible has.
        self._highs.setOptionValue("simplex_strategy", DUAL_SIMPLEX)
        try:
            return self.solve()
        finally:
            self._highs.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)

    def release(self) -> None:
        """Take back what has been fixed."""
        for place in self._fixed:
            self._highs.changeColBounds(self._first_column + place, 0.0, highspy.kHighsInf)
        self._fixed.clear()

    def solve(self) -> MasterSolution:
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
        found = self._highs.getSolution()
        dual = np.array(found.row_dual)
        first_circle = self._rows + self._routes
        return MasterSolution(
            value=float(self._highs.getInfo().objective_function_value),
            duals=np.maximum(0.0, dual[: self._rows]),
            route_duals=np.minimum(0.0, dual[self._rows : first_circle]),
            cut_duals=np.maximum(0.0, -dual[self._cut_rows]),
            circle_duals=np.maximum(0.0, dual[first_circle : self._first_moment]),
            moment_duals=dual[self._first_moment : self._last_moment],
            sharing_duals=self._sharing(dual),
            column_values=np.array(found.col_value)[self._first_column :],
            left_out=np.array(found.col_value)[: self._bundles],
        )

    def _sharing(self, dual: NDArray[float64]) -> NDArray[float64]:
        """Return the duals of sharing rows per route and moment."""
        found = np.zeros((self._routes, len(self._moments)))
        for (v, moment), row in zip(self.shared, self._sharing_rows, strict=True):
            found[v, moment] = max(0.0, -dual[row])
        return found


def rounded_down(values: NDArray[float64], scale: int) -> NDArray[int64]:
    """Return values as whole numbers of ``1 / scale``."""
    return np.floor(values * scale).astype(int64)
