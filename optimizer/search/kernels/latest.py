"""How late every node may start: before it costs more (`easy`), and before a rule breaks (`limit`).

Latest starts are the greatest solution of the arcs of `timing` read backwards, once from the
times that cost nothing and once from the hard ones.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import touch
from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.timing import enqueue, leave_by, mark, sort_by_start
from optimizer.search.kernels.world import (
    BIG,
    FORBIDDEN,
    HAS_REST,
    PUSH_CAP,
    ROUTES,
    TASKS,
    TOLERANCE,
    VISIT_STAMP,
)


@leaf
def own_latest(node, route, g, x):
    """Return a node's own bounds: latest start without cost, latest start at all."""
    easy = node[x].due
    if g[PUSH_CAP] < FORBIDDEN and x < g[TASKS] and node[x].published >= 0:
        late = node[x].published + g[TOLERANCE]
        if (
            late < easy
            and node[x].start <= late
            and node[x].start >= node[x].published - g[TOLERANCE]
            and route[node[x].route].date == node[x].published_day
        ):
            easy = late
    # What is late already may stay as late as it is at no further cost.
    if node[x].start > easy:
        easy = node[x].start
    return easy, node[x].latest


@kernel
def _pull_latest(w, x, easy, hard):
    """Return the bounds of task `x` tightened by what comes after it."""
    node = w.node
    route = w.route
    arc = w.arc
    tasks = w.g[TASKS]
    j = int64(node[x].next)
    v = int64(node[x].route)
    here = route[v].break_after == x
    last = j >= tasks
    care, travel = node[x].care, node[x].travel
    by = leave_by(route, here, v, node[j].easy, travel, last) - care
    if by < easy:
        easy = by
    by = leave_by(route, here, v, node[j].limit, travel, last) - care
    if by < hard:
        hard = by
    for e in range(node[x].arc_from, node[x].arc_until):
        q = int64(arc[e].to)
        if node[q].route >= 0 and arc[e].out > -BIG:
            by = node[q].easy - arc[e].out
            if by < easy:
                easy = by
            by = node[q].limit - arc[e].out
            if by < hard:
                hard = by
    return easy, hard


@kernel
def _pull_depot(w, x):
    """Tighten the bounds of a depot by the first stop after it or by the rest after it."""
    node = w.node
    route = w.route
    rest = w.rest
    n, m = w.g[TASKS], w.g[ROUTES]
    v = int64(node[x].route)
    if x < n + m:
        j = int64(node[x].next)
        if j < n:
            node[x].easy = min(node[x].easy, node[j].easy - node[x].travel)
            node[x].limit = min(node[x].limit, node[j].limit - node[x].travel)
        return
    for r in range(w.rest_of[v].after_from, w.rest_of[v].after_until):
        q = n + int64(rest[r].to)
        if route[q - n].count > 0:
            node[x].easy = min(node[x].easy, node[q].easy - rest[r].gap)
            node[x].limit = min(node[x].limit, node[q].limit - rest[r].gap)


@kernel
def _lower_bounds(w, x, easy, hard, tail):
    """Lower the bounds of depot `x` to `easy` and `hard` and queue it if that lowers one."""
    node = w.node
    if easy < node[x].easy or hard < node[x].limit:
        touch(w, x)
        node[x].easy = min(node[x].easy, easy)
        node[x].limit = min(node[x].limit, hard)
        tail = enqueue(w.scratch, tail, x)
    return tail


@kernel
def _lower_depots(w, x, i, tail):
    """Carry the bounds of `x` to start depot `i` before it, or those of a start depot to rests."""
    node = w.node
    rest = w.rest
    n, m = w.g[TASKS], w.g[ROUTES]
    if x < n:
        travel = node[i].travel
        return _lower_bounds(w, i, node[x].easy - travel, node[x].limit - travel, tail)
    if x < n + m:
        for r in range(w.rest_of[x - n].before_from, w.rest_of[x - n].before_until):
            e = n + m + int64(rest[r].to)
            gap = rest[r].gap
            tail = _lower_bounds(w, e, node[x].easy - gap, node[x].limit - gap, tail)
    return tail


