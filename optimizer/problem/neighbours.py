"""Which tasks lie near each other in space and time of day, and whose homes lie near them."""

from __future__ import annotations

import numpy as np
from numpy import int8, int32, int64
from numpy.typing import NDArray

from optimizer.domain.scenario import Scenario
from optimizer.problem import layout as at
from optimizer.travel.matrix import TravelMatrices

NEAREST = 100
"So many neighbours are kept per task."
WINDOW_SHARE = 0.1
"A minute between the middles of two windows counts like so many minutes of travel."
NEAREST_ROUTES = 24
"So many routes are kept per task."
SAMPLE = 512


def near_tasks(
    scenario: Scenario, matrices: TravelMatrices, task: NDArray[int64]
) -> NDArray[int32]:
    """Return the nearest tasks of each task, itself first, shape ``(n, k)``.

    Nearness is travel by the fastest mode plus a tenth of the distance between the middles
    of the preferred windows; on several days also a day's length between the first days.
    """
    n = len(task)
    k = min(n, NEAREST + 1)
    place = task[:, at.PLACE]
    middle = (task[:, at.EARLIEST] + np.minimum(task[:, at.DUE], task[:, at.LATEST])) / 2
    dates = scenario.horizon.dates()
    first_day = {visit.id: min(visit.dates, default=dates[0]) for visit in scenario.visits}
    day = np.array(
        [(first_day[scenario.visits[v].id] - dates[0]).days for v in task[:, at.VISIT]], int64
    )
    near = np.empty((n, k), int32)
    modes = list(matrices.ticks.values()) or [np.zeros((len(matrices.places),) * 2, int32)]
    for row in range(n):
        travel = np.min([m[place[row], place] for m in modes], axis=0)
        score = travel + WINDOW_SHARE * np.abs(middle - middle[row])
        score += np.abs(day - day[row]) * (60.0 * scenario.ticks_per_minute)
        score[row] = -1.0
        if k < n:
            chosen = np.argpartition(score, k - 1)[:k]
            chosen = np.sort(chosen)
        else:
            chosen = np.arange(n)
        near[row] = chosen[np.argsort(score[chosen], kind="stable")]
    return near


def near_routes(
    task: NDArray[int64], route: NDArray[int64], travel: NDArray[int32], allowed: NDArray[int8]
) -> NDArray[int32]:
    """Return the allowed routes that begin nearest to each task, shape ``(n, h)``.

    Nearness is travel from the route's home by its mode; of two alike the first one listed
    comes first. On several days every day has an equal share of the places, and what one
    day does not use goes to the others. Where fewer than h routes are allowed, -1 follows.

    Parameters
    ----------
    task, route
        The tables of tasks and routes.
    travel
        Ticks per mode, shape ``(modes, P, P)``.
    allowed
        Per row of eligibility 1 where a route is allowed, shape ``(r, m)``.
    """
    width = min(len(route), NEAREST_ROUTES)
    near = np.full((len(task), width), -1, int32)
    by_row = np.argsort(task[:, at.ROW], kind="stable")
    bounds = np.searchsorted(task[by_row, at.ROW], np.arange(len(allowed) + 1))
    for row, may in enumerate(allowed):
        routes = np.flatnonzero(may)
        dates = np.unique(route[routes, at.DATE])
        mode, home = route[routes, at.MODE], route[routes, at.HOME]
        for k in by_row[bounds[row] : bounds[row + 1]]:
            away = travel[mode, home, task[k, at.PLACE]]
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


def far_times(matrices: TravelMatrices, task: NDArray[int64]) -> NDArray[int64]:
    """Return each task's median travel to the others (a sample of them if many), ``(n,)``."""
    place = task[:, at.PLACE]
    if len(place) == 0 or not matrices.ticks:
        return np.zeros(len(place), int64)
    sample = place[:: max(1, len(place) // SAMPLE)]
    matrix = next(iter(matrices.ticks.values()))
    return np.array([int(np.median(matrix[p, sample])) for p in place], int64)
