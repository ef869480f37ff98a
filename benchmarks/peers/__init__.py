"""Our search side by side with other people's routing solvers, on the same day."""

from __future__ import annotations

from benchmarks.peers.suite import SUITE

__all__ = ["SUITE"]
