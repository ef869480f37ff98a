"""A lower bound of every plan's cost, better the longer it is worked on, valid at any moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy import float64, int64
from numpy.typing import NDArray

from optimizer.bound.ascent import climb, equal_shares
from optimizer.bound.column import Column
from optimizer.bound.cuts import broken_cuts, counted
from optimizer.bound.kernels.labelling import EXACT, QUICK
from optimizer.bound.master import Duals, Master, rounded_down
from optimizer.bound.near_arcs import NearArcs
from optimizer.bound.pricing import MOST_CUTS, MOST_LABELS, Multipliers, Priced, Pricing
from optimizer.progress import Observer, Progress, silent
from optimizer.stop import Stop

INERTIA = 0.6
"How much of the best rewards known stays in the rewards tried next."
PATIENCE, PROGRESS = 4, 1e-3
"""Pricings that neither improve the bound nor move the linear program by such a part of its value,
after which routes are priced with more effort."""
FAR = 0.005
"Part of the linear program's value between it and the bound, above which near arcs come first."
LEVEL = 2e-4
"The same part, below which cuts gain more than further columns."
CLOSE = 0.01
"The same part, below which plans can be made of the columns."
FIRST_LABELS, MORE_LABELS = 60_000, 8
"Labels given to a route, and their factor once exact pricing gains nothing more with them."
LABELS_WITH_CUTS = 500_000
"With cuts, labels are seldom alike, and giving up means that nothing is proven."
MANY_LABELS = 50_000
"Labels in all, above which it always pays to look along near arcs first."
CUTS_PER_ROUND = 80
DEAR, DEARER = 4.0, 8.0
"Without a plan, a stop's reward is at first at most so many times the usual cost of a stop."
NEARLY, HARDLY_DEARER = 1.05, 1.2
"After climbing, at most so many times the reward reached, and a little more."
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
        self.master = Master(pricing.network)
        self.master.add(columns)
        self._columns = columns
        self.best: int = -(1 << 62)
        "The scaled bound."
        self.best_at = Multipliers(np.zeros(pricing.network.num_rows, int64))
        self.exhausted = False
        self.duals: Duals | None = None
        self._centre: _Point | None = None
        self._rough = True
        self.arcs: NearArcs | None = None
        "Where columns are looked for first, once a plan is known."
        self._near: NearArcs | None = None
        "Set while columns are only looked for along near arcs."
        self._effort = QUICK
        self._labels = FIRST_LABELS
        self._stale = 0
        self._value = 0.0
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

        observer(Progress("bound", time.perf_counter() - began, bound=self.value))
        self._begin(is_over, started)
        while not self.exhausted and not is_over():
            if known_cost is not None and self.value >= known_cost:
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
            wages=self._least / self.pricing.scale,
            exhausted=self.exhausted,
            rounds=self._log.rounds,
            seconds=seconds,
            columns=len(self.master.columns),
            cuts=len(self.master.cuts),
            curve=tuple(self._log.curve),
        )

    def _begin(self, is_over: Callable[[], bool], started: float) -> None:
        """Find rewards to begin with."""
        if not self._columns:
            usual = _usual_cost(self.pricing)
            self.master.ask(np.full(len(self.pricing.network.prize), DEAR * usual), DEARER)
            return
        shares = equal_shares(self.pricing, self._columns)
        self.arcs = NearArcs(self.pricing.days, self.pricing.threads)
        if not shares.any():
            # Where only visits left out count, there is no slope at nothing.
            routes = len(self.pricing.network.routes)
            self._centre = _Point(shares, np.zeros(routes), np.zeros(0))
            self._near = self.arcs
            return
        known_cost = self.master.solve().value
        for start in climb(self.pricing, self.arcs, shares, known_cost, is_over=is_over):
            self.master.add(start.priced.columns)
            if start.priced.bound > self.best:
                self._keep(start.at, start.priced)
                self._log.note(started, self.value)
                self._centre = _Point(
                    start.at.rewards / self.pricing.scale,
                    start.priced.least / self.pricing.scale,
                    np.zeros(0),
                )
        if self._centre is not None:
            self._rough = False
            self._near = self.arcs
            self._effort = EXACT
            reached = self.pricing.network.bundled(self.best_at.rewards) / self.pricing.scale
            self.master.ask(NEARLY * reached + (NEARLY - 1) * reached.mean(), HARDLY_DEARER)

    def _keep(self, at: Multipliers, priced: Priced) -> None:
        self.best, self.best_at, self._least = priced.bound, at, priced.least

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
            at = self.multipliers(point.rewards, point.cuts)
            priced = self._price(at, point.wages, is_over)
            if priced is None:
                return None
            added = self.master.add(self.useful(priced, duals))
            moved = abs(duals.value - self._value) > PROGRESS * duals.value
            self._stale = 0 if moved else self._stale + 1
            self._value = duals.value
            self._exact = priced.complete
            if self._near is None and priced.bound > self.best:
                self._stale = 0
                self._keep(at, priced)
                self._centre = point
            elif raised and self._rough:
                # The best rewards were those of lower prices, far from what is asked now.
                self._centre = point
            done = duals.value - self.best / self.pricing.scale < CLOSE_ENOUGH
            harder = self._stale > PATIENCE and self._try_harder()
            if (
                not harder
                and added
                and (
                    duals.value - self.best / self.pricing.scale > FAR * duals.value
                    or priced.labels > MANY_LABELS
                )
            ):
                self._go_near(priced)
            if raised or (added and not done):
                return True
            if done or inertia == 0.0:
                return harder or self._try_harder()
            inertia = max(0.0, inertia - 0.3)

    def _go_near(self, priced: Priced) -> None:
        """Look for columns along near arcs, and those found missing, until there are no more."""
        if self._near is None and self.arcs is not None:
            self.arcs.learn(priced.ways)
            self._near = self.arcs

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

    def _towards(self, duals: Duals, inertia: float) -> _Point:
        """Return the duals drawn towards the best point known."""
        fresh = _Point(duals.rewards, duals.wages, duals.cuts)
        return fresh if self._centre is None else fresh.mixed(self._centre, inertia)

    def multipliers(self, rewards: NDArray[float64], prices: NDArray[float64]) -> Multipliers:
        """Return rewards and prices of cuts, in ticks, as pricing takes them."""
        scale = self.pricing.scale
        price = rounded_down(prices, scale)
        strongest = np.argsort(-price, kind="stable")[:MOST_CUTS]
        return Multipliers(
            rewards=self.pricing.fair(rounded_down(rewards, scale)),
            cuts=tuple((self.master.cuts[c], int(price[c])) for c in strongest if price[c] > 0),
        )

    def _price(
        self, at: Multipliers, wages: NDArray[float64], is_over: Callable[[], bool]
    ) -> Priced | None:
        return self.pricing.price(
            at,
            np.minimum(0, rounded_down(wages, self.pricing.scale)),
            effort=self._effort,
            most_labels=self._labels,
            near=self._near,
            is_over=is_over,
        )

    def useful(self, priced: Priced, duals: Duals) -> list[Column]:
        """Return the columns that are worth more than they cost in the linear program."""
        cost = np.array([column.cost for column in priced.columns], float64)
        members = self.master.members(priced.columns)
        worth = members @ np.concatenate((duals.rewards, duals.wages))
        paid = counted(members, self.master.cuts) @ duals.cuts
        return [priced.columns[place] for place in np.flatnonzero(cost + paid - worth < -1e-6)]

    def _all_cuts_fit(self) -> bool:
        """Return whether pricing counts every cut that has a price."""
        return self.duals is None or int((self.duals.cuts > 0).sum()) <= MOST_CUTS

    def is_level(self) -> bool:
        """Return whether further columns would raise the bound by hardly anything."""
        return self._near is None and self._slack() < LEVEL

    def is_close(self) -> bool:
        """Return whether columns are complete enough for a plan to be made of them."""
        return self._slack() < CLOSE

    def _slack(self) -> float:
        """Return how far the linear program lies above the bound, as a part of its value."""
        if self.duals is None:
            return 1.0
        return 1.0 - self.best / self.pricing.scale / max(1.0, self.duals.value)

    def _cut(self) -> bool:
        """Add the cuts that the linear program's mixture breaks; False if there are none."""
        if self.duals is None or len(self.master.cuts) > 4 * MOST_CUTS:
            return False
        shares = self.master.solve().shares
        mixed = np.flatnonzero((shares > 1e-6) & (shares < 1 - 1e-6))
        members = self.master.members([self.master.columns[place] for place in mixed])
        cuts = broken_cuts(members, shares[mixed], CUTS_PER_ROUND)
        known = set(self.master.cuts)
        new = [cut for cut in cuts if cut not in known]
        if new:
            self.master.add_cuts(new)
            self._labels = max(self._labels, LABELS_WITH_CUTS)
            self._near = self.arcs
        return bool(new)


def _usual_cost(pricing: Pricing) -> float:
    """Return what a stop costs as the only one, in ticks, for the caregiver in the middle."""
    alone = [
        int(np.min(nodes.cost_in + nodes.price + nodes.cost_out))
        for nodes in pricing.network.routes
        if len(nodes.row)
    ]
    return max(1.0, float(np.median(alone))) if alone else 1.0


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
