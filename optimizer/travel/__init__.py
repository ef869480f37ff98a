"""How long everybody is on the way: one matrix of travel times per mode."""

from __future__ import annotations

from optimizer.travel.geodesic import straight_metres
from optimizer.travel.matrix import TravelMatrices, travel_matrices
from optimizer.travel.reach import UNREACHABLE
from optimizer.travel.sanity import check_travel

__all__ = ["UNREACHABLE", "TravelMatrices", "check_travel", "straight_metres", "travel_matrices"]
