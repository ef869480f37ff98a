"""When everything happens: earliest starts, and the two latest starts of every node.

Starts are the least solution of ``start[y] >= start[x] + weight`` over the arcs of routes
and couplings; latest starts are the greatest solution of the same arcs read backwards,
once from the times that cost nothing (`EASY`) and once from the hard ones (`LIMIT`).
Raising a start therefore needs no order: any sequence of relaxations ends in the same
times. After a removal starts may fall; then the nodes that could fall are reset first and
relaxed again, because two coupled visits must not hold each other up.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import touch
from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.state import set_start
from optimizer.search.kernels.world import BIG, BROKEN, TASKS, VISIT_STAMP

ROUNDS = 40
"A node is relaxed at most so often before the couplings are taken for contradictory."


@leaf
def reach(way, pause_here, v, ready, ticks, last):
    """Return the arrival after a leg that begins when a stop ends at `ready`.

    Where the route's break lies on this leg (`pause_here`) it is taken before travelling,
    but after the last stop (`last`) at the end place, where it does not change the time of
    coming back. A break that would begin too late makes the arrival `BIG`.
    """
    if pause_here and way[v].break_length > 0:
        if last:
            if ready + ticks > way[v].break_to:
                return int64(BIG)
            return ready + ticks
        begin = ready if ready > way[v].break_from else way[v].break_from
        if begin > way[v].break_to:
            return int64(BIG)
        return begin + way[v].break_length + ticks
    return ready + ticks


@leaf
def leave_by(way, pause_here, v, arrive_by, ticks, last):
    """Return the latest end of a stop from which the leg still arrives by `arrive_by`."""
    if pause_here and way[v].break_length > 0:
        if last:
            by = way[v].break_to if way[v].break_to < arrive_by else arrive_by
            return by - ticks
        by = arrive_by - ticks - way[v].break_length
        if by < way[v].break_from:
            return int64(-BIG)
        return by if by < way[v].break_to else way[v].break_to
    return arrive_by - ticks


@leaf
def ready_at(node, x):
    """Return when a node's stop ends, or when a start depot's shift opens."""
    return node[x].start + node[x].care


@leaf
def arrival_at(node, way, tasks, j):
    """Return the arrival at node `j` from its predecessor as times stand now."""
    i = int64(node[j].prev)
    v = int64(node[j].route)
    last = j >= tasks
    if last and way[v].count == 0:
        return way[v].open
    return reach(way, way[v].pause == i, v, ready_at(node, i), node[i].hop, last)


@leaf
def _enqueue(room, tail, x):
    if room[x].queued == 0:
        room[x].queued = 1
        room[tail].queue = x
        tail += 1
        if tail == room.shape[0]:
            tail = 0
    return tail


@kernel
def _clear_queue(w, head, tail):
    room = w.room
    while head != tail:
        room[room[head].queue].queued = 0
        head += 1
        if head == room.shape[0]:
            head = 0


@kernel
def raise_starts(w, count):
    """Relax all arcs out of the first `count` listed nodes until every start fits.

    Returns whether all starts keep their hard latest times; if not, the state is broken
    and must be rolled back.
    """
    way = w.way
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    room = w.room
    tie = w.tie
    n = g[TASKS]
    head = 0
    tail = 0
    for c in range(count):
        x = int64(room[c].listed)
        if node[x].start > node[x].latest:
            _clear_queue(w, head, tail)
            g[BROKEN] = 1
            return False
        if x < n:
            tail = _enqueue(room, tail, x)
    work = ROUNDS * (n + 4)
    while head != tail:
        x = int64(room[head].queue)
        head += 1
        if head == room.shape[0]:
            head = 0
        room[x].queued = 0
        work -= 1
        j = int64(node[x].next)
        start = arrival_at(node, way, tasks, j)
        if start > node[j].start:
            if start > node[j].latest or work < 0:
                _clear_queue(w, head, tail)
                g[BROKEN] = 1
                return False
            set_start(w, j, start)
            if j < n:
                tail = _enqueue(room, tail, j)
        for e in range(node[x].tie_from, node[x].tie_until):
            q = int64(tie[e].to)
            if node[q].route < 0:
                continue
            start = node[x].start + tie[e].out
            if start > node[q].start:
                if start > node[q].latest or work < 0:
                    _clear_queue(w, head, tail)
                    g[BROKEN] = 1
                    return False
                set_start(w, q, start)
                tail = _enqueue(room, tail, q)
    return True


@leaf
def _own_latest(node, x):
    """Return a node's own bounds: latest start without cost, latest start at all."""
    easy = node[x].due
    # What is late already may stay as late as it is at no further cost.
    if node[x].start > easy:
        easy = node[x].start
    return easy, node[x].latest


