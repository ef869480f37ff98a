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

from optimizer.problem.layout import (
    BIG,
    BREAK_FROM,
    BREAK_LENGTH,
    BREAK_TO,
    CLOSE,
    CLOSE_HARD,
    DUE,
    EARLIEST,
    LATEST,
    OPEN,
)
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.state import (
    BROKEN,
    CARE,
    COUNT,
    EASY,
    HOP,
    LIMIT,
    NEXT,
    PAUSE,
    PREV,
    ROUTE,
    START,
    VISIT_STAMP,
    set_start,
    touch,
)

ROUNDS = 40
"A node is relaxed at most so often before the couplings are taken for contradictory."


@kernel
def reach(pb, pause_here, v, ready, ticks, last):  # type: ignore[no-untyped-def]
    """Return the arrival after a leg that begins when a stop ends at `ready`.

    Where the route's break lies on this leg (`pause_here`) it is taken before travelling,
    but after the last stop (`last`) at the end place, where it does not change the time of
    coming back. A break that would begin too late makes the arrival `BIG`.
    """
    if pause_here and pb.route[v, BREAK_LENGTH] > 0:
        if last:
            if ready + ticks > pb.route[v, BREAK_TO]:
                return int64(BIG)
            return ready + ticks
        begin = ready if ready > pb.route[v, BREAK_FROM] else pb.route[v, BREAK_FROM]
        if begin > pb.route[v, BREAK_TO]:
            return int64(BIG)
        return begin + pb.route[v, BREAK_LENGTH] + ticks
    return ready + ticks


@kernel
def leave_by(pb, pause_here, v, arrive_by, ticks, last):  # type: ignore[no-untyped-def]
    """Return the latest end of a stop from which the leg still arrives by `arrive_by`."""
    if pause_here and pb.route[v, BREAK_LENGTH] > 0:
        if last:
            by = pb.route[v, BREAK_TO] if pb.route[v, BREAK_TO] < arrive_by else arrive_by
            return by - ticks
        by = arrive_by - ticks - pb.route[v, BREAK_LENGTH]
        if by < pb.route[v, BREAK_FROM]:
            return int64(-BIG)
        return by if by < pb.route[v, BREAK_TO] else pb.route[v, BREAK_TO]
    return arrive_by - ticks


@kernel
def ready_at(pb, st, x):  # type: ignore[no-untyped-def]
    """Return when a node's stop ends, or when a start depot's shift opens."""
    return st.node[x, START] + st.node[x, CARE]


@kernel
def arrival_at(pb, st, j):  # type: ignore[no-untyped-def]
    """Return the arrival at node `j` from its predecessor as times stand now."""
    i = st.node[j, PREV]
    v = st.node[j, ROUTE]
    last = j >= pb.task.shape[0]
    if last and st.way[v, COUNT] == 0:
        return pb.route[v, OPEN]
    return reach(pb, st.way[v, PAUSE] == i, v, ready_at(pb, st, i), st.node[i, HOP], last)


@kernel
def hard_latest(pb, x):  # type: ignore[no-untyped-def]
    """Return the hard latest start of a task or of an end depot."""
    n = pb.task.shape[0]
    if x < n:
        return pb.task[x, LATEST]
    return pb.route[x - n - pb.route.shape[0], CLOSE_HARD]


@kernel
def _enqueue(st, tail, x):  # type: ignore[no-untyped-def]
    if st.queued[x] == 0:
        st.queued[x] = 1
        st.queue[tail] = x
        tail += 1
        if tail == st.queue.shape[0]:
            tail = 0
    return tail


@kernel
def _clear_queue(st, head, tail):  # type: ignore[no-untyped-def]
    while head != tail:
        st.queued[st.queue[head]] = 0
        head += 1
        if head == st.queue.shape[0]:
            head = 0


@kernel
def raise_starts(pb, st, count):  # type: ignore[no-untyped-def]
    """Relax all arcs out of the `count` nodes in `st.listed` until every start fits.

    Returns whether all starts keep their hard latest times; if not, the state is broken
    and must be rolled back.
    """
    n = pb.task.shape[0]
    head = 0
    tail = 0
    for c in range(count):
        x = st.listed[c]
        if st.node[x, START] > hard_latest(pb, x):
            _clear_queue(st, head, tail)
            st.counter[BROKEN] = 1
            return False
        if x < n:
            tail = _enqueue(st, tail, x)
    work = ROUNDS * (n + 4)
    while head != tail:
        x = st.queue[head]
        head += 1
        if head == st.queue.shape[0]:
            head = 0
        st.queued[x] = 0
        work -= 1
        j = st.node[x, NEXT]
        start = arrival_at(pb, st, j)
        if start > st.node[j, START]:
            if start > hard_latest(pb, j) or work < 0:
                _clear_queue(st, head, tail)
                st.counter[BROKEN] = 1
                return False
            set_start(pb, st, j, start)
            if j < n:
                tail = _enqueue(st, tail, j)
        for e in range(pb.tie_ptr[x], pb.tie_ptr[x + 1]):
            q = pb.tie_to[e]
            if st.node[q, ROUTE] < 0:
                continue
            start = st.node[x, START] + pb.tie_out[e]
            if start > st.node[q, START]:
                if start > hard_latest(pb, q) or work < 0:
                    _clear_queue(st, head, tail)
                    st.counter[BROKEN] = 1
                    return False
                set_start(pb, st, q, start)
                tail = _enqueue(st, tail, q)
    return True


