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
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.state import set_start
from optimizer.search.kernels.world import (
    BIG,
    BREAK_FROM,
    BREAK_LENGTH,
    BREAK_TO,
    BROKEN,
    CARE,
    COUNT,
    DUE,
    EARLIEST,
    EASY,
    HOP,
    IN,
    LATEST,
    LIMIT,
    LISTED,
    NEXT,
    OPEN,
    OUT,
    PAUSE,
    PREV,
    QUEUE,
    QUEUED,
    ROUTE,
    SEEN,
    SOON,
    START,
    TASKS,
    TIE_FROM,
    TIE_UNTIL,
    TO,
    VISIT_STAMP,
)

ROUNDS = 40
"A node is relaxed at most so often before the couplings are taken for contradictory."


@kernel
def reach(way, pause_here, v, ready, ticks, last):
    """Return the arrival after a leg that begins when a stop ends at `ready`.

    Where the route's break lies on this leg (`pause_here`) it is taken before travelling,
    but after the last stop (`last`) at the end place, where it does not change the time of
    coming back. A break that would begin too late makes the arrival `BIG`.
    """
    if pause_here and way[v, BREAK_LENGTH] > 0:
        if last:
            if ready + ticks > way[v, BREAK_TO]:
                return int64(BIG)
            return ready + ticks
        begin = ready if ready > way[v, BREAK_FROM] else way[v, BREAK_FROM]
        if begin > way[v, BREAK_TO]:
            return int64(BIG)
        return begin + way[v, BREAK_LENGTH] + ticks
    return ready + ticks


@kernel
def leave_by(way, pause_here, v, arrive_by, ticks, last):
    """Return the latest end of a stop from which the leg still arrives by `arrive_by`."""
    if pause_here and way[v, BREAK_LENGTH] > 0:
        if last:
            by = way[v, BREAK_TO] if way[v, BREAK_TO] < arrive_by else arrive_by
            return by - ticks
        by = arrive_by - ticks - way[v, BREAK_LENGTH]
        if by < way[v, BREAK_FROM]:
            return int64(-BIG)
        return by if by < way[v, BREAK_TO] else way[v, BREAK_TO]
    return arrive_by - ticks


@kernel
def ready_at(node, x):
    """Return when a node's stop ends, or when a start depot's shift opens."""
    return node[x, START] + node[x, CARE]


@kernel
def arrival_at(node, way, tasks, j):
    """Return the arrival at node `j` from its predecessor as times stand now."""
    i = node[j, PREV]
    v = node[j, ROUTE]
    last = j >= tasks
    if last and way[v, COUNT] == 0:
        return way[v, OPEN]
    return reach(way, way[v, PAUSE] == i, v, ready_at(node, i), node[i, HOP], last)


@kernel
def _enqueue(room, tail, x):
    if room[x, QUEUED] == 0:
        room[x, QUEUED] = 1
        room[tail, QUEUE] = x
        tail += 1
        if tail == room.shape[0]:
            tail = 0
    return tail


@kernel
def _clear_queue(room, head, tail):
    while head != tail:
        room[room[head, QUEUE], QUEUED] = 0
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
    log = w.log
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    room = w.room
    tie = w.tie
    n = g[TASKS]
    head = 0
    tail = 0
    for c in range(count):
        x = room[c, LISTED]
        if node[x, START] > node[x, LATEST]:
            _clear_queue(room, head, tail)
            g[BROKEN] = 1
            return False
        if x < n:
            tail = _enqueue(room, tail, x)
    work = ROUNDS * (n + 4)
    while head != tail:
        x = room[head, QUEUE]
        head += 1
        if head == room.shape[0]:
            head = 0
        room[x, QUEUED] = 0
        work -= 1
        j = node[x, NEXT]
        start = arrival_at(node, way, tasks, j)
        if start > node[j, START]:
            if start > node[j, LATEST] or work < 0:
                _clear_queue(room, head, tail)
                g[BROKEN] = 1
                return False
            set_start(node, way, room, log, g, j, start)
            if j < n:
                tail = _enqueue(room, tail, j)
        for e in range(node[x, TIE_FROM], node[x, TIE_UNTIL]):
            q = tie[e, TO]
            if node[q, ROUTE] < 0:
                continue
            start = node[x, START] + tie[e, OUT]
            if start > node[q, START]:
                if start > node[q, LATEST] or work < 0:
                    _clear_queue(room, head, tail)
                    g[BROKEN] = 1
                    return False
                set_start(node, way, room, log, g, q, start)
                tail = _enqueue(room, tail, q)
    return True


