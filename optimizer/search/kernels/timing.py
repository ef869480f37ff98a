"""When everything happens at the earliest: the starts of every node.

Starts are the least solution of ``start[y] >= start[x] + weight`` over the arcs of routes,
couplings and rests: coming back, the start of a route's end depot, holds up a later departure
of the same caregiver, the start of that route's start depot. Raising a start therefore needs no
order: any sequence of relaxations ends in the same times. After a removal starts may fall; then
the nodes that could fall are reset first and relaxed again, because two coupled visits must not
hold each other up.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.state import set_start
from optimizer.search.kernels.world import BIG, BROKEN, HAS_REST, ROUTES, TASKS, VISIT_STAMP

ROUNDS = 40
"Times that a node is relaxed at most; after more, the couplings are taken for contradictory."


@leaf
def reach(route, break_here, v, ready, ticks, last, first):
    """Return the arrival after a leg that begins when a stop ends at `ready`.

    Where the route's break lies on this leg (`break_here`) it is taken before travelling. After
    the last stop (`last`) it is taken at the end place, where it does not change the time of
    coming back, unless it is too late for that. A break that would begin too late makes the
    arrival `BIG`. Before the first
    stop (`first`) it is taken at home and may be over before the rest is.
    """
    if break_here and route[v].break_length > 0:
        if first:
            over = route[v].break_from + route[v].break_length
            return (ready if ready > over else over) + ticks
        if last and ready + ticks <= route[v].break_to:
            return ready + ticks
        begin = ready if ready > route[v].break_from else route[v].break_from
        if begin > route[v].break_to:
            return int64(BIG)
        return begin + route[v].break_length + ticks
    return ready + ticks


@leaf
def leave_by(route, break_here, v, arrive_by, ticks, last):
    """Return the latest end of a stop from which the leg still arrives by `arrive_by`."""
    if break_here and route[v].break_length > 0:
        at_end = int64(-BIG)
        if last:
            at_end = min(int64(route[v].break_to), arrive_by) - ticks
        by = arrive_by - ticks - route[v].break_length
        if by < route[v].break_from:
            return at_end
        return max(at_end, min(by, int64(route[v].break_to)))
    return arrive_by - ticks


@leaf
def ready_at(node, x):
    """Return when a node's stop ends, or when a start depot's shift opens."""
    return node[x].start + node[x].care


@leaf
def arrival_at(node, route, tasks, j):
    """Return the arrival at node `j` from its predecessor as times stand now."""
    i = int64(node[j].prev)
    v = int64(node[j].route)
    last = j >= tasks
    if last and route[v].count == 0:
        return route[v].open
    return reach(
        route, route[v].break_after == i, v, ready_at(node, i), node[i].travel, last, i >= tasks
    )


@leaf
def enqueue(scratch, tail, x):
    """Add node `x` to the queue that ends at `tail`, unless it waits there already."""
    if scratch[x].queued == 0:
        scratch[x].queued = 1
        scratch[tail].queue = x
        tail += 1
        if tail == scratch.shape[0]:
            tail = 0
    return tail


@kernel
def _clear_queue(w, head, tail):
    """Forget what waits in the queue."""
    scratch = w.scratch
    while head != tail:
        scratch[scratch[head].queue].queued = 0
        head += 1
        if head == scratch.shape[0]:
            head = 0


@kernel
def _raise_departures(w, x, tail):
    """Let routes begin later whose rest begins with coming back, the start of end depot `x`."""
    node = w.node
    rest = w.rest
    v = int64(node[x].route)
    if w.route[v].count > 0:
        for r in range(w.rest_of[v].after_from, w.rest_of[v].after_until):
            q = w.g[TASKS] + int64(rest[r].to)
            start = node[x].start + rest[r].gap
            if start > node[q].start:
                set_start(w, q, start)
                tail = enqueue(w.scratch, tail, q)
    return tail


@kernel
def raise_starts(w, count):
    """Relax all arcs out of the first `count` listed nodes until every start fits.

    Returns whether all starts keep their hard latest times; if not, the state is broken
    and must be rolled back.
    """
    route = w.route
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    scratch = w.scratch
    arc = w.arc
    n, m = g[TASKS], g[ROUTES]
    rests = g[HAS_REST] > 0
    head = 0
    tail = 0
    for c in range(count):
        x = int64(scratch[c].listed)
        if node[x].start > node[x].latest:
            _clear_queue(w, head, tail)
            g[BROKEN] = 1
            return False
        if x < n or rests:
            tail = enqueue(scratch, tail, x)
    work = ROUNDS * (n + 4)
    while head != tail:
        x = int64(scratch[head].queue)
        head += 1
        if head == scratch.shape[0]:
            head = 0
        scratch[x].queued = 0
        work -= 1
        if x >= n + m:
            tail = _raise_departures(w, x, tail)
            continue
        j = int64(node[x].next)
        start = arrival_at(node, route, tasks, j)
        if start > node[j].start:
            if start > node[j].latest or work < 0:
                _clear_queue(w, head, tail)
                g[BROKEN] = 1
                return False
            set_start(w, j, start)
            if j < n or rests:
                tail = enqueue(scratch, tail, j)
        for e in range(node[x].arc_from, node[x].arc_until):
            q = int64(arc[e].to)
            if node[q].route < 0:
                continue
            start = node[x].start + arc[e].out
            if start > node[q].start:
                if start > node[q].latest or work < 0:
                    _clear_queue(w, head, tail)
                    g[BROKEN] = 1
                    return False
                set_start(w, q, start)
                tail = enqueue(scratch, tail, q)
    return True


@leaf
def mark(scratch, g, count, x):
    """Add node `x` to the list unless it is marked already; return the list's length."""
    if scratch[x].seen != g[VISIT_STAMP]:
        scratch[x].seen = g[VISIT_STAMP]
        scratch[count].listed = x
        return count + 1
    return count


