"""Taking visits out: strings of near routes, related visits, whole routes.

References
----------
Christiaens and Vanden Berghe, Slack induction by string removals for vehicle routing problems,
Transportation Science 54(2) (2020): strings.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import LOG_ROUTE
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.parameter_row import (
    P_REMOVED,
    P_SKIP,
    P_SPLIT,
    P_STRING,
)
from optimizer.search.kernels.rng import below, fraction
from optimizer.search.kernels.state import unlink
from optimizer.search.kernels.world import LOGGED, ROUTE_MARK, TAIL, TASKS, UNITS


@kernel
def take_out(w, count, k):
    """Take out the whole unit of task `k` and list it; returns the new length of the list."""
    node = w.node
    u = node[k].unit
    one, two = w.unit[u, 0], w.unit[u, 1]
    if node[one].route >= 0:
        unlink(w, one)
    if two >= 0 and node[two].route >= 0:
        unlink(w, two)
    w.pick[UNITS, count] = u
    return count + 1


@kernel
def take_listed(w, listed, count):
    """Take out what `World.pick` lists as a tail, unless it went with another task already."""
    for c in range(listed):
        if w.node[w.pick[TAIL, c]].route >= 0:
            count = take_out(w, count, w.pick[TAIL, c])
    return count


@kernel
def _position(w, n, k):
    node = w.node
    place = 0
    i = int64(node[k].prev)
    while i < n:
        place += 1
        i = int64(node[i].prev)
    return place


@kernel
def ruin_strings(w, rng, par, stamp, centre, mean):
    """Take a string of consecutive visits out of several routes near the centre.

    Returns the number of listed units.
    """
    g = w.g
    node = w.node
    route = w.route
    n = g[TASKS]
    longest = mean if mean < par[P_STRING] else par[P_STRING]
    drawn = fraction(rng) * (4.0 * par[P_REMOVED] / (1.0 + longest) - 1.0) + 1.0
    strings = int64(max(1.0, drawn))
    count = 0
    done = 0
    for c in range(w.near.shape[1]):
        if done >= strings:
            break
        k = int64(w.near[centre, c])
        v = int64(node[k].route)
        if v < 0 or w.pick[ROUTE_MARK, v] == stamp:
            continue
        w.pick[ROUTE_MARK, v] = stamp
        done += 1
        size = route[v].count
        length = int64(fraction(rng) * min(float(size), longest) + 1.0)
        if length > size:
            length = size
        spared = int64(0)
        if fraction(rng) < par[P_SPLIT]:
            while length + spared < size and fraction(rng) > 0.5:
                spared += 1
        width = length + spared
        at = _position(w, n, k)
        lo = at - width + 1 if at - width + 1 > 0 else 0
        hi = at if at < size - width else size - width
        begin = lo + below(rng, hi - lo + 1)
        gap = below(rng, length + 1) if spared > 0 else width
        x = int64(node[n + v].next)
        for _ in range(begin):
            x = int64(node[x].next)
        picked = 0
        for c2 in range(width):
            if x >= n:
                break
            if c2 < gap or c2 >= gap + spared:
                w.pick[TAIL, picked] = x
                picked += 1
            x = int64(node[x].next)
        count = take_listed(w, picked, count)
    return count


@kernel
def ruin_related(w, rng, par, centre):
    """Take out visits that are near the centre in place and time of day."""
    node = w.node
    target = 1 + int64(fraction(rng) * 2.0 * par[P_REMOVED])
    count = 0
    for c in range(w.near.shape[1]):
        if count >= target:
            break
        k = int64(w.near[centre, c])
        if node[k].route >= 0 and fraction(rng) >= par[P_SKIP]:
            count = take_out(w, count, k)
    return count


@kernel
def ruin_routes(w, rng, stamp, centre):
    """Empty one or two whole routes near the centre."""
    g = w.g
    node = w.node
    n = g[TASKS]
    count = 0
    done = 0
    routes = 1 + below(rng, 2)
    for c in range(w.near.shape[1]):
        if done >= routes:
            break
        v = node[int64(w.near[centre, c])].route
        if v < 0 or w.pick[ROUTE_MARK, v] == stamp:
            continue
        w.pick[ROUTE_MARK, v] = stamp
        done += 1
        x = int64(node[n + v].next)
        while x < n:
            after = int64(node[x].next)
            # The other half of a pair on the same route goes with its first half.
            u = node[x].unit
            while after < n and node[after].unit == u:
                after = int64(node[after].next)
            count = take_out(w, count, x)
            x = after
    return count


@kernel
def ruin_for(w, rng, k, count):
    """Make room for unserved task `k` on one or two routes that it may be on.

    Takes out a few consecutive visits around a moment of its window.
    """
    g = w.g
    node = w.node
    n = g[TASKS]
    first, size = int64(node[k].row_from), int64(node[k].row_until - node[k].row_from)
    if size == 0:
        return count
    for _ in range(1 + below(rng, 2)):
        v = int64(w.row_route[first + below(rng, size)])
        until = max(int64(node[k].earliest), min(int64(node[k].latest), int64(node[k].due)))
        moment = node[k].earliest + below(rng, until - node[k].earliest + 1)
        x = int64(node[n + v].next)
        while x < n and node[x].start + node[x].care < moment:
            x = int64(node[x].next)
        if x >= n:
            x = int64(node[x].prev)
        taken = 0
        for _ in range(1 + below(rng, 4)):
            if x >= n:
                break
            w.pick[TAIL, taken] = x
            taken += 1
            x = int64(node[x].next)
        count = take_listed(w, taken, count)
    return count


@kernel
def first_long_leg(w, v):
    """Return the first node of route `v` from which the next leg is too long, or -1."""
    node = w.node
    route = w.route
    tasks = w.g[TASKS]
    n = tasks
    if route[v].count == 0:
        return int64(-1)
    x = n + v
    while x < n or x == n + v:
        if node[x].travel > route[v].longest:
            return x
        x = int64(node[x].next)
    return int64(-1)


@kernel
def mend_legs(w, count):
    """Take out more visits where removals or exchanges have left legs that are too long."""
    node = w.node
    n = w.g[TASKS]
    for c in range(w.g[LOGGED]):
        if w.log[c].kind != LOG_ROUTE:
            continue
        v = int64(w.log[c].who)
        x = first_long_leg(w, v)
        while x >= 0:
            j = int64(node[x].next)
            count = take_out(w, count, j if j < n else x)
            x = first_long_leg(w, v)
    return count
