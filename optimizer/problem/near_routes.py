"""Which routes begin near a task."""

from __future__ import annotations

import numpy as np
from numpy import int8, int32, int64
from numpy.typing import NDArray

from optimizer.problem import layout as at

NEAREST_ROUTES = 24
"Routes kept per task, the nearest; a try on nearby routes looks at no others."


def near_routes(
    task: NDArray[int64], route: NDArray[int64], travel_from: NDArray[int32], allowed: NDArray[int8]
) -> NDArray[int32]:
    """Return the allowed routes that begin nearest to each task, shape ``(n, h)``.

    Nearness is travel from the route's home by its mode; of two alike the first one listed
    comes first. On several days every day has an equal share of the places, and what one
    day does not use goes to the others. Where fewer than h routes are allowed, -1 follows.

    Parameters
    ----------
    task, route
        The tables of tasks and routes.
    travel_from
        Ticks per mode, row = to, column = from, shape ``(modes, P, P)``.
    allowed
        Per row of eligibility 1 where a route is allowed, shape ``(r, m)``.
    """
    width = min(len(route), NEAREST_ROUTES)
    near = np.full((len(task), width), -1, int32)
    by_row = np.argsort(task[:, at.ROW], kind="stable")
    bounds = np.searchsorted(task[by_row, at.ROW], np.arange(len(allowed) + 1))
    for row, may in enumerate(allowed):
        routes = np.flatnonzero(may)
        if len(routes) == 0:
            continue
        dates = np.unique(route[routes, at.DATE])
        mode, home = route[routes, at.MODE], route[routes, at.HOME]
        for k in by_row[bounds[row] : bounds[row + 1]]:
            away = travel_from[mode, task[k, at.PLACE], home]
            order = np.argsort(away, kind="stable")
            if len(dates) > 1:
                before = _equal_before(route[routes[order], at.DATE])
                beyond = before >= -(-width // len(dates))
                chosen = np.sort(np.argsort(beyond, kind="stable")[:width])
                order = order[chosen]
            order = order[:width]
            near[k, : len(order)] = routes[order]
    return near


def _equal_before(values: NDArray[int64]) -> NDArray[int64]:
    """Return how many equal values come before each value."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    count = np.empty(len(values), int64)
    count[order] = np.arange(len(values)) - np.searchsorted(ordered, ordered)
    return count