@kernel
def _pull_latest(w, x, easy, hard):
    """Return the bounds of task `x` tightened by what comes after it."""
    node = w.node
    way = w.way
    tie = w.tie
    tasks = w.g[TASKS]
    j = int64(node[x].next)
    v = int64(node[x].route)
    here = way[v].pause == x
    last = j >= tasks
    care, hop = node[x].care, node[x].hop
    by = leave_by(way, here, v, node[j].easy, hop, last) - care
    if by < easy:
        easy = by
    by = leave_by(way, here, v, node[j].limit, hop, last) - care
    if by < hard:
        hard = by
    for e in range(node[x].tie_from, node[x].tie_until):
        q = int64(tie[e].to)
        if node[q].route >= 0 and tie[e].out > -BIG:
            by = node[q].easy - tie[e].out
            if by < easy:
                easy = by
            by = node[q].limit - tie[e].out
            if by < hard:
                hard = by
    return easy, hard


@kernel
def lower_latest(w, count):
    """Carry tightened latest starts upstream from the first `count` listed nodes.

    A node held at a bound below its own start (late already) keeps at least its start in
    `EASY`, since its present time costs nothing more.
    """
    g = w.g
    node = w.node
    way = w.way
    room = w.room
    tie = w.tie
    n = g[TASKS]
    head = 0
    tail = 0
    for c in range(count):
        tail = _enqueue(room, tail, int64(room[c].listed))
    while head != tail:
        x = int64(room[head].queue)
        head += 1
        if head == room.shape[0]:
            head = 0
        room[x].queued = 0
        i = int64(node[x].prev)
        if i >= 0 and i < n:
            v = int64(node[x].route)
            here = way[v].pause == i
            care, hop = node[i].care, node[i].hop
            last = x >= n
            easy = leave_by(way, here, v, node[x].easy, hop, last) - care
            hard = leave_by(way, here, v, node[x].limit, hop, last) - care
            if easy < node[i].easy or hard < node[i].limit:
                touch(w, i)
                if easy < node[i].easy:
                    node[i].easy = easy
                if hard < node[i].limit:
                    node[i].limit = hard
                tail = _enqueue(room, tail, i)
        if x < n:
            for e in range(node[x].tie_from, node[x].tie_until):
                q = int64(tie[e].to)
                if node[q].route < 0 or tie[e].back == -BIG:
                    continue
                easy = node[x].easy - tie[e].back
                hard = node[x].limit - tie[e].back
                if easy < node[q].easy or hard < node[q].limit:
                    touch(w, q)
                    if easy < node[q].easy:
                        node[q].easy = easy
                    if hard < node[q].limit:
                        node[q].limit = hard
                    tail = _enqueue(room, tail, q)


@kernel
def enter_latest(w, k):
    """Set the latest starts of a task just linked from what comes after it."""
    node = w.node
    easy, hard = _own_latest(node, k)
    easy, hard = _pull_latest(w, k, easy, hard)
    node[k].easy = easy
    node[k].limit = hard


@leaf
def _mark(room, g, count, x):
    if room[x].seen != g[VISIT_STAMP]:
        room[x].seen = g[VISIT_STAMP]
        room[count].listed = x
        return count + 1
    return count