@kernel
def _own_latest(node, x):
    """Return a node's own bounds: latest start without cost, latest start at all."""
    easy = node[x, DUE]
    # What is late already may stay as late as it is at no further cost.
    if node[x, START] > easy:
        easy = node[x, START]
    return easy, node[x, LATEST]


@kernel
def _pull_latest(node, way, tie, tasks, x, easy, hard):
    """Return the bounds of task `x` tightened by what comes after it."""
    j = node[x, NEXT]
    v = node[x, ROUTE]
    here = way[v, PAUSE] == x
    last = j >= tasks
    care, hop = node[x, CARE], node[x, HOP]
    by = leave_by(way, here, v, node[j, EASY], hop, last) - care
    if by < easy:
        easy = by
    by = leave_by(way, here, v, node[j, LIMIT], hop, last) - care
    if by < hard:
        hard = by
    for e in range(node[x, TIE_FROM], node[x, TIE_UNTIL]):
        q = tie[e, TO]
        if node[q, ROUTE] >= 0 and tie[e, OUT] > -BIG:
            by = node[q, EASY] - tie[e, OUT]
            if by < easy:
                easy = by
            by = node[q, LIMIT] - tie[e, OUT]
            if by < hard:
                hard = by
    return easy, hard


@kernel
def lower_latest(w, count):
    """Carry tightened latest starts upstream from the first `count` listed nodes.

    A node held at a bound below its own start (late already) keeps at least its start in
    `EASY`, since its present time costs nothing more.
    """
    log = w.log
    g = w.g
    node = w.node
    way = w.way
    room = w.room
    tie = w.tie
    n = g[TASKS]
    head = 0
    tail = 0
    for c in range(count):
        tail = _enqueue(room, tail, room[c, LISTED])
    while head != tail:
        x = room[head, QUEUE]
        head += 1
        if head == room.shape[0]:
            head = 0
        room[x, QUEUED] = 0
        i = node[x, PREV]
        if i >= 0 and i < n:
            v = node[x, ROUTE]
            here = way[v, PAUSE] == i
            care, hop = node[i, CARE], node[i, HOP]
            last = x >= n
            easy = leave_by(way, here, v, node[x, EASY], hop, last) - care
            hard = leave_by(way, here, v, node[x, LIMIT], hop, last) - care
            if easy < node[i, EASY] or hard < node[i, LIMIT]:
                touch(node, room, log, g, i)
                if easy < node[i, EASY]:
                    node[i, EASY] = easy
                if hard < node[i, LIMIT]:
                    node[i, LIMIT] = hard
                tail = _enqueue(room, tail, i)
        if x < n:
            for e in range(node[x, TIE_FROM], node[x, TIE_UNTIL]):
                q = tie[e, TO]
                if node[q, ROUTE] < 0 or tie[e, IN] == -BIG:
                    continue
                easy = node[x, EASY] - tie[e, IN]
                hard = node[x, LIMIT] - tie[e, IN]
                if easy < node[q, EASY] or hard < node[q, LIMIT]:
                    touch(node, room, log, g, q)
                    if easy < node[q, EASY]:
                        node[q, EASY] = easy
                    if hard < node[q, LIMIT]:
                        node[q, LIMIT] = hard
                    tail = _enqueue(room, tail, q)


@kernel
def enter_latest(node, way, tie, tasks, k):
    """Set the latest starts of a task just linked from what comes after it."""
    easy, hard = _own_latest(node, k)
    easy, hard = _pull_latest(node, way, tie, tasks, k, easy, hard)
    node[k, EASY] = easy
    node[k, LIMIT] = hard


@kernel
def _mark(room, g, count, x):
    if room[x, SEEN] != g[VISIT_STAMP]:
        room[x, SEEN] = g[VISIT_STAMP]
        room[count, LISTED] = x
        return count + 1
    return count


