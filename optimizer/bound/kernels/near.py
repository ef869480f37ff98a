"""The cheapest way of one caregiver along near arcs only: fast, and no proof of anything."""

from __future__ import annotations

import numpy as np

from optimizer.bound.kernels.compiled import kernel
from optimizer.bound.kernels.completion import FAR, NOBODY, cells_of


@kernel
def cheapest_way(
    row,
    stage,
    pause_from,
    pause_to,
    pause_length,
    ready,
    latest,
    first,
    duration,
    due,
    late_price,
    gain,
    arc_to,
    arc_time,
    arc_price,
    time_out,
    cost_out,
    cost_in,
    close,
    home_by,
    over_price,
    cell,
    way,
):
    """Find the cheapest way after rewards along the arcs given.

    Parameters
    ----------
    row, stage, ready, latest, first, duration, due, time_out
        Of the nodes, latest start first; times in ticks.
    pause_from, pause_to, pause_length
        When the break may begin, and how long it is; length 0 where none is due.
    late_price, over_price
        Scaled price of a tick of lateness, and of coming back after `close`.
    gain
        Scaled price of each node less its reward.
    arc_to, arc_time, arc_price
        Per node, where its arcs lead, latest start first (`NOBODY` after the last), their ticks
        and their scaled prices, shape ``(q, arcs)``.
    cost_out, cost_in
        Scaled prices of the journeys from and to home.
    close, home_by
        End of the shift, and the latest time of coming back.
    cell
        Times are rounded down to ``2**cell`` ticks.
    way
        Written: the nodes in order.

    Returns
    -------
    tuple
        The scaled cost after rewards, at most 0, and the number of stops.
    """
    q = len(row)
    offset = cells_of(ready, latest, cell)
    best = np.full(offset[q], FAR, np.int64)
    next_node = np.full(offset[q], NOBODY, np.int32)
    next_cell = np.full(offset[q], NOBODY, np.int32)
    last = 0
    earliest = 1 << 30
    for x in range(q):
        last = max(last, latest[x] >> cell)
        earliest = min(earliest, ready[x] >> cell)
    for slot in range(last, earliest - 1, -1):
        begin = slot << cell
        for x in range(q):
            if latest[x] < begin:
                break
            if ready[x] >> cell > slot:
                continue
            end = max(begin, ready[x]) + duration[x]
            back = end + time_out[x]
            here = offset[x] + slot - (ready[x] >> cell)
            unrested = pause_length > 0 and stage[x] == 0
            if back <= home_by and not (unrested and back > pause_to):
                best[here] = cost_out[x] + over_price * max(0, back - close)
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
                if best[at] == FAR:
                    continue
                # Going straight back earns a reward twice; no second best is kept instead.
                if next_node[at] != NOBODY and row[next_node[at]] == row[x]:
                    continue
                late = late_price * max(0, start - due[y])
                value = arc_price[x, arc] + gain[y] + late + best[at]
                if value < best[here]:
                    best[here] = value
                    next_node[here] = y
                    next_cell[here] = at
    least = np.int64(0)
    stops = 0
    at = NOBODY
    for x in range(q):
        if first[x] > latest[x]:
            continue
        here = offset[x] + (first[x] >> cell) - (ready[x] >> cell)
        if best[here] == FAR:
            continue
        late = late_price * max(0, first[x] - due[x])
        value = cost_in[x] + gain[x] + late + best[here]
        if value < least:
            least = value
            way[0] = x
            stops = 1
            at = here
    while at != NOBODY and next_node[at] != NOBODY and stops < len(way):
        way[stops] = next_node[at]
        stops += 1
        at = next_cell[at]
    return least, stops
