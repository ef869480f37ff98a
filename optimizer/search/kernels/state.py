"""The mutable half of the search: routes as linked lists, times, accounts, and an undo log.

Every write during an iteration goes through the functions here, so that `roll_back` can
take the whole iteration back at a cost that depends on what was changed, not on the size of
the problem.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy import int16, int64
from numpy.typing import NDArray

from optimizer.problem.layout import (
    BETWEEN_RATE,
    BIG,
    BREAK_LENGTH,
    CAP_CARE,
    CAP_MONEY,
    CAP_VISITS,
    CAREGIVER,
    CARER,
    CLIENT,
    CLOSE,
    CLOSE_HARD,
    COUNTS,
    DATE,
    DAY,
    DUE,
    END,
    FEN_RATE,
    FLAT,
    FULL,
    HARD,
    HAS_CONTRACTS,
    HOME,
    HOME_RATE,
    LONGEST,
    MILEAGE,
    MODE,
    OPEN,
    OVERTIME_RATE,
    PAYER,
    PLACE,
    PRICE,
    PUBLISHED,
    PUBLISHED_DAY,
    ROW,
    SHARE_TARGET,
    SOFT,
    STOPS,
    TICKS_PER_MINUTE,
    TOLERANCE,
    W_BALANCE,
    W_CONTINUITY,
    W_DISRUPTION,
    W_LATE,
    W_OVERTIME,
    W_SHARE,
    W_SHORT,
    W_STAFF,
    W_WAIT,
    W_WORST,
    WEEK,
    Arrays,
)
from optimizer.search.kernels.compiled import kernel

# Columns of `State.node`.
START, EASY, LIMIT, NEXT, PREV, ROUTE, HOP, CARE = 0, 1, 2, 3, 4, 5, 6, 7
NODE_COLUMNS = 8

# Columns of `State.way`.
COUNT, PAUSE, IDLE, PAD = 0, 1, 2, 3
WAY_COLUMNS = 4

# Entries of `State.total`; all are costs but LATE and WORST, which are ticks.
(
    T_LEGS,
    T_FIXED,
    T_SHORT,
    T_LATE,
    T_WORST,
    T_OVERTIME,
    T_CONTINUITY,
    T_BALANCE,
    T_SHARE,
    T_STAFF,
    T_DISRUPTION,
    T_WAIT,
    T_UNSERVED,
) = range(13)
TOTALS = 13

# Entries of `State.counter`.
EPOCH, NODES_LOGGED, WAYS_LOGGED, BOOKINGS, VISIT_STAMP, BROKEN = 0, 1, 2, 3, 4, 5
FALLING, RISING, TARDY, TARDY_STAMP = 6, 7, 8, 9
COUNTERS = 10

# Kinds of log entries in `State.booking`.
BOOK_STOP, BOOK_WORK = 0, 1


class State(NamedTuple):
    """Routes, times and accounts of one searching worker (see `layout.Arrays` for sizes).

    `node` holds per node: start, the latest start that adds no cost anywhere (`EASY`), the
    latest start that breaks no rule (`LIMIT`), next and previous node, route (-1 absent),
    travel to the next node, and the care given. `way` holds per route: number of stops, the
    node after which the break is taken, and idle time.
    """

    node: NDArray[int64]
    way: NDArray[int64]
    day: NDArray[int64]
    week: NDArray[int64]
    care: NDArray[int64]
    contract: NDArray[int64]
    payer: NDArray[int64]
    met: NDArray[int16]
    faces: NDArray[int64]
    total: NDArray[int64]
    total_before: NDArray[int64]
    counter: NDArray[int64]
    node_mark: NDArray[int64]
    node_id: NDArray[int64]
    node_row: NDArray[int64]
    way_mark: NDArray[int64]
    way_id: NDArray[int64]
    way_row: NDArray[int64]
    booking: NDArray[int64]
    seen: NDArray[int64]
    soon: NDArray[int64]
    queue: NDArray[int64]
    queued: NDArray[int64]
    listed: NDArray[int64]
    falling: NDArray[int64]
    rising: NDArray[int64]
    tardy: NDArray[int64]
    tardy_mark: NDArray[int64]


def empty_state(arrays: Arrays) -> State:
    """Return the state in which nobody is visited."""
    n, m = len(arrays.task), len(arrays.route)
    nodes = n + 2 * m
    clients = int(arrays.task[:, CLIENT].max(initial=-1)) + 1
    caregivers = arrays.price.shape[1]
    if len(arrays.familiar):
        clients = max(clients, int(arrays.familiar[:, 0].max()) + 1)
    node = np.zeros((nodes, NODE_COLUMNS), int64)
    node[:, ROUTE] = -1
    node[:n, CARE] = arrays.task[:, FULL]
    for v in range(m):
        begin, end = n + v, n + m + v
        node[begin] = (arrays.route[v, OPEN], BIG, BIG, end, -1, v, 0, 0)
        node[end] = (arrays.route[v, OPEN], 0, 0, -1, begin, v, 0, 0)
        node[end, EASY] = arrays.route[v, CLOSE]
        node[end, LIMIT] = arrays.route[v, CLOSE_HARD]
    way = np.zeros((m, WAY_COLUMNS), int64)
    way[:, PAUSE] = n + np.arange(m)
    met = np.zeros((clients, caregivers), int16)
    for client, caregiver in arrays.familiar:
        met[client, caregiver] = 1
    total = np.zeros(TOTALS, int64)
    total[T_UNSERVED] = arrays.prize.sum()
    if arrays.weight[HAS_CONTRACTS]:
        total[T_SHARE] = arrays.weight[W_SHARE] * arrays.contract[:, SHARE_TARGET].sum()
    return State(
        node=node,
        way=way,
        day=np.zeros((len(arrays.day_limit), 2), int64),
        week=np.zeros(len(arrays.week_limit), int64),
        care=np.zeros(caregivers, int64),
        contract=np.zeros((len(arrays.contract), 3), int64),
        payer=np.zeros(len(arrays.payer_cap), int64),
        met=met,
        faces=(met > 0).sum(axis=1).astype(int64),
        total=total,
        total_before=total.copy(),
        counter=np.zeros(COUNTERS, int64),
        node_mark=np.full(nodes, -1, int64),
        node_id=np.zeros(nodes, int64),
        node_row=np.zeros((nodes, NODE_COLUMNS), int64),
        way_mark=np.full(m, -1, int64),
        way_id=np.zeros(m, int64),
        way_row=np.zeros((m, WAY_COLUMNS), int64),
        booking=np.zeros((16 * nodes + 64, 5), int64),
        seen=np.full(nodes, -1, int64),
        soon=np.zeros(nodes, int64),
        queue=np.zeros(nodes + 1, int64),
        queued=np.zeros(nodes, int64),
        listed=np.zeros(nodes + 1, int64),
        falling=np.zeros(4 * nodes + 2 * len(arrays.tie_to) + 64, int64),
        rising=np.zeros(4 * nodes + 2 * len(arrays.tie_to) + 64, int64),
        tardy=np.zeros(nodes, int64),
        tardy_mark=np.full(nodes, -1, int64),
    )


@kernel
def begin(st):  # type: ignore[no-untyped-def]
    """Open a new undo log: what follows can be taken back by `roll_back`."""
    st.counter[EPOCH] += 1
    st.counter[NODES_LOGGED] = 0
    st.counter[WAYS_LOGGED] = 0
    st.counter[BOOKINGS] = 0
    st.counter[BROKEN] = 0
    st.counter[FALLING] = 0
    st.counter[RISING] = 0
    forget_tardy(st)
    st.total_before[:] = st.total


@kernel
def touch(st, x):  # type: ignore[no-untyped-def]
    """Save node `x` before its first change of the iteration."""
    if st.node_mark[x] != st.counter[EPOCH]:
        st.node_mark[x] = st.counter[EPOCH]
        c = st.counter[NODES_LOGGED]
        st.node_id[c] = x
        st.node_row[c] = st.node[x]
        st.counter[NODES_LOGGED] = c + 1


@kernel
def touch_way(st, v):  # type: ignore[no-untyped-def]
    """Save route `v`'s record before its first change of the iteration."""
    if st.way_mark[v] != st.counter[EPOCH]:
        st.way_mark[v] = st.counter[EPOCH]
        c = st.counter[WAYS_LOGGED]
        st.way_id[c] = v
        st.way_row[c] = st.way[v]
        st.counter[WAYS_LOGGED] = c + 1


