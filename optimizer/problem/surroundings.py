"""Groups of tasks that lie together, and who lies around each group, without all pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy import float64, int64
from numpy.typing import NDArray

from optimizer.domain.place import GeodesicTravel
from optimizer.domain.scenario import Scenario
from optimizer.travel.geodesic import least_ticks, positions
from optimizer.travel.matrix import TravelMatrices

LARGEST_GROUP = 64


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Tasks that lie together, and all tasks by how far from them they lie at least.

    Attributes
    ----------
    tasks
        The group's own tasks, shape ``(g,)``.
    others
        All tasks, nearest first, shape ``(n,)``.
    least
        Ticks that every journey from the group to each of `others` takes at least, by any
        mode; ascending, shape ``(n,)``.
    """

    tasks: NDArray[int64]
    others: NDArray[int64]
    least: NDArray[float64]


def groups(scenario: Scenario, matrices: TravelMatrices, place: NDArray[int64]) -> Iterator[Group]:
    """Yield groups of tasks, every task in one.

    With travel from coordinates a group is a box in space, cut from the whole by halves.
    From explicit matrices nothing is known without looking: anybody may be next door.

    Parameters
    ----------
    scenario, matrices
        A scenario and its travel matrices.
    place
        The place of each task, shape ``(n,)``.
    """
    spec = scenario.travel
    if not isinstance(spec, GeodesicTravel) or not matrices.modes:
        everybody = np.arange(len(place))
        for start in range(0, len(place), LARGEST_GROUP):
            yield Group(
                everybody[start : start + LARGEST_GROUP], everybody, np.zeros(len(place), float64)
            )
        return
    points = positions(matrices.places)[place]
    for tasks in _boxes(points, np.arange(len(place))):
        low, high = points[tasks].min(axis=0), points[tasks].max(axis=0)
        outside = np.maximum(np.maximum(low - points, points - high), 0)
        metres = np.sqrt(np.square(outside).sum(axis=1))
        others = np.argsort(metres, kind="stable")
        least = least_ticks(spec, matrices.modes, metres[others], scenario.ticks_per_minute)
        yield Group(tasks, others, least)


def _boxes(points: NDArray[float64], tasks: NDArray[int64]) -> Iterator[NDArray[int64]]:
    """Halve tasks along their longest side until they are few."""
    if len(tasks) <= LARGEST_GROUP:
        yield tasks
        return
    inside = points[tasks]
    side = int(np.ptp(inside, axis=0).argmax())
    ordered = tasks[np.argsort(inside[:, side], kind="stable")]
    yield from _boxes(points, ordered[: len(tasks) // 2])
    yield from _boxes(points, ordered[len(tasks) // 2 :])
