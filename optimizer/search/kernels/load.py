"""Routes in, routes out: loading whole routes into a state."""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import touch_route
from optimizer.search.kernels.compiled import entry, kernel
from optimizer.search.kernels.latest import raise_latest
from optimizer.search.kernels.published import hold
from optimizer.search.kernels.ruin import first_long_leg
from optimizer.search.kernels.state import (
    begin,
    forget_tardy,
    link,
    roll_back,
    set_start,
    settle_worst,
)
from optimizer.search.kernels.timing import arrival_at, raise_starts
from optimizer.search.kernels.waiting import settle_waiting
from optimizer.search.kernels.world import BROKEN, HAS_REST, RISING, ROUTES, TARDY, TASKS


@entry
def load_routes(w, ptr, stops, care, before_break, floors, contracts):
    """Fill an empty state with routes; take everything back and return False if they break a rule.

    Parameters
    ----------
    ptr, stops, care
        Per route a slice of task indices in order, and the care given at each.
    before_break
        Per route the number of stops before the break.
    contracts
        Per stop the contract it is charged to if that has room, -1 for any.
    """
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    route = w.route
    scratch = w.scratch
    n, m = g[TASKS], g[ROUTES]
    begin(w)
    for v in range(m):
        for c in range(ptr[v], ptr[v + 1]):
            k = stops[c]
            if node[k].route >= 0:
                g[BROKEN] = 1
                break
            w.contract[k] = contracts[c]
            link(w, k, int64(node[n + m + v].prev), v, care[c], int64(0), int64(node[k].earliest))
            hold(node, k, floors[c])
        touch_route(w, v)
        x = n + v
        for _ in range(before_break[v]):
            x = int64(node[x].next)
        route[v].break_after = x
    count = 0
    for v in range(m):
        x = int64(node[n + v].next)
        if x < n:
            start = arrival_at(node, route, tasks, x)
            start = max(start, int64(node[x].earliest))
            set_start(w, x, start)
        while x < n:
            if node[x].start < node[x].earliest:
                set_start(w, x, int64(node[x].earliest))
            scratch[count].listed = x
            count += 1
            x = int64(node[x].next)
    for v in range(m):
        if first_long_leg(w, v) >= 0:
            g[BROKEN] |= 1
    if g[BROKEN] or not raise_starts(w, count):
        roll_back(w)
        return False
    settle_worst(w)
    settle_waiting(w)
    refresh_all_latest(w)
    return True


@kernel
def refresh_all_latest(w):
    """Recompute the latest starts of all present tasks and end depots."""
    g = w.g
    node = w.node
    scratch = w.scratch
    n, m = g[TASKS], g[ROUTES]
    lowest = n if g[HAS_REST] else n + m
    count = 0
    for x in range(n + 2 * m):
        if x >= lowest or (x < n and node[x].route >= 0):
            scratch[count].listed = x
            count += 1
    forget_tardy(g)
    g[RISING] = 0
    g[TARDY] = 0
    raise_latest(w, count)