@kernel
def sort_by_start(w, count, descending):
    """Sort the first `count` listed nodes by their starts."""
    node = w.node
    scratch = w.scratch
    for a in range(1, count):
        x = int64(scratch[a].listed)
        key = node[x].start
        b = a
        while b > 0:
            other = node[scratch[b - 1].listed].start
            if (other >= key) if descending else (other <= key):
                break
            scratch[b].listed = scratch[b - 1].listed
            b -= 1
        scratch[b].listed = x


@kernel
def _mark_departures(w, x, count):
    """Mark the departures that hang on coming back, the start of end depot `x`."""
    node = w.node
    v = int64(node[x].route)
    for r in range(w.rest_of[v].after_from, w.rest_of[v].after_until):
        q = w.g[TASKS] + int64(w.rest[r].to)
        if node[x].start + w.rest[r].gap >= node[q].start:
            count = mark(w.scratch, w.g, count, q)
    return count


@kernel
def _departure_after_rests(w, v, start, stamp):
    """Return when route `v` may begin: at `start`, or later after settled earlier routes."""
    ends = w.g[TASKS] + w.g[ROUTES]
    for r in range(w.rest_of[v].before_from, w.rest_of[v].before_until):
        u = int64(w.rest[r].to)
        if w.route[u].count > 0 and w.scratch[ends + u].seen != stamp:
            start = max(start, w.node[ends + u].start + w.rest[r].gap)
    return start


@kernel
def lower_starts(w, count):
    """Let starts fall after removals; the first `count` listed nodes may fall.

    Marks every node that hangs on them by a tight arc, resets it and relaxes anew.
    """
    route = w.route
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    scratch = w.scratch
    arc = w.arc
    n, m = g[TASKS], g[ROUTES]
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
        if x >= n + m:
            if rests:
                count = _mark_departures(w, x, count)
            continue
        j = int64(node[x].next)
        if x >= n and j >= n:
            continue
        if arrival_at(node, route, tasks, j) >= node[j].start:
            count = mark(scratch, g, count, j)
        for e in range(node[x].arc_from, node[x].arc_until):
            q = int64(arc[e].to)
            if node[q].route >= 0 and node[x].start + arc[e].out >= node[q].start:
                count = mark(scratch, g, count, q)
    sort_by_start(w, count, False)
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    for c in range(count):
        scratch[scratch[c].listed].seen = stamp
    # In order of the old starts most of what comes before a node is settled already; what is
    # settled later (coupled nodes, the far side of an exchange) is relaxed at the end.
    for c in range(count):
        x = int64(scratch[c].listed)
        scratch[x].seen = stamp - 1
        start = node[x].earliest if x < n else route[node[x].route].open
        if x >= n and x < n + m:
            start = _departure_after_rests(w, x - n, start, stamp)
        elif scratch[node[x].prev].seen != stamp:
            start = max(start, arrival_at(node, route, tasks, x))
        if x < n:
            for e in range(node[x].arc_from, node[x].arc_until):
                q = int64(arc[e].to)
                if node[q].route >= 0 and scratch[q].seen != stamp and arc[e].back > -BIG:
                    bound = node[q].start + arc[e].back
                    if bound > start:
                        start = bound
        set_start(w, x, start)
    return raise_starts(w, count)
