"""Backward: the least that a route can still cost after a stop, in cells of time."""

from __future__ import annotations

import numpy as np

from optimizer.bound.kernels.compiled import kernel

FAR = 1 << 62
"More than anything costs."
NOBODY = -1


@kernel
def complete(
    row,
    stage,
    pause_from,
    pause_to,
    pause_length,
    ready,
    latest,
    duration,
    due,
    late_price,
    gain,
    arc_to,
    arc_time,
    arc_price,
    time_out,
    cost_out,
    close,
    home_by,
    over_price,
    cell,
    offset,
    best,
    after,
    second,
):
    """Fill in the least cost of every way on from every node and cell; none goes i-k-i.

    Parameters
    ----------
    row, stage
        Task of each node, and whether it comes after the break.
    pause_from, pause_to, pause_length
        When the break may begin, and how long it is, in ticks; length 0 where none is due.
    ready, latest, duration, due, time_out
        Of the nodes, latest start first, in ticks.
    late_price, over_price
        Scaled price of a tick of lateness, and of coming back after `close`.
    close, home_by
        End of the shift, and the latest time of coming back.
    gain
        Scaled price of each node less its reward.
    arc_to, arc_time, arc_price
        Per node, where its arcs lead, latest start first (`NOBODY` after the last), their ticks
        and their scaled prices, shape ``(q, arcs)``.
    cost_out
        Scaled price of the journey home.
    cell
        Times are rounded down to ``2**cell`` ticks, which no stop is shorter than.
    offset
        Where each node's cells begin, shape ``(q + 1,)``.
    best, after, second
        Written: least cost, the task it goes to next, and the least cost by another next task.
    """
    q = len(ready)
    last = 0
    first = 1 << 30
    for x in range(q):
        last = max(last, latest[x] >> cell)
        first = min(first, ready[x] >> cell)
    for slot in range(last, first - 1, -1):
        begin = slot << cell
        for x in range(q):
            if latest[x] < begin:
                break
            if ready[x] >> cell > slot:
                continue
            end = max(begin, ready[x]) + duration[x]
            back = end + time_out[x]
            least = FAR
            # Whoever has not rested yet rests at home.
            unrested = pause_length > 0 and stage[x] == 0
            if back <= home_by and not (unrested and back > pause_to):
                least = cost_out[x] + over_price * max(0, back - close)
            least_after = NOBODY
            other = FAR
            for arc in range(arc_to.shape[1]):
                y = arc_to[x, arc]
                if y == NOBODY or latest[y] < end:
                    break
                if stage[y] == stage[x]:
                    start = end + arc_time[x, arc]
                elif stage[y] > stage[x] and end <= pause_to:
                    start = max(end, pause_from) + pause_length + arc_time[x, arc]
                else:
                    continue
                if start > latest[y]:
                    continue
                start = max(start, ready[y])
                at = offset[y] + (start >> cell) - (ready[y] >> cell)
                rest = best[at] if after[at] != row[x] else second[at]
                if rest == FAR:
                    continue
                late = late_price * max(0, start - due[y])
                value = arc_price[x, arc] + gain[y] + late + rest
                if row[y] == least_after:
                    least = min(least, value)
                elif value < least:
                    other = least
                    least = value
                    least_after = row[y]
                elif value < other:
                    other = value
            at = offset[x] + slot - (ready[x] >> cell)
            best[at] = least
            after[at] = least_after
            second[at] = other


@kernel
def cells_of(ready, latest, cell):
    """Return where each node's cells begin, and their number at the end, shape ``(q + 1,)``."""
    q = len(ready)
    offset = np.zeros(q + 1, np.int64)
    for x in range(q):
        offset[x + 1] = offset[x] + (latest[x] >> cell) - (ready[x] >> cell) + 1
    return offset
