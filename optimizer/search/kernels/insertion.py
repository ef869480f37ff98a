"""Putting units back: the best place of one task, the best pair of places of two."""

from __future__ import annotations

from numpy import int64

from optimizer.problem.layout import (
    BIG,
    BOTH_OR_NONE,
    CAREGIVER,
    CLIENT,
    DATE,
    DUE,
    EARLIEST,
    FULL,
    HAS_SHORT,
    IN_SEQUENCE,
    LATEST,
    MODE,
    PAYER,
    PUSH_RATE,
    PUSH_WORST,
    SHORT,
    W_CONTINUITY,
    W_LATE,
    W_WORST,
)
from optimizer.search.kernels.chance import fraction
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.pricing import (
    AFTER,
    AT,
    BEFORE,
    FORBIDDEN,
    KEY,
    MOVES,
    ON,
    OWN,
    PLAIN,
    add_seeds,
    payer_allows,
    push_cost,
    scan,
)
from optimizer.search.kernels.state import (
    BROKEN,
    EASY,
    LIMIT,
    NEXT,
    ROUTE,
    START,
    T_WORST,
    TARDY,
    VISIT_STAMP,
    forget_tardy,
    link,
    place_of,
    scale,
    set_start,
)
from optimizer.search.kernels.timing import (
    arrival_at,
    enter_latest,
    lower_latest,
    raise_latest,
    raise_starts,
    reach,
)

WIDEST = 32
"So many options of each task of a pair are combined."

# What `best_place` and `best_pair` leave in `Scratch.found`.
F_AFTER, F_ON, F_CARE, F_MOVES = 0, 1, 2, 3
SECOND = 4


@kernel
def best_place(pb, st, sc, word, blink, k, ceiling):  # type: ignore[no-untyped-def]
    """Find the cheapest place of absent task `k`; return its price or `FORBIDDEN`."""
    price = int64(FORBIDDEN)
    for brief in range(2 if pb.task[k, SHORT] < pb.task[k, FULL] else 1):
        care = pb.task[k, SHORT] if brief else pb.task[k, FULL]
        count, _, _ = scan(pb, st, word, blink, k, care, ceiling, True, sc.first)
        for pass_ in range(2):
            for c in range(count):
                key = sc.first[c, KEY]
                if key >= ceiling:
                    continue
                exact = _pushes(pb, st, k, sc.first[c], care) <= 0
                if exact != (pass_ == 0):
                    continue
                if not exact:
                    key = _pushed_price(pb, st, sc, k, sc.first[c], care, ceiling)
                    if key >= ceiling:
                        continue
                ceiling = key
                price = key
                sc.found[F_AFTER] = sc.first[c, AFTER]
                sc.found[F_ON] = sc.first[c, ON]
                sc.found[F_CARE] = care
                sc.found[F_MOVES] = sc.first[c, MOVES]
    return price


@kernel
def _arrival_after(pb, st, k, option, start, care):  # type: ignore[no-untyped-def]
    """Return when the route's next node is reached if task `k` starts at `start` there."""
    n = pb.task.shape[0]
    v = option[ON]
    j = option[BEFORE]
    kj = int64(pb.travel[pb.route[v, MODE], place_of(pb, k), place_of(pb, j)])
    return reach(pb, option[MOVES] == 1, v, start + care, kj, j >= n)


@kernel
def _pushes(pb, st, k, option, care):  # type: ignore[no-untyped-def]
    """Return by how much an option delays what follows beyond what is free."""
    y = _arrival_after(pb, st, k, option, option[AT], care)
    push = y - st.node[option[BEFORE], EASY]
    for e in range(pb.tie_ptr[k], pb.tie_ptr[k + 1]):
        q = pb.tie_to[e]
        if st.node[q, ROUTE] >= 0 and option[AT] + pb.tie_out[e] - st.node[q, EASY] > push:
            push = option[AT] + pb.tie_out[e] - st.node[q, EASY]
    return push


@kernel
def _pushed_price(pb, st, sc, k, option, care, ceiling):  # type: ignore[no-untyped-def]
    """Return the price of an option that delays others, following the delay."""
    late = option[AT] - pb.task[k, DUE]
    worst = st.total[T_WORST]
    cost = option[OWN]
    if late > worst:
        cost += pb.weight[W_WORST] * (late - worst)
        worst = late
    sc.seed[0, 0] = option[BEFORE]
    sc.seed[0, 1] = _arrival_after(pb, st, k, option, option[AT], care)
    seeds = add_seeds(pb, st, sc, 1, k, -1, option[AT])
    return push_cost(pb, st, sc, seeds, cost, worst, ceiling, option[AFTER], -1)


