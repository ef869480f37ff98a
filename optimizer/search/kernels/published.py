"""Stops that wait for their published time: letting go of them, and waiting where that is free."""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import LOG_NODE, LOG_ROUTE, touch
from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.latest import raise_latest
from optimizer.search.kernels.state import forget_tardy, note_dirty, set_start
from optimizer.search.kernels.timing import raise_starts
from optimizer.search.kernels.world import BIG, LOGGED, TARDY, TASKS, TOLERANCE, W_DISRUPTION


@leaf
def published_floor(node, route, g, k, v):
    """Return the earliest start of task `k` on route `v` that is as good as the published one."""
    if node[k].published < 0 or g[W_DISRUPTION] == 0 or route[v].date != node[k].published_day:
        return int64(-BIG)
    return int64(node[k].published) - g[TOLERANCE]


@leaf
def floor_of(node, route, g, k, option):
    """Return the start that task `k` is not to go below at the place that an option names."""
    low = published_floor(node, route, g, k, int64(option.on))
    if option.waits == 1:
        return int64(option.at)
    return low if option.at >= low else int64(-BIG)


@leaf
def hold(node, k, floor):
    """Let task `k` start no earlier than at `floor`, until it is taken out."""
    if floor > node[k].earliest:
        node[k].earliest = min(floor, int64(node[k].latest))


@kernel
def let_go(w):
    """Let every stop of the routes that this step has changed start as early as it can."""
    g = w.g
    node = w.node
    n = g[TASKS]
    for c in range(g[LOGGED]):
        if w.log[c].kind != LOG_ROUTE:
            continue
        x = int64(node[n + int64(w.log[c].who)].next)
        while x < n:
            if node[x].earliest > node[x].soonest:
                touch(w, x)
                node[x].earliest = node[x].soonest
                note_dirty(w, x, x)
            x = int64(node[x].next)


@kernel
def wait_where_free(w):
    """Let stops of changed routes wait for their published time where nothing else costs more."""
    g = w.g
    node = w.node
    route = w.route
    scratch = w.scratch
    n = g[TASKS]
    logged = g[LOGGED]
    for c in range(logged):
        kind, v = int64(w.log[c].kind), int64(w.log[c].who)
        if kind == LOG_NODE:
            if v >= n or node[v].route < 0:
                continue
            x, until = v, int64(node[v].next)
        elif kind == LOG_ROUTE:
            x, until = int64(node[n + v].next), n + 1
        else:
            continue
        while x < n and x != until:
            if node[x].published >= 0:
                low = published_floor(node, route, g, x, int64(node[x].route))
                if node[x].start < low <= node[x].easy:
                    forget_tardy(g)
                    touch(w, x)
                    hold(node, x, low)
                    set_start(w, x, low)
                    scratch[0].listed = x
                    if not raise_starts(w, 1):
                        return False
                    count = 0
                    for d in range(g[TARDY]):
                        scratch[count].listed = scratch[d].tardy_list
                        count += 1
                    forget_tardy(g)
                    if count > 0:
                        raise_latest(w, count)
            x = int64(node[x].next)
    return True
