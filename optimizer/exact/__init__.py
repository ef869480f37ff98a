"""The whole problem as one constraint-programming model: an oracle, and proofs for small days."""

from __future__ import annotations

from optimizer.exact.model import ExactResult, solve_exact

__all__ = ["ExactResult", "solve_exact"]