@kernel
def _order(options, count, limit, order):  # type: ignore[no-untyped-def]
    """Sort the indices of the cheapest options below `limit` into `order`."""
    kept = 0
    for c in range(count):
        key = options[c, KEY]
        if key >= limit or (kept == WIDEST and key >= options[order[kept - 1], KEY]):
            continue
        if kept < WIDEST:
            kept += 1
        z = kept - 1
        while z > 0 and options[order[z - 1], KEY] > key:
            order[z] = order[z - 1]
            z -= 1
        order[z] = c
    return kept


@kernel
def _leads_to(pb, st, source, target):  # type: ignore[no-untyped-def]
    """Return whether a delay at node `source` can reach task `target` forwards in time."""
    n = pb.task.shape[0]
    if target >= n or source >= n:
        return False
    until = st.node[target, START]
    if st.node[source, START] > until:
        return False
    if source == target:
        return True
    st.counter[VISIT_STAMP] += 1
    stamp = st.counter[VISIT_STAMP]
    st.seen[source] = stamp
    st.queue[0] = source
    head = 0
    tail = 1
    while head < tail:
        x = st.queue[head]
        head += 1
        j = st.node[x, NEXT]
        if j == target:
            return True
        if j < n and st.seen[j] != stamp and st.node[j, START] <= until:
            st.seen[j] = stamp
            st.queue[tail] = j
            tail += 1
        for e in range(pb.tie_ptr[x], pb.tie_ptr[x + 1]):
            q = pb.tie_to[e]
            if pb.tie_out[e] < 0 or st.node[q, ROUTE] < 0 or st.seen[q] == stamp:
                continue
            if q == target:
                return True
            if st.node[q, START] <= until:
                st.seen[q] = stamp
                st.queue[tail] = q
                tail += 1
    return False


@kernel
def _pair_ties(pb, one, two):  # type: ignore[no-untyped-def]
    """Return the arc weights from task `one` to `two` and back, and whether they differ."""
    for e in range(pb.tie_ptr[one], pb.tie_ptr[one + 1]):
        if pb.tie_to[e] == two:
            return pb.tie_out[e], pb.tie_in[e], pb.tie_differ[e] == 1
    return int64(-BIG), int64(-BIG), False


@kernel
def _pair_price(pb, st, sc, one, two, a, b, care, out, back, extra, ceiling, free_only):  # type: ignore[no-untyped-def]
    """Return the price of putting a pair at options `a` and `b`, or `FORBIDDEN`."""
    w = pb.weight
    x1, x2 = a[AT], b[AT]
    t2 = x2 if x2 > x1 + out else x1 + out
    t1 = x1 if x1 > t2 + back else t2 + back
    if t2 < t1 + out:
        return int64(FORBIDDEN)
    if t1 > pb.task[one, LATEST] or t2 > pb.task[two, LATEST]:
        return int64(FORBIDDEN)
    j1, j2 = a[BEFORE], b[BEFORE]
    y1 = _arrival_after(pb, st, one, a, t1, care[0])
    y2 = _arrival_after(pb, st, two, b, t2, care[1])
    if y1 > st.node[j1, LIMIT] or y2 > st.node[j2, LIMIT]:
        return int64(FORBIDDEN)
    push = y1 - st.node[j1, EASY]
    if y2 - st.node[j2, EASY] > push:
        push = y2 - st.node[j2, EASY]
    if free_only and push > 0:
        return int64(FORBIDDEN)
    late1 = t1 - pb.task[one, DUE]
    late2 = t2 - pb.task[two, DUE]
    late1 = late1 if late1 > 0 else int64(0)
    late2 = late2 if late2 > 0 else int64(0)
    cost = a[PLAIN] + b[PLAIN] + extra + w[W_LATE] * (late1 + late2)
    most = late1 if late1 > late2 else late2
    bound = cost
    worst = st.total[T_WORST]
    if push > 0:
        bound += w[PUSH_RATE] * push
        if w[PUSH_WORST] > 0 and push > most:
            most = push
    if most > worst:
        bound += w[W_WORST] * (most - worst)
    if bound >= ceiling:
        return bound
    # A later start of what follows one carer must not come back to the other one.
    if y1 > st.node[j1, START] and _leads_to(pb, st, j1, b[AFTER]):
        return int64(FORBIDDEN)
    if y2 > st.node[j2, START] and _leads_to(pb, st, j2, a[AFTER]):
        return int64(FORBIDDEN)
    sc.seed[0, 0], sc.seed[0, 1] = j1, y1
    sc.seed[1, 0], sc.seed[1, 1] = j2, y2
    seeds = add_seeds(pb, st, sc, 2, one, two, t1)
    seeds = add_seeds(pb, st, sc, seeds, two, one, t2)
    if push <= 0 and seeds == 2:
        return bound
    most = late1 if late1 > late2 else late2
    if most > worst:
        cost += w[W_WORST] * (most - worst)
        worst = most
    return push_cost(pb, st, sc, seeds, cost, worst, ceiling, a[AFTER], b[AFTER])


