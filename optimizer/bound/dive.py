"""Routes of a plan out of the proof: what the linear program is sure of is fixed, step by step.

Its mixture of routes lies close to the best plans, closer than a search comes on larger days. The
routes used most are fixed, those that fit to them are priced anew, and so on. What it leaves out
in the end is little, and for the search to insert.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np

from optimizer.bound.column import Column
from optimizer.bound.column_generation import ColumnGeneration
from optimizer.bound.kernels.labelling import EXACT
from optimizer.bound.master import Duals, rounded_down

SURE = 0.6
"Columns used by this share are fixed together."
USED = 1e-6
ROUNDS = 2
"Pricings after each step."
FEW_LABELS = 20_000
"""Labels of a route. Those that end early are made first, so too few leave only short routes; with
cuts, 3,000 were too few."""


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
    duals = master.solve()
    while not is_over():
        duals = _priced_anew(generation, duals, fixed, is_over)
        surest = _surest(generation, duals, fixed)
        if not surest:
            break
        fixed |= {column.route: column for column in surest}
        duals = master.fix(surest)
    master.release()
    return tuple(fixed.values())


def _priced_anew(
    generation: ColumnGeneration,
    duals: Duals,
    fixed: Collection[int],
    is_over: Callable[[], bool],
) -> Duals:
    """Add the columns that go well with those fixed."""
    near = generation.arcs
    for _ in range(ROUNDS):
        priced = generation.pricing.price(
            generation.multipliers(duals.rewards, duals.cuts),
            np.minimum(0, rounded_down(duals.wages, generation.pricing.scale)),
            effort=EXACT,
            most_labels=FEW_LABELS,
            near=near,
            without=fixed,
            is_over=is_over,
        )
        if priced is None:
            break
        if generation.master.add(generation.useful(priced, duals)):
            duals = generation.master.solve()
        elif near is None:
            break
        else:
            near = None
    return duals


def _surest(
    generation: ColumnGeneration, duals: Duals, fixed: Mapping[int, Column]
) -> list[Column]:
    """Return the columns to fix next: those used most, without what others serve already."""
    columns = generation.master.columns
    chosen: list[Column] = []
    routes = set(fixed)
    served = {row for column in fixed.values() for row in column.rows}
    for place in np.argsort(-duals.shares, kind="stable").tolist():
        column = columns[place]
        if duals.shares[place] <= USED or (chosen and duals.shares[place] < SURE):
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
    way: list[int] = []
    for x in column.way:
        if int(row[x]) not in served and row[x] not in row[way]:
            way.append(x)
    if len(way) == len(column.way):
        return column
    return generation.pricing.column(column.route, way) if way else None
