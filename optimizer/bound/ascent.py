"""Good duals before the first linear program, by subgradient ascent.

A linear program that knows one plan says nothing about what visits are worth, and takes dozens of
rounds to find out. Duals that rise where no caregiver's cheapest route comes, and fall where
several do, are nearly as good after a hundred cheap steps along near arcs. What they prove is
then found by exact pricing, whose routes are also columns to begin with.

References
----------
Held & Karp (1971), The traveling-salesman problem and minimum spanning trees: part II,
Mathematical Programming 1 (ascent); Polyak (1969), Minimization of unsmooth functionals (length
of a step); Camerini, Fratta & Maffioli (1975), On improving relaxation methods by modified
gradient techniques, Mathematical Programming Study 3 (deflected subgradients).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy import float64, int64
from numpy.typing import NDArray

from optimizer.bound.column import Column
from optimizer.bound.kernels.labelling import EXACT
from optimizer.bound.master import rounded_down
from optimizer.bound.near_arcs import NearArcs
from optimizer.bound.pricing import Multipliers, Priced, Pricing

STEPS = 100
"Steps before the first exact pricing."
FURTHER_STEPS = 10
"Steps along the arcs that an exact pricing has added."
PRICINGS = 3
"Exact pricings, each followed by further steps but the last."
DEFLECTION = 0.3
"Share of the newest subgradient in the direction of a step; the rest is the direction before."
PATIENCE, SHORTER, LEAST_STEP = 8, 0.6, 0.05
"""Steps without a gain after which it goes back to the best duals, the factor by which steps then
shrink, and how long they are at least when it goes on after an exact pricing."""
LEAST_GAIN = 1e-4
"Rise of the bound that counts as a gain, as a part of the known cost."
FEW_LABELS = 20_000
"Label limit of one route at duals that are still rough; beyond it, the completion bound stands."


@dataclass(frozen=True, slots=True)
class Start:
    """Duals to start from.

    Attributes
    ----------
    at
        The duals, scaled.
    priced
        What they prove, and the routes that are cheap at them.
    """

    at: Multipliers
    priced: Priced


def equal_shares(pricing: Pricing, columns: Sequence[Column]) -> NDArray[float64]:
    """Return duals, in ticks, that share the cost of each route equally among its rows.

    Parameters
    ----------
    pricing
        Knows the network.
    columns
        Routes of one plan.
    """
    duals = np.zeros(pricing.network.num_rows)
    for column in columns:
        duals[list(column.rows)] = column.cost / len(column.rows)
    return duals


def ascend(
    pricing: Pricing,
    arcs: NearArcs,
    duals: NDArray[float64],
    known_cost: float,
    *,
    is_over: Callable[[], bool],
) -> Iterator[Start]:
    """Improve duals until they prove nearly all that near arcs let them.

    Parameters
    ----------
    pricing
        The day.
    arcs
        Near arcs; learns those of the cheapest routes.
    duals
        Per row, in ticks, to begin with.
    known_cost
        Cost of a plan, in ticks: a full step aims at it.
    is_over
        Asked before every step.

    Yields
    ------
    Start
        One per exact pricing that could be finished.
    """
    ascent = _Ascent(pricing, arcs, known_cost)
    reached = ascent.ascended(duals, STEPS, 1.0, is_over)
    for number in range(1, PRICINGS + 1):
        at = Multipliers(ascent.whole(reached.duals))
        priced = pricing.price(
            at, reached.reduced_costs, effort=EXACT, most_labels=FEW_LABELS, is_over=is_over
        )
        if priced is None:
            break
        arcs.learn(priced.paths)
        yield Start(at, priced)
        if number < PRICINGS:
            step_size = max(2 * reached.step_size, LEAST_STEP)
            reached = ascent.ascended(reached.duals, FURTHER_STEPS, step_size, is_over)


@dataclass(frozen=True, slots=True)
class _Reached:
    """Duals, the least reduced cost of each route (scaled, at most 0), and the last step's size."""

    duals: NDArray[float64]
    reduced_costs: NDArray[int64]
    step_size: float


class _Ascent:
    """Takes steps from duals to better ones."""

    def __init__(self, pricing: Pricing, arcs: NearArcs, known_cost: float) -> None:
        self._arcs = arcs
        self._pricing = pricing
        self._known_cost = known_cost
        network = pricing.network
        rows_of_bundle = np.bincount(network.bundle, minlength=len(network.prize))
        self._most = (network.prize / np.maximum(1, rows_of_bundle))[network.bundle]

    def whole(self, duals: NDArray[float64]) -> NDArray[int64]:
        """Return the duals as pricing takes them."""
        return self._pricing.feasible(rounded_down(duals, self._pricing.scale))

    def ascended(
        self,
        duals: NDArray[float64],
        steps: int,
        step_size: float,
        is_over: Callable[[], bool],
    ) -> _Reached:
        """Return the best duals met."""
        at = np.minimum(duals, self._most)
        best = _Reached(at, np.zeros(len(self._pricing.network.routes), int64), step_size)
        highest = float("-inf")
        direction = np.zeros(len(at))
        stale = 0
        for step in range(steps):
            if is_over():
                break
            whole = self.whole(at)
            reduced_costs, served = self._arcs.cheapest(whole)
            value = (int(whole.sum()) + int(reduced_costs.sum())) / self._pricing.scale
            stale += 1
            if value > highest:
                if value > highest + LEAST_GAIN * self._known_cost:
                    stale = 0
                highest = value
                best = _Reached(at, reduced_costs, step_size)
            missing = 1.0 - served
            direction = direction + (DEFLECTION if step else 1.0) * (missing - direction)
            length = float(direction @ direction)
            if length == 0.0 or value >= self._known_cost:
                break
            if stale == PATIENCE:
                stale = 0
                step_size *= SHORTER
                at = best.duals
            at = at + step_size * (self._known_cost - value) / length * direction
            at = np.clip(at, 0.0, self._most)
        return replace(best, step_size=step_size)