@kernel
def _can_pair(pb, a, b, differ):  # type: ignore[no-untyped-def]
    """Return whether two options can be combined: two routes, one day, two caregivers."""
    u, v = a[ON], b[ON]
    if u == v or pb.route[u, DATE] != pb.route[v, DATE]:
        return False
    return not (differ and pb.route[u, CAREGIVER] == pb.route[v, CAREGIVER])


@kernel
def _second_face(pb, st, one, two, a, b):  # type: ignore[no-untyped-def]
    """Return what a second new caregiver of the same client adds to the continuity scale."""
    client = pb.task[one, CLIENT]
    if pb.weight[W_CONTINUITY] == 0 or pb.task[two, CLIENT] != client:
        return int64(0)
    g, h = pb.route[a[ON], CAREGIVER], pb.route[b[ON], CAREGIVER]
    if st.met[client, g] > 0 or st.met[client, h] > 0:
        return int64(0)
    faces = st.faces[client]
    if g == h:
        return -pb.weight[W_CONTINUITY] * (scale(pb, faces + 1) - scale(pb, faces))
    rise = scale(pb, faces + 2) - 2 * scale(pb, faces + 1) + scale(pb, faces)
    return pb.weight[W_CONTINUITY] * rise


@kernel
def best_pair(pb, st, sc, word, blink, one, two, brief, ceiling):  # type: ignore[no-untyped-def]
    """Find the cheapest pair of places of two absent coupled tasks on two routes."""
    care = (
        pb.task[one, SHORT] if brief & 1 else pb.task[one, FULL],
        pb.task[two, SHORT] if brief & 2 else pb.task[two, FULL],
    )
    if pb.task[one, PAYER] >= 0 and not payer_allows(pb, st, one, care[0] + care[1]):
        return int64(FORBIDDEN)
    out, back, differ = _pair_ties(pb, one, two)
    n1, least1, e0 = scan(pb, st, word, blink, one, care[0], ceiling, False, sc.first)
    if n1 == 0:
        return int64(FORBIDDEN)
    n2, least2, f0 = scan(pb, st, word, blink, two, care[1], ceiling - least1, False, sc.second)
    if n2 == 0:
        return int64(FORBIDDEN)
    best = ceiling
    e1 = -1
    f1 = -1
    # A cheap upper bound first: the best place of one against all of the other, and back.
    for turn in range(2):
        e, f = e0, f0
        for c in range(n2 if turn == 0 else n1):
            if turn == 0:
                f = c
            else:
                e = c
            a, b = sc.first[e], sc.second[f]
            if a[KEY] + b[OWN] >= best or a[OWN] + b[KEY] >= best:
                continue
            if not _can_pair(pb, a, b, differ):
                continue
            extra = _second_face(pb, st, one, two, a, b)
            price = _pair_price(
                pb, st, sc, one, two, a, b, care, out, back, extra, best, True
            )
            if price < best:
                best = price
                e1, f1 = e, f
        if f1 >= 0:
            f0 = f1
    kept1 = _order(sc.first, n1, best - least2, sc.order_first)
    kept2 = _order(sc.second, n2, best - least1, sc.order_second)
    for c in range(kept1):
        e = sc.order_first[c]
        a = sc.first[e]
        if a[KEY] + least2 >= best:
            break
        for d in range(kept2):
            f = sc.order_second[d]
            b = sc.second[f]
            if a[OWN] + b[KEY] >= best:
                break
            if not _can_pair(pb, a, b, differ):
                continue
            extra = _second_face(pb, st, one, two, a, b)
            price = _pair_price(
                pb, st, sc, one, two, a, b, care, out, back, extra, best, False
            )
            if price < best:
                best = price
                e1, f1 = e, f
    if e1 < 0:
        return int64(FORBIDDEN)
    for half in range(2):
        option = sc.first[e1] if half == 0 else sc.second[f1]
        sc.found[half * SECOND + F_AFTER] = option[AFTER]
        sc.found[half * SECOND + F_ON] = option[ON]
        sc.found[half * SECOND + F_CARE] = care[half]
        sc.found[half * SECOND + F_MOVES] = option[MOVES]
    return best


