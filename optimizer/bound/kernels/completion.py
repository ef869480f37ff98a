"""Backward: completion bounds, the least that a route can still cost after a stop.

Time is counted in cells. Paths may come back to a row, but not by way of one other: 2-cycle
elimination.

References
----------
Houck, Picard, Queyranne & Vemuganti (1980), The travelling salesman problem as a constrained
shortest path problem, Opsearch 17; Desrochers, Desrosiers & Solomon (1992), A new optimization
algorithm for the vehicle routing problem with time windows, Operations Research 40(2).
"""

from __future__ import annotations

import numpy as np

from optimizer.bound.kernels.arcs import NEVER, arrival, price_of_end, price_of_stop
from optimizer.bound.kernels.compiled import allocating, allocating_entry, kernel, leaf
from optimizer.bound.kernels.tables import FAR, HOME, NOBODY, CompletionBounds


@allocating
def completion_bounds(day, arcs):
    """Return the least cost of every path on from every node and cell; none goes i-k-i."""
    q = len(day.ready)
    offset = np.zeros(q + 1, np.int64)
    for x in range(q):
        offset[x + 1] = offset[x] + (day.latest[x] >> day.cell) - (day.ready[x] >> day.cell) + 1
    completion = CompletionBounds(
        offset,
        np.empty(offset[q], np.int64),
        np.empty(offset[q], np.int32),
        np.empty(offset[q], np.int64),
    )
    _complete(day, arcs, completion)
    return completion


@leaf
def cell_of(day, completion, x, start):
    """Return where node x beginning at `start` lies in the tables."""
    return completion.offset[x] + (start >> day.cell) - (day.ready[x] >> day.cell)


@leaf
def rest_after(completion, at, row):
    """Return the least cost on from a cell that does not go straight to a row."""
    return completion.best[at] if completion.after[at] != row else completion.second[at]


@kernel
def _complete(day, arcs, completion):
    """Fill in the tables, last cells first."""
    q = len(day.ready)
    last = 0
    earliest = NEVER
    for x in range(q):
        last = max(last, day.latest[x] >> day.cell)
        earliest = min(earliest, day.ready[x] >> day.cell)
    for slot in range(last, earliest - 1, -1):
        begin = slot << day.cell
        for x in range(q):
            if day.latest[x] < begin:
                break
            if day.ready[x] >> day.cell > slot:
                continue
            end = max(begin, day.ready[x]) + day.duration[x]
            least = price_of_end(day, x, end)
            if least == NEVER:
                least = FAR
            least_after = NOBODY
            other = FAR
            for arc in range(arcs.to.shape[1]):
                y = arcs.to[x, arc]
                if y == NOBODY or day.latest[y] < end:
                    break
                start = arrival(day, x, end, y, arcs.ticks[x, arc])
                if start == NEVER:
                    continue
                rest = rest_after(completion, cell_of(day, completion, y, start), day.row[x])
                if rest == FAR:
                    continue
                value = arcs.price[x, arc] + price_of_stop(day, y, start) + rest
                if day.row[y] == least_after:
                    least = min(least, value)
                elif value < least:
                    other = least
                    least = value
                    least_after = day.row[y]
                elif value < other:
                    other = value
            at = completion.offset[x] + slot - (day.ready[x] >> day.cell)
            completion.best[at] = least
            completion.after[at] = least_after
            completion.second[at] = other


@kernel
def least_from_home(day, completion):
    """Return the least reduced cost of a route, at most 0, and the node it begins with."""
    least = 0
    begins = NOBODY
    for x in range(len(day.ready)):
        if day.first[x] > day.latest[x]:
            continue
        rest = completion.best[cell_of(day, completion, x, day.first[x])]
        if rest < FAR:
            value = day.cost_in[x] + price_of_stop(day, x, day.first[x]) + rest
            if value < least:
                least = value
                begins = x
    return least, begins


@allocating_entry
def cheapest_path(day, arcs, path):
    """Find the path of least reduced cost, as cells of time count it.

    Parameters
    ----------
    day, arcs
        The nodes and the arcs to go along.
    path
        Written: the nodes in order.

    Returns
    -------
    tuple
        Its cost, at most 0, and the number of stops.
    """
    completion = completion_bounds(day, arcs)
    least, begins = least_from_home(day, completion)
    if begins == NOBODY:
        return least, 0
    return least, _follow(day, arcs, completion, begins, path)


@kernel
def _follow(day, arcs, completion, begins, path):
    """Write the nodes of the cheapest path from a node on; return how many."""
    x = begins
    slot = day.first[x] >> day.cell
    came_from = HOME
    stops = 0
    while stops < len(path):
        path[stops] = x
        stops += 1
        at = completion.offset[x] + slot - (day.ready[x] >> day.cell)
        left = rest_after(completion, at, came_from)
        end = max(slot << day.cell, day.ready[x]) + day.duration[x]
        follower = NOBODY
        for arc in range(arcs.to.shape[1]):
            y = arcs.to[x, arc]
            if y == NOBODY or day.latest[y] < end:
                break
            if day.row[y] == came_from:
                continue
            start = arrival(day, x, end, y, arcs.ticks[x, arc])
            if start == NEVER:
                continue
            rest = rest_after(completion, cell_of(day, completion, y, start), day.row[x])
            if rest < FAR and arcs.price[x, arc] + price_of_stop(day, y, start) + rest == left:
                follower = y
                slot = start >> day.cell
                break
        if follower == NOBODY:
            break
        came_from = day.row[x]
        x = follower
    return stops
