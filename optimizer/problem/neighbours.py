"""Which tasks lie near each other in space and time of day."""

from __future__ import annotations

import numpy as np
from numpy import int32, int64
from numpy.typing import NDArray

from optimizer.domain.scenario import Scenario
from optimizer.problem import layout as at
from optimizer.travel.matrix import TravelMatrices

NEAREST = 100
"So many neighbours are kept per task."
WINDOW_SHARE = 0.1
"A minute between the middles of two windows counts like so many minutes of travel."
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


def far_times(matrices: TravelMatrices, task: NDArray[int64]) -> NDArray[int64]:
    """Return each task's median travel to the others (a sample of them if many), ``(n,)``."""
    place = task[:, at.PLACE]
    if len(place) == 0 or not matrices.ticks:
        return np.zeros(len(place), int64)
    sample = place[:: max(1, len(place) // SAMPLE)]
    matrix = next(iter(matrices.ticks.values()))
    return np.array([int(np.median(matrix[p, sample])) for p in place], int64)