@kernel
def _first_start(pb, st, k, skip):  # type: ignore[no-untyped-def]
    """Return the earliest start of linked task `k`, leaving out coupled task `skip`."""
    start = arrival_at(pb, st, k)
    if start < pb.task[k, EARLIEST]:
        start = pb.task[k, EARLIEST]
    for e in range(pb.tie_ptr[k], pb.tie_ptr[k + 1]):
        q = pb.tie_to[e]
        if q != skip and st.node[q, ROUTE] >= 0 and st.node[q, START] + pb.tie_in[e] > start:
            start = st.node[q, START] + pb.tie_in[e]
    return start


@kernel
def insert(pb, st, sc, one, two):  # type: ignore[no-untyped-def]
    """Insert task `one` (and `two`, if not -1) where `Scratch.found` says; settle all times.

    Returns False and marks the state as broken if a hard rule does not hold after all.
    """
    for half in range(2 if two >= 0 else 1):
        k = one if half == 0 else two
        f = half * SECOND
        v = sc.found[f + F_ON]
        link(
            pb, st, k, sc.found[f + F_AFTER], v, sc.found[f + F_CARE],
            sc.found[f + F_MOVES] == 1, pb.task[k, EARLIEST],
        )
    if st.counter[BROKEN]:
        return False
    forget_tardy(st)
    set_start(pb, st, one, _first_start(pb, st, one, two))
    st.listed[0] = one
    count = 1
    if two >= 0:
        set_start(pb, st, two, _first_start(pb, st, two, one))
        st.listed[1] = two
        count = 2
    if not raise_starts(pb, st, count):
        return False
    for half in range(count):
        k = one if half == 0 else two
        st.node[k, EASY] = pb.task[k, DUE] if st.node[k, START] < pb.task[k, DUE] else st.node[k, START]
        st.node[k, LIMIT] = pb.task[k, LATEST]
    for half in range(count):
        enter_latest(pb, st, one if half == 0 else two)
    st.listed[0] = one
    if two >= 0:
        st.listed[1] = two
    lower_latest(pb, st, count)
    if sc.found[F_MOVES] == 1 or (two >= 0 and sc.found[SECOND + F_MOVES] == 1):
        # A break that moved on leaves more room before it than the old bounds say.
        st.listed[0] = one
        if two >= 0:
            st.listed[1] = two
        for half in range(count):
            _free_before(st, one if half == 0 else two)
        raise_latest(pb, st, count)
    if st.counter[TARDY] > 0:
        refresh_tardy(pb, st)
    return True


@kernel
def _free_before(st, k):  # type: ignore[no-untyped-def]
    """Make `raise_latest` look at the node before `k` whatever bound it has now."""
    st.node[k, EASY] = -BIG
    st.node[k, LIMIT] = -BIG


@kernel
def refresh_tardy(pb, st):  # type: ignore[no-untyped-def]
    """Recompute latest starts around nodes whose lateness has changed."""
    count = 0
    for c in range(st.counter[TARDY]):
        x = st.tardy[c]
        if st.node[x, ROUTE] >= 0:
            st.listed[count] = x
            count += 1
    forget_tardy(st)
    if count > 0:
        raise_latest(pb, st, count)


@kernel
def insert_unit(pb, st, sc, word, blink, u, ceiling):  # type: ignore[no-untyped-def]
    """Put unit `u` back at its cheapest place below `ceiling`.

    Returns whether it is in; a sequence may come back with one of its two visits only.
    """
    one, two, kind = pb.unit[u, 0], pb.unit[u, 1], pb.unit[u, 2]
    if two >= 0 and st.node[one, ROUTE] < 0 and st.node[two, ROUTE] < 0:
        jointly = kind == BOTH_OR_NONE or fraction(word) < 0.7
        if jointly:
            price = ceiling
            modes = 1
            if pb.weight[HAS_SHORT] and (
                pb.task[one, SHORT] < pb.task[one, FULL] or pb.task[two, SHORT] < pb.task[two, FULL]
            ):
                modes = 4
            chosen = -1
            for brief in range(modes):
                found = best_pair(pb, st, sc, word, blink, one, two, brief, price)
                if found < price:
                    price = found
                    chosen = brief
                    sc.kept[:] = sc.found
            if chosen >= 0:
                sc.found[:] = sc.kept
                return insert(pb, st, sc, one, two)
        if kind == BOTH_OR_NONE:
            return False
    fine = False
    for half in range(2 if two >= 0 and kind == IN_SEQUENCE else 1):
        k = one if half == 0 else two
        if k < 0 or st.node[k, ROUTE] >= 0:
            continue
        limit = pb.prize[k] if pb.prize[k] < ceiling else ceiling
        if best_place(pb, st, sc, word, blink, k, limit) < limit:
            fine = insert(pb, st, sc, k, -1)
            if not fine:
                return False
    return fine
