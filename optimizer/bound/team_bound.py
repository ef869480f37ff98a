"""Dual weights that prove what one team of hires leaves unserved, and what they say of any other.

The linear program is that of `imagined_bound`, but each kind has rows of its own that say how often
it is hired. Its least value is a convex function of these numbers; duals at one team
are a valid inequality (a cut) for all teams, so that a few of them may speak of thousands.

References
----------
Benders (1962), Partitioning procedures for solving mixed-variables programming problems, Numerische
Mathematik 4. Magnanti & Wong (1981), Accelerating Benders decomposition: algorithmic enhancement
and model selection criteria, Operations Research 29(3): duals that are good a little inside too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from numpy import float64, int64
from numpy.typing import NDArray

from optimizer.bound.columns import columns_of
from optimizer.bound.imagined import Imagined
from optimizer.bound.imagined_bound import counting_network, person_of
from optimizer.bound.kernels.labelling import EXACT, QUICK
from optimizer.bound.master import Master, MasterSolution, rounded_down
from optimizer.bound.ng_sets import ng_sets_of
from optimizer.bound.pricing import Multipliers, Priced, Pricing
from optimizer.errors import InternalError
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes

INSIDE = 0.004
"""Hires of every kind added to a team, where that leaves as much to be proven: of the many duals
that prove it, those are found at which other kinds collect little as well."""
SMOOTHING, LESS_SMOOTHING = 0.5, 0.25
"Weight of the best duals known in those priced next, and by how much it falls without columns."
ENOUGH = 0.7
"Part of what the linear program leaves above the goal with which duals are good enough."
LABELS = 60_000
"Label limit of one route."
LEAST = 1e-6
"Reduced cost below which a column is of use."


@dataclass(frozen=True, slots=True)
class TeamWeights:
    """Dual weights, and what each route collects of them at most.

    Attributes
    ----------
    weights
        Per task, in ``1 / unit`` visits; those of a visit at most 1 together.
    limits
        Per route, the most weight that it can collect, also in ``1 / unit`` visits.
    unit
        Weight of a whole visit.
    """

    weights: NDArray[int64]
    limits: NDArray[int64]
    unit: int


class TeamBound:
    """Finds dual weights for one team after the other; routes found for one serve the next.

    Parameters
    ----------
    data
        The compiled problem with one caregiver of each kind after its staff, at least one.
    staff
        Number of caregivers of the staff.
    routes
        A plan: routes to begin with.
    threads
        At least 1.
    """

    def __init__(
        self, data: ProblemData, staff: int, *, routes: Routes | None = None, threads: int = 1
    ) -> None:
        self._imagined = Imagined(person_of(data, staff), 0)
        network = counting_network(data)
        self._pricing = Pricing(network, ng_sets_of(data, network), threads=threads)
        self._master = _TeamMaster(network)
        if routes is not None:
            self._master.add(columns_of(self._pricing, data, routes))
        self._centre: NDArray[float64] | None = None
        self.rounds = 0
        "Rounds of column generation done so far."

    def weights(
        self,
        team: NDArray[int64],
        goal: float,
        *,
        rounds: int,
        is_over: Callable[[], bool] = lambda: False,
    ) -> TeamWeights | None:
        """Return weights by which a team leaves more than some visits; None if there are none.

        Parameters
        ----------
        team
            How many are hired of each kind.
        goal
            Visits; the weights prove more.
        rounds
            Rounds of column generation at most.
        is_over
            Asked before each round; once it says so, nothing is returned.
        """
        for inside in (INSIDE, 0.0):
            found = self._weights(team.astype(float64) + inside, goal, rounds, is_over)
            if found is not None:
                return found
        return None

    def _weights(
        self, hired: NDArray[float64], goal: float, rounds: int, is_over: Callable[[], bool]
    ) -> TeamWeights | None:
        self._master.hire(self._imagined, hired)
        best: tuple[float, TeamWeights] | None = None
        effort = QUICK
        for _ in range(rounds):
            solution = self._master.solve()
            if solution.value <= goal or is_over():
                return None
            self.rounds += 1
            added, priced, weights = self._priced(solution, hired, effort)
            if best is None or priced > best[0]:
                best = priced, weights
            if best[0] > goal + ENOUGH * (solution.value - goal):
                break
            if not added:
                if effort == EXACT:
                    break
                effort = EXACT
        return None if best is None or best[0] <= goal else best[1]

    def _priced(
        self, solution: MasterSolution, hired: NDArray[float64], effort: int
    ) -> tuple[bool, float, TeamWeights]:
        """Price at smoothed duals; return if there are new columns, what is proven, and how."""
        smoothing = 0.0 if self._centre is None else SMOOTHING
        best: tuple[float, TeamWeights] | None = None
        while True:
            at = self._towards(solution, smoothing)
            priced = self._pricing.price(
                at,
                np.minimum(0, rounded_down(solution.route_duals, self._pricing.scale)),
                effort=effort,
                most_labels=LABELS,
            )
            if priced is None:
                raise InternalError("Pricing was given up though nobody had said that it is over.")
            value = self._value(at, priced, hired)
            if best is None or value > best[0]:
                best = value, TeamWeights(at.duals, -priced.reduced_costs, self._pricing.scale)
            added = self._master.add(
                [
                    column
                    for column, cost in zip(
                        priced.columns, self._costs(priced, solution), strict=True
                    )
                    if cost < -LEAST
                ]
            )
            if added or smoothing == 0.0:
                self._centre = best[1].weights / self._pricing.scale
                return bool(added), *best
            smoothing = max(0.0, smoothing - LESS_SMOOTHING)

    def _towards(self, solution: MasterSolution, smoothing: float) -> Multipliers:
        duals = solution.duals
        if self._centre is not None:
            duals = smoothing * self._centre + (1 - smoothing) * duals
        return Multipliers(self._pricing.feasible(rounded_down(duals, self._pricing.scale)))

    def _value(self, at: Multipliers, priced: Priced, hired: NDArray[float64]) -> float:
        """Return how many visits stay unserved at least with a team."""
        costs = priced.reduced_costs
        of_staff = int(costs[self._imagined.person < 0].sum())
        saved = self._imagined.most_saved(costs)
        return float(int(at.duals.sum()) + of_staff - hired @ saved) / self._pricing.scale

    def _costs(self, priced: Priced, solution: MasterSolution) -> NDArray[float64]:
        incidence = self._master.incidence(priced.columns)
        worth = incidence @ np.concatenate((solution.duals, solution.route_duals))
        costs: NDArray[float64] = np.array([one.cost for one in priced.columns], float64) - worth
        return costs


class _TeamMaster(Master):
    """The linear program in which each route of a kind is there as often as the kind is hired."""

    def hire(self, imagined: Imagined, hired: NDArray[float64]) -> None:
        """Set how often each kind is hired."""
        for route in imagined.routes.tolist():
            most = float(hired[imagined.person[route]])
            self._highs.changeRowBounds(self._rows + route, -highspy.kHighsInf, most)
