"""Idle time between stops: what is left of it once every stop starts as late as it may.

Everything starts as early as it can, which is best for all that costs except waiting. With the
order fixed, the idle time of a route is the span from its first start to its last one less care,
travel and break, so only the first start matters: the last one stays the earliest, and a backward
pass finds how late the stops before it may start at no cost. This is the route of least duration
of Vidal et al., A unified solution framework for multi-attribute vehicle routing problems, EJOR
234 (2014), with the end of the preferred window as the end. Coupled stops keep to the
present start of their partners, so that all routes may be packed at once: where couplings bind,
what is counted is more than the least.

Where a minute of waiting costs more than one of lateness, or so much is left that it is worth a
call to somebody with a published start, stops are put off further (`_trade`): a later first start
saves waiting, and costs what the stops lose that it pushes.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import (
    LOG_NODE,
    LOG_ROUTE,
    moved_cost,
    over,
    touch_route,
)
from optimizer.search.kernels.compiled import entry, kernel, leaf
from optimizer.search.kernels.state import begin, set_start
from optimizer.search.kernels.world import (
    BIG,
    FORBIDDEN,
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


@leaf
def _busy(node, route, v, x):
    """Return the time from the start of stop `x` to that of the next one without idle time."""
    busy = int64(node[x].care) + node[x].travel
    if route[v].break_after == x:
        busy += route[v].break_length
    return busy


@leaf
def _bound(node, route, arc, g, x, v):
    """Return how late stop `x`, which is not the last, may start while its partners stay put."""
    until = int64(node[x].latest)
    if g[W_WORST] > 0:
        until = min(until, int64(node[x].due))
    if route[v].break_after == x and route[v].break_length > 0:
        until = min(until, int64(route[v].break_to) - node[x].care)
    for e in range(node[x].arc_from, node[x].arc_until):
        q = int64(arc[e].to)
        if node[q].route >= 0:
            until = min(until, int64(node[q].start) - arc[e].out)
    return until


@kernel
def _traded(w, v, ahead):
    """Return what it costs to begin packed route `v` later by `ahead`, `FORBIDDEN` if it cannot."""
    node = w.node
    route = w.route
    packed = w.packed
    g = w.g
    cost = -g[W_WAIT] * ahead
    x = int64(node[g[TASKS] + v].next)
    while ahead > 0:
        old = packed[x].start
        start = old + ahead
        after = int64(node[x].next)
        if after >= g[TASKS] or start > _bound(node, route, w.arc, g, x, v):
            return int64(FORBIDDEN)
        cost += g[W_LATE] * (over(start, node[x].due) - over(old, node[x].due))
        if node[x].published >= 0:
            cost += moved_cost(w, x, v, start) - moved_cost(w, x, v, old)
        ahead -= packed[after].start - old - _busy(node, route, v, x)
        x = after
    return cost


@kernel
def _trade(w, v, idle):
    """Put the packed stops of route `v` off where waiting costs more than what they lose by it.

    The best delay of the first stop ends where a stop begins to be late, enters or leaves its
    published time, may not start later, or meets the next one.

    Returns by how much its cost changes, 0 or less.
    """
    node = w.node
    packed = w.packed
    g = w.g
    n = g[TASKS]
    calls = g[W_DISRUPTION] > 0 and g[W_WAIT] * idle > g[W_DISRUPTION]
    if idle <= 0 or (g[W_WAIT] <= g[W_LATE] and not calls):
        return int64(0)
    best, chosen = int64(0), int64(0)
    slack = int64(0)
    x = int64(node[n + v].next)
    while int64(node[x].next) < n:
        after = int64(node[x].next)
        gap = packed[after].start - packed[x].start - _busy(node, w.route, v, x)
        for end in range(5):
            if end == 0:
                ahead = gap
            elif end == 1:
                ahead = _bound(node, w.route, w.arc, g, x, v) - packed[x].start
            elif end == 2:
                ahead = node[x].due - packed[x].start
            elif node[x].published < 0:
                break
            elif end == 3:
                ahead = node[x].published + g[TOLERANCE] - packed[x].start
            else:
                ahead = node[x].published - g[TOLERANCE] - packed[x].start
            if ahead >= 0 and slack + ahead > 0:
                cost = _traded(w, v, slack + ahead)
                if cost < best:
                    best, chosen = cost, slack + ahead
        slack += gap
        x = after
    x = int64(node[n + v].next)
    while chosen > 0:
        after = int64(node[x].next)
        gap = packed[after].start - packed[x].start - _busy(node, w.route, v, x)
        packed[x].start += chosen
        chosen -= gap
        x = after
    return best


@kernel
def _settle_route(w, v):
    """Count what the idle time of route `v` costs anew."""
    route = w.route
    _, _, idle = pack_route(w, v)
    waited = w.g[W_WAIT] * idle + _trade(w, v, idle)
    if waited != route[v].waited:
        touch_route(w, v)
        w.g[T_WAIT] += waited - route[v].waited
        route[v].waited = waited


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
    route = w.route
    g = w.g
    n = g[TASKS]
    begin(w)
    for v in range(g[ROUTES]):
        last, far, idle = pack_route(w, v)
        _trade(w, v, idle)
        if route[v].count > 0:
            # What is traded for it is counted with the starts.
            idle = last - w.packed[node[n + v].next].start - far
        g[T_WAIT] += g[W_WAIT] * idle - route[v].waited
        route[v].waited = g[W_WAIT] * idle
    for k in range(n):
        if node[k].route >= 0:
            set_start(w, k, w.packed[k].start)
