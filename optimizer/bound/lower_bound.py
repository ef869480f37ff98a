"""How cheap any plan can be at best, and how many visits must stay unserved in all of them."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy import int64

from optimizer.bound.column_generation import ColumnGeneration, LowerBound
from optimizer.bound.columns import columns_of, routes_of
from optimizer.bound.cost_bound import CostBound, at_duals
from optimizer.bound.dive import dive
from optimizer.bound.network import count_prizes, network_of
from optimizer.bound.ng_sets import ng_sets_of
from optimizer.bound.pricing import Multipliers, Pricing
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.progress import Observer, Progress, silent
from optimizer.stop import StoppingCriterion

MOST_PAIRS = 200_000
"""Largest day, in pairs of a task and a route. Nothing is proven of a larger one: laying it out
takes longer than anybody gives the proof."""


def lower_bound(
    data: ProblemData,
    seconds: float,
    *,
    routes: Routes | None = None,
    known_cost: int | None = None,
    threads: int = 1,
    observer: Observer = silent,
    stop: StoppingCriterion | None = None,
    began: float | None = None,
) -> LowerBound:
    """Prove that no plan costs less than what is returned.

    Days with more than `MOST_PAIRS` pairs of a task and a route are too large: nothing is proven.

    Parameters
    ----------
    data
        The compiled problem.
    seconds
        Time limit (positive); the bound is valid whenever the work ends.
    routes, known_cost
        The best plan known and its cost: routes to begin with, and where to end.
    threads
        At least 1.
    observer, stop, began
        As for the search.
    """
    started = time.perf_counter()
    proof = Proof(data, routes, threads=threads)
    return proof.bound(
        seconds - (time.perf_counter() - started),
        known_cost=known_cost,
        observer=observer,
        stop=stop,
        began=began,
    )


class Proof:
    """A lower bound, and a plan made of the routes that it is proven with.

    Parameters
    ----------
    data
        The compiled problem.
    routes
        The best plan known: routes to begin with.
    threads
        At least 1.
    """

    def __init__(
        self, data: ProblemData, routes: Routes | None = None, *, threads: int = 1
    ) -> None:
        self._data = data
        self._generation: ColumnGeneration | None = None
        if data.num_tasks * data.num_routes <= MOST_PAIRS:
            self._generation = _generation(data, routes, threads, None)

    def bound(
        self,
        seconds: float,
        *,
        known_cost: int | None = None,
        observer: Observer = silent,
        stop: StoppingCriterion | None = None,
        began: float | None = None,
    ) -> LowerBound:
        """Return what is proven; parameters as of `lower_bound`."""
        if self._generation is None:
            nothing = Multipliers(np.zeros(self._data.num_tasks, int64))
            saved = np.zeros(self._data.num_routes)
            return LowerBound(0, nothing, saved, True, 0, 0.0, 0, 0, ())
        return self._generation.run(
            seconds, known_cost=known_cost, observer=observer, stop=stop, began=began
        )

    def cost_bound(self, found: LowerBound) -> CostBound:
        """Return what is proven with what its duals leave of the price of every visit."""
        if self._generation is None:
            return CostBound(0, (0,) * len(self._data.scenario.visits))
        scale = self._generation.pricing.scale
        return at_duals(self._data, found.value, found.multipliers.duals, scale)

    def dive(
        self,
        seconds: float,
        *,
        observer: Observer = silent,
        stop: StoppingCriterion | None = None,
        began: float | None = None,
    ) -> Routes | None:
        """Return a plan made of the proof's routes, None if it has too few of them.

        The plan may leave out visits that fit in, and breaks the rules that the bound relaxes:
        it is for the search to start from.

        Parameters
        ----------
        seconds
            Time limit (positive).
        observer, stop, began
            As for the search.
        """
        generation = self._generation
        if generation is None or not generation.is_close():
            return None
        started = time.perf_counter()
        began = started if began is None else began

        def is_over() -> bool:
            now = time.perf_counter()
            progress = Progress("bound", now - began, bound=generation.value)
            observer(progress)
            return now - started >= seconds or (stop is not None and stop(progress) is not None)

        return routes_of(generation.pricing, self._data, dive(generation, is_over=is_over))


@dataclass(frozen=True, slots=True)
class DualWeights:
    """A proof that visits must stay unserved, which anybody can add up.

    Every visit has a weight, at most 1 (a two-carer visit: over both carers): its dual in the
    relaxation that leaves out as few visits as it can. Whoever leaves out visits of weight w
    leaves out w visits at least. No route holds more weight than its limit, so the weight that no
    route can hold is visits that nobody can give.

    Attributes
    ----------
    weights
        Per task, in ``1 / unit`` visits.
    limits
        Per caregiver-day, the most weight that one route can hold, in ``1 / unit`` visits.
    unit
        Weight of a whole visit.
    least_unserved
        Visits that must stay unserved: all weights less all limits, rounded up.
    """

    weights: tuple[int, ...]
    limits: tuple[int, ...]
    unit: int

    @property
    def least_unserved(self) -> int:
        """Return the number of visits that must stay unserved."""
        return max(0, -(-(sum(self.weights) - sum(self.limits)) // self.unit))


def dual_weights(
    data: ProblemData,
    seconds: float,
    *,
    routes: Routes | None = None,
    unserved: int | None = None,
    threads: int = 1,
    stop: StoppingCriterion | None = None,
) -> DualWeights:
    """Find the dual weights that prove most visits unservable.

    Parameters
    ----------
    data
        The compiled problem.
    seconds
        Time limit (positive).
    routes, unserved
        The best plan known and the visits it leaves out: nothing more can be proven.
    threads
        At least 1.
    stop
        Reason to end early.
    """
    started = time.perf_counter()
    generation = _generation(data, routes, threads, np.ones(len(data.scenario.visits), int64))
    found = generation.run(
        seconds - (time.perf_counter() - started), known_cost=unserved, with_cuts=False, stop=stop
    )
    scale = generation.pricing.scale
    return DualWeights(
        weights=tuple(found.multipliers.duals.tolist()),
        limits=tuple(np.rint(-found.reduced_costs * scale).astype(int64).tolist()),
        unit=scale,
    )


def proven_again(data: ProblemData, multipliers: Multipliers, *, threads: int = 1) -> int:
    """Return the bound that known duals prove for a day that may have changed since.

    One completion bound per route: a fraction of a second where the bound itself took minutes.
    Rows are those of `data`; duals that are too high for a price are cut down.

    Parameters
    ----------
    data
        The compiled problem, with as many tasks as there are duals.
    multipliers
        Of an earlier bound; its cuts are left out.
    threads
        At least 1.
    """
    network = network_of(data)
    pricing = Pricing(network, ng_sets_of(data, network), threads=threads)
    priced = pricing.completed(_without_cuts(pricing, multipliers))
    return max(0, -(-priced // pricing.scale))


def _generation(
    data: ProblemData,
    routes: Routes | None,
    threads: int,
    per_visit: np.ndarray[tuple[int, ...], np.dtype[int64]] | None,
) -> ColumnGeneration:
    counting = None if per_visit is None else count_prizes(data, per_visit)
    network = network_of(data, counting=counting)
    pricing = Pricing(network, ng_sets_of(data, network), threads=threads)
    columns = () if routes is None else columns_of(pricing, data, routes)
    return ColumnGeneration(pricing, columns, follows_near=counting is not None)


def most_saved(data: ProblemData, multipliers: Multipliers, routes: list[int]) -> list[int]:
    """Return what each of some routes could save at most, in ticks of travel.

    For the question where one caregiver more would help: the routes belong to caregivers who
    are only imagined. The optimum with one of them is at least the bound without her less this;
    so it ranks, and usually says too much. What several of them save does not add up.

    Parameters
    ----------
    data
        The compiled problem with the imagined caregivers; tasks as when the bound was made.
    multipliers
        Of the bound without them; its cuts are left out.
    routes
        Route indices, each looked at by itself.
    """
    network = network_of(data)
    pricing = Pricing(network, ng_sets_of(data, network))
    at = _without_cuts(pricing, multipliers)
    return [-(pricing.cheapest(v, at) // pricing.scale) for v in routes]


def _without_cuts(pricing: Pricing, multipliers: Multipliers) -> Multipliers:
    """Return earlier duals as this day's pricing takes them, without cuts."""
    circles = multipliers.circles
    if circles is not None and len(circles) != len(pricing.network.circles):
        circles = None
    moments, sharing = multipliers.moments, multipliers.sharing
    size = len(pricing.network.routes), len(pricing.network.moments)
    if sharing is not None and sharing.shape != size:
        moments = sharing = None
    return Multipliers(pricing.feasible(multipliers.duals), (), circles, moments, sharing)
