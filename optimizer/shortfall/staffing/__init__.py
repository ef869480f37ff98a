"""How many more caregivers would be needed, of which kinds, and how many are not enough."""

from __future__ import annotations

from optimizer.shortfall.staffing.answer import Hiring, Point, Staffing, staffing
from optimizer.shortfall.staffing.drawn_days import OnFutures
from optimizer.shortfall.staffing.effort import Effort
from optimizer.shortfall.staffing.futures import on_futures
from optimizer.shortfall.staffing.kinds import Kind, kinds_of
from optimizer.shortfall.staffing.ranking import Valued
from optimizer.shortfall.staffing.scarcest import Scarcest

__all__ = [
    "Effort",
    "Hiring",
    "Kind",
    "OnFutures",
    "Point",
    "Scarcest",
    "Staffing",
    "Valued",
    "kinds_of",
    "on_futures",
    "staffing",
]
