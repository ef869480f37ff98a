"""Column generation: a lower bound of every plan's cost, valid at any moment, better with time.

References
----------
Desrochers, Desrosiers & Solomon (1992), A new optimization algorithm for the vehicle routing
problem with time windows, Operations Research 40(2). Smoothing of duals: Wentges (1997), Weighted
Dantzig-Wolfe decomposition for linear mixed-integer programming, International Transactions in
Operational Research 4(2); Pessoa, Sadykov, Uchoa & Vanderbeck (2018), Automation and combination of
linear-programming based stabilization techniques in column generation, INFORMS Journal on Computing
30(2).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy import float64, int64
from numpy.typing import NDArray

from optimizer.bound.ascent import ascend, equal_shares
from optimizer.bound.column import Column
from optimizer.bound.cuts import coefficients, violated_cuts
from optimizer.bound.dual_point import DualPoint, point_of, without_prices
from optimizer.bound.kernels.labelling import EXACT, QUICK
from optimizer.bound.master import Master, MasterSolution, rounded_down
from optimizer.bound.near_arcs import NearArcs
from optimizer.bound.pricing import MOST_CUTS, MOST_LABELS, Multipliers, Priced, Pricing
from optimizer.progress import Observer, Progress, silent
from optimizer.stop import StoppingCriterion

SMOOTHING, LESS_SMOOTHING = 0.6, 0.3
"""Weight of the stability centre, the best duals known, in the duals priced next, and by how much
it falls where pricing at them finds no column."""
PATIENCE, PROGRESS = 4, 1e-3
"""Pricings that neither raise the bound nor move the linear program by that part of its value;
after more of them, routes are priced with more effort."""
FAR = 0.005
"Gap of bound and linear program, as a part of the latter, above which near arcs come first."
LEVEL = 2e-4
"The same gap, below which cuts gain more than further columns."
CLOSE = 0.01
"The same gap, below which plans can be made of the columns."
FIRST_LABELS, MORE_LABELS = 60_000, 8
"Label limit of a route at first, and its factor each time exact pricing gains nothing more."
LABELS_WITH_CUTS = 500_000
"Label limit of a route with cuts: few labels dominate others then, and giving up proves nothing."
MANY_LABELS = 50_000
"Labels of all routes in a round, above which the next looks along near arcs first."
CUTS_PER_ROUND = 80
"Cuts added at most before columns are priced again."
FIRST_CAP, CAP_FACTOR = 4.0, 8.0
"""Without a plan: first cap of a bundle's dual, in usual costs of a stop, and the factor by which
it rises while the linear program leaves the bundle out."""
LATER_CAP, LATER_CAP_FACTOR = 1.05, 1.2
"The same after subgradient ascent: the cap in duals reached there, and its factor."
_NOTHING = -(1 << 62)
"Less than any bound."
CLOSE_ENOUGH = 1e-4
"Gap of bound and linear program, in ticks, at which columns count as complete."


@dataclass(frozen=True, slots=True)
class LowerBound:
    """What is proven about the cost of any plan, and the duals that prove it.

    Attributes
    ----------
    value
        No plan costs less, in ticks of travel.
    multipliers
        Duals and cuts behind it; with one pricing pass they prove it again.
    reduced_costs
        Per route, the least reduced cost at these duals, at most 0, in ticks.
    exhausted
        Whether further columns cannot raise it: only another formulation could.
    rounds, seconds, columns, cuts
        Work done.
    curve
        Seconds and bound each time it rose.
    """

    value: int
    multipliers: Multipliers
    reduced_costs: NDArray[float64]
    exhausted: bool
    rounds: int
    seconds: float
    columns: int
    cuts: int
    curve: tuple[tuple[float, int], ...]


class ColumnGeneration:
    """Raises the bound round by round.

    Parameters
    ----------
    pricing
        Prices the routes of the day.
    columns
        Routes of a plan to begin with; the better the plan, the faster.
    master
        The linear program of the same network; the plain one if not given.
    follows_near
        Whether the stability centre moves along near arcs as well, to the duals that would prove
        most if there were no other arcs. Where nothing but visits left out counts, no ascent
        finds a centre first, and this saves a third of the work.
    """

    def __init__(
        self,
        pricing: Pricing,
        columns: Sequence[Column] = (),
        *,
        master: Master | None = None,
        follows_near: bool = False,
    ) -> None:
        self.pricing = pricing
        self.master = Master(pricing.network) if master is None else master
        self.master.add(columns)
        self._columns = columns
        self.best: int = _NOTHING
        "The scaled bound."
        self.best_at = Multipliers(np.zeros(pricing.network.num_rows, int64))
        self.exhausted = False
        self.solution: MasterSolution | None = None
        self._centre: DualPoint | None = None
        self._rough = True
        self.arcs: NearArcs | None = None
        "Where columns are looked for first, once a plan is known."
        self._near: NearArcs | None = None
        "Set while columns are only looked for along near arcs."
        self._follows_near = follows_near
        self._near_best: int = _NOTHING
        "The scaled bound if there were no other arcs than those looked along since."
        self._effort = QUICK
        self._labels = FIRST_LABELS
        self._stale = 0
        self._value = 0.0
        self._exact = True
        self._reduced_costs: NDArray[int64] = np.zeros(len(pricing.network.routes), int64)
        self._log = _Log()

    def run(
        self,
        seconds: float,
        *,
        known_cost: int | None = None,
        with_cuts: bool = True,
        rounds: int | None = None,
        observer: Observer = silent,
        stop: StoppingCriterion | None = None,
        began: float | None = None,
    ) -> LowerBound:
        """Work until nothing more is gained, the time is over or `stop` says so.

        Parameters
        ----------
        seconds
            Time limit; a round that is not finished by then is lost.
        known_cost
            Cost of the best plan; once the bound reaches it, nothing is left to prove.
        with_cuts
            Whether to go on with cuts when columns are complete.
        rounds
            Rounds done at most, so that the same work is done on every machine; no limit if
            not given.
        observer, stop, began
            As for the search.
        """
        started = time.perf_counter()
        began = started if began is None else began

        def is_over() -> bool:
            now = time.perf_counter()
            progress = Progress("bound", now - began, bound=self.value)
            return now - started >= seconds or (stop is not None and stop(progress) is not None)

        observer(Progress("bound", time.perf_counter() - began, bound=self.value))
        self._begin(is_over, started)
        while not self.exhausted and not is_over():
            if known_cost is not None and self.value >= known_cost:
                break
            if rounds is not None and self._log.rounds >= rounds:
                break
            observer(Progress("bound", time.perf_counter() - began, bound=self.value))
            gained = self._round(is_over)
            if gained is None:
                break
            self._log.note(started, self.value)
            if with_cuts and (not gained or self.is_level()) and self._cut():
                continue
            if not gained:
                # Where labelling was given up, or cuts were left aside, there may be more to find.
                self.exhausted = self._exact and self._all_cuts_fit()
                break
        return self.bound(time.perf_counter() - started)

    @property
    def value(self) -> int:
        """Return the bound in ticks of travel, rounded up; at least 0."""
        return max(0, -(-self.best // self.pricing.scale))

    def bound(self, seconds: float) -> LowerBound:
        """Return what is proven so far."""
        return LowerBound(
            value=self.value,
            multipliers=self.best_at,
            reduced_costs=self._reduced_costs / self.pricing.scale,
            exhausted=self.exhausted,
            rounds=self._log.rounds,
            seconds=seconds,
            columns=len(self.master.columns),
            cuts=len(self.master.cuts),
            curve=tuple(self._log.curve),
        )

    def _begin(self, is_over: Callable[[], bool], started: float) -> None:
        """Find duals to begin with."""
        if not self._columns:
            usual = _usual_cost(self.pricing)
            self.master.cap_duals(
                np.full(len(self.pricing.network.prize), FIRST_CAP * usual), CAP_FACTOR
            )
            return
        network = self.pricing.network
        shares = equal_shares(self.pricing, self._columns)
        self.arcs = NearArcs(self.pricing.days, self.pricing.threads)
        if not shares.any():
            # Where only visits left out count, there is no slope at nothing.
            routes = len(self.pricing.network.routes)
            self._centre = without_prices(network, shares, np.zeros(routes))
            self._near = self.arcs
            return
        known_cost = self.master.solve().value
        for start in ascend(self.pricing, self.arcs, shares, known_cost, is_over=is_over):
            self.master.add(start.priced.columns)
            if start.priced.bound > self.best:
                self._keep(start.at, start.priced)
                self._log.note(started, self.value)
                self._centre = without_prices(
                    network,
                    start.at.duals / self.pricing.scale,
                    start.priced.reduced_costs / self.pricing.scale,
                )
        if self._centre is not None:
            self._rough = False
            self._near = self.arcs
            self._effort = EXACT
            reached = self.pricing.network.bundled(self.best_at.duals) / self.pricing.scale
            self.master.cap_duals(
                LATER_CAP * reached + (LATER_CAP - 1) * reached.mean(), LATER_CAP_FACTOR
            )

    def _keep(self, at: Multipliers, priced: Priced) -> None:
        self.best, self.best_at, self._reduced_costs = priced.bound, at, priced.reduced_costs

    def _round(self, is_over: Callable[[], bool]) -> bool | None:
        """Solve the linear program and price.

        Returns
        -------
        bool or None
            False if the columns are complete, None if it was over before the round was.
        """
        solution = self.solution = self.master.solve()
        raised = self.master.raise_caps(solution)
        smoothing = 0.0 if self._centre is None else SMOOTHING
        while True:
            point = self._towards(solution, smoothing)
            at = point.multipliers(self.pricing, self.master.cuts)
            priced = self._price(at, point.route_duals, is_over)
            if priced is None:
                return None
            added = self.master.add(self.improving(priced, solution))
            moved = abs(solution.value - self._value) > PROGRESS * solution.value
            self._stale = 0 if moved else self._stale + 1
            self._value = solution.value
            self._exact = priced.complete
            if self._near is None and priced.bound > self.best:
                self._stale = 0
                self._keep(at, priced)
                self._centre = point
            elif self._near is not None and self._follows_near and priced.bound > self._near_best:
                self._near_best = priced.bound
                self._centre = point
            elif raised and self._rough:
                # The best duals were those of lower caps, far from what is looked for now.
                self._centre = point
            done = solution.value - self.best / self.pricing.scale < CLOSE_ENOUGH
            harder = self._stale > PATIENCE and self._try_harder()
            if (
                not harder
                and added
                and (
                    solution.value - self.best / self.pricing.scale > FAR * solution.value
                    or priced.labels > MANY_LABELS
                )
            ):
                self._go_near(priced)
            if raised or (added and not done):
                return True
            if done or smoothing == 0.0:
                return harder or self._try_harder()
            smoothing = max(0.0, smoothing - LESS_SMOOTHING)

    def _go_near(self, priced: Priced) -> None:
        """Look for columns along near arcs, and those found missing, until there are no more."""
        if self._near is None and self.arcs is not None:
            self.arcs.learn(priced.paths)
            self._near = self.arcs
            self._near_best = _NOTHING

    def _try_harder(self) -> bool:
        """Price with more effort from now on; False if there is no more."""
        self._stale = 0
        if self._near is not None:
            self._near = None
        elif self._effort == QUICK:
            self._effort = EXACT
        elif not self._exact and self._labels < MOST_LABELS:
            self._labels = min(MOST_LABELS, MORE_LABELS * self._labels)
        else:
            return False
        return True

    def _towards(self, solution: MasterSolution, smoothing: float) -> DualPoint:
        """Return the duals smoothed towards the stability centre."""
        fresh = point_of(solution)
        return fresh if self._centre is None else fresh.smoothed(self._centre, smoothing)

    def _price(
        self, at: Multipliers, route_duals: NDArray[float64], is_over: Callable[[], bool]
    ) -> Priced | None:
        return self.pricing.price(
            at,
            np.minimum(0, rounded_down(route_duals, self.pricing.scale)),
            effort=self._effort,
            most_labels=self._labels,
            near=self._near,
            is_over=is_over,
        )

    def improving(self, priced: Priced, solution: MasterSolution) -> list[Column]:
        """Return the columns of negative reduced cost in the linear program."""
        cost = np.array([column.cost for column in priced.columns], float64)
        incidence = self.master.incidence(priced.columns)
        worth = incidence @ np.concatenate((solution.duals, solution.route_duals))
        paid = coefficients(incidence, self.master.cuts) @ solution.cut_duals
        network = self.pricing.network
        paid += network.circles.coefficients(priced.columns) @ solution.circle_duals
        paid += network.moments.coefficients(priced.columns) @ solution.moment_duals
        shared = self.master.shared
        sharing = network.moments.sharing_coefficients(priced.columns, shared)
        prices = np.array([solution.sharing_duals[row] for row in shared], float64)
        paid += sharing @ prices
        return [priced.columns[place] for place in np.flatnonzero(cost + paid - worth < -1e-6)]

    def _all_cuts_fit(self) -> bool:
        """Return whether pricing counts every cut that has a price."""
        return self.solution is None or (
            int((self.solution.cut_duals > 0).sum()) <= self.pricing.most_cuts
        )

    def is_level(self) -> bool:
        """Return whether further columns would raise the bound by hardly anything."""
        return self._near is None and self._slack() < LEVEL

    def is_close(self) -> bool:
        """Return whether columns are complete enough for a plan to be made of them."""
        return self._slack() < CLOSE

    def _slack(self) -> float:
        """Return how far the linear program lies above the bound, as a part of its value."""
        if self.solution is None:
            return 1.0
        return 1.0 - self.best / self.pricing.scale / max(1.0, self.solution.value)

    def _cut(self) -> bool:
        """Add the cuts that the linear program's mixture violates; False if there are none."""
        if self.solution is None or len(self.master.cuts) > 4 * MOST_CUTS:
            return False
        values = self.master.solve().column_values
        if len(self.pricing.network.moments) and self._share(values):
            return True
        mixed = np.flatnonzero((values > 1e-6) & (values < 1 - 1e-6))
        incidence = self.master.for_cuts([self.master.columns[place] for place in mixed])
        cuts = violated_cuts(incidence, values[mixed], CUTS_PER_ROUND)
        known = set(self.master.cuts)
        new = [cut for cut in cuts if cut not in known]
        if new:
            self.master.add_cuts(new)
            self._labels = max(self._labels, LABELS_WITH_CUTS)
            self._near, self._near_best = self.arcs, _NOTHING
        return bool(new)

    def _share(self, values: NDArray[float64]) -> bool:
        """Add the sharing rows that the mixture violates; False if there are none."""
        used = np.flatnonzero(values > 1e-6)
        columns = [self.master.columns[place] for place in used]
        found = self.pricing.network.moments.violated(columns, values[used])
        new = sorted(set(found) - set(self.master.shared))
        self.master.add_sharing(new)
        return bool(new)


def _usual_cost(pricing: Pricing) -> float:
    """Return what a stop costs as the only one, in ticks, for the caregiver in the middle."""
    alone = [
        int(np.min(nodes.cost_in + nodes.price + nodes.cost_out))
        for nodes in pricing.network.routes
        if len(nodes.row)
    ]
    return max(1.0, float(np.median(alone))) if alone else 1.0


@dataclass(slots=True)
class _Log:
    """Rounds done and the bound over time."""

    rounds: int = 0
    curve: list[tuple[float, int]] = field(default_factory=list)

    def note(self, started: float, value: int) -> None:
        self.rounds += 1
        if not self.curve or value > self.curve[-1][1]:
            self.curve.append((time.perf_counter() - started, value))
