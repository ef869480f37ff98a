"""Parts of pricing a route: its arcs, what cuts cost, the least from home, and ways traced back."""

from __future__ import annotations

import numpy as np

from optimizer.bound.kernels.compiled import kernel
from optimizer.bound.kernels.completion import FAR, NOBODY


@kernel
def crossed(low, high, price):
    """Return the sum of the prices of the cuts whose bits are set in either word."""
    total = np.int64(0)
    place = 0
    while low:
        if low & np.uint64(1):
            total += price[place]
        low >>= np.uint64(1)
        place += 1
    place = 64
    while high:
        if high & np.uint64(1):
            total += price[place]
        high >>= np.uint64(1)
        place += 1
    return total


@kernel
def all_arcs(
    row, stage, ready, latest, duration, table, metres, longest, between_price, mileage, fen_price
):
    """Return where each node's arcs lead, their ticks and scaled prices, as `complete` takes them.

    Left out is what no route can follow; parameters as of `price_route`.
    """
    q = len(row)
    to = np.full((q, q), NOBODY, np.int32)
    time = np.empty((q, q), np.int32)
    price = np.empty((q, q), np.int64)
    for x in range(q):
        arcs = 0
        end = ready[x] + duration[x]
        for y in range(q):
            if row[y] == row[x] or stage[y] < stage[x]:
                continue
            ticks = np.int64(table[row[x], row[y]])
            if ticks > longest or end + ticks > latest[y]:
                continue
            to[x, arcs] = y
            time[x, arcs] = ticks
            price[x, arcs] = between_price * ticks
            if mileage > 0:
                way = np.int64(metres[row[x], row[y]])
                price[x, arcs] += way * mileage // 1000 * fen_price
            arcs += 1
    return to, time, price


@kernel
def least_from_home(ready, latest, first, due, late_price, gain, cost_in, cell, offset, best):
    """Return the least scaled cost of a route after rewards by the backward bound, at most 0."""
    least = np.int64(0)
    for x in range(len(ready)):
        if first[x] > latest[x]:
            continue
        rest = best[offset[x] + (first[x] >> cell) - (ready[x] >> cell)]
        if rest < FAR:
            late = late_price * max(0, first[x] - due[x])
            least = min(least, cost_in[x] + gain[x] + late + rest)
    return least


@kernel
def traced(label, l_node, l_from, nodes):
    """Write the nodes of the way that a label ends, in order; return how many, 0 if too many."""
    length = 0
    at = label
    while at >= 0:
        length += 1
        at = l_from[at]
    if length > len(nodes):
        return 0
    at = label
    for place in range(length - 1, -1, -1):
        nodes[place] = l_node[at]
        at = l_from[at]
    return length


@kernel
def longer(array, size):
    """Return a copy of the array with room for `size` entries."""
    copy = np.empty(size, array.dtype)
    copy[: len(array)] = array
    return copy
