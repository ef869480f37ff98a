"""How good a roster can be at best: proven lower bounds by column generation."""

from __future__ import annotations

from optimizer.bound.column_generation import LowerBound
from optimizer.bound.lower_bound import (
    ScarcityPoints,
    lower_bound,
    most_saved,
    proven_again,
    scarcity_points,
)

__all__ = [
    "LowerBound",
    "ScarcityPoints",
    "lower_bound",
    "most_saved",
    "proven_again",
    "scarcity_points",
]