@kernel
def roll_back(pb, st):  # type: ignore[no-untyped-def]
    """Take back everything since `begin`."""
    for c in range(st.counter[NODES_LOGGED]):
        st.node[st.node_id[c]] = st.node_row[c]
    for c in range(st.counter[WAYS_LOGGED]):
        st.way[st.way_id[c]] = st.way_row[c]
    for c in range(st.counter[BOOKINGS] - 1, -1, -1):
        entry = st.booking[c]
        if entry[0] == BOOK_STOP:
            _post_stop(pb, st, entry[1], entry[2], -entry[3], -entry[4])
        else:
            _post_work(pb, st, entry[1], -entry[3])
    st.total[:] = st.total_before
    st.counter[BOOKINGS] = 0
    st.counter[NODES_LOGGED] = 0
    st.counter[WAYS_LOGGED] = 0


@kernel
def cost_of(pb, st):  # type: ignore[no-untyped-def]
    """Return the whole cost of the state, in ticks of travel."""
    total = st.total
    w = pb.weight
    cost = w[W_LATE] * total[T_LATE] + w[W_WORST] * total[T_WORST]
    cost += total[T_LEGS] + total[T_FIXED] + total[T_SHORT] + total[T_OVERTIME]
    cost += total[T_CONTINUITY] + total[T_BALANCE] + total[T_SHARE] + total[T_STAFF]
    return cost + total[T_DISRUPTION] + total[T_WAIT] + total[T_UNSERVED]


