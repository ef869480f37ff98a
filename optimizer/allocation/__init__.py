"""Which organisation cares for which client: by keeping, choice and rotation, line by line."""

from __future__ import annotations

from optimizer.allocation.allocate import allocate, with_organisations
from optimizer.allocation.fairness import BodyShare, Fairness, fairness

__all__ = ["BodyShare", "Fairness", "allocate", "fairness", "with_organisations"]