@kernel
def lower_latest(w, count):
    """Carry tightened latest starts upstream from the first `count` listed nodes.

    A node held at a bound below its own start (late already) keeps at least its start in
    `easy`, since its present time costs nothing more.
    """
    g = w.g
    node = w.node
    route = w.route
    scratch = w.scratch
    arc = w.arc
    n = g[TASKS]
    rests = g[HAS_REST] > 0
    head = 0
    tail = 0
    for c in range(count):
        tail = enqueue(scratch, tail, int64(scratch[c].listed))
    while head != tail:
        x = int64(scratch[head].queue)
        head += 1
        if head == scratch.shape[0]:
            head = 0
        scratch[x].queued = 0
        i = int64(node[x].prev)
        if i >= n:
            if rests:
                tail = _lower_depots(w, x, i, tail)
        else:
            v = int64(node[x].route)
            here = route[v].break_after == i
            care, travel = node[i].care, node[i].travel
            last = x >= n
            easy = leave_by(route, here, v, node[x].easy, travel, last) - care
            hard = leave_by(route, here, v, node[x].limit, travel, last) - care
            if easy < node[i].easy or hard < node[i].limit:
                touch(w, i)
                if easy < node[i].easy:
                    node[i].easy = easy
                if hard < node[i].limit:
                    node[i].limit = hard
                tail = enqueue(scratch, tail, i)
        if x < n:
            for e in range(node[x].arc_from, node[x].arc_until):
                q = int64(arc[e].to)
                if node[q].route < 0 or arc[e].back == -BIG:
                    continue
                easy = node[x].easy - arc[e].back
                hard = node[x].limit - arc[e].back
                if easy < node[q].easy or hard < node[q].limit:
                    touch(w, q)
                    if easy < node[q].easy:
                        node[q].easy = easy
                    if hard < node[q].limit:
                        node[q].limit = hard
                    tail = enqueue(scratch, tail, q)


@kernel
def enter_latest(w, k):
    """Set the latest starts of a task just linked from what comes after it."""
    node = w.node
    route = w.route
    g = w.g
    easy, hard = own_latest(node, route, g, k)
    easy, hard = _pull_latest(w, k, easy, hard)
    node[k].easy = easy
    node[k].limit = hard


@kernel
def _mark_depots(w, x, i, count):
    """Mark start depot `i` before task `x`, or the ends of routes that a start depot holds."""
    node = w.node
    rest = w.rest
    n, m = w.g[TASKS], w.g[ROUTES]
    if x < n:
        return mark(w.scratch, w.g, count, i)
    if x < n + m:
        for r in range(w.rest_of[x - n].before_from, w.rest_of[x - n].before_until):
            e = n + m + int64(rest[r].to)
            gap = rest[r].gap
            if node[x].easy - gap <= node[e].easy or node[x].limit - gap <= node[e].limit:
                count = mark(w.scratch, w.g, count, e)
    return count


@kernel
def raise_latest(w, count):
    """Let latest starts rise again; the first `count` listed nodes may rise."""
    g = w.g
    node = w.node
    route = w.route
    scratch = w.scratch
    arc = w.arc
    n = g[TASKS]
    rests = g[HAS_REST] > 0
    g[VISIT_STAMP] += 1
    for c in range(count):
        scratch[c].soon = scratch[c].listed
    given = count
    count = 0
    for c in range(given):
        count = mark(scratch, g, count, scratch[c].soon)
    c = 0
    while c < count:
        x = int64(scratch[c].listed)
        c += 1
        i = int64(node[x].prev)
        if i >= n:
            if rests:
                count = _mark_depots(w, x, i, count)
        else:
            v = int64(node[x].route)
            here = route[v].break_after == i
            care, travel = node[i].care, node[i].travel
            last = x >= n
            if (
                leave_by(route, here, v, node[x].easy, travel, last) - care <= node[i].easy
                or leave_by(route, here, v, node[x].limit, travel, last) - care <= node[i].limit
            ):
                count = mark(scratch, g, count, i)
        if x < n:
            for e in range(node[x].arc_from, node[x].arc_until):
                q = int64(arc[e].to)
                if node[q].route < 0 or arc[e].back == -BIG:
                    continue
                if (
                    node[x].easy - arc[e].back <= node[q].easy
                    or node[x].limit - arc[e].back <= node[q].limit
                ):
                    count = mark(scratch, g, count, q)
    sort_by_start(w, count, True)
    for c in range(count):
        x = int64(scratch[c].listed)
        touch(w, x)
        easy, hard = own_latest(node, route, g, x)
        node[x].easy = easy
        node[x].limit = hard
    for c in range(count):
        x = int64(scratch[c].listed)
        if x < n:
            easy, hard = _pull_latest(w, x, node[x].easy, node[x].limit)
            node[x].easy = easy
            node[x].limit = hard
        elif rests:
            _pull_depot(w, x)
    lower_latest(w, count)