@kernel
def rising_cost(pb, st):  # type: ignore[no-untyped-def]
    """Return the part of the cost that inserting can only raise."""
    total = st.total
    cost = pb.weight[W_LATE] * total[T_LATE] + pb.weight[W_WORST] * total[T_WORST]
    cost += total[T_LEGS] + total[T_FIXED] + total[T_SHORT] + total[T_OVERTIME]
    return cost + total[T_CONTINUITY] + total[T_BALANCE] + total[T_STAFF]


@kernel
def scale(pb, faces):  # type: ignore[no-untyped-def]
    """Return the continuity scale S: 0 up to the flat part, then the square above it."""
    over = faces - pb.weight[FLAT]
    return over * over if over > 0 else int64(0)


@kernel
def leg_cost(pb, v, frm, to, ticks, home):  # type: ignore[no-untyped-def]
    """Return what a journey of `ticks` between two places costs on route `v`."""
    rate = pb.route[v, HOME_RATE] if home else pb.route[v, BETWEEN_RATE]
    cost = rate * ticks
    if pb.route[v, MILEAGE] > 0:
        metres = int64(pb.metres[frm, to])
        cost += pb.route[v, FEN_RATE] * (
            pb.route[v, MILEAGE] * metres * pb.weight[TICKS_PER_MINUTE] // 1000
        )
    return cost


@kernel
def place_of(pb, x):  # type: ignore[no-untyped-def]
    """Return the place of a node."""
    n = pb.task.shape[0]
    if x < n:
        return pb.task[x, PLACE]
    m = pb.route.shape[0]
    return pb.route[x - n, HOME] if x < n + m else pb.route[x - n - m, END]


@kernel
def _over(value, limit):  # type: ignore[no-untyped-def]
    return value - limit if value > limit else int64(0)


@kernel
def _post_work(pb, st, v, ticks):  # type: ignore[no-untyped-def]
    """Add work to the accounts of the route's day and week."""
    d = pb.route[v, DAY]
    k = pb.route[v, WEEK]
    before = _over(st.day[d, 0], pb.day_limit[d, SOFT]) + _over(st.week[k], pb.week_limit[k, SOFT])
    st.day[d, 0] += ticks
    st.week[k] += ticks
    after = _over(st.day[d, 0], pb.day_limit[d, SOFT]) + _over(st.week[k], pb.week_limit[k, SOFT])
    st.total[T_OVERTIME] += pb.weight[W_OVERTIME] * (after - before)
    return st.day[d, 0] <= pb.day_limit[d, HARD] and st.week[k] <= pb.week_limit[k, HARD]


