"""Which tasks lie near each other in space and time of day."""

from __future__ import annotations

import numpy as np
from numpy import float64, int32, int64
from numpy.typing import NDArray

from optimizer.domain.scenario import Scenario
from optimizer.problem import layout as at
from optimizer.problem.surroundings import groups
from optimizer.travel.matrix import TravelMatrices

NEAREST = 100
"Neighbours kept per task, the nearest; others are no neighbours."
WINDOW_SHARE = 0.1
"Minutes of travel that a minute between the middles of two windows counts like."
CANDIDATES = 2000
"Tasks around a group that are looked at first; more are only where these cannot be the nearest."
SAMPLE = 512
"Tasks that stand for all in the median; of more tasks, evenly chosen ones."


def near_tasks(
    scenario: Scenario, matrices: TravelMatrices, task: NDArray[int64]
) -> NDArray[int32]:
    """Return the nearest tasks of each task, itself first, shape ``(n, k)``.

    Nearness is travel by the fastest mode plus a tenth of the distance between the middles
    of the preferred windows; on several days also an hour per day between the first days.
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
    day_ticks = 60.0 * scenario.ticks_per_minute
    moment = np.column_stack((WINDOW_SHARE * middle, day_ticks * day))
    near = np.empty((n, k), int32)
    for group in groups(scenario, matrices, place, moment):
        count = min(n, CANDIDATES)
        while True:
            among = np.sort(group.others[:count])
            score = _travel(matrices, place[group.tasks], place[among])
            score += WINDOW_SHARE * np.abs(np.subtract.outer(middle[group.tasks], middle[among]))
            score += np.abs(np.subtract.outer(day[group.tasks], day[among])) * day_ticks
            score[np.arange(len(group.tasks)), np.searchsorted(among, group.tasks)] = -1.0
            chosen = np.sort(np.argpartition(score, k - 1)[:, :k])
            score = np.take_along_axis(score, chosen, axis=1)
            # Whoever lies further away than the last one counts cannot be nearer.
            if count == n or score.max() <= group.least[count]:
                break
            count = min(n, 2 * count)
        order = np.argsort(score, kind="stable")
        near[group.tasks] = among[np.take_along_axis(chosen, order, axis=1)]
    return near


def _travel(matrices: TravelMatrices, frm: NDArray[int64], to: NDArray[int64]) -> NDArray[float64]:
    """Return travel in ticks by the fastest mode, shape ``(frm, to)``."""
    fastest = np.full((len(frm), len(to)), np.inf if matrices.modes else 0.0)
    for matrix in matrices.table:
        np.minimum(fastest, matrix[frm][:, to], out=fastest)
    return fastest


def far_times(matrices: TravelMatrices, task: NDArray[int64]) -> NDArray[int64]:
    """Return each task's median travel to the others (a sample of them if many), ``(n,)``."""
    place = task[:, at.PLACE]
    if len(place) == 0 or not matrices.modes:
        return np.zeros(len(place), int64)
    sample = place[:: max(1, len(place) // SAMPLE)]
    medians: NDArray[float64] = np.median(matrices.table[0][np.ix_(place, sample)], axis=1)
    return medians.astype(int64)