@kernel
def _own_latest(pb, st, x):  # type: ignore[no-untyped-def]
    """Return a node's own bounds: latest start without cost, latest start at all."""
    n = pb.task.shape[0]
    if x < n:
        hard = pb.task[x, LATEST]
        easy = pb.task[x, DUE]
    else:
        v = x - n - pb.route.shape[0]
        hard = pb.route[v, CLOSE_HARD]
        easy = pb.route[v, CLOSE]
    # What is late already may stay as late as it is at no further cost.
    if st.node[x, START] > easy:
        easy = st.node[x, START]
    return easy, hard


@kernel
def _pull_latest(pb, st, x, easy, hard):  # type: ignore[no-untyped-def]
    """Return the bounds of task `x` tightened by what comes after it."""
    j = st.node[x, NEXT]
    v = st.node[x, ROUTE]
    here = st.way[v, PAUSE] == x
    last = j >= pb.task.shape[0]
    care, hop = st.node[x, CARE], st.node[x, HOP]
    by = leave_by(pb, here, v, st.node[j, EASY], hop, last) - care
    if by < easy:
        easy = by
    by = leave_by(pb, here, v, st.node[j, LIMIT], hop, last) - care
    if by < hard:
        hard = by
    for e in range(pb.tie_ptr[x], pb.tie_ptr[x + 1]):
        q = pb.tie_to[e]
        if st.node[q, ROUTE] >= 0 and pb.tie_out[e] > -BIG:
            by = st.node[q, EASY] - pb.tie_out[e]
            if by < easy:
                easy = by
            by = st.node[q, LIMIT] - pb.tie_out[e]
            if by < hard:
                hard = by
    return easy, hard


@kernel
def lower_latest(pb, st, count):  # type: ignore[no-untyped-def]
    """Carry tightened latest starts upstream from the `count` nodes in `st.listed`.

    A node held at a bound below its own start (late already) keeps at least its start in
    `EASY`, since its present time costs nothing more.
    """
    n = pb.task.shape[0]
    head = 0
    tail = 0
    for c in range(count):
        tail = _enqueue(st, tail, st.listed[c])
    while head != tail:
        x = st.queue[head]
        head += 1
        if head == st.queue.shape[0]:
            head = 0
        st.queued[x] = 0
        i = st.node[x, PREV]
        if i >= 0 and i < n:
            v = st.node[x, ROUTE]
            here = st.way[v, PAUSE] == i
            care, hop = st.node[i, CARE], st.node[i, HOP]
            last = x >= n
            easy = leave_by(pb, here, v, st.node[x, EASY], hop, last) - care
            hard = leave_by(pb, here, v, st.node[x, LIMIT], hop, last) - care
            if easy < st.node[i, EASY] or hard < st.node[i, LIMIT]:
                touch(st, i)
                if easy < st.node[i, EASY]:
                    st.node[i, EASY] = easy
                if hard < st.node[i, LIMIT]:
                    st.node[i, LIMIT] = hard
                tail = _enqueue(st, tail, i)
        if x < n:
            for e in range(pb.tie_ptr[x], pb.tie_ptr[x + 1]):
                q = pb.tie_to[e]
                if st.node[q, ROUTE] < 0 or pb.tie_in[e] == -BIG:
                    continue
                easy = st.node[x, EASY] - pb.tie_in[e]
                hard = st.node[x, LIMIT] - pb.tie_in[e]
                if easy < st.node[q, EASY] or hard < st.node[q, LIMIT]:
                    touch(st, q)
                    if easy < st.node[q, EASY]:
                        st.node[q, EASY] = easy
                    if hard < st.node[q, LIMIT]:
                        st.node[q, LIMIT] = hard
                    tail = _enqueue(st, tail, q)


@kernel
def enter_latest(pb, st, k):  # type: ignore[no-untyped-def]
    """Set the latest starts of a task just linked from what comes after it."""
    easy, hard = _own_latest(pb, st, k)
    easy, hard = _pull_latest(pb, st, k, easy, hard)
    st.node[k, EASY] = easy
    st.node[k, LIMIT] = hard


