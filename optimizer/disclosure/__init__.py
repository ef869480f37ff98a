"""What may be published of people: counts with gaps that nobody can fill in."""

from __future__ import annotations

from optimizer.disclosure.cells import (
    NARROWEST,
    SMALLEST_CELL,
    Release,
    suppress_cells,
    suppressed_beside,
)
from optimizer.disclosure.intervals import Interval, intervals

__all__ = [
    "NARROWEST",
    "SMALLEST_CELL",
    "Interval",
    "Release",
    "intervals",
    "suppress_cells",
    "suppressed_beside",
]
