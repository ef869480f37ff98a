"""Idle time between stops: what is left of it once every stop starts as late as it may.

Everything starts as early as it can, which is best for all that costs except waiting. With the
order fixed, the idle time of a route is the span from its first start to its last one less care,
travel and break, so only the first start matters: the last one stays the earliest, and a backward
pass finds how late the stops before it may start at no cost. This is the route of least duration
of Vidal et al., A unified solution framework for multi-attribute vehicle routing problems, EJOR
234 (2014), with the end of the preferred window as the end. Coupled stops keep to the
present start of their partners, so that all routes may be packed at once: where couplings bind,
what is counted is more than the least.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import LOG_NODE, LOG_ROUTE, touch_route
from optimizer.search.kernels.compiled import entry, kernel, leaf
from optimizer.search.kernels.state import begin, set_start
from optimizer.search.kernels.world import (
    BIG,
    LOGGED,
    ROUTES,
    T_WAIT,
    TASKS,
    TOLERANCE,
    VISIT_STAMP,
    W_DISRUPTION,
    W_LATE,
    W_WAIT,
    W_WORST,
)


@leaf
def free_until(node, route, arc, g, x, v):
    """Return how late task `x` may start at no cost while all its partners stay put."""
    until = int64(node[x].due if g[W_LATE] + g[W_WORST] > 0 else node[x].latest)
    start = int64(node[x].start)
    if node[x].published >= 0 and g[W_DISRUPTION] > 0 and route[v].date == node[x].published_day:
        late = int64(node[x].published) + g[TOLERANCE]
        if start <= late and start >= node[x].published - g[TOLERANCE] and late < until:
            until = late
    for e in range(node[x].arc_from, node[x].arc_until):
        q = int64(arc[e].to)
        if node[q].route >= 0 and node[q].start - arc[e].out < until:
            until = int64(node[q].start) - arc[e].out
    return until if until > start else start


@kernel
def pack_route(w, v):
    """Find the latest starts of a route that keep its last start and cost nothing.

    They come into `packed.start`. Returns the last start, the way from the first start to it,
    and the idle time that remains.
    """
    node = w.node
    route = w.route
    arc = w.arc
    packed = w.packed
    g = w.g
    n, m = g[TASKS], g[ROUTES]
    x = int64(node[n + m + v].prev)
    if x >= n:
        return int64(0), int64(0), int64(0)
    last = int64(node[x].start)
    packed[x].start = last
    far = int64(0)
    i = int64(node[x].prev)
    while i < n:
        here = route[v].break_after == i
        busy = int64(node[i].care) + node[i].travel
        by = packed[x].start - busy
        if here and route[v].break_length > 0:
            busy += route[v].break_length
            by = min(by - route[v].break_length, int64(route[v].break_to) - node[i].care)
        far += busy
        by = min(by, free_until(node, route, arc, g, i, v))
        packed[i].start = max(by, int64(node[i].start))
        x = i
        i = int64(node[x].prev)
    return last, far, last - packed[x].start - far


@kernel
def prepare_route(w, v):
    """Put what the price of waiting on route `v` takes into `packed`.

    For every stop: its latest start that costs nothing, the way from the first stop to it, and
    the least of how late a stop up to it may start at no cost less the way to that stop. For the
    end depot: the last start, the way to it, and the idle time.
    """
    node = w.node
    route = w.route
    packed = w.packed
    n = w.g[TASKS]
    last, far, idle = pack_route(w, v)
    past, free = int64(0), int64(BIG)
    x = int64(node[n + v].next)
    while x < n:
        free = min(free, free_until(node, route, w.arc, w.g, x, v) - past)
        packed[x].past, packed[x].free = past, free
        past += node[x].care + node[x].travel
        if route[v].break_after == x:
            past += route[v].break_length
        x = int64(node[x].next)
    packed[x].start, packed[x].past, packed[x].free = last, far, idle


@kernel
def _settle_route(w, v):
    """Count the idle time of route `v` anew."""
    route = w.route
    _, _, idle = pack_route(w, v)
    if idle != route[v].idle:
        touch_route(w, v)
        w.g[T_WAIT] += w.g[W_WAIT] * (idle - route[v].idle)
        route[v].idle = idle


@kernel
def settle_waiting(w):
    """Recount the idle time of every route that this step may have changed it on."""
    g = w.g
    node = w.node
    arc = w.arc
    scratch = w.scratch
    if g[W_WAIT] == 0:
        return
    n, m = g[TASKS], g[ROUTES]
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    for c in range(g[LOGGED]):
        kind, x = int64(w.log[c].kind), int64(w.log[c].who)
        if kind == LOG_ROUTE:
            if scratch[n + m + x].seen != stamp:
                scratch[n + m + x].seen = stamp
                _settle_route(w, x)
        elif kind == LOG_NODE and x < n:
            for e in range(node[x].arc_from, node[x].arc_until):
                v = int64(node[arc[e].to].route)
                if v >= 0 and scratch[n + m + v].seen != stamp:
                    scratch[n + m + v].seen = stamp
                    _settle_route(w, v)


@entry
def pack_all(w):
    """Let all stops start as late as the idle time that is counted supposes.

    The cost stays or falls (a stop may come near enough to its published time); nothing else may
    be done with the state afterwards.
    """
    node = w.node
    g = w.g
    n = g[TASKS]
    begin(w)
    for v in range(g[ROUTES]):
        pack_route(w, v)
    for k in range(n):
        if node[k].route >= 0:
            set_start(w, k, w.packed[k].start)
