"""Moves that a ruin of a few visits cannot make: whole routes and tails change hands.

Good rosters use some caregivers fully and others not at all; such a day cannot be handed
from one caregiver to another visit by visit. Exchanging tails (from a moment on, two
caregivers do each other's visits) or whole routes costs little and frees the search from
those basins.
"""

from __future__ import annotations

from numpy import int64

from optimizer.problem.layout import (
    BREAK_FROM,
    BREAK_LENGTH,
    BREAK_TO,
    CAREGIVER,
    DATE,
    HAS_LEVELS,
    LEVEL,
    ROW,
)
from optimizer.search.kernels.chance import below
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.state import (
    BROKEN,
    CARE,
    COUNT,
    FALLING,
    NEXT,
    PAUSE,
    PREV,
    RISING,
    ROUTE,
    START,
    link,
    touch_way,
    unlink,
)


@kernel
def may(pb, k, v):  # type: ignore[no-untyped-def]
    """Return whether task `k` may be on route `v`, by search in the row's sorted routes."""
    row = pb.task[k, ROW]
    lo, hi = pb.row_ptr[row], pb.row_ptr[row + 1]
    while lo < hi:
        mid = (lo + hi) // 2
        if pb.row_route[mid] < v:
            lo = mid + 1
        else:
            hi = mid
    return lo < pb.row_ptr[row + 1] and pb.row_route[lo] == v


@kernel
def place_break(pb, st, v):  # type: ignore[no-untyped-def]
    """Put the break of route `v` into the first leg in which it fits by the present times."""
    if pb.route[v, BREAK_LENGTH] == 0:
        return
    n = pb.task.shape[0]
    begin, length, latest = pb.route[v, BREAK_FROM], pb.route[v, BREAK_LENGTH], pb.route[v, BREAK_TO]
    x = n + v
    chosen = x
    while x < n or x == n + v:
        ready = st.node[x, START] + st.node[x, CARE]
        if ready > latest:
            break
        chosen = x
        j = st.node[x, NEXT]
        if j >= n or st.node[j, START] >= (ready if ready > begin else begin) + length:
            break
        x = j
    before = st.way[v, PAUSE]
    if chosen == before:
        return
    touch_way(st, v)
    st.way[v, PAUSE] = chosen
    for x in (before, chosen):
        f, r = st.counter[FALLING], st.counter[RISING]
        st.falling[f] = st.node[x, NEXT]
        st.rising[r] = x
        st.counter[FALLING] = f + 1
        st.counter[RISING] = r + 1


@kernel
def _dirty(pb, st, k):  # type: ignore[no-untyped-def]
    f, r = st.counter[FALLING], st.counter[RISING]
    st.falling[f] = k
    st.falling[f + 1] = st.node[k, NEXT]
    st.rising[r] = k
    st.rising[r + 1] = st.node[k, PREV]
    f += 2
    r += 2
    for e in range(pb.tie_ptr[k], pb.tie_ptr[k + 1]):
        q = pb.tie_to[e]
        if st.node[q, ROUTE] >= 0:
            st.falling[f] = q
            st.rising[r] = q
            f += 1
            r += 1
    st.counter[FALLING] = f
    st.counter[RISING] = r


@kernel
def _collect(st, sc, n, x, count):  # type: ignore[no-untyped-def]
    while x < n:
        sc.tail[count, 0] = x
        sc.tail[count, 1] = st.node[x, START]
        sc.tail[count, 2] = st.node[x, CARE]
        count += 1
        x = st.node[x, NEXT]
    return count


@kernel
def _append(pb, st, sc, v, begin, end):  # type: ignore[no-untyped-def]
    """Link the collected tasks `begin … end-1` to the end of route `v`, at their old starts."""
    n = pb.task.shape[0]
    m = pb.route.shape[0]
    for c in range(begin, end):
        k = sc.tail[c, 0]
        link(pb, st, k, st.node[n + m + v, PREV], v, sc.tail[c, 2], False, sc.tail[c, 1])
        _dirty(pb, st, k)


@kernel
def _clean(pb, st, sc, count, u, v):  # type: ignore[no-untyped-def]
    """Return whether couplings' carers and the infection order still fit on both routes."""
    n = pb.task.shape[0]
    for c in range(count):
        k = sc.tail[c, 0]
        g = pb.route[st.node[k, ROUTE], CAREGIVER]
        for e in range(pb.tie_ptr[k], pb.tie_ptr[k + 1]):
            r = st.node[pb.tie_to[e], ROUTE]
            if r >= 0 and pb.tie_differ[e] == 1 and pb.route[r, CAREGIVER] == g:
                return False
    if pb.weight[HAS_LEVELS] > 0:
        for side in range(2):
            x = st.node[n + (u if side == 0 else v), NEXT]
            level = int64(0)
            while x < n:
                if pb.task[x, LEVEL] < level:
                    return False
                level = pb.task[x, LEVEL]
                x = st.node[x, NEXT]
    return True


@kernel
def _exchange(pb, st, sc, u, from_u, v, from_v):  # type: ignore[no-untyped-def]
    """Exchange the parts of two routes that begin at two nodes; False if not allowed.

    Nothing has changed when it returns False, unless the state is marked broken.
    """
    n = pb.task.shape[0]
    middle = _collect(st, sc, n, from_u, 0)
    count = _collect(st, sc, n, from_v, middle)
    if count == 0:
        return False
    for c in range(middle):
        if not may(pb, sc.tail[c, 0], v):
            return False
    for c in range(middle, count):
        if not may(pb, sc.tail[c, 0], u):
            return False
    for c in range(count):
        unlink(pb, st, sc.tail[c, 0])
    _append(pb, st, sc, v, 0, middle)
    _append(pb, st, sc, u, middle, count)
    place_break(pb, st, u)
    place_break(pb, st, v)
    if not _clean(pb, st, sc, count, u, v):
        st.counter[BROKEN] = 1
    return True


@kernel
def swap_routes(pb, st, sc, word):  # type: ignore[no-untyped-def]
    """Let two caregivers of one day exchange their whole routes."""
    n, m = pb.task.shape[0], pb.route.shape[0]
    u, v = below(word, m), below(word, m)
    if u == v or pb.route[u, DATE] != pb.route[v, DATE]:
        return False
    if st.way[u, COUNT] + st.way[v, COUNT] == 0:
        return False
    return _exchange(pb, st, sc, u, st.node[n + u, NEXT], v, st.node[n + v, NEXT])


@kernel
def swap_tails(pb, st, sc, word, c):  # type: ignore[no-untyped-def]
    """Exchange the tail that begins at task `c` with what a near route does after it."""
    n = pb.task.shape[0]
    u = st.node[c, ROUTE]
    if u < 0:
        return False
    reach = pb.near.shape[1] - 1
    if reach > 25:
        reach = 25
    if reach < 1:
        return False
    for _ in range(4):
        v = st.node[int64(pb.near[c, 1 + below(word, reach)]), ROUTE]
        if v < 0 or v == u or pb.route[u, DATE] != pb.route[v, DATE]:
            continue
        moment = st.node[c, START]
        j = st.node[n + v, NEXT]
        while j < n and st.node[j, START] <= moment:
            j = st.node[j, NEXT]
        before = st.node[j, PREV]
        if before < n and st.node[before, START] >= moment:
            continue
        if st.node[c, PREV] >= n and before >= n and j >= n:
            continue
        if _exchange(pb, st, sc, u, c, v, j):
            return True
    return False