@kernel
def _sort_by_start(node, room, count, descending):
    for a in range(1, count):
        x = room[a, LISTED]
        key = node[x, START]
        b = a
        while b > 0:
            other = node[room[b - 1, LISTED], START]
            if (other >= key) if descending else (other <= key):
                break
            room[b, LISTED] = room[b - 1, LISTED]
            b -= 1
        room[b, LISTED] = x


@kernel
def lower_starts(w, count):
    """Let starts fall after removals; the first `count` listed nodes may fall.

    Marks every node that hangs on them by a tight arc, resets it and relaxes anew.
    """
    way = w.way
    log = w.log
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    room = w.room
    tie = w.tie
    n = g[TASKS]
    g[VISIT_STAMP] += 1
    for c in range(count):
        room[c, SOON] = room[c, LISTED]
    given = count
    count = 0
    for c in range(given):
        count = _mark(room, g, count, room[c, SOON])
    c = 0
    while c < count:
        x = room[c, LISTED]
        c += 1
        if x >= n:
            continue
        j = node[x, NEXT]
        if arrival_at(node, way, tasks, j) >= node[j, START]:
            count = _mark(room, g, count, j)
        for e in range(node[x, TIE_FROM], node[x, TIE_UNTIL]):
            q = tie[e, TO]
            if node[q, ROUTE] >= 0 and node[x, START] + tie[e, OUT] >= node[q, START]:
                count = _mark(room, g, count, q)
    _sort_by_start(node, room, count, False)
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    for c in range(count):
        room[room[c, LISTED], SEEN] = stamp
    # In order of the old starts most of what comes before a node is settled already; what is
    # settled later (coupled nodes, the far side of an exchange) is relaxed at the end.
    for c in range(count):
        x = room[c, LISTED]
        room[x, SEEN] = stamp - 1
        start = node[x, EARLIEST] if x < n else way[node[x, ROUTE], OPEN]
        if room[node[x, PREV], SEEN] != stamp:
            start = max(start, arrival_at(node, way, tasks, x))
        if x < n:
            for e in range(node[x, TIE_FROM], node[x, TIE_UNTIL]):
                q = tie[e, TO]
                if node[q, ROUTE] >= 0 and room[q, SEEN] != stamp and tie[e, IN] > -BIG:
                    bound = node[q, START] + tie[e, IN]
                    if bound > start:
                        start = bound
        set_start(node, way, room, log, g, x, start)
    return raise_starts(w, count)


@kernel
def raise_latest(w, count):
    """Let latest starts rise again; the first `count` listed nodes may rise."""
    log = w.log
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    way = w.way
    room = w.room
    tie = w.tie
    n = g[TASKS]
    g[VISIT_STAMP] += 1
    for c in range(count):
        room[c, SOON] = room[c, LISTED]
    given = count
    count = 0
    for c in range(given):
        count = _mark(room, g, count, room[c, SOON])
    c = 0
    while c < count:
        x = room[c, LISTED]
        c += 1
        i = node[x, PREV]
        if i >= 0 and i < n:
            v = node[x, ROUTE]
            here = way[v, PAUSE] == i
            care, hop = node[i, CARE], node[i, HOP]
            last = x >= n
            if (
                leave_by(way, here, v, node[x, EASY], hop, last) - care <= node[i, EASY]
                or leave_by(way, here, v, node[x, LIMIT], hop, last) - care <= node[i, LIMIT]
            ):
                count = _mark(room, g, count, i)
        if x < n:
            for e in range(node[x, TIE_FROM], node[x, TIE_UNTIL]):
                q = tie[e, TO]
                if node[q, ROUTE] < 0 or tie[e, IN] == -BIG:
                    continue
                if (
                    node[x, EASY] - tie[e, IN] <= node[q, EASY]
                    or node[x, LIMIT] - tie[e, IN] <= node[q, LIMIT]
                ):
                    count = _mark(room, g, count, q)
    _sort_by_start(node, room, count, True)
    for c in range(count):
        x = room[c, LISTED]
        touch(node, room, log, g, x)
        easy, hard = _own_latest(node, x)
        node[x, EASY] = easy
        node[x, LIMIT] = hard
    for c in range(count):
        x = room[c, LISTED]
        if x < n:
            easy, hard = _pull_latest(node, way, tie, tasks, x, node[x, EASY], node[x, LIMIT])
            node[x, EASY] = easy
            node[x, LIMIT] = hard
    lower_latest(w, count)
