"""Good rewards before the first linear program, by climbing along subgradients.

A linear program that knows one plan says nothing about what visits are worth, and takes dozens of
rounds to find out. Rewards that rise where no caregiver's cheapest route comes, and fall where
several do, are nearly as good after a hundred cheap steps along near arcs. What they prove is
then found by exact pricing, whose routes are also columns to begin with.
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
FRESH = 0.3
"Share of the newest subgradient in the direction of a step."
PATIENCE, SHORTER, LEAST_STRIDE = 8, 0.6, 0.05
"After so many steps without a gain, go back to the best and take shorter strides."
LEAST_GAIN = 1e-4
"Part of the known cost that counts as a gain."
FEW_LABELS = 20_000
"Labels of one route that exact pricing is given at rewards that are still rough."


@dataclass(frozen=True, slots=True)
class Start:
    """Rewards to start from.

    Attributes
    ----------
    at
        The rewards, scaled.
    priced
        What they prove, and the routes that are cheap at them.
    """

    at: Multipliers
    priced: Priced


def equal_shares(pricing: Pricing, columns: Sequence[Column]) -> NDArray[float64]:
    """Return rewards, in ticks, that share the cost of each route equally among its rows.

    Parameters
    ----------
    pricing
        Knows the network.
    columns
        Routes of one plan.
    """
    rewards = np.zeros(pricing.network.num_rows)
    for column in columns:
        rewards[list(column.rows)] = column.cost / len(column.rows)
    return rewards


def climb(
    pricing: Pricing,
    arcs: NearArcs,
    rewards: NDArray[float64],
    known_cost: float,
    *,
    is_over: Callable[[], bool],
) -> Iterator[Start]:
    """Improve rewards until they prove nearly all that near arcs let them.

    Parameters
    ----------
    pricing
        The day.
    arcs
        Near arcs; learns those of the cheapest routes.
    rewards
        Per row, in ticks, to begin with.
    known_cost
        Cost of a plan, in ticks: the longest stride aims at it.
    is_over
        Asked before every step.

    Yields
    ------
    Start
        One per exact pricing that could be finished.
    """
    climber = _Climber(pricing, arcs, known_cost)
    reached = climber.climbed(rewards, STEPS, 1.0, is_over)
    for number in range(1, PRICINGS + 1):
        at = Multipliers(climber.whole(reached.rewards))
        priced = pricing.price(
            at, reached.least, effort=EXACT, most_labels=FEW_LABELS, is_over=is_over
        )
        if priced is None:
            break
        arcs.learn(priced.ways)
        yield Start(at, priced)
        if number < PRICINGS:
            stride = max(2 * reached.stride, LEAST_STRIDE)
            reached = climber.climbed(reached.rewards, FURTHER_STEPS, stride, is_over)


@dataclass(frozen=True, slots=True)
class _Reached:
    """Rewards, what each route costs after them (scaled, at most 0), and the last stride."""

    rewards: NDArray[float64]
    least: NDArray[int64]
    stride: float


class _Climber:
    """Takes steps from rewards to better ones."""

    def __init__(self, pricing: Pricing, arcs: NearArcs, known_cost: float) -> None:
        self._arcs = arcs
        self._pricing = pricing
        self._known_cost = known_cost
        network = pricing.network
        rows_of_bundle = np.bincount(network.bundle, minlength=len(network.prize))
        self._most = (network.prize / np.maximum(1, rows_of_bundle))[network.bundle]

    def whole(self, rewards: NDArray[float64]) -> NDArray[int64]:
        """Return the rewards as pricing takes them."""
        return self._pricing.fair(rounded_down(rewards, self._pricing.scale))

    def climbed(
        self,
        rewards: NDArray[float64],
        steps: int,
        stride: float,
        is_over: Callable[[], bool],
    ) -> _Reached:
        """Return the best rewards met."""
        at = np.minimum(rewards, self._most)
        best = _Reached(at, np.zeros(len(self._pricing.network.routes), int64), stride)
        highest = float("-inf")
        direction = np.zeros(len(at))
        stale = 0
        for step in range(steps):
            if is_over():
                break
            whole = self.whole(at)
            least, served = self._arcs.cheapest(whole)
            value = (int(whole.sum()) + int(least.sum())) / self._pricing.scale
            stale += 1
            if value > highest:
                if value > highest + LEAST_GAIN * self._known_cost:
                    stale = 0
                highest = value
                best = _Reached(at, least, stride)
            missing = 1.0 - served
            direction = direction + (FRESH if step else 1.0) * (missing - direction)
            length = float(direction @ direction)
            if length == 0.0 or value >= self._known_cost:
                break
            if stale == PATIENCE:
                stale = 0
                stride *= SHORTER
                at = best.rewards
            at = at + stride * (self._known_cost - value) / length * direction
            at = np.clip(at, 0.0, self._most)
        return replace(best, stride=stride)
