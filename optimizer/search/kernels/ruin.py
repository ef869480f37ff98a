"""Taking visits out: strings of near routes, related visits, whole routes."""

from __future__ import annotations

from numpy import int64

from optimizer.problem.layout import UNIT
from optimizer.search.kernels.chance import below, fraction
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.state import COUNT, NEXT, PREV, ROUTE, unlink

# Entries of the parameters of the loop, see `search.parameters.SearchParameters`.
(
    P_REMOVED,
    P_STRING,
    P_STRING_SHARE,
    P_ROUTE_SHARE,
    P_SKIP,
    P_SPLIT,
    P_BLINK,
    P_SWAP,
    P_TAIL,
    P_ABSENT,
    P_PAUSE,
) = range(11)
PARAMETERS = 12


@kernel
def take_out(pb, st, sc, count, k):  # type: ignore[no-untyped-def]
    """Take out the whole unit of task `k` and list it; returns the new length of the list."""
    u = pb.task[k, UNIT]
    one, two = pb.unit[u, 0], pb.unit[u, 1]
    if st.node[one, ROUTE] >= 0:
        unlink(pb, st, one)
    if two >= 0 and st.node[two, ROUTE] >= 0:
        unlink(pb, st, two)
    sc.units[count] = u
    return count + 1


@kernel
def _position(st, n, k):  # type: ignore[no-untyped-def]
    place = 0
    i = st.node[k, PREV]
    while i < n:
        place += 1
        i = st.node[i, PREV]
    return place


@kernel
def ruin_strings(pb, st, sc, word, par, stamp, centre, mean):  # type: ignore[no-untyped-def]
    """Take a string of consecutive visits out of several routes near the centre.

    Returns the number of listed units. After Christiaens and Vanden Berghe, Slack induction
    by string removals for vehicle routing problems, Transportation Science 54 (2020).
    """
    n = pb.task.shape[0]
    longest = mean if mean < par[P_STRING] else par[P_STRING]
    strings = int64(fraction(word) * (4.0 * par[P_REMOVED] / (1.0 + longest) - 1.0) + 1.0)
    if strings < 1:
        strings = 1
    count = 0
    done = 0
    for c in range(pb.near.shape[1]):
        if done >= strings:
            break
        k = int64(pb.near[centre, c])
        v = st.node[k, ROUTE]
        if v < 0 or sc.route_mark[v] == stamp:
            continue
        sc.route_mark[v] = stamp
        done += 1
        size = st.way[v, COUNT]
        length = int64(fraction(word) * min(float(size), longest) + 1.0)
        if length > size:
            length = size
        spared = int64(0)
        if fraction(word) < par[P_SPLIT]:
            while length + spared < size and fraction(word) > 0.5:
                spared += 1
        width = length + spared
        at = _position(st, n, k)
        lo = at - width + 1 if at - width + 1 > 0 else 0
        hi = at if at < size - width else size - width
        begin = lo + below(word, hi - lo + 1)
        gap = below(word, length + 1) if spared > 0 else width
        x = st.node[n + v, NEXT]
        for _ in range(begin):
            x = st.node[x, NEXT]
        picked = 0
        for c2 in range(width):
            if x >= n:
                break
            if c2 < gap or c2 >= gap + spared:
                sc.tail[picked, 0] = x
                picked += 1
            x = st.node[x, NEXT]
        for c2 in range(picked):
            if st.node[sc.tail[c2, 0], ROUTE] >= 0:
                count = take_out(pb, st, sc, count, sc.tail[c2, 0])
    return count


@kernel
def ruin_related(pb, st, sc, word, par, centre):  # type: ignore[no-untyped-def]
    """Take out visits that are near the centre in place and time of day."""
    target = 1 + int64(fraction(word) * 2.0 * par[P_REMOVED])
    count = 0
    for c in range(pb.near.shape[1]):
        if count >= target:
            break
        k = int64(pb.near[centre, c])
        if st.node[k, ROUTE] >= 0 and fraction(word) >= par[P_SKIP]:
            count = take_out(pb, st, sc, count, k)
    return count


@kernel
def ruin_routes(pb, st, sc, word, stamp, centre):  # type: ignore[no-untyped-def]
    """Empty one or two whole routes near the centre."""
    n = pb.task.shape[0]
    count = 0
    done = 0
    routes = 1 + below(word, 2)
    for c in range(pb.near.shape[1]):
        if done >= routes:
            break
        v = st.node[int64(pb.near[centre, c]), ROUTE]
        if v < 0 or sc.route_mark[v] == stamp:
            continue
        sc.route_mark[v] = stamp
        done += 1
        x = st.node[n + v, NEXT]
        while x < n:
            after = st.node[x, NEXT]
            # The other half of a pair on the same route goes with its first half.
            u = pb.task[x, UNIT]
            while after < n and pb.task[after, UNIT] == u:
                after = st.node[after, NEXT]
            count = take_out(pb, st, sc, count, x)
            x = after
    return count
