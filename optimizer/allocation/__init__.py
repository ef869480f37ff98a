"""Which organisation cares for which client: by keeping, choice and rotation, line by line."""

from __future__ import annotations

from optimizer.allocation.allocate import allocate, resumed, with_organisations
from optimizer.allocation.fairness import BodyShare, Fairness, fairness
from optimizer.allocation.measures import (
    Concentrated,
    Ease,
    Skimmed,
    concentrated,
    envious,
    share_gap,
    skimmed,
)
from optimizer.allocation.packages import without_visits

__all__ = [
    "BodyShare",
    "Concentrated",
    "Ease",
    "Fairness",
    "Skimmed",
    "allocate",
    "concentrated",
    "envious",
    "fairness",
    "resumed",
    "share_gap",
    "skimmed",
    "with_organisations",
    "without_visits",
]
