"""What an insertion would cost, without making it.

`scan` lists the places a task can go with a lower bound of the cost; the bound is the cost
itself where nothing downstream gets late. `push_cost` follows a delay through routes and
couplings for the others.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.problem.layout import (
    BREAK_LENGTH,
    CAP_CARE,
    CAP_MONEY,
    CAP_VISITS,
    CAREGIVER,
    CARER,
    CLIENT,
    CLOSE,
    COUNTS,
    DATE,
    DAY,
    DUE,
    EARLIEST,
    FULL,
    HARD,
    HAS_CONTRACTS,
    HAS_LEVELS,
    LATEST,
    LEVEL,
    LIMITED,
    LONGEST,
    MODE,
    OVERTIME_RATE,
    PAYER,
    PLACE,
    PRICE,
    PUSH_RATE,
    PUSH_WORST,
    ROW,
    SOFT,
    STOPS,
    TICKS_PER_MINUTE,
    W_BALANCE,
    W_CONTINUITY,
    W_LATE,
    W_OVERTIME,
    W_SHORT,
    W_STAFF,
    W_WAIT,
    W_WORST,
    WEEK,
    Arrays,
)
from optimizer.search.kernels.chance import fraction
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.state import (
    CARE,
    COUNT,
    EASY,
    HOP,
    LIMIT,
    NEXT,
    PAUSE,
    ROUTE,
    START,
    T_WORST,
    VISIT_STAMP,
    leg_cost,
    place_of,
    scale,
)
from optimizer.search.kernels.timing import reach

FORBIDDEN = 1 << 60
"A price nobody pays."

# Columns of the options that `scan` lists.
KEY, OWN, AT, AFTER, BEFORE, ON, MOVES, PLAIN = 0, 1, 2, 3, 4, 5, 6, 7
OPTION_COLUMNS = 8


class Scratch(NamedTuple):
    """Room for options, orders and seeds; nothing in it survives an insertion.

    `first`, `second` hold the options of the two tasks of a unit, `order_*` the indices of
    the best ones, `seed` the nodes that a delay starts from.
    """

    first: NDArray[int64]
    second: NDArray[int64]
    order_first: NDArray[int64]
    order_second: NDArray[int64]
    seed: NDArray[int64]
    units: NDArray[int64]
    key: NDArray[np.float64]
    route_mark: NDArray[int64]
    tail: NDArray[int64]
    found: NDArray[int64]
    kept: NDArray[int64]


def new_scratch(arrays: Arrays) -> Scratch:
    """Return scratch room for a problem."""
    n, m = len(arrays.task), len(arrays.route)
    options = n + 2 * m + 2
    ties = int(np.diff(arrays.tie_ptr).max(initial=0))
    return Scratch(
        first=np.zeros((options, OPTION_COLUMNS), int64),
        second=np.zeros((options, OPTION_COLUMNS), int64),
        order_first=np.zeros(64, int64),
        order_second=np.zeros(64, int64),
        seed=np.zeros((2 * ties + 4, 2), int64),
        units=np.zeros(2 * len(arrays.unit) + 1, int64),
        key=np.zeros(2 * len(arrays.unit) + 1, np.float64),
        route_mark=np.full(m, -1, int64),
        tail=np.zeros((2 * n + 2, 3), int64),
        found=np.zeros(8, int64),
        kept=np.zeros(8, int64),
    )


@kernel
def _rise(value, more, limit):  # type: ignore[no-untyped-def]
    """Return by how much `more` lifts `value` above `limit`."""
    after = value + more - limit
    if after <= 0:
        return int64(0)
    before = value - limit
    return after - before if before > 0 else after


@kernel
def route_price(pb, st, k, v, care):  # type: ignore[no-untyped-def]
    """Return what task `k` on route `v` costs wherever it stands there, or `FORBIDDEN`."""
    w = pb.weight
    g = pb.route[v, CAREGIVER]
    row = pb.task[k, ROW]
    for e in range(pb.tie_ptr[k], pb.tie_ptr[k + 1]):
        u = st.node[pb.tie_to[e], ROUTE]
        if u >= 0 and (
            pb.route[u, DATE] != pb.route[v, DATE]
            or (pb.tie_differ[e] == 1 and pb.route[u, CAREGIVER] == g)
        ):
            return int64(FORBIDDEN)
    for e in range(pb.space_ptr[k], pb.space_ptr[k + 1]):
        u = st.node[pb.space_to[e], ROUTE]
        if u >= 0:
            days = abs(pb.route[u, DATE] - pb.route[v, DATE])
            if days < pb.space_lo[e] or days > pb.space_hi[e]:
                return int64(FORBIDDEN)
    if w[HAS_CONTRACTS] > 0:
        c = pb.charged[row, v]
        if c >= 0 and (
            st.contract[c, 0] + care > pb.contract[c, CAP_CARE]
            or st.contract[c, 1] + (pb.task[k, CARER] == 1) > pb.contract[c, CAP_VISITS]
            or st.contract[c, 2] + pb.contract[c, PRICE] * care // (60 * w[TICKS_PER_MINUTE])
            > pb.contract[c, CAP_MONEY]
        ):
            return int64(FORBIDDEN)
    if pb.route[v, LIMITED] and st.day[pb.route[v, DAY], 1] >= pb.day_limit[pb.route[v, DAY], STOPS]:
        return int64(FORBIDDEN)
    cut = pb.task[k, FULL] - care
    price = int64(pb.price_short[row, g] if cut > 0 else pb.price[row, g]) + w[W_SHORT] * cut
    client = pb.task[k, CLIENT]
    if st.met[client, g] == 0 and w[W_CONTINUITY] > 0:
        faces = st.faces[client]
        price += w[W_CONTINUITY] * (scale(pb, faces + 1) - scale(pb, faces))
    if w[W_BALANCE] > 0:
        price += w[W_BALANCE] * _rise(st.care[g], care, pb.fair[g])
    if st.way[v, COUNT] == 0:
        price += w[W_STAFF]
    return price


@kernel
def payer_allows(pb, st, k, care):  # type: ignore[no-untyped-def]
    """Return whether the entitlement that pays for task `k` still covers it."""
    payer = pb.task[k, PAYER]
    if payer < 0:
        return True
    more = care
    if pb.task[k, COUNTS] > 0:
        more = int64(1) if pb.task[k, COUNTS] == 1 else int64(0)
    return st.payer[payer] + more <= pb.payer_cap[payer]


@kernel
def scan(pb, st, word, blink, k, care, ceiling, narrow, options):  # type: ignore[no-untyped-def]
    """List the places where task `k` can go for less than `ceiling`.

    With `narrow` the ceiling falls to the best price known so far. Returns the number of
    options, the smallest `OWN`, and the option with the smallest `KEY`.

    `KEY` is a lower bound of the cost and exact if nothing downstream becomes late, `OWN`
    is the cost without what happens downstream, `PLAIN` also without the task's own
    lateness (two coupled tasks settle their lateness together).
    """
    w = pb.weight
    n = pb.task.shape[0]
    count = 0
    best = -1
    least_own = int64(FORBIDDEN)
    least_key = int64(FORBIDDEN)
    worst = st.total[T_WORST]
    earliest = pb.task[k, EARLIEST]
    latest = pb.task[k, LATEST]
    due = pb.task[k, DUE]
    level = pb.task[k, LEVEL]
    pk = pb.task[k, PLACE]
    tied = False
    for e in range(pb.tie_ptr[k], pb.tie_ptr[k + 1]):
        q = pb.tie_to[e]
        if st.node[q, ROUTE] >= 0:
            tied = True
            if st.node[q, START] + pb.tie_in[e] > earliest:
                earliest = st.node[q, START] + pb.tie_in[e]
            if st.node[q, LIMIT] - pb.tie_out[e] < latest:
                latest = st.node[q, LIMIT] - pb.tie_out[e]
    if earliest > latest or not payer_allows(pb, st, k, care):
        return 0, least_own, -1
    # Distance to the next position that is skipped, drawn instead of one number each.
    skip = int64(np.log(fraction(word) + 1e-300) * blink)
    row = pb.task[k, ROW]
    for r in range(pb.row_ptr[row], pb.row_ptr[row + 1]):
        v = int64(pb.row_route[r])
        fixed = int64(-1)
        i = n + v
        mode = pb.route[v, MODE]
        longest = pb.route[v, LONGEST]
        while i < n or i == n + v:
            j = st.node[i, NEXT]
            ready = st.node[i, START] + st.node[i, CARE]
            if ready > latest:
                break
            if earliest + care > st.node[j, LIMIT] and j < n:
                i = j
                continue
            if w[HAS_LEVELS] > 0 and (
                (level == 1 and j < n and pb.task[j, LEVEL] == 0)
                or (level == 0 and i < n and pb.task[i, LEVEL] == 1)
            ):
                i = j
                continue
            pi = place_of(pb, i)
            ik = int64(pb.travel[mode, pi, pk])
            here = st.way[v, PAUSE] == i
            for moves in range(2 if here and pb.route[v, BREAK_LENGTH] > 0 else 1):
                start = reach(pb, here and moves == 0, v, ready, ik, False)
                if start < earliest:
                    start = earliest
                if start > latest:
                    continue
                skip -= 1
                if skip < 0:
                    skip = int64(np.log(fraction(word) + 1e-300) * blink)
                    continue
                last = j >= n
                pj = place_of(pb, j)
                kj = int64(pb.travel[mode, pk, pj])
                if ik > longest or kj > longest:
                    continue
                y = reach(pb, moves == 1, v, start + care, kj, last)
                if y > st.node[j, LIMIT]:
                    continue
                if fixed < 0:
                    fixed = route_price(pb, st, k, v, care)
                if fixed >= ceiling:
                    break
                first = i >= n
                plain = fixed + leg_cost(pb, v, pi, pk, ik, first)
                plain += leg_cost(pb, v, pk, pj, kj, last)
                ij = st.node[i, HOP]
                if st.way[v, COUNT] > 0:
                    plain -= leg_cost(pb, v, pi, pj, ij, first or last)
                if pb.route[v, LIMITED]:
                    work = care
                    if not first:
                        work += ik
                    if not last:
                        work += kj
                    if not first and not last:
                        work -= ij
                    d = pb.route[v, DAY]
                    week = pb.route[v, WEEK]
                    if (
                        st.day[d, 0] + work > pb.day_limit[d, HARD]
                        or st.week[week] + work > pb.week_limit[week, HARD]
                    ):
                        continue
                    plain += w[W_OVERTIME] * (
                        _rise(st.day[d, 0], work, pb.day_limit[d, SOFT])
                        + _rise(st.week[week], work, pb.week_limit[week, SOFT])
                    )
                if w[W_WAIT] > 0:
                    plain += w[W_WAIT] * _idle_change(pb, st, i, j, ready, start, care, ik, kj)
                late = start - due if start > due else int64(0)
                own = plain + w[W_LATE] * late
                push = y - st.node[j, EASY]
                if tied:
                    push = _tie_push(pb, st, k, start, push)
                key = own
                most = late
                if push > 0:
                    key += w[PUSH_RATE] * push
                    if push > most and w[PUSH_WORST] > 0:
                        most = push
                if most > worst:
                    key += w[W_WORST] * (most - worst)
                if key >= ceiling:
                    continue
                options[count, KEY] = key
                options[count, OWN] = own
                options[count, AT] = start
                options[count, AFTER] = i
                options[count, BEFORE] = j
                options[count, ON] = v
                options[count, MOVES] = moves
                options[count, PLAIN] = plain
                if key < least_key:
                    least_key = key
                    best = count
                if own < least_own:
                    least_own = own
                count += 1
                if narrow and push <= 0:
                    ceiling = key
            if fixed >= ceiling:
                break
            if w[W_LATE] > 0 and (ready - due) * w[W_LATE] >= ceiling:
                break
            i = j
    return count, least_own, best


@kernel
def _idle_change(pb, st, i, j, ready, start, care, ik, kj):  # type: ignore[no-untyped-def]
    """Estimate how idle time changes between `i` and `j` (exact if `j` is not delayed)."""
    n = pb.task.shape[0]
    change = int64(0)
    if i < n:
        gap = start - ready - ik
        change += gap if gap > 0 else int64(0)
    if j < n:
        gap = st.node[j, START] - start - care - kj
        change += gap if gap > 0 else int64(0)
    if i < n and j < n:
        change -= st.node[j, START] - ready - st.node[i, HOP]
    return change


@kernel
def _tie_push(pb, st, k, start, push):  # type: ignore[no-untyped-def]
    """Return the largest push of task `k` at `start` on its present coupled tasks."""
    for e in range(pb.tie_ptr[k], pb.tie_ptr[k + 1]):
        q = pb.tie_to[e]
        if st.node[q, ROUTE] >= 0 and start + pb.tie_out[e] - st.node[q, EASY] > push:
            push = start + pb.tie_out[e] - st.node[q, EASY]
    return push


@kernel
def add_seeds(pb, st, sc, count, k, other, start):  # type: ignore[no-untyped-def]
    """Append the coupled tasks of `k` (all but `other`) that its start pushes."""
    for e in range(pb.tie_ptr[k], pb.tie_ptr[k + 1]):
        q = pb.tie_to[e]
        if q != other and st.node[q, ROUTE] >= 0:
            sc.seed[count, 0] = q
            sc.seed[count, 1] = start + pb.tie_out[e]
            count += 1
    return count


@kernel
def push_cost(pb, st, sc, count, cost, worst, ceiling, not_one, not_two):  # type: ignore[no-untyped-def]
    """Return `cost` plus what delaying the first `count` seeds costs downstream.

    Stops at `ceiling`. Returns `FORBIDDEN` if a hard time breaks, or if the delay comes
    back to one of the two nodes before the insertion, whose times it must not change.
    """
    w = pb.weight
    n = pb.task.shape[0]
    st.counter[VISIT_STAMP] += 1
    stamp = st.counter[VISIT_STAMP]
    head = 0
    tail = 0
    for c in range(count):
        x = sc.seed[c, 0]
        t = sc.seed[c, 1]
        now = st.soon[x] if st.seen[x] == stamp else st.node[x, START]
        if t <= now or t <= st.node[x, EASY]:
            continue
        if t > st.node[x, LIMIT] or x == not_one or x == not_two:
            return int64(FORBIDDEN)
        st.seen[x] = stamp
        st.soon[x] = t
        cost, worst = _delay(pb, st, x, now, t, cost, worst)
        if cost >= ceiling:
            return cost
        if x < n:
            st.queue[tail] = x
            tail += 1
    pops = 0
    pushes = tail
    while head != tail:
        x = st.queue[head]
        head += 1
        if head == st.queue.shape[0]:
            head = 0
        pops += 1
        # Circular couplings that contradict each other, or too many delays waiting at once.
        if pops > 8 * n + 64 or pushes - pops > st.queue.shape[0] - 8:
            return int64(FORBIDDEN)
        j = st.node[x, NEXT]
        v = st.node[x, ROUTE]
        last = j >= n
        ready = st.soon[x] + st.node[x, CARE]
        t = reach(pb, st.way[v, PAUSE] == x, v, ready, st.node[x, HOP], last)
        now = st.soon[j] if st.seen[j] == stamp else st.node[j, START]
        if t > now and t > st.node[j, EASY]:
            if t > st.node[j, LIMIT] or j == not_one or j == not_two:
                return int64(FORBIDDEN)
            st.seen[j] = stamp
            st.soon[j] = t
            cost, worst = _delay(pb, st, j, now, t, cost, worst)
            if cost >= ceiling:
                return cost
            if j < n:
                st.queue[tail] = j
                tail += 1
                pushes += 1
                if tail == st.queue.shape[0]:
                    tail = 0
        for e in range(pb.tie_ptr[x], pb.tie_ptr[x + 1]):
            q = pb.tie_to[e]
            if st.node[q, ROUTE] < 0:
                continue
            t = st.soon[x] + pb.tie_out[e]
            now = st.soon[q] if st.seen[q] == stamp else st.node[q, START]
            if t > now and t > st.node[q, EASY]:
                if t > st.node[q, LIMIT] or q == not_one or q == not_two:
                    return int64(FORBIDDEN)
                st.seen[q] = stamp
                st.soon[q] = t
                cost, worst = _delay(pb, st, q, now, t, cost, worst)
                if cost >= ceiling:
                    return cost
                st.queue[tail] = q
                tail += 1
                pushes += 1
                if tail == st.queue.shape[0]:
                    tail = 0
    return cost


@kernel
def _delay(pb, st, x, now, t, cost, worst):  # type: ignore[no-untyped-def]
    """Return cost and worst lateness once node `x` starts at `t` instead of `now`."""
    w = pb.weight
    n = pb.task.shape[0]
    if x < n:
        late = t - pb.task[x, DUE]
        if late > 0:
            before = now - pb.task[x, DUE]
            cost += w[W_LATE] * (late - before if before > 0 else late)
            if late > worst:
                cost += w[W_WORST] * (late - worst)
                worst = late
    else:
        v = st.node[x, ROUTE]
        cost += pb.route[v, OVERTIME_RATE] * _rise(now, t - now, pb.route[v, CLOSE])
    return cost, worst
