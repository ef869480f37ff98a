"""Forward: the cheapest routes of one caregiver, by labels with a memory of what they served.

A label stands for a way from home to a node. What it remembers of earlier stops is a set of
rows near the node (an ng-set, as colours of one word), so a row may come again once it has been
forgotten: the routes are a superset of the real ones and their minimum a valid bound.
"""

from __future__ import annotations

import numpy as np

from optimizer.bound.kernels.compiled import kernel
from optimizer.bound.kernels.completion import FAR, NOBODY, cells_of, complete
from optimizer.bound.kernels.steps import all_arcs, crossed, least_from_home, longer, traced

NEVER = 1 << 29
ONLY_BOUND, QUICK, EXACT = 0, 1, 2
TIGHTENING = 3
"Labels that cannot come within so many tenths of the best route are no use as columns."
QUICK_TIGHTENING = 8


@kernel
def price_route(
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
    table,
    metres,
    longest,
    between_price,
    mileage,
    fen_price,
    near_to,
    near_time,
    near_price,
    time_out,
    cost_out,
    cost_in,
    close,
    home_by,
    over_price,
    cell,
    bit,
    keep,
    near,
    cut_low,
    cut_high,
    mind_low,
    mind_high,
    cut_price,
    threshold,
    most_labels,
    effort,
    found_nodes,
    found_length,
    found_cost,
):
    """Find routes that cost less than `threshold` after rewards.

    Parameters
    ----------
    row
        Row of each node; further columns and times as for `complete`.
    first
        Start of each node as the first stop.
    table, metres
        Ticks and metres from row to row; metres ``(1, 1)`` where they cost nothing.
    longest
        Longest journey in ticks.
    between_price, mileage, fen_price
        Scaled price of a tick; fen-ticks for a thousand metres; scaled price of one of those.
    near_to, near_time, near_price
        The only arcs to go along, as for `complete`; shape ``(0, 0)`` for all that there are.
        With only some, nothing returned is a bound.
    cost_in
        Scaled price from home to each node.
    bit, keep, near
        The memory of rows: colour of a row, what is kept going from one row to another, and
        whether the second is in the first one's set.
    cut_low, cut_high
        Per row, the cuts that count it, two words.
    mind_low, mind_high
        Per row, the cuts whose half-filled state is remembered there.
    cut_price
        Scaled price of each cut, at least 0, shape ``(128,)``.
    threshold
        Scaled, at most 0.
    most_labels
        Labels after which labelling is given up; at least 1.
    effort
        `ONLY_BOUND` stops after the backward bound; `QUICK` forgets routes that differ only in
        what they have served, and returns that bound; `EXACT` forgets nothing.
    found_nodes, found_length, found_cost
        Written: nodes, number of stops and scaled cost of the best routes found.

    Returns
    -------
    tuple
        Number of routes found, a scaled lower bound of every route's cost that is at most
        `threshold` or exact, the backward bound, and the number of labels.
    """
    q = len(row)
    if q == 0:
        return 0, np.int64(0), np.int64(0), 0
    if len(near_to) > 0:
        arc_to, arc_time, arc_price = near_to, near_time, near_price
    else:
        arc_to, arc_time, arc_price = all_arcs(
            row,
            stage,
            ready,
            latest,
            duration,
            table,
            metres,
            longest,
            between_price,
            mileage,
            fen_price,
        )
    offset = cells_of(ready, latest, cell)
    best = np.full(offset[q], FAR, np.int64)
    after = np.full(offset[q], NOBODY, np.int32)
    second = np.full(offset[q], FAR, np.int64)
    complete(
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
    )
    least = least_from_home(
        ready, latest, first, due, late_price, gain, cost_in, cell, offset, best
    )
    if effort == ONLY_BOUND or least >= threshold:
        return 0, least, least, 0

    quick = effort == QUICK
    tenths = QUICK_TIGHTENING if quick else TIGHTENING
    limit = threshold
    lowest = threshold
    room = len(found_cost)
    kept = 0
    capacity = min(most_labels, 4096)
    # Per label: node, start, cost, memory, parity of the cuts, where it came from, the node
    # that may not come next although the memory would allow it, links.
    l_node = np.empty(capacity, np.int32)
    l_start = np.empty(capacity, np.int32)
    l_cost = np.empty(capacity, np.int64)
    l_seen = np.empty(capacity, np.uint64)
    l_low = np.empty(capacity, np.uint64)
    l_high = np.empty(capacity, np.uint64)
    l_from = np.empty(capacity, np.int32)
    l_barred = np.empty(capacity, np.int32)
    l_peer = np.empty(capacity, np.int32)
    l_next = np.empty(capacity, np.int32)
    l_dead = np.zeros(capacity, np.uint8)
    f_label = np.full(room, -1, np.int32)
    peers = np.full(q, -1, np.int32)
    base = 1 << 30
    top = 0
    for x in range(q):
        base = min(base, ready[x] >> cell)
        top = max(top, latest[x] >> cell)
    head = np.full(top - base + 1, -1, np.int32)
    labels = 0
    given_up = False
    zero = np.uint64(0)
    # Slot -1 makes the first stops; every further one extends the labels that begin in it.
    for slot in range(-1, top - base + 1):
        label = np.int32(-2) if slot < 0 else head[slot]
        while label != -1 and not given_up:
            if label >= 0 and l_dead[label]:
                label = l_next[label]
                continue
            if label < 0:
                x, came, end = -1, -1, 0
                sofar, seen, low, high = np.int64(0), zero, zero, zero
                barred_next = -1
            else:
                x = l_node[label]
                end = l_start[label] + duration[x]
                sofar, seen = l_cost[label], l_seen[label]
                low, high = l_low[label], l_high[label]
                came = l_from[label]
                barred_next = l_node[came] if came >= 0 else -1
            for arc in range(q if x < 0 else arc_to.shape[1]):
                if x < 0:
                    y = arc
                    start = first[y]
                    if start > latest[y]:
                        continue
                    value = sofar + cost_in[y]
                else:
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
                    if barred_next >= 0 and row[y] == row[barred_next]:
                        continue
                    if near[row[x], row[y]] and seen & bit[row[y]]:
                        continue
                    start = max(start, ready[y])
                    value = sofar + arc_price[x, arc]
                value += gain[y] + late_price * max(0, start - due[y])
                r = row[y]
                value += crossed(low & cut_low[r], high & cut_high[r], cut_price)
                at = offset[y] + (start >> cell) - (ready[y] >> cell)
                rest = best[at] if x < 0 or after[at] != row[x] else second[at]
                if rest == FAR or value + rest >= limit:
                    continue
                new_low = (low ^ cut_low[r]) & mind_low[r]
                new_high = (high ^ cut_high[r]) & mind_high[r]
                if x < 0:
                    memory = bit[r]
                    barred = -1
                else:
                    memory = (seen & keep[row[x], r]) | bit[r]
                    barred = -1
                    if not near[r, row[x]]:
                        # The memory forgets x at once; going straight back is barred by the
                        # label's origin, which dominance must then look at.
                        barred = row[x]
                dominated = False
                z = peers[y]
                before = -1
                while z >= 0:
                    following = l_peer[z]
                    if (
                        l_start[z] <= start
                        and l_cost[z] <= value
                        and (
                            quick
                            or (
                                (l_seen[z] & ~memory) == zero
                                and (l_barred[z] == -1 or l_barred[z] == barred)
                            )
                        )
                    ):
                        ahead = l_cost[z] + crossed(
                            l_low[z] & ~new_low, l_high[z] & ~new_high, cut_price
                        )
                        if ahead <= value:
                            dominated = True
                            break
                    gone = False
                    if (
                        start <= l_start[z]
                        and value <= l_cost[z]
                        and (
                            quick
                            or (
                                (memory & ~l_seen[z]) == zero
                                and (barred == -1 or l_barred[z] == barred)
                            )
                        )
                    ):
                        ahead = value + crossed(
                            new_low & ~l_low[z], new_high & ~l_high[z], cut_price
                        )
                        gone = ahead <= l_cost[z]
                    if gone:
                        l_dead[z] = 1
                        if before < 0:
                            peers[y] = following
                        else:
                            l_peer[before] = following
                    else:
                        before = z
                    z = following
                if dominated:
                    continue
                if labels == most_labels:
                    given_up = True
                    break
                if labels == capacity:
                    capacity = min(most_labels, 2 * capacity)
                    l_node = longer(l_node, capacity)
                    l_start = longer(l_start, capacity)
                    l_cost = longer(l_cost, capacity)
                    l_seen = longer(l_seen, capacity)
                    l_low = longer(l_low, capacity)
                    l_high = longer(l_high, capacity)
                    l_from = longer(l_from, capacity)
                    l_barred = longer(l_barred, capacity)
                    l_peer = longer(l_peer, capacity)
                    l_next = longer(l_next, capacity)
                    l_dead = longer(l_dead, capacity)
                new = labels
                labels += 1
                l_node[new], l_start[new], l_cost[new] = y, start, value
                l_seen[new], l_low[new], l_high[new] = memory, new_low, new_high
                l_from[new] = label if label >= 0 else -1
                l_barred[new] = barred
                l_dead[new] = 0
                l_peer[new] = peers[y]
                peers[y] = new
                at_slot = (start >> cell) - base
                l_next[new] = head[at_slot]
                head[at_slot] = new
                back = start + duration[y] + time_out[y]
                full = value + cost_out[y] + over_price * max(0, back - close)
                unrested = pause_length > 0 and stage[y] == 0 and back > pause_to
                if back <= home_by and not unrested and full < threshold:
                    worst = 0
                    if kept < room:
                        worst = kept
                        kept += 1
                        found_cost[worst] = full
                        f_label[worst] = new
                    else:
                        for place in range(room):
                            if found_cost[place] > found_cost[worst]:
                                worst = place
                        if full < found_cost[worst]:
                            found_cost[worst] = full
                            f_label[worst] = new
                    if full < lowest:
                        lowest = full
                        limit = min(limit, threshold + (lowest - threshold) * tenths // 10)
            if label < 0:
                break
            label = l_next[label]
        if given_up:
            break
    for place in range(kept):
        found_length[place] = traced(f_label[place], l_node, l_from, found_nodes[place])
    if given_up or quick:
        return kept, least, least, labels
    return kept, min(lowest, np.int64(0)), least, labels
