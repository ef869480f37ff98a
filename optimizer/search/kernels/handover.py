"""Handing a client's visit over to somebody who comes to the client more often.

What stands in its way there is taken out with it, and so is what is beside it on the route that it
leaves: room for the exchange that one visit alone cannot make where the routes are full.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.rng import below, fraction
from optimizer.search.kernels.ruin import take_listed
from optimizer.search.kernels.world import TAIL, TASKS

DRAWS = 3
"Tasks of which the one whose caregiver comes least often is handed over."
MOST_THERE, MOST_HERE = 4, 3
"Consecutive visits taken out on the route that receives the visit, and on the one that gives it."


@kernel
def comes(w, k):
    """Return how often the client of task `k` is visited by the caregiver of its route."""
    return int64(w.met[w.node[k].client, w.route[w.node[k].route].caregiver])


@kernel
def least_known(w, rng, focus, centre):
    """Return the task whose caregiver comes to its client least, of `centre` and a few others."""
    best = centre
    for _ in range(DRAWS - 1):
        k = focus[below(rng, focus.shape[0])]
        if w.node[k].route >= 0 and (w.node[best].route < 0 or comes(w, k) < comes(w, best)):
            best = k
    return best


@kernel
def _receiver(w, rng, k):
    """Draw a route for task `k` by how often its caregiver comes to the client, -1 if none does.

    Only those who come more often than the present one; routes over before the window begins, or
    begun after it ends, are left aside.
    """
    node = w.node
    route = w.route
    client = node[k].client
    known = comes(w, k)
    total = int64(0)
    chosen = int64(-1)
    for r in range(node[k].row_from, node[k].row_until):
        v = int64(w.row_route[r])
        often = int64(w.met[client, route[v].caregiver])
        if often <= known or route[v].open > node[k].latest:
            continue
        if route[v].close_hard < node[k].earliest + node[k].short:
            continue
        total += often
        if fraction(rng) * total < often:
            chosen = v
    return chosen


@kernel
def _list_around(w, x, before, length):
    """List `length` consecutive tasks of a route from `before` tasks before `x` on."""
    node = w.node
    n = w.g[TASKS]
    while before > 0 and node[x].prev < n:
        x = int64(node[x].prev)
        before -= 1
    taken = int64(0)
    while taken < length and x < n:
        w.pick[TAIL, taken] = x
        taken += 1
        x = int64(node[x].next)
    return taken


@kernel
def ruin_to_hand_over(w, rng, k):
    """Take out task `k`, its neighbours, and who stands in its way with somebody who comes more.

    Returns the number of listed units, 0 if nobody comes more often.
    """
    node = w.node
    n = w.g[TASKS]
    v = _receiver(w, rng, k) if node[k].route >= 0 else int64(-1)
    if v < 0:
        return int64(0)
    until = max(int64(node[k].earliest), min(int64(node[k].latest), int64(node[k].due)))
    moment = int64(node[k].start)
    if fraction(rng) < 0.5:
        moment = node[k].earliest + below(rng, until - node[k].earliest + 1)
    length = 1 + below(rng, MOST_HERE)
    count = take_listed(w, _list_around(w, k, below(rng, length), length), int64(0))
    x = int64(node[n + v].next)
    while x < n and node[x].start + node[x].care < moment:
        x = int64(node[x].next)
    if x >= n:
        x = int64(node[x].prev)
    if x < n:
        length = 1 + below(rng, MOST_THERE)
        count = take_listed(w, _list_around(w, x, below(rng, length), length), count)
    return count
