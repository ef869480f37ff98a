"""What the service promises: it answers soon, loses nothing, and comes back by itself."""

from __future__ import annotations

from benchmarks.service.suite import SUITE

__all__ = ["SUITE"]
