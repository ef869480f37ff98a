"""A lower bound of every plan's cost, better the longer it is worked on, valid at any moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy import float64, int64
from numpy.typing import NDArray

from optimizer.bound.cuts import broken_cuts
from optimizer.bound.kernels.labelling import EXACT, QUICK
from optimizer.bound.master import Column, Duals, Master, rounded_down
from optimizer.bound.pricing import MOST_CUTS, Multipliers, Priced, Pricing
from optimizer.progress import Observer, Progress, silent
from optimizer.stop import Stop

INERTIA = 0.6
"How much of the best rewards known stays in the rewards tried next."
PATIENCE = 4
"Quick pricings without a better bound, after which routes are priced exactly."
NEAR = 0.5
"Part of the linear program's value that the bound must have reached for that."
CUTS_PER_ROUND = 40
DEAR = 4.0
"A stop's reward begins at so many times the usual cost of a stop at most."
CLOSE_ENOUGH = 1e-4
"Ticks between linear program and bound at which columns are complete."


@dataclass(frozen=True, slots=True)
class LowerBound:
    """What is proven about the cost of any plan, and the rewards that prove it.

    Attributes
    ----------
    value
        No plan costs less, in ticks of travel.
    multipliers
        Rewards and cuts behind it; with one pricing pass they prove it again.
    wages
        Per route, what it saves at most at these rewards, at most 0, in ticks.
    exhausted
        Whether further columns cannot raise it: only another formulation could.
    rounds, seconds, columns, cuts
        Work done.
    curve
        Seconds and bound each time it rose.
    """

    value: int
    multipliers: Multipliers
    wages: NDArray[float64]
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
    """

    def __init__(self, pricing: Pricing, columns: Sequence[Column] = ()) -> None:
        self.pricing = pricing
        self.master = Master(pricing.network, _dear(pricing, columns))
        self.master.add(columns)
        self.best: int = -(1 << 62)
        "The scaled bound."
        self.best_at = Multipliers(np.zeros(pricing.network.num_rows, int64))
        self.exhausted = False
        self.duals: Duals | None = None
        self._centre: _Point | None = _equal_shares(pricing, columns) if columns else None
        self._effort = QUICK
        self._stale = 0
        self._exact = True
        self._least: NDArray[int64] = np.zeros(len(pricing.network.routes), int64)
        self._log = _Log()

    def run(
        self,
        seconds: float,
        *,
        known_cost: int | None = None,
        with_cuts: bool = True,
        observer: Observer = silent,
        stop: Stop | None = None,
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
        observer, stop, began
            As for the search.
        """
        started = time.perf_counter()
        began = started if began is None else began

        def is_over() -> bool:
            now = time.perf_counter()
            progress = Progress("bound", now - began, bound=self.value)
            return now - started >= seconds or (stop is not None and stop(progress) is not None)

        while not self.exhausted and not is_over():
            if known_cost is not None and self.value >= known_cost:
                break
            observer(Progress("bound", time.perf_counter() - began, bound=self.value))
            gained = self._round(is_over)
            if gained is None:
                break
            self._log.note(started, self.value)
            if not gained and not (with_cuts and self._cut()):
                # Where labelling was given up, there may be more to find.
                self.exhausted = self._exact
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
            wages=self._least / self.pricing.scale,
            exhausted=self.exhausted,
            rounds=self._log.rounds,
            seconds=seconds,
            columns=len(self.master.columns),
            cuts=len(self.master.cuts),
            curve=tuple(self._log.curve),
        )

    def _round(self, is_over: Callable[[], bool]) -> bool | None:
        """Solve the linear program and price.

        Returns
        -------
        bool or None
            False if the columns are complete, None if it was over before the round was.
        """
        duals = self.duals = self.master.solve()
        raised = self.master.ask_more(duals)
        inertia = 0.0 if self._centre is None else INERTIA
        while True:
            point = self._towards(duals, inertia)
            priced = self._price(point, is_over)
            if priced is None:
                return None
            added = self.master.add(self.useful(priced, duals))
            self._stale += 1
            self._exact = priced.complete
            if priced.bound > self.best:
                self._stale = 0
                self.best = priced.bound
                self.best_at = self._multipliers(point)
                self._least = priced.least
                self._centre = point
            elif raised:
                # The best rewards were those of lower prices, far from what is asked now.
                self._centre = point
            done = duals.value - self.best / self.pricing.scale < CLOSE_ENOUGH
            near = self.best / self.pricing.scale > NEAR * duals.value
            if self._stale > PATIENCE and near:
                self._effort = EXACT
            if raised or (added and not done):
                return True
            if done or inertia == 0.0:
                if self._effort == EXACT:
                    return False
                self._effort = EXACT
                return True
            inertia = max(0.0, inertia - 0.3)

    def _towards(self, duals: Duals, inertia: float) -> _Point:
        """Return the duals drawn towards the best point known."""
        scale = self.pricing.scale
        fresh = _Point(duals.rewards, duals.wages, duals.cuts)
        point = fresh if self._centre is None else fresh.mixed(self._centre, inertia)
        return _Point(
            self.pricing.fair(rounded_down(point.rewards, scale)) / scale, point.wages, point.cuts
        )

    def _multipliers(self, point: _Point) -> Multipliers:
        scale = self.pricing.scale
        price = rounded_down(point.cuts, scale)
        strongest = np.argsort(-price, kind="stable")[:MOST_CUTS]
        return Multipliers(
            rewards=np.rint(point.rewards * scale).astype(int64),
            cuts=tuple((self.master.cuts[c], int(price[c])) for c in strongest if price[c] > 0),
        )

    def _price(self, point: _Point, is_over: Callable[[], bool]) -> Priced | None:
        thresholds = np.minimum(0, rounded_down(point.wages, self.pricing.scale))
        return self.pricing.price(
            self._multipliers(point), thresholds, effort=self._effort, is_over=is_over
        )

    def useful(self, priced: Priced, duals: Duals) -> list[Column]:
        """Return the columns that are worth more than they cost in the linear program."""
        useful = []
        for column in priced.columns:
            worth = sum(duals.rewards[row] for row in column.rows) + duals.wages[column.route]
            worth -= sum(
                price * (sum(row in cut for row in column.rows) // 2)
                for cut, price in zip(self.master.cuts, duals.cuts, strict=True)
                if price > 0
            )
            if column.cost - worth < -1e-6:
                useful.append(column)
        return useful

    def _cut(self) -> bool:
        """Add the cuts that the linear program's mixture breaks; False if there are none."""
        if self.duals is None or len(self.master.cuts) > 4 * MOST_CUTS:
            return False
        shares = self.master.solve().shares
        cuts = broken_cuts(
            self.master.columns, shares, self.pricing.network.num_rows, CUTS_PER_ROUND
        )
        known = set(self.master.cuts)
        new = [cut for cut in cuts if cut not in known]
        for cut in new:
            self.master.add_cut(cut)
        self._effort = QUICK
        return bool(new)


def _equal_shares(pricing: Pricing, columns: Sequence[Column]) -> _Point:
    """Return rewards that share the cost of each route equally among its rows."""
    rewards = np.zeros(pricing.network.num_rows)
    for column in columns:
        rewards[list(column.rows)] = column.cost / len(column.rows)
    return _Point(rewards, np.zeros(len(pricing.network.routes)), np.zeros(0))


def _dear(pricing: Pricing, columns: Sequence[Column]) -> float:
    """Return several times what a stop costs, in ticks; nobody's reward should begin higher."""
    stops = sum(len(column.rows) for column in columns)
    if stops and stops < pricing.network.num_rows:
        return float("inf")
    if stops:
        return DEAR * sum(column.cost for column in columns) / stops
    alone = [
        int(np.min(nodes.cost_in + nodes.price + nodes.cost_out))
        for nodes in pricing.network.routes
        if len(nodes.row)
    ]
    return DEAR * max(1.0, float(np.median(alone))) if alone else 1.0


@dataclass(frozen=True, slots=True)
class _Point:
    """Rewards, wages and prices of cuts, in ticks."""

    rewards: NDArray[float64]
    wages: NDArray[float64]
    cuts: NDArray[float64]

    def mixed(self, other: _Point, share: float) -> _Point:
        """Return this point moved towards an older one, which may know fewer cuts."""
        cuts = np.zeros(len(self.cuts))
        cuts[: len(other.cuts)] = other.cuts
        return _Point(
            share * other.rewards + (1 - share) * self.rewards,
            share * other.wages + (1 - share) * self.wages,
            share * cuts + (1 - share) * self.cuts,
        )


@dataclass(slots=True)
class _Log:
    """Rounds done and the bound over time."""

    rounds: int = 0
    curve: list[tuple[float, int]] = field(default_factory=list)

    def note(self, started: float, value: int) -> None:
        self.rounds += 1
        if not self.curve or value > self.curve[-1][1]:
            self.curve.append((time.perf_counter() - started, value))
