"""From one stop to the next: which can follow, when it begins then, and what the leg costs."""

from __future__ import annotations

import numpy as np

from optimizer.bound.kernels.compiled import allocating, kernel, leaf
from optimizer.bound.kernels.tables import NOBODY, Arcs

NEVER = 1 << 60


@leaf
def arrival(day, x, end, y, ticks):
    """Return when node y begins after node x that ends at `end`; `NEVER` if it may not follow."""
    if day.stage[y] == day.stage[x]:
        start = end + ticks
    elif day.stage[y] > day.stage[x] and end <= day.pause_to:
        start = max(end, day.pause_from) + day.pause_length + ticks
    else:
        return NEVER
    if start > day.latest[y]:
        return NEVER
    return max(start, day.ready[y])


@leaf
def price_of_stop(day, y, start):
    """Return what node y costs by itself, its dual taken off, when it begins at `start`."""
    return day.reduced[y] + day.late_price * max(0, start - day.due[y])


@leaf
def price_of_end(day, x, end):
    """Return what going home from node x at `end` costs; `NEVER` if that may not be."""
    back = end + day.time_out[x]
    if day.pause_length > 0 and day.stage[x] == 0 and back > day.pause_to:
        # Whoever has not rested yet rests at home, or before the way there if that is too late.
        if end > day.pause_to:
            return NEVER
        back = max(end, day.pause_from) + day.pause_length + day.time_out[x]
    if back > day.home_by:
        return NEVER
    return day.cost_out[x] + day.over_price * max(0, back - day.close)


@allocating
def half_charged(day, arcs, pair_price):
    """Return the arcs with half the price of the cuts that hold both their ends.

    A route that serves so many rows of a cut in a row goes along one arc less, and pays for
    half of them, rounded down: no less than half the price for every arc.
    """
    price = arcs.price.copy()
    for x in range(arcs.to.shape[0]):
        for arc in range(arcs.to.shape[1]):
            y = arcs.to[x, arc]
            if y == NOBODY:
                break
            price[x, arc] += pair_price[day.row[x], day.row[y]]
    return Arcs(arcs.to, arcs.ticks, price)


@kernel
def lay_arcs(day, journeys, arcs):
    """Write all arcs that a route can follow."""
    q = len(day.row)
    for x in range(q):
        count = 0
        end = day.ready[x] + day.duration[x]
        for y in range(q):
            if day.row[y] == day.row[x] or day.stage[y] < day.stage[x]:
                continue
            ticks = np.int64(journeys.ticks[day.row[x], day.row[y]])
            if ticks > journeys.longest or end + ticks > day.latest[y]:
                continue
            arcs.to[x, count] = y
            arcs.ticks[x, count] = ticks
            arcs.price[x, count] = journeys.between_price * ticks
            if journeys.mileage > 0:
                metres = np.int64(journeys.metres[day.row[x], day.row[y]])
                arcs.price[x, count] += metres * journeys.mileage // 1000 * journeys.fen_price
            count += 1
        if count < q:
            arcs.to[x, count] = NOBODY
