"""Everybody planned anew for a visit that is left out: the smallest change that serves it."""

from __future__ import annotations

from optimizer.replan.smallest_change import ReplanAnswer, Replanned, replanned

__all__ = ["ReplanAnswer", "Replanned", "replanned"]
