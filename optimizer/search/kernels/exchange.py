"""Moves that a ruin of a few visits cannot make: whole routes and tails change hands.

Good rosters use some caregivers fully and others not at all; such a day cannot be handed
from one caregiver to another visit by visit. Exchanging tails (from a moment on, two
caregivers do each other's visits) or whole routes costs little and frees the search from
those basins.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import touch_route
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.published import hold, published_floor
from optimizer.search.kernels.rng import below, fraction
from optimizer.search.kernels.state import (
    link,
    note_coupled,
    note_dirty,
    same_caregiver,
    unlink,
)
from optimizer.search.kernels.world import (
    BROKEN,
    HAS_LEVELS,
    ROUTES,
    TAIL,
    TAIL_CARE,
    TAIL_START,
    TASKS,
)


@kernel
def may(w, k, v):
    """Return whether task `k` may be on route `v`, by search in the row's sorted routes."""
    node = w.node
    row_route = w.row_route
    lo, hi = node[k].row_from, node[k].row_until
    until = hi
    while lo < hi:
        mid = (lo + hi) // 2
        if row_route[mid] < v:
            lo = mid + 1
        else:
            hi = mid
    return lo < until and row_route[lo] == v


@kernel
def place_break(w, rng, v):
    """Move the break of route `v` to the first leg in which it fits, or to any possible one."""
    node = w.node
    route = w.route
    if route[v].break_length == 0 or route[v].count == 0:
        return
    n = w.g[TASKS]
    anywhere = fraction(rng) < 0.5
    x = n + v
    chosen = x
    seen = 0
    while x < n or x == n + v:
        ready = node[x].start + node[x].care
        if ready > route[v].break_to:
            break
        j = int64(node[x].next)
        if anywhere:
            seen += 1
            if fraction(rng) * seen < 1.0:
                chosen = x
        else:
            chosen = x
            begin = ready if ready > route[v].break_from else route[v].break_from
            if j >= n or node[j].start >= begin + route[v].break_length:
                break
        x = j
    before = int64(route[v].break_after)
    if chosen == before:
        return
    touch_route(w, v)
    route[v].break_after = chosen
    note_dirty(w, int64(node[before].next), before)
    note_dirty(w, int64(node[chosen].next), chosen)


@kernel
def _collect(w, n, x, count):
    node = w.node
    pick = w.pick
    while x < n:
        pick[TAIL, count] = x
        pick[TAIL_START, count] = node[x].start
        pick[TAIL_CARE, count] = node[x].care
        count += 1
        x = int64(node[x].next)
    return count


@kernel
def _append(w, v, begin, end):
    """Link the collected tasks `begin … end-1` to the end of route `v`, at their old starts."""
    g = w.g
    node = w.node
    n = g[TASKS]
    m = g[ROUTES]
    for c in range(begin, end):
        k = w.pick[TAIL, c]
        link(
            w,
            k,
            int64(node[n + m + v].prev),
            v,
            w.pick[TAIL_CARE, c],
            int64(0),
            w.pick[TAIL_START, c],
        )
        floor = published_floor(node, w.route, g, k, v)
        if node[k].start >= floor:
            hold(node, k, floor)
        note_dirty(w, k, k)
        note_dirty(w, int64(node[k].next), int64(node[k].prev))
        note_coupled(w, k)


@kernel
def _clean(w, count, u, v):
    """Return whether couplings' carers and the infection order still fit on both routes."""
    node = w.node
    route = w.route
    arc = w.arc
    g = w.g
    pick = w.pick
    n = g[TASKS]
    for c in range(count):
        k = pick[TAIL, c]
        caregiver = route[node[k].route].caregiver
        for e in range(node[k].arc_from, node[k].arc_until):
            if same_caregiver(node, route, arc, e, caregiver):
                return False
    if g[HAS_LEVELS] > 0:
        for side in range(2):
            x = int64(node[n + (u if side == 0 else v)].next)
            level = int64(0)
            while x < n:
                if node[x].level < level:
                    return False
                level = node[x].level
                x = int64(node[x].next)
    return True


@kernel
def _exchange(w, rng, u, from_u, v, from_v):
    """Exchange the parts of two routes that begin at two nodes; False if not allowed.

    Nothing has changed when it returns False, unless the state is marked broken.
    """
    g = w.g
    n = g[TASKS]
    middle = _collect(w, n, from_u, int64(0))
    count = _collect(w, n, from_v, middle)
    if count == 0:
        return False
    for c in range(middle):
        if not may(w, w.pick[TAIL, c], v):
            return False
    for c in range(middle, count):
        if not may(w, w.pick[TAIL, c], u):
            return False
    for c in range(count):
        unlink(w, w.pick[TAIL, c])
    _append(w, v, 0, middle)
    _append(w, u, middle, count)
    place_break(w, rng, u)
    place_break(w, rng, v)
    if not _clean(w, count, u, v):
        g[BROKEN] = 1
    return True


@kernel
def swap_routes(w, rng):
    """Let two caregivers of one day exchange their whole routes."""
    g = w.g
    node = w.node
    route = w.route
    n, m = g[TASKS], g[ROUTES]
    u, v = below(rng, m), below(rng, m)
    if u == v or route[u].date != route[v].date:
        return False
    if route[u].count + route[v].count == 0:
        return False
    return _exchange(w, rng, u, int64(node[n + u].next), v, int64(node[n + v].next))


@kernel
def swap_tails(w, rng, c):
    """Exchange the tail that begins at task `c` with what a near route does after it."""
    g = w.g
    node = w.node
    route = w.route
    n = g[TASKS]
    u = int64(node[c].route)
    if u < 0:
        return False
    reach = w.near.shape[1] - 1
    if reach > 25:
        reach = 25
    if reach < 1:
        return False
    for _ in range(4):
        v = node[int64(w.near[c, 1 + below(rng, reach)])].route
        if v < 0 or v == u or route[u].date != route[v].date:
            continue
        moment = node[c].start
        j = int64(node[n + v].next)
        while j < n and node[j].start <= moment:
            j = int64(node[j].next)
        before = int64(node[j].prev)
        if before < n and node[before].start >= moment:
            continue
        if node[c].prev >= n and before >= n and j >= n:
            continue
        if _exchange(w, rng, u, c, v, j):
            return True
    return False
