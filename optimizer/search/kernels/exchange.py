"""Moves that a ruin of a few visits cannot make: whole routes and tails change hands.

Good rosters use some caregivers fully and others not at all; such a day cannot be handed
from one caregiver to another visit by visit. Exchanging tails (from a moment on, two
caregivers do each other's visits) or whole routes costs little and frees the search from
those basins.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import touch_way
from optimizer.search.kernels.chance import below, fraction
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.state import (
    link,
    note_dirty,
    note_ties,
    same_caregiver,
    unlink,
)
from optimizer.search.kernels.world import (
    BREAK_FROM,
    BREAK_LENGTH,
    BREAK_TO,
    BROKEN,
    CARE,
    CAREGIVER,
    COUNT,
    DATE,
    HAS_LEVELS,
    LEVEL,
    NEXT,
    PAUSE,
    PREV,
    ROUTE,
    ROUTES,
    ROW_FROM,
    ROW_UNTIL,
    START,
    TAIL,
    TAIL_CARE,
    TAIL_START,
    TASKS,
    TIE_FROM,
    TIE_UNTIL,
)


@kernel
def may(node, row_route, k, v):
    """Return whether task `k` may be on route `v`, by search in the row's sorted routes."""
    lo, hi = node[k, ROW_FROM], node[k, ROW_UNTIL]
    until = hi
    while lo < hi:
        mid = (lo + hi) // 2
        if row_route[mid] < v:
            lo = mid + 1
        else:
            hi = mid
    return lo < until and row_route[lo] == v


@kernel
def place_break(w, word, v):
    """Move the break of route `v` to the first leg in which it fits, or to any possible one."""
    g = w.g
    log = w.log
    dirty = w.dirty
    node = w.node
    way = w.way
    if way[v, BREAK_LENGTH] == 0 or way[v, COUNT] == 0:
        return
    n = w.g[TASKS]
    anywhere = fraction(word) < 0.5
    x = n + v
    chosen = x
    seen = 0
    while x < n or x == n + v:
        ready = node[x, START] + node[x, CARE]
        if ready > way[v, BREAK_TO]:
            break
        j = node[x, NEXT]
        if anywhere:
            seen += 1
            if fraction(word) * seen < 1.0:
                chosen = x
        else:
            chosen = x
            begin = ready if ready > way[v, BREAK_FROM] else way[v, BREAK_FROM]
            if j >= n or node[j, START] >= begin + way[v, BREAK_LENGTH]:
                break
        x = j
    before = way[v, PAUSE]
    if chosen == before:
        return
    touch_way(way, log, g, v)
    way[v, PAUSE] = chosen
    note_dirty(dirty, g, node[before, NEXT], before)
    note_dirty(dirty, g, node[chosen, NEXT], chosen)


@kernel
def _collect(node, pick, n, x, count):
    while x < n:
        pick[TAIL, count] = x
        pick[TAIL_START, count] = node[x, START]
        pick[TAIL_CARE, count] = node[x, CARE]
        count += 1
        x = node[x, NEXT]
    return count


@kernel
def _append(w, v, begin, end):
    """Link the collected tasks `begin … end-1` to the end of route `v`, at their old starts."""
    tie = w.tie
    dirty = w.dirty
    g = w.g
    node = w.node
    n = g[TASKS]
    m = g[ROUTES]
    for c in range(begin, end):
        k = w.pick[TAIL, c]
        link(w, k, node[n + m + v, PREV], v, w.pick[TAIL_CARE, c], False, w.pick[TAIL_START, c])
        note_dirty(dirty, g, k, k)
        note_dirty(dirty, g, node[k, NEXT], node[k, PREV])
        note_ties(node, tie, dirty, g, k)


@kernel
def _clean(node, way, tie, g, pick, count, u, v):
    """Return whether couplings' carers and the infection order still fit on both routes."""
    n = g[TASKS]
    for c in range(count):
        k = pick[TAIL, c]
        caregiver = way[node[k, ROUTE], CAREGIVER]
        for e in range(node[k, TIE_FROM], node[k, TIE_UNTIL]):
            if same_caregiver(node, way, tie, e, caregiver):
                return False
    if g[HAS_LEVELS] > 0:
        for side in range(2):
            x = node[n + (u if side == 0 else v), NEXT]
            level = int64(0)
            while x < n:
                if node[x, LEVEL] < level:
                    return False
                level = node[x, LEVEL]
                x = node[x, NEXT]
    return True


@kernel
def _exchange(w, word, u, from_u, v, from_v):
    """Exchange the parts of two routes that begin at two nodes; False if not allowed.

    Nothing has changed when it returns False, unless the state is marked broken.
    """
    node = w.node
    way = w.way
    tie = w.tie
    row_route = w.row_route
    pick = w.pick
    g = w.g
    n = g[TASKS]
    middle = _collect(node, pick, n, from_u, 0)
    count = _collect(node, pick, n, from_v, middle)
    if count == 0:
        return False
    for c in range(middle):
        if not may(node, row_route, w.pick[TAIL, c], v):
            return False
    for c in range(middle, count):
        if not may(node, row_route, w.pick[TAIL, c], u):
            return False
    for c in range(count):
        unlink(w, w.pick[TAIL, c])
    _append(w, v, 0, middle)
    _append(w, u, middle, count)
    place_break(w, word, u)
    place_break(w, word, v)
    if not _clean(node, way, tie, g, pick, count, u, v):
        g[BROKEN] = 1
    return True


@kernel
def swap_routes(w, word):
    """Let two caregivers of one day exchange their whole routes."""
    g = w.g
    node = w.node
    way = w.way
    n, m = g[TASKS], g[ROUTES]
    u, v = below(word, m), below(word, m)
    if u == v or way[u, DATE] != way[v, DATE]:
        return False
    if way[u, COUNT] + way[v, COUNT] == 0:
        return False
    return _exchange(w, word, u, node[n + u, NEXT], v, node[n + v, NEXT])


@kernel
def swap_tails(w, word, c):
    """Exchange the tail that begins at task `c` with what a near route does after it."""
    g = w.g
    node = w.node
    way = w.way
    n = g[TASKS]
    u = node[c, ROUTE]
    if u < 0:
        return False
    reach = w.near.shape[1] - 1
    if reach > 25:
        reach = 25
    if reach < 1:
        return False
    for _ in range(4):
        v = node[int64(w.near[c, 1 + below(word, reach)]), ROUTE]
        if v < 0 or v == u or way[u, DATE] != way[v, DATE]:
            continue
        moment = node[c, START]
        j = node[n + v, NEXT]
        while j < n and node[j, START] <= moment:
            j = node[j, NEXT]
        before = node[j, PREV]
        if before < n and node[before, START] >= moment:
            continue
        if node[c, PREV] >= n and before >= n and j >= n:
            continue
        if _exchange(w, word, u, c, v, j):
            return True
    return False
