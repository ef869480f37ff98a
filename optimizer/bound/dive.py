"""A diving heuristic: what the linear program is sure of is fixed, step by step, to a plan.

Its mixture of routes lies close to the best plans, closer than a search comes on larger days. The
routes used most are fixed, those that fit to them are priced anew, and so on. What it leaves out
in the end is little, and for the search to insert.

References
----------
Sadykov, Vanderbeck, Pessoa, Tahiri & Uchoa (2019), Primal heuristics for branch and price: the
assets of diving methods, INFORMS Journal on Computing 31(2).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np

from optimizer.bound.column import Column
from optimizer.bound.column_generation import ColumnGeneration
from optimizer.bound.dual_point import point_of
from optimizer.bound.kernels.labelling import EXACT
from optimizer.bound.master import MasterSolution, rounded_down

SURE = 0.6
"Value from which on columns are fixed together; below it, only the largest is."
USED = 1e-6
"Value up to which a column counts as not used."
ROUNDS = 2
"Pricings at most after each step; columns still missing after them stay so."
FEW_LABELS = 20_000
"""Label limit of a route. Labels that end early are made first, so too low a limit leaves only
short routes; with cuts, 3,000 were too few."""


def dive(generation: ColumnGeneration, *, is_over: Callable[[], bool]) -> tuple[Column, ...]:
    """Return routes of a plan, none of them serving what another serves.

    Parameters
    ----------
    generation
        A proof whose columns are complete, or nearly; goes on where it was afterwards.
    is_over
        Asked before every step; the routes fixed so far are returned.
    """
    master = generation.master
    fixed: dict[int, Column] = {}
    solution = master.solve()
    while not is_over():
        solution = _priced_anew(generation, solution, fixed, is_over)
        surest = _surest(generation, solution, fixed)
        if not surest:
            break
        fixed |= {column.route: column for column in surest}
        solution = master.fix(surest)
    master.release()
    return tuple(fixed.values())


def _priced_anew(
    generation: ColumnGeneration,
    solution: MasterSolution,
    fixed: Collection[int],
    is_over: Callable[[], bool],
) -> MasterSolution:
    """Add the columns that go well with those fixed."""
    near, master = generation.arcs, generation.master
    for _ in range(ROUNDS):
        priced = generation.pricing.price(
            point_of(solution).multipliers(generation.pricing, master.cuts),
            np.minimum(0, rounded_down(solution.route_duals, generation.pricing.scale)),
            effort=EXACT,
            most_labels=FEW_LABELS,
            near=near,
            without=fixed,
            is_over=is_over,
        )
        if priced is None:
            break
        if master.add(generation.improving(priced, solution)):
            solution = master.solve()
        elif near is None:
            break
        else:
            near = None
    return solution


def _surest(
    generation: ColumnGeneration, solution: MasterSolution, fixed: Mapping[int, Column]
) -> list[Column]:
    """Return the columns to fix next: those used most, without what others serve already."""
    columns = generation.master.columns
    chosen: list[Column] = []
    routes = set(fixed)
    served = {row for column in fixed.values() for row in column.rows}
    for place in np.argsort(-solution.column_values, kind="stable").tolist():
        column, value = columns[place], solution.column_values[place]
        if value <= USED or (chosen and value < SURE):
            break
        if column.route in routes:
            continue
        routes.add(column.route)
        kept = _without(generation, column, served)
        if kept is not None:
            chosen.append(kept)
            served.update(kept.rows)
    return chosen


def _without(
    generation: ColumnGeneration, column: Column, served: Collection[int]
) -> Column | None:
    """Return a column without the rows served elsewhere or earlier, None if none is left."""
    row = generation.pricing.network.routes[column.route].row
    path: list[int] = []
    for x in column.path:
        if int(row[x]) not in served and row[x] not in row[path]:
            path.append(x)
    if len(path) == len(column.path):
        return column
    return generation.pricing.column(column.route, path) if path else None
