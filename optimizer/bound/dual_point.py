"""Duals and prices as a point of the linear program, points between two, and what pricing takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy import float64
from numpy.typing import NDArray

from optimizer.bound.cuts import Cut
from optimizer.bound.master import MasterSolution, rounded_down
from optimizer.bound.network import Network
from optimizer.bound.pricing import Multipliers, Pricing


@dataclass(frozen=True, slots=True)
class DualPoint:
    """Duals of rows and routes, prices of cuts, circles, moments and their sharing, in ticks."""

    duals: NDArray[float64]
    route_duals: NDArray[float64]
    cuts: NDArray[float64]
    circles: NDArray[float64]
    moments: NDArray[float64]
    sharing: NDArray[float64]

    def smoothed(self, other: DualPoint, share: float) -> DualPoint:
        """Return this point moved towards an older one, which may know fewer cuts."""
        cuts = np.zeros(len(self.cuts))
        cuts[: len(other.cuts)] = other.cuts
        return DualPoint(
            share * other.duals + (1 - share) * self.duals,
            share * other.route_duals + (1 - share) * self.route_duals,
            share * cuts + (1 - share) * self.cuts,
            share * other.circles + (1 - share) * self.circles,
            share * other.moments + (1 - share) * self.moments,
            share * other.sharing + (1 - share) * self.sharing,
        )

    def multipliers(self, pricing: Pricing, known: Sequence[Cut]) -> Multipliers:
        """Return duals and prices as pricing takes them.

        Parameters
        ----------
        pricing
            Prices the routes of the day.
        known
            The cuts of the linear program, in its order.
        """
        scale, network = pricing.scale, pricing.network
        price = rounded_down(self.cuts, scale)
        strongest = np.argsort(-price, kind="stable")[: pricing.most_cuts]
        dearest = network.circles.last_steps() * scale
        most = int(network.prize.max(initial=0)) * scale
        each = most // max(1, len(network.routes))
        return Multipliers(
            duals=pricing.feasible(rounded_down(self.duals, scale)),
            cuts=tuple((known[c], int(price[c])) for c in strongest if price[c] > 0),
            circles=np.minimum(rounded_down(self.circles, scale), dearest),
            moments=np.clip(rounded_down(self.moments, scale), -most, most),
            sharing=np.clip(rounded_down(self.sharing, scale), 0, each),
        )


def point_of(solution: MasterSolution) -> DualPoint:
    """Return the duals of a solution of the linear program."""
    return DualPoint(
        solution.duals,
        solution.route_duals,
        solution.cut_duals,
        solution.circle_duals,
        solution.moment_duals,
        solution.sharing_duals,
    )


def without_prices(
    network: Network, duals: NDArray[float64], route_duals: NDArray[float64]
) -> DualPoint:
    """Return a point from before the linear program has told what cuts and the rest are worth."""
    moments = len(network.moments)
    return DualPoint(
        duals,
        route_duals,
        np.zeros(0),
        network.circles.first_steps().astype(float64),
        np.zeros(moments),
        np.zeros((len(network.routes), moments)),
    )
