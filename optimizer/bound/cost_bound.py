"""A lower bound of every plan's cost, with what leaving out each visit costs beyond it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.bound.network import bundles
from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData

Ints = NDArray[int64]


@dataclass(frozen=True, slots=True)
class CostBound:
    """What every plan costs at least, and what visits left out add to that.

    Attributes
    ----------
    value
        No plan costs less, in ticks of travel.
    reduced_prices
        Per visit of the scenario, at least 0: a plan costs at least `value` and these of all
        visits that it leaves out, in ticks of travel.
    """

    value: int
    reduced_prices: tuple[int, ...]


def at_duals(data: ProblemData, value: int, duals: Ints, scale: int) -> CostBound:
    """Return a Lagrangian bound with what its duals leave of the price of every visit.

    In that bound a visit left out counts with its dual, which is at most its price. What it
    costs more is its reduced price. Visits that are left out together share theirs equally.

    Parameters
    ----------
    data
        The compiled problem.
    value
        What the duals prove, in ticks of travel, rounded up.
    duals
        Per task, in ``1 / scale`` ticks; those of a bundle are at most its price together.
    scale
        At least 1.
    """
    bundle, prize = bundles(data.arrays)
    taken = np.zeros(len(prize), int64)
    np.add.at(taken, bundle, duals)
    left = prize - -(-taken // scale)
    members: dict[int, set[int]] = {}
    for k, task in enumerate(data.tasks):
        members.setdefault(int(bundle[k]), set()).add(task.visit)
    reduced = [0] * len(data.scenario.visits)
    for number, visits in members.items():
        for visit in visits:
            reduced[visit] = max(0, int(left[number]) // len(visits))
    return CostBound(value, tuple(reduced))


def by_cheapest_legs(data: ProblemData) -> CostBound:
    """Return a bound that takes no time: each visit by itself, as cheap as it may ever be.

    Every stop is reached by one leg, from its caregiver's home or from another visit, and costs
    what it costs with the cheapest caregiver who may come. So a plan costs at least the sum over
    all visits of the smaller of that and the price of leaving it out. The former are duals for
    which no route has a negative reduced cost, as other legs, the way home and everything else
    cost no less than nothing.
    """
    arrays = data.arrays
    bundle, prize = bundles(arrays)
    cheapest = _cheapest_stops(arrays, _nearest(arrays))
    total = np.zeros(len(prize), int64)
    np.add.at(total, bundle, np.minimum(cheapest, prize[bundle]))
    duals = np.zeros(len(bundle), int64)
    left = np.minimum(total, prize)
    for k, number in enumerate(bundle.tolist()):
        duals[k] = min(int(cheapest[k]), int(left[number]))
        left[number] -= duals[k]
    return at_duals(data, int(duals.sum()), duals, 1)


def _nearest(arrays: at.Arrays) -> Ints:
    """Return the shortest way to each task from any other visit, shape ``(modes, tasks)``."""
    place, visit = arrays.task[:, at.PLACE], arrays.task[:, at.VISIT]
    homes, first = np.unique(place, return_index=True)
    several = np.zeros(len(homes), bool)
    row = np.searchsorted(homes, place)
    several[row[visit != visit[first][row]]] = True
    found = np.full((len(arrays.travel_from), len(place)), at.BIG, int64)
    for number, home in enumerate(homes.tolist()):
        others = homes if several[number] else homes[homes != home]
        if len(others):
            ways = arrays.travel_from[:, home, :][:, others].min(axis=1)
            found[:, row == number] = ways[:, None]
    return found


def _cheapest_stops(arrays: at.Arrays, nearest: Ints) -> Ints:
    """Return what each task costs at least with the cheapest caregiver, its leg included."""
    task, found = arrays.task, np.full(len(arrays.task), at.BIG * at.BIG, int64)
    cut = task[:, at.FULL] - task[:, at.SHORT]
    for v in range(len(arrays.route)):
        route = arrays.route[v]
        rows = np.flatnonzero(arrays.allowed[task[:, at.ROW], v])
        if not len(rows):
            continue
        row, caregiver, mode = task[rows, at.ROW], route[at.CAREGIVER], route[at.MODE]
        full = arrays.price[row, caregiver].astype(int64)
        short = arrays.price_short[row, caregiver] + arrays.weight[at.W_SHORT] * cut[rows]
        price = np.where(cut[rows] > 0, np.minimum(full, short), full)
        between = nearest[mode, rows] * route[at.BETWEEN_RATE]
        out = arrays.travel[mode, route[at.HOME], task[rows, at.PLACE]].astype(int64)
        leg = np.minimum(between, out * route[at.HOME_RATE])
        found[rows] = np.minimum(found[rows], np.maximum(0, price) + leg)
    return found
