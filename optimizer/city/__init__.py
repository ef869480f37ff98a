"""A day too large for one process, solved in parts that are cut anew in every round."""

from __future__ import annotations

from optimizer.city.city import City, solve_city

__all__ = ["City", "solve_city"]
