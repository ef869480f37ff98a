"""The duals of the linear program as a point, and points between two of them (smoothing)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy import float64
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class DualPoint:
    """Duals of rows, routes, cuts and circles, in ticks; the latter two as prices, at least 0."""

    duals: NDArray[float64]
    route_duals: NDArray[float64]
    cuts: NDArray[float64]
    circles: NDArray[float64]

    def smoothed(self, other: DualPoint, share: float) -> DualPoint:
        """Return this point moved towards an older one, which may know fewer cuts."""
        cuts = np.zeros(len(self.cuts))
        cuts[: len(other.cuts)] = other.cuts
        return DualPoint(
            share * other.duals + (1 - share) * self.duals,
            share * other.route_duals + (1 - share) * self.route_duals,
            share * cuts + (1 - share) * self.cuts,
            share * other.circles + (1 - share) * self.circles,
        )
