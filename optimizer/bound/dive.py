"""From proof to plan: routes fixed one after the other, the rest priced again each time.

Where visits go unserved, a search by small steps can be far from the best. The linear program
looks at whole routes; diving makes its mixture of routes into a plan, which the search may start
from.
"""

from __future__ import annotations

import time

import numpy as np
from numpy import float64, int64
from numpy.typing import NDArray

from optimizer.bound.column_generation import ColumnGeneration
from optimizer.bound.kernels.labelling import QUICK
from optimizer.bound.master import Column, Duals, rounded_down
from optimizer.bound.pricing import Multipliers
from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes

FIXED_ABOVE = 0.7
"Routes used at least so much are fixed at once; of the others, some of the most used."
FIXINGS = 25
"At most so many times routes are fixed, whatever the number of routes."


def dive(generation: ColumnGeneration, seconds: float) -> list[Column]:
    """Fix the most used routes until none is left to use; the bound cannot be raised afterwards.

    Parameters
    ----------
    generation
        What has proven the bound; its linear program is used up.
    seconds
        Time limit; routes fixed by then are returned.
    """
    began = time.perf_counter()
    master = generation.master
    fixed: list[Column] = []
    free = np.ones(len(generation.pricing.network.routes), bool)
    least = -(-len(free) // FIXINGS)
    while time.perf_counter() - began < seconds:
        duals = master.solve()
        if master.add(_priced(generation, duals, free)):
            duals = master.solve()
        chosen = _most_used(master.columns, duals.shares, free, least)
        if not chosen:
            break
        master.fix(chosen)
        for place in chosen:
            fixed.append(master.columns[place])
            free[master.columns[place].route] = False
    return fixed


def _priced(generation: ColumnGeneration, duals: Duals, free: NDArray[np.bool_]) -> list[Column]:
    """Return routes of the caregivers left that are worth more than they cost."""
    pricing = generation.pricing
    rewards = pricing.fair(rounded_down(duals.rewards, pricing.scale))
    # A threshold that nothing is below keeps fixed routes out.
    nothing = np.iinfo(int64).min // 2
    wages = np.where(free, rounded_down(duals.wages, pricing.scale), nothing)
    found = pricing.price(Multipliers(rewards), np.minimum(0, wages), effort=QUICK)
    return generation.useful(found, duals)


def _most_used(
    columns: list[Column], shares: NDArray[float64], free: NDArray[np.bool_], least: int
) -> list[int]:
    """Return the places of the most used routes of free caregivers that share no task."""
    chosen: list[int] = []
    taken: set[int] = set()
    used: set[int] = set()
    for place in np.argsort(-shares, kind="stable").tolist():
        if shares[place] < 1e-6 or (len(chosen) >= least and shares[place] < FIXED_ABOVE):
            break
        column = columns[place]
        fits = column.route not in used and not taken & set(column.rows)
        if free[column.route] and fits:
            chosen.append(place)
            used.add(column.route)
            taken |= set(column.rows)
    return chosen


def routes_of(data: ProblemData, columns: list[Column]) -> Routes:
    """Return columns as routes; a task on several of them stays on the first only.

    Whoever takes them checks them: rules that the bound leaves out may be broken.

    Parameters
    ----------
    data
        The compiled problem.
    columns
        At most one per route.
    """
    stops: list[list[tuple[int, int]]] = [[] for _ in range(data.num_routes)]
    pause = np.zeros(data.num_routes, int64)
    seen: set[int] = set()
    for column in columns:
        row = data.arrays.route[column.route]
        for task, care in zip(column.rows, column.care, strict=True):
            if task not in seen:
                seen.add(task)
                stops[column.route].append((task, care))
                # Roughly where the break falls; a place that does not fit costs a stop.
                early = data.arrays.task[task, at.EARLIEST] < row[at.BREAK_FROM]
                pause[column.route] += int(early)
    ptr = np.zeros(data.num_routes + 1, int64)
    np.cumsum([len(some) for some in stops], out=ptr[1:])
    flat = np.array([stop for some in stops for stop in some], int64).reshape(-1, 2)
    nothing = np.zeros(len(flat), int64)
    return Routes(ptr, flat[:, 0].copy(), flat[:, 1].copy(), nothing, pause)
