"""Taking visits out: strings of near routes, related visits, whole routes."""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import LOG_WAY
from optimizer.search.kernels.chance import below, fraction
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.state import unlink
from optimizer.search.kernels.world import (
    COUNT,
    HOP,
    LOGGED,
    LONGEST,
    NEXT,
    PREV,
    ROUTE,
    ROUTE_MARK,
    TAIL,
    TASKS,
    UNIT,
    UNITS,
)

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
    P_WILD,
) = range(12)
PARAMETERS = 12


@kernel
def take_out(w, count, k):
    """Take out the whole unit of task `k` and list it; returns the new length of the list."""
    node = w.node
    u = node[k, UNIT]
    one, two = w.unit[u, 0], w.unit[u, 1]
    if node[one, ROUTE] >= 0:
        unlink(w, one)
    if two >= 0 and node[two, ROUTE] >= 0:
        unlink(w, two)
    w.pick[UNITS, count] = u
    return count + 1


@kernel
def _position(node, n, k):
    place = 0
    i = node[k, PREV]
    while i < n:
        place += 1
        i = node[i, PREV]
    return place


@kernel
def ruin_strings(w, word, par, stamp, centre, mean):
    """Take a string of consecutive visits out of several routes near the centre.

    Returns the number of listed units. After Christiaens and Vanden Berghe, Slack induction
    by string removals for vehicle routing problems, Transportation Science 54 (2020).
    """
    g = w.g
    node = w.node
    way = w.way
    n = g[TASKS]
    longest = mean if mean < par[P_STRING] else par[P_STRING]
    drawn = fraction(word) * (4.0 * par[P_REMOVED] / (1.0 + longest) - 1.0) + 1.0
    strings = int64(max(1.0, drawn))
    count = 0
    done = 0
    for c in range(w.near.shape[1]):
        if done >= strings:
            break
        k = int64(w.near[centre, c])
        v = node[k, ROUTE]
        if v < 0 or w.pick[ROUTE_MARK, v] == stamp:
            continue
        w.pick[ROUTE_MARK, v] = stamp
        done += 1
        size = way[v, COUNT]
        length = int64(fraction(word) * min(float(size), longest) + 1.0)
        if length > size:
            length = size
        spared = int64(0)
        if fraction(word) < par[P_SPLIT]:
            while length + spared < size and fraction(word) > 0.5:
                spared += 1
        width = length + spared
        at = _position(node, n, k)
        lo = at - width + 1 if at - width + 1 > 0 else 0
        hi = at if at < size - width else size - width
        begin = lo + below(word, hi - lo + 1)
        gap = below(word, length + 1) if spared > 0 else width
        x = node[n + v, NEXT]
        for _ in range(begin):
            x = node[x, NEXT]
        picked = 0
        for c2 in range(width):
            if x >= n:
                break
            if c2 < gap or c2 >= gap + spared:
                w.pick[TAIL, picked] = x
                picked += 1
            x = node[x, NEXT]
        for c2 in range(picked):
            if node[w.pick[TAIL, c2], ROUTE] >= 0:
                count = take_out(w, count, w.pick[TAIL, c2])
    return count


@kernel
def ruin_related(w, word, par, centre):
    """Take out visits that are near the centre in place and time of day."""
    node = w.node
    target = 1 + int64(fraction(word) * 2.0 * par[P_REMOVED])
    count = 0
    for c in range(w.near.shape[1]):
        if count >= target:
            break
        k = int64(w.near[centre, c])
        if node[k, ROUTE] >= 0 and fraction(word) >= par[P_SKIP]:
            count = take_out(w, count, k)
    return count


@kernel
def ruin_routes(w, word, stamp, centre):
    """Empty one or two whole routes near the centre."""
    g = w.g
    node = w.node
    n = g[TASKS]
    count = 0
    done = 0
    routes = 1 + below(word, 2)
    for c in range(w.near.shape[1]):
        if done >= routes:
            break
        v = node[int64(w.near[centre, c]), ROUTE]
        if v < 0 or w.pick[ROUTE_MARK, v] == stamp:
            continue
        w.pick[ROUTE_MARK, v] = stamp
        done += 1
        x = node[n + v, NEXT]
        while x < n:
            after = node[x, NEXT]
            # The other half of a pair on the same route goes with its first half.
            u = node[x, UNIT]
            while after < n and node[after, UNIT] == u:
                after = node[after, NEXT]
            count = take_out(w, count, x)
            x = after
    return count


@kernel
def first_long_leg(node, way, tasks, v):
    """Return the first node of route `v` from which the next leg is too long, or -1."""
    n = tasks
    if way[v, COUNT] == 0:
        return int64(-1)
    x = n + v
    while x < n or x == n + v:
        if node[x, HOP] > way[v, LONGEST]:
            return x
        x = node[x, NEXT]
    return int64(-1)


@kernel
def mend_legs(w, count):
    """Take out more visits where removals or exchanges have left legs that are too long."""
    way = w.way
    tasks = w.g[TASKS]
    node = w.node
    n = w.g[TASKS]
    for c in range(w.g[LOGGED]):
        if w.log[c, 0] != LOG_WAY:
            continue
        v = w.log[c, 1]
        x = first_long_leg(node, way, tasks, v)
        while x >= 0:
            j = node[x, NEXT]
            count = take_out(w, count, j if j < n else x)
            x = first_long_leg(node, way, tasks, v)
    return count