@kernel
def _mark(st, count, x):  # type: ignore[no-untyped-def]
    if st.seen[x] != st.counter[VISIT_STAMP]:
        st.seen[x] = st.counter[VISIT_STAMP]
        st.listed[count] = x
        return count + 1
    return count


@kernel
def _sort_by_start(st, count, descending):  # type: ignore[no-untyped-def]
    for a in range(1, count):
        x = st.listed[a]
        key = st.node[x, START]
        b = a
        while b > 0:
            other = st.node[st.listed[b - 1], START]
            if (other >= key) if descending else (other <= key):
                break
            st.listed[b] = st.listed[b - 1]
            b -= 1
        st.listed[b] = x


@kernel
def lower_starts(pb, st, count):  # type: ignore[no-untyped-def]
    """Let starts fall after removals; `st.listed` holds the `count` nodes that may fall.

    Marks every node that hangs on them by a tight arc, resets it and relaxes anew.
    """
    n = pb.task.shape[0]
    st.counter[VISIT_STAMP] += 1
    for c in range(count):
        st.soon[c] = st.listed[c]
    given = count
    count = 0
    for c in range(given):
        count = _mark(st, count, st.soon[c])
    c = 0
    while c < count:
        x = st.listed[c]
        c += 1
        if x >= n:
            continue
        j = st.node[x, NEXT]
        if arrival_at(pb, st, j) >= st.node[j, START]:
            count = _mark(st, count, j)
        for e in range(pb.tie_ptr[x], pb.tie_ptr[x + 1]):
            q = pb.tie_to[e]
            if (
                st.node[q, ROUTE] >= 0
                and st.node[x, START] + pb.tie_out[e] >= st.node[q, START]
            ):
                count = _mark(st, count, q)
    _sort_by_start(st, count, False)
    st.counter[VISIT_STAMP] += 1
    stamp = st.counter[VISIT_STAMP]
    for c in range(count):
        st.seen[st.listed[c]] = stamp
    # In order of the old starts everything before a node on its route is settled already;
    # what a coupled node that is settled later adds is relaxed at the end.
    for c in range(count):
        x = st.listed[c]
        st.seen[x] = stamp - 1
        start = arrival_at(pb, st, x)
        if x < n:
            if start < pb.task[x, EARLIEST]:
                start = pb.task[x, EARLIEST]
            for e in range(pb.tie_ptr[x], pb.tie_ptr[x + 1]):
                q = pb.tie_to[e]
                if st.node[q, ROUTE] >= 0 and st.seen[q] != stamp and pb.tie_in[e] > -BIG:
                    bound = st.node[q, START] + pb.tie_in[e]
                    if bound > start:
                        start = bound
        set_start(pb, st, x, start)
    return raise_starts(pb, st, count)


@kernel
def raise_latest(pb, st, count):  # type: ignore[no-untyped-def]
    """Let latest starts rise again; `st.listed` holds the `count` nodes that may rise."""
    n = pb.task.shape[0]
    st.counter[VISIT_STAMP] += 1
    for c in range(count):
        st.soon[c] = st.listed[c]
    given = count
    count = 0
    for c in range(given):
        count = _mark(st, count, st.soon[c])
    c = 0
    while c < count:
        x = st.listed[c]
        c += 1
        i = st.node[x, PREV]
        if i >= 0 and i < n:
            v = st.node[x, ROUTE]
            here = st.way[v, PAUSE] == i
            care, hop = st.node[i, CARE], st.node[i, HOP]
            last = x >= n
            if (
                leave_by(pb, here, v, st.node[x, EASY], hop, last) - care <= st.node[i, EASY]
                or leave_by(pb, here, v, st.node[x, LIMIT], hop, last) - care
                <= st.node[i, LIMIT]
            ):
                count = _mark(st, count, i)
        if x < n:
            for e in range(pb.tie_ptr[x], pb.tie_ptr[x + 1]):
                q = pb.tie_to[e]
                if st.node[q, ROUTE] < 0 or pb.tie_in[e] == -BIG:
                    continue
                if (
                    st.node[x, EASY] - pb.tie_in[e] <= st.node[q, EASY]
                    or st.node[x, LIMIT] - pb.tie_in[e] <= st.node[q, LIMIT]
                ):
                    count = _mark(st, count, q)
    _sort_by_start(st, count, True)
    for c in range(count):
        x = st.listed[c]
        touch(st, x)
        easy, hard = _own_latest(pb, st, x)
        st.node[x, EASY] = easy
        st.node[x, LIMIT] = hard
    for c in range(count):
        x = st.listed[c]
        if x < n:
            easy, hard = _pull_latest(pb, st, x, st.node[x, EASY], st.node[x, LIMIT])
            st.node[x, EASY] = easy
            st.node[x, LIMIT] = hard
    lower_latest(pb, st, count)
