"""Making room for an unserved visit by taking out those whose loss weighs least.

References
----------
Nagata and Bräysy, A powerful route minimization heuristic for the vehicle routing problem with
time windows, Operations Research Letters 37(5) (2009): what is ejected for a visit without a place
is the combination with the smallest sum of penalty counters, which say how often no place was
found. Here the counter of a visit is its worth, which grows while it is unserved (`unserved`), and
only consecutive visits are combined.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.rng import below, fraction
from optimizer.search.kernels.ruin import take_listed
from optimizer.search.kernels.timing import reach
from optimizer.search.kernels.world import FORBIDDEN, TAIL, TASKS

ROUTES_ASKED = 48
"Routes that are looked at; where more are open, so many that follow each other from a random one."
LONGEST = 6
"Consecutive visits that are taken out at most."
NOISE = 0.3
"A loss is raised at random by less than this share, so that not always the same ones have to go."


@kernel
def eject_for(w, rng, k, count):
    """Take out the consecutive visits of one route whose place unserved task `k` can take.

    Of all such the ones are chosen whose worth is least. Returns the number of listed units, which
    stays as it is where nothing makes room. What the caregiver's hours, contracts and breaks say
    is left to the insertion.
    """
    node = w.node
    first, size = int64(node[k].row_from), int64(node[k].row_until - node[k].row_from)
    if size == 0:
        return count
    earliest, latest = _earliest_and_latest(w, k)
    least = int64(FORBIDDEN)
    begin, until = int64(-1), int64(-1)
    offset = below(rng, size)
    for c in range(min(size, int64(ROUTES_ASKED))):
        v = int64(w.row_route[first + (offset + c) % size])
        if w.route[v].close_hard < earliest:
            continue
        loss, i, j = _least_loss(w, rng, k, v, earliest, latest, least)
        if loss < least:
            least, begin, until = loss, i, j
    if begin < 0:
        return count
    listed = 0
    x = int64(node[begin].next)
    while x != until:
        w.pick[TAIL, listed] = x
        listed += 1
        x = int64(node[x].next)
    return take_listed(w, listed, count)


@kernel
def _earliest_and_latest(w, k):
    """Return when task `k` may start beside the present tasks that it is coupled with."""
    node = w.node
    arc = w.arc
    earliest, latest = int64(node[k].earliest), int64(node[k].latest)
    for e in range(node[k].arc_from, node[k].arc_until):
        q = int64(arc[e].to)
        if node[q].route >= 0:
            earliest = max(earliest, node[q].start + arc[e].back)
            latest = min(latest, node[q].limit - arc[e].out)
    return earliest, latest


@kernel
def _least_loss(w, rng, k, v, earliest, latest, least):
    """Return the least worth on route `v`, if below `least`, that makes room for task `k`.

    Returns also the nodes between which it stands.
    """
    node = w.node
    route = w.route
    n = w.g[TASKS]
    begin, until = int64(-1), int64(-1)
    there = w.travel_from[route[v].mode, node[k].place]
    onward = w.travel[route[v].mode, node[k].place]
    i = n + v
    while i < n or i == n + v:
        ready = node[i].start + node[i].care
        if ready > latest:
            break
        ticks = int64(there[node[i].place])
        start = reach(route, route[v].break_after == i, v, ready, ticks, False, i >= n)
        end = max(start, earliest) + node[k].short
        j = int64(node[i].next)
        loss = int64(0)
        for taken in range(LONGEST + 1 if end - node[k].short <= latest else 0):
            if end + onward[node[j].place] <= node[j].limit:
                raised = loss + int64(NOISE * fraction(rng) * loss)
                if taken > 0 and raised < least:
                    least, begin, until = raised, i, j
                break
            if j >= n:
                break
            loss += _worth_on_routes(w, int64(node[j].unit))
            if loss >= least:
                break
            j = int64(node[j].next)
        i = int64(node[i].next)
    return least, begin, until


@kernel
def _worth_on_routes(w, u):
    """Return what the present tasks of unit `u` are worth: they all go together."""
    worth = int64(0)
    for half in range(2):
        k = w.unit[u, half]
        if k >= 0 and w.node[k].route >= 0:
            worth += w.worth[k]
    return worth
