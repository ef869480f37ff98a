"""The master pattern: learned from a roster, laid out over later days, held against a plan."""

from __future__ import annotations

from optimizer.pattern.deviations import Cause, Deviation, Stability, deviations, stability
from optimizer.pattern.laying_out import laid_out
from optimizer.pattern.learning import learned

__all__ = [
    "Cause",
    "Deviation",
    "Stability",
    "deviations",
    "laid_out",
    "learned",
    "stability",
]
