"""What a delay costs: following later starts through routes and couplings."""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import rise
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.timing import reach
from optimizer.search.kernels.world import (
    CARE,
    CLOSE,
    DUE,
    EASY,
    FORBIDDEN,
    HOP,
    LIMIT,
    NEXT,
    OUT,
    OVERTIME_RATE,
    PAUSE,
    QUEUE,
    ROUTE,
    SEED_NODE,
    SEED_START,
    SEEN,
    SOON,
    START,
    TASKS,
    TIE_FROM,
    TIE_UNTIL,
    TO,
    VISIT_STAMP,
    W_LATE,
    W_WORST,
)


@kernel
def add_seeds(node, tie, pick, count, k, other, start):
    """Append the coupled tasks of `k` (all but `other`) that its start pushes."""
    for e in range(node[k, TIE_FROM], node[k, TIE_UNTIL]):
        q = tie[e, TO]
        if q != other and node[q, ROUTE] >= 0:
            pick[SEED_NODE, count] = q
            pick[SEED_START, count] = start + tie[e, OUT]
            count += 1
    return count


@kernel
def push_cost(w, count, cost, worst, ceiling, not_one, not_two):
    """Return `cost` plus what delaying the first `count` seeds costs downstream.

    Stops at `ceiling`. Returns `FORBIDDEN` if a hard time breaks, or if the delay comes
    back to one of the two nodes before the insertion, whose times it must not change.
    """
    way = w.way
    g = w.g
    node = w.node
    room = w.room
    tie = w.tie
    n = g[TASKS]
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    head = 0
    tail = 0
    for c in range(count):
        x = w.pick[SEED_NODE, c]
        t = w.pick[SEED_START, c]
        now = room[x, SOON] if room[x, SEEN] == stamp else node[x, START]
        if t <= now or t <= node[x, EASY]:
            continue
        if t > node[x, LIMIT] or x == not_one or x == not_two:
            return int64(FORBIDDEN)
        room[x, SEEN] = stamp
        room[x, SOON] = t
        cost, worst = _delay(node, way, g, x, now, t, cost, worst)
        if cost >= ceiling:
            return cost
        if x < n:
            room[tail, QUEUE] = x
            tail += 1
    pops = 0
    pushes = tail
    while head != tail:
        x = room[head, QUEUE]
        head += 1
        if head == room.shape[0]:
            head = 0
        pops += 1
        # Circular couplings that contradict each other, or too many delays waiting at once.
        if pops > 8 * n + 64 or pushes - pops > room.shape[0] - 8:
            return int64(FORBIDDEN)
        j = node[x, NEXT]
        v = node[x, ROUTE]
        last = j >= n
        ready = room[x, SOON] + node[x, CARE]
        t = reach(way, way[v, PAUSE] == x, v, ready, node[x, HOP], last)
        now = room[j, SOON] if room[j, SEEN] == stamp else node[j, START]
        if t > now and t > node[j, EASY]:
            if t > node[j, LIMIT] or j == not_one or j == not_two:
                return int64(FORBIDDEN)
            room[j, SEEN] = stamp
            room[j, SOON] = t
            cost, worst = _delay(node, way, g, j, now, t, cost, worst)
            if cost >= ceiling:
                return cost
            if j < n:
                room[tail, QUEUE] = j
                tail += 1
                pushes += 1
                if tail == room.shape[0]:
                    tail = 0
        for e in range(node[x, TIE_FROM], node[x, TIE_UNTIL]):
            q = tie[e, TO]
            if node[q, ROUTE] < 0:
                continue
            t = room[x, SOON] + tie[e, OUT]
            now = room[q, SOON] if room[q, SEEN] == stamp else node[q, START]
            if t > now and t > node[q, EASY]:
                if t > node[q, LIMIT] or q == not_one or q == not_two:
                    return int64(FORBIDDEN)
                room[q, SEEN] = stamp
                room[q, SOON] = t
                cost, worst = _delay(node, way, g, q, now, t, cost, worst)
                if cost >= ceiling:
                    return cost
                room[tail, QUEUE] = q
                tail += 1
                pushes += 1
                if tail == room.shape[0]:
                    tail = 0
    return cost


@kernel
def _delay(node, way, g, x, now, t, cost, worst):
    """Return cost and worst lateness once node `x` starts at `t` instead of `now`."""
    n = g[TASKS]
    if x < n:
        late = t - node[x, DUE]
        if late > 0:
            before = now - node[x, DUE]
            cost += g[W_LATE] * (late - before if before > 0 else late)
            if late > worst:
                cost += g[W_WORST] * (late - worst)
                worst = late
    else:
        v = node[x, ROUTE]
        cost += way[v, OVERTIME_RATE] * rise(now, t - now, way[v, CLOSE])
    return cost, worst
