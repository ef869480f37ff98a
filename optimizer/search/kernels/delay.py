"""What a delay costs: following later starts through routes and couplings."""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import moved_cost, rise
from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.timing import reach
from optimizer.search.kernels.world import (
    FORBIDDEN,
    HAS_REST,
    ROUTES,
    SEED_NODE,
    SEED_START,
    TASKS,
    VISIT_STAMP,
    W_LATE,
    W_WORST,
)


@kernel
def add_seeds(w, count, k, other, start):
    """Append the coupled tasks of `k` (all but `other`) that its start pushes."""
    node = w.node
    arc = w.arc
    pick = w.pick
    for e in range(node[k].arc_from, node[k].arc_until):
        q = int64(arc[e].to)
        if q != other and node[q].route >= 0:
            pick[SEED_NODE, count] = q
            pick[SEED_START, count] = start + arc[e].out
            count += 1
    return count


@kernel
def push_cost(w, count, cost, worst, ceiling, not_one, not_two):
    """Return `cost` plus what delaying the first `count` seeds costs downstream.

    Stops at `ceiling`. Returns `FORBIDDEN` if a hard time breaks, or if the delay comes
    back to one of the two nodes before the insertion, whose times it must not change.
    """
    route = w.route
    g = w.g
    node = w.node
    scratch = w.scratch
    arc = w.arc
    n, m = g[TASKS], g[ROUTES]
    rests = g[HAS_REST] > 0
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    head = 0
    tail = 0
    for c in range(count):
        x = w.pick[SEED_NODE, c]
        t = w.pick[SEED_START, c]
        now = scratch[x].soon if scratch[x].seen == stamp else node[x].start
        if t <= now or t <= node[x].easy:
            continue
        if t > node[x].limit or x == not_one or x == not_two:
            return int64(FORBIDDEN)
        scratch[x].seen = stamp
        scratch[x].soon = t
        cost, worst = _delay(w, node, route, g, x, now, t, cost, worst)
        if cost >= ceiling:
            return cost
        if x < n or rests:
            scratch[tail].queue = x
            tail += 1
    pops = 0
    pushes = tail
    while head != tail:
        x = int64(scratch[head].queue)
        head += 1
        if head == scratch.shape[0]:
            head = 0
        pops += 1
        # Circular couplings that contradict each other, or too many delays waiting at once.
        if pops > 8 * n + 64 or pushes - pops > scratch.shape[0] - 8:
            return int64(FORBIDDEN)
        v = int64(node[x].route)
        if x >= n + m:
            for r in range(w.rest_of[v].after_from, w.rest_of[v].after_until):
                q = n + int64(w.rest[r].to)
                t = scratch[x].soon + w.rest[r].gap
                now = scratch[q].soon if scratch[q].seen == stamp else node[q].start
                if t > now and t > node[q].easy:
                    if t > node[q].limit:
                        return int64(FORBIDDEN)
                    scratch[q].seen = stamp
                    scratch[q].soon = t
                    scratch[tail].queue = q
                    tail += 1
                    pushes += 1
                    if tail == scratch.shape[0]:
                        tail = 0
            continue
        j = int64(node[x].next)
        last = j >= n
        ready = scratch[x].soon + node[x].care
        t = reach(route, route[v].break_after == x, v, ready, node[x].travel, last, x >= n)
        now = scratch[j].soon if scratch[j].seen == stamp else node[j].start
        if t > now and t > node[j].easy:
            if t > node[j].limit or j == not_one or j == not_two:
                return int64(FORBIDDEN)
            scratch[j].seen = stamp
            scratch[j].soon = t
            cost, worst = _delay(w, node, route, g, j, now, t, cost, worst)
            if cost >= ceiling:
                return cost
            if j < n or rests:
                scratch[tail].queue = j
                tail += 1
                pushes += 1
                if tail == scratch.shape[0]:
                    tail = 0
        for e in range(node[x].arc_from, node[x].arc_until):
            q = int64(arc[e].to)
            if node[q].route < 0:
                continue
            t = scratch[x].soon + arc[e].out
            now = scratch[q].soon if scratch[q].seen == stamp else node[q].start
            if t > now and t > node[q].easy:
                if t > node[q].limit or q == not_one or q == not_two:
                    return int64(FORBIDDEN)
                scratch[q].seen = stamp
                scratch[q].soon = t
                cost, worst = _delay(w, node, route, g, q, now, t, cost, worst)
                if cost >= ceiling:
                    return cost
                scratch[tail].queue = q
                tail += 1
                pushes += 1
                if tail == scratch.shape[0]:
                    tail = 0
    return cost


@kernel
def _moved_more(w, x, now, t):
    """Return what leaving the published time costs if task `x` starts at `t` instead of `now`."""
    v = int64(w.node[x].route)
    return moved_cost(w, x, v, t) - moved_cost(w, x, v, now)


@leaf
def _delay(w, node, route, g, x, now, t, cost, worst):
    """Return cost and worst lateness once node `x` starts at `t` instead of `now`."""
    n = g[TASKS]
    if x < n:
        if node[x].published >= 0:
            cost += _moved_more(w, x, now, t)
        late = t - node[x].due
        if late > 0:
            before = now - node[x].due
            cost += g[W_LATE] * (late - before if before > 0 else late)
            if late > worst:
                cost += g[W_WORST] * (late - worst)
                worst = late
    else:
        v = int64(node[x].route)
        cost += route[v].overtime_rate * rise(now, t - now, route[v].close)
    return cost, worst
