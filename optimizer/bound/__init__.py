"""How good a roster can be at best: proven lower bounds by column generation."""

from __future__ import annotations

from optimizer.bound.column_generation import LowerBound
from optimizer.bound.lower_bound import (
    DualWeights,
    dual_weights,
    lower_bound,
    most_saved,
    proven_again,
)

__all__ = [
    "DualWeights",
    "LowerBound",
    "dual_weights",
    "lower_bound",
    "most_saved",
    "proven_again",
]