@kernel
def _sort_by_start(w, count, descending):
    node = w.node
    room = w.room
    for a in range(1, count):
        x = int64(room[a].listed)
        key = node[x].start
        b = a
        while b > 0:
            other = node[room[b - 1].listed].start
            if (other >= key) if descending else (other <= key):
                break
            room[b].listed = room[b - 1].listed
            b -= 1
        room[b].listed = x


@kernel
def lower_starts(w, count):
    """Let starts fall after removals; the first `count` listed nodes may fall.

    Marks every node that hangs on them by a tight arc, resets it and relaxes anew.
    """
    way = w.way
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    room = w.room
    tie = w.tie
    n = g[TASKS]
    g[VISIT_STAMP] += 1
    for c in range(count):
        room[c].soon = room[c].listed
    given = count
    count = 0
    for c in range(given):
        count = _mark(room, g, count, room[c].soon)
    c = 0
    while c < count:
        x = int64(room[c].listed)
        c += 1
        if x >= n:
            continue
        j = int64(node[x].next)
        if arrival_at(node, way, tasks, j) >= node[j].start:
            count = _mark(room, g, count, j)
        for e in range(node[x].tie_from, node[x].tie_until):
            q = int64(tie[e].to)
            if node[q].route >= 0 and node[x].start + tie[e].out >= node[q].start:
                count = _mark(room, g, count, q)
    _sort_by_start(w, count, False)
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    for c in range(count):
        room[room[c].listed].seen = stamp
    # In order of the old starts most of what comes before a node is settled already; what is
    # settled later (coupled nodes, the far side of an exchange) is relaxed at the end.
    for c in range(count):
        x = int64(room[c].listed)
        room[x].seen = stamp - 1
        start = node[x].earliest if x < n else way[node[x].route].open
        if room[node[x].prev].seen != stamp:
            start = max(start, arrival_at(node, way, tasks, x))
        if x < n:
            for e in range(node[x].tie_from, node[x].tie_until):
                q = int64(tie[e].to)
                if node[q].route >= 0 and room[q].seen != stamp and tie[e].back > -BIG:
                    bound = node[q].start + tie[e].back
                    if bound > start:
                        start = bound
        set_start(w, x, start)
    return raise_starts(w, count)


@kernel
def raise_latest(w, count):
    """Let latest starts rise again; the first `count` listed nodes may rise."""
    g = w.g
    node = w.node
    way = w.way
    room = w.room
    tie = w.tie
    n = g[TASKS]
    g[VISIT_STAMP] += 1
    for c in range(count):
        room[c].soon = room[c].listed
    given = count
    count = 0
    for c in range(given):
        count = _mark(room, g, count, room[c].soon)
    c = 0
    while c < count:
        x = int64(room[c].listed)
        c += 1
        i = int64(node[x].prev)
        if i >= 0 and i < n:
            v = int64(node[x].route)
            here = way[v].pause == i
            care, hop = node[i].care, node[i].hop
            last = x >= n
            if (
                leave_by(way, here, v, node[x].easy, hop, last) - care <= node[i].easy
                or leave_by(way, here, v, node[x].limit, hop, last) - care <= node[i].limit
            ):
                count = _mark(room, g, count, i)
        if x < n:
            for e in range(node[x].tie_from, node[x].tie_until):
                q = int64(tie[e].to)
                if node[q].route < 0 or tie[e].back == -BIG:
                    continue
                if (
                    node[x].easy - tie[e].back <= node[q].easy
                    or node[x].limit - tie[e].back <= node[q].limit
                ):
                    count = _mark(room, g, count, q)
    _sort_by_start(w, count, True)
    for c in range(count):
        x = int64(room[c].listed)
        touch(w, x)
        easy, hard = _own_latest(node, x)
        node[x].easy = easy
        node[x].limit = hard
    for c in range(count):
        x = int64(room[c].listed)
        if x < n:
            easy, hard = _pull_latest(w, x, node[x].easy, node[x].limit)
            node[x].easy = easy
            node[x].limit = hard
    lower_latest(w, count)
