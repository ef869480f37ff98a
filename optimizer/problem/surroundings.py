"""Groups of tasks that lie together, and who lies around each group, without all pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy import float64, int64
from numpy.typing import NDArray

from optimizer.domain.place import GeodesicTravel
from optimizer.domain.scenario import Scenario
from optimizer.travel.geodesic import least_ticks_per_metre, positions
from optimizer.travel.matrix import TravelMatrices
from optimizer.travel.reach import UNREACHABLE

LARGEST_GROUP = 64
ROUNDING = 1e-6
"Ticks by which a bound stays below what it bounds, whatever the last digits are."


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Tasks that lie together, and all tasks by how far from them they are at least.

    Attributes
    ----------
    tasks
        The group's own tasks, shape ``(g,)``.
    others
        All tasks, the group's own first, then nearest first, shape ``(n,)``.
    least
        Ticks that lie at least between any task of the group and each of `others`;
        ascending, shape ``(n,)``.
    """

    tasks: NDArray[int64]
    others: NDArray[int64]
    least: NDArray[float64]


def groups(
    scenario: Scenario,
    matrices: TravelMatrices,
    place: NDArray[int64],
    moment: NDArray[float64],
) -> Iterator[Group]:
    """Yield groups of tasks, every task in one.

    What lies between two tasks is the journey by the fastest mode and the distance between
    their moments. A group is a box in space and time, cut from the whole by halves; how far
    off a box is needs no look at the matrices. Explicit matrices need not fit the
    coordinates, so there only the moments count.

    Parameters
    ----------
    scenario, matrices
        A scenario and its travel matrices.
    place
        The place of each task, shape ``(n,)``.
    moment
        When each task is, in ticks and in one or more ways that add up, shape ``(n, w)``.
    """
    if len(place) == 0:
        return
    spec = scenario.travel
    ways = moment.shape[1]
    sides = moment
    if isinstance(spec, GeodesicTravel) and matrices.modes and not spec.measured:
        # A measured journey may be shorter than any way in a straight line.
        pace = least_ticks_per_metre(spec, matrices.modes, scenario.ticks_per_minute)
        sides = np.column_stack((moment, positions(matrices.places)[place] * pace))
    for tasks in _boxes(sides, np.arange(len(place))):
        low, high = sides[tasks].min(axis=0), sides[tasks].max(axis=0)
        outside = np.maximum(np.maximum(low - sides, sides - high), 0)
        way = np.sqrt(np.square(outside[:, ways:]).sum(axis=1))
        least = outside[:, :ways].sum(axis=1) + np.minimum(way, UNREACHABLE)
        least = np.maximum(least - ROUNDING, 0)
        # Of many in the same spot the group's own come first.
        others = np.lexsort((~np.isin(np.arange(len(place)), tasks), least))
        yield Group(tasks, others, least[others])


def _boxes(sides: NDArray[float64], tasks: NDArray[int64]) -> Iterator[NDArray[int64]]:
    """Halve tasks along their longest side until they are few."""
    if len(tasks) <= LARGEST_GROUP:
        yield tasks
        return
    inside = sides[tasks]
    side = int(np.ptp(inside, axis=0).argmax())
    ordered = tasks[np.argsort(inside[:, side], kind="stable")]
    yield from _boxes(sides, ordered[: len(tasks) // 2])
    yield from _boxes(sides, ordered[len(tasks) // 2 :])