@kernel
def _post_stop(pb, st, k, v, care, sign):  # type: ignore[no-untyped-def]
    """Add (sign 1) or take away (sign -1, negative care) a stop from all accounts."""
    fine = True
    w = pb.weight
    g = pb.route[v, CAREGIVER]
    d = pb.route[v, DAY]
    st.day[d, 1] += sign
    if st.day[d, 1] > pb.day_limit[d, STOPS]:
        fine = False
    client = pb.task[k, CLIENT]
    known = st.met[client, g]
    if (sign > 0 and known == 0) or (sign < 0 and known == 1):
        before = scale(pb, st.faces[client])
        st.faces[client] += sign
        st.total[T_CONTINUITY] += w[W_CONTINUITY] * (scale(pb, st.faces[client]) - before)
    st.met[client, g] = known + sign
    if w[W_BALANCE] > 0:
        before = _over(st.care[g], pb.fair[g])
        st.care[g] += care
        st.total[T_BALANCE] += w[W_BALANCE] * (_over(st.care[g], pb.fair[g]) - before)
    payer = pb.task[k, PAYER]
    if payer >= 0:
        counts = pb.task[k, COUNTS]
        if counts == 0:
            st.payer[payer] += care
        elif counts == 1:
            st.payer[payer] += sign
        if st.payer[payer] > pb.payer_cap[payer]:
            fine = False
    if w[HAS_CONTRACTS] > 0:
        c = pb.charged[pb.task[k, ROW], v]
        if c >= 0:
            before = _over(pb.contract[c, SHARE_TARGET], st.contract[c, 0])
            st.contract[c, 0] += care
            if pb.task[k, CARER] == 1:
                st.contract[c, 1] += sign
            st.contract[c, 2] += sign * (pb.contract[c, PRICE] * abs(care) // (60 * w[TICKS_PER_MINUTE]))
            after = _over(pb.contract[c, SHARE_TARGET], st.contract[c, 0])
            st.total[T_SHARE] += w[W_SHARE] * (after - before)
            if (
                st.contract[c, 0] > pb.contract[c, CAP_CARE]
                or st.contract[c, 1] > pb.contract[c, CAP_VISITS]
                or st.contract[c, 2] > pb.contract[c, CAP_MONEY]
            ):
                fine = False
    return fine


@kernel
def _log(st, kind, a, b, amount, sign):  # type: ignore[no-untyped-def]
    c = st.counter[BOOKINGS]
    if c == st.booking.shape[0]:
        # The log is full: the iteration is too large to be taken back, so it must not go on.
        st.counter[BROKEN] = 1
        return False
    st.booking[c, 0] = kind
    st.booking[c, 1] = a
    st.booking[c, 2] = b
    st.booking[c, 3] = amount
    st.booking[c, 4] = sign
    st.counter[BOOKINGS] = c + 1
    return True


@kernel
def post_work(pb, st, v, ticks):  # type: ignore[no-untyped-def]
    """Book work on a route; a hard limit that breaks marks the state as broken."""
    if _log(st, BOOK_WORK, v, 0, ticks, 1) and not _post_work(pb, st, v, ticks) and ticks > 0:
        st.counter[BROKEN] = 1


@kernel
def post_stop(pb, st, k, v, sign):  # type: ignore[no-untyped-def]
    """Book a stop (1) or its end (-1) on all accounts and fixed prices."""
    care = st.node[k, CARE]
    if not _log(st, BOOK_STOP, k, v, sign * care, sign):
        return
    if not _post_stop(pb, st, k, v, sign * care, sign) and sign > 0:
        st.counter[BROKEN] = 1
    row = pb.task[k, ROW]
    g = pb.route[v, CAREGIVER]
    cut = pb.task[k, FULL] - care
    st.total[T_FIXED] += sign * int64(pb.price_short[row, g] if cut > 0 else pb.price[row, g])
    st.total[T_SHORT] += sign * pb.weight[W_SHORT] * cut
    st.total[T_UNSERVED] -= sign * pb.prize[k]
    st.total[T_DISRUPTION] += sign * _moved(pb, k, v, st.node[k, START])


@kernel
def _moved(pb, k, v, start):  # type: ignore[no-untyped-def]
    """Return the cost of a start that differs from the published one."""
    if pb.task[k, PUBLISHED] < 0 or pb.weight[W_DISRUPTION] == 0:
        return int64(0)
    if (
        pb.route[v, DATE] == pb.task[k, PUBLISHED_DAY]
        and abs(start - pb.task[k, PUBLISHED]) <= pb.weight[TOLERANCE]
    ):
        return int64(0)
    return pb.weight[W_DISRUPTION]


@kernel
def _note_tardy(st, x):  # type: ignore[no-untyped-def]
    if st.tardy_mark[x] != st.counter[TARDY_STAMP]:
        st.tardy_mark[x] = st.counter[TARDY_STAMP]
        st.tardy[st.counter[TARDY]] = x
        st.counter[TARDY] += 1


@kernel
def forget_tardy(st):  # type: ignore[no-untyped-def]
    """Empty the list of nodes whose lateness has changed."""
    st.counter[TARDY] = 0
    st.counter[TARDY_STAMP] += 1


@kernel
def set_start(pb, st, x, start):  # type: ignore[no-untyped-def]
    """Give a present task or an end depot a new start and account for what that costs."""
    n = pb.task.shape[0]
    old = st.node[x, START]
    if old == start:
        return
    touch(st, x)
    st.node[x, START] = start
    v = st.node[x, ROUTE]
    if x < n:
        due = pb.task[x, DUE]
        late = _over(start, due)
        if start > due or old > due:
            _note_tardy(st, x)
        st.total[T_LATE] += late - _over(old, due)
        if late > st.total[T_WORST]:
            st.total[T_WORST] = late
        st.total[T_DISRUPTION] += _moved(pb, x, v, start) - _moved(pb, x, v, old)
    else:
        close = pb.route[v, CLOSE]
        if start > close or old > close:
            _note_tardy(st, x)
        st.total[T_OVERTIME] += pb.route[v, OVERTIME_RATE] * (_over(start, close) - _over(old, close))
    if pb.weight[W_WAIT] > 0:
        touch_way(st, v)


@kernel
def link(pb, st, k, i, v, care, pause_moves, start):  # type: ignore[no-untyped-def]
    """Put absent task `k` behind node `i` of route `v` with a provisional start.

    `pause_moves`: a break that was taken after `i` is now taken after `k`. Times are not
    propagated; `set_start` accounts for every change from the provisional start on.
    """
    n = pb.task.shape[0]
    j = st.node[i, NEXT]
    touch(st, i)
    touch(st, j)
    touch(st, k)
    touch_way(st, v)
    mode = pb.route[v, MODE]
    pi, pk, pj = place_of(pb, i), place_of(pb, k), place_of(pb, j)
    ik, kj = int64(pb.travel[mode, pi, pk]), int64(pb.travel[mode, pk, pj])
    first, last = i >= n, j >= n
    cost = leg_cost(pb, v, pi, pk, ik, first) + leg_cost(pb, v, pk, pj, kj, last)
    work = care
    if st.way[v, COUNT] == 0:
        st.total[T_STAFF] += pb.weight[W_STAFF]
    else:
        ij = st.node[i, HOP]
        cost -= leg_cost(pb, v, pi, pj, ij, first or last)
        if not first and not last:
            work -= ij
    if not first:
        work += ik
    if not last:
        work += kj
    st.total[T_LEGS] += cost
    st.node[i, NEXT] = k
    st.node[i, HOP] = ik
    st.node[j, PREV] = k
    st.node[k, PREV] = i
    st.node[k, NEXT] = j
    st.node[k, HOP] = kj
    st.node[k, ROUTE] = v
    st.node[k, CARE] = care
    st.node[k, START] = start
    late = _over(start, pb.task[k, DUE])
    st.total[T_LATE] += late
    if late > st.total[T_WORST]:
        st.total[T_WORST] = late
    st.way[v, COUNT] += 1
    if pause_moves:
        st.way[v, PAUSE] = k
    longest = pb.route[v, LONGEST]
    if ik > longest or kj > longest:
        st.counter[BROKEN] = 1
    post_stop(pb, st, k, v, 1)
    post_work(pb, st, v, work)


@kernel
def _note_dirty(pb, st, k, i, j):  # type: ignore[no-untyped-def]
    """Remember which nodes may start earlier, and which may start later, without `k`."""
    f, r = st.counter[FALLING], st.counter[RISING]
    st.falling[f] = j
    st.rising[r] = i
    f += 1
    r += 1
    for e in range(pb.tie_ptr[k], pb.tie_ptr[k + 1]):
        q = pb.tie_to[e]
        if st.node[q, ROUTE] >= 0:
            st.falling[f] = q
            st.rising[r] = q
            f += 1
            r += 1
    st.counter[FALLING] = f
    st.counter[RISING] = r


@kernel
def unlink(pb, st, k):  # type: ignore[no-untyped-def]
    """Take task `k` off its route; times are not recomputed."""
    n = pb.task.shape[0]
    v = st.node[k, ROUTE]
    i, j = st.node[k, PREV], st.node[k, NEXT]
    touch(st, i)
    touch(st, j)
    touch(st, k)
    touch_way(st, v)
    mode = pb.route[v, MODE]
    pi, pk, pj = place_of(pb, i), place_of(pb, k), place_of(pb, j)
    ik, kj = st.node[i, HOP], st.node[k, HOP]
    first, last = i >= n, j >= n
    cost = leg_cost(pb, v, pi, pk, ik, first) + leg_cost(pb, v, pk, pj, kj, last)
    work = st.node[k, CARE]
    if not first:
        work += ik
    if not last:
        work += kj
    ij = int64(pb.travel[mode, pi, pj])
    if st.way[v, COUNT] == 1:
        st.total[T_STAFF] -= pb.weight[W_STAFF]
    else:
        cost -= leg_cost(pb, v, pi, pj, ij, first or last)
        if not first and not last:
            work -= ij
    _note_dirty(pb, st, k, i, j)
    st.total[T_LEGS] -= cost
    st.total[T_LATE] -= _over(st.node[k, START], pb.task[k, DUE])
    post_stop(pb, st, k, v, -1)
    post_work(pb, st, v, -work)
    st.node[i, NEXT] = j
    st.node[i, HOP] = ij
    st.node[j, PREV] = i
    st.node[k, ROUTE] = -1
    st.way[v, COUNT] -= 1
    if st.way[v, PAUSE] == k:
        st.way[v, PAUSE] = i


@kernel
def settle_waiting(pb, st):  # type: ignore[no-untyped-def]
    """Recount the idle time of every route changed in this iteration."""
    if pb.weight[W_WAIT] == 0:
        return
    n = pb.task.shape[0]
    for c in range(st.counter[WAYS_LOGGED]):
        v = st.way_id[c]
        idle = int64(0)
        x = st.node[n + v, NEXT]
        while x < n:
            j = st.node[x, NEXT]
            if j < n:
                gap = st.node[j, START] - st.node[x, START] - st.node[x, CARE] - st.node[x, HOP]
                if st.way[v, PAUSE] == x:
                    gap -= pb.route[v, BREAK_LENGTH]
                idle += gap
            x = j
        st.total[T_WAIT] += pb.weight[W_WAIT] * (idle - st.way[v, IDLE])
        st.way[v, IDLE] = idle


@kernel
def settle_worst(pb, st):  # type: ignore[no-untyped-def]
    """Recount the largest lateness; needed after removals only."""
    if pb.weight[W_WORST] == 0:
        return
    worst = int64(0)
    for k in range(pb.task.shape[0]):
        if st.node[k, ROUTE] >= 0:
            late = st.node[k, START] - pb.task[k, DUE]
            if late > worst:
                worst = late
    st.total[T_WORST] = worst
