"""A day too large for one process, solved in parts that are cut anew in every round."""

from __future__ import annotations

from optimizer.city.city import City, CityObserver, CityProgress, solve_city, unheard

__all__ = ["City", "CityObserver", "CityProgress", "solve_city", "unheard"]
