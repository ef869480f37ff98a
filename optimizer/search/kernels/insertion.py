"""Putting units back: the best place of one task, the best pair of places of two."""

from __future__ import annotations

from numpy import int64

from optimizer.problem.layout import BOTH_OR_NONE, IN_SEQUENCE
from optimizer.search.kernels.chance import fraction
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.pricing import FORBIDDEN, add_seeds, push_cost, scan
from optimizer.search.kernels.state import forget_tardy, link, over, scale, set_start
from optimizer.search.kernels.timing import (
    arrival_at,
    enter_latest,
    lower_latest,
    raise_latest,
    raise_starts,
    reach,
)
from optimizer.search.kernels.world import (
    AFTER,
    AT,
    BEFORE,
    BIG,
    BROKEN,
    CAREGIVER,
    CLIENT,
    COUNTS,
    DATE,
    DIFFER,
    DUE,
    EARLIEST,
    EASY,
    FACE_ACCOUNTS,
    FOUND,
    FULL,
    HARD,
    HAS_SHORT,
    IN,
    KEPT,
    KEY,
    LATEST,
    LIMIT,
    LISTED,
    MODE,
    MOVES,
    NEXT,
    ON,
    ORDER_ONE,
    ORDER_TWO,
    OUT,
    OWN,
    PAYER,
    PLACE,
    PLAIN,
    PRIZE,
    PUSH,
    PUSH_RATE,
    PUSH_WORST,
    QUEUE,
    ROUTE,
    SEED_NODE,
    SEED_START,
    SEEN,
    SHORT,
    START,
    T_WORST,
    TARDY,
    TARDY_LIST,
    TASKS,
    TIE_FROM,
    TIE_UNTIL,
    TO,
    VALUE,
    VISIT_STAMP,
    W_CONTINUITY,
    W_LATE,
    W_WORST,
)

WIDEST = 32
"So many options of each task of a pair are combined."

# What `best_place` and `best_pair` leave in `World.pick`.
F_AFTER, F_ON, F_CARE, F_MOVES = 0, 1, 2, 3
SECOND = 4


@kernel
def best_place(w, word, blink, k, ceiling):
    """Find the cheapest place of absent task `k`; return its price or `FORBIDDEN`."""
    node = w.node
    price = int64(FORBIDDEN)
    options = w.option[0]
    for brief in range(2 if node[k, SHORT] < node[k, FULL] else 1):
        care = node[k, SHORT] if brief else node[k, FULL]
        count, _, best = scan(w, word, blink, k, care, ceiling, True, 0)
        if best >= 0:
            ceiling = options[best, KEY]
        # What delays others has only a lower bound so far; most are out already.
        for c in range(count):
            if options[c, KEY] < ceiling and options[c, PUSH] > 0:
                key = _pushed_price(w, k, options[c], care, ceiling)
                if key < ceiling:
                    ceiling = key
                    best = c
        if best >= 0:
            price = ceiling
            w.pick[FOUND, F_AFTER] = options[best, AFTER]
            w.pick[FOUND, F_ON] = options[best, ON]
            w.pick[FOUND, F_CARE] = care
            w.pick[FOUND, F_MOVES] = options[best, MOVES]
    return price


@kernel
def _arrival_after(node, way, travel, tasks, k, option, start, care):
    """Return when the route's next node is reached if task `k` starts at `start` there."""
    n = tasks
    v = option[ON]
    j = option[BEFORE]
    kj = int64(travel[way[v, MODE], node[k, PLACE], node[j, PLACE]])
    return reach(way, option[MOVES] == 1, v, start + care, kj, j >= n)


@kernel
def _pushed_price(w, k, option, care, ceiling):
    """Return the price of an option that delays others, following the delay."""
    way = w.way
    tie = w.tie
    travel = w.travel
    pick = w.pick
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    late = option[AT] - node[k, DUE]
    worst = g[T_WORST]
    cost = option[OWN]
    if late > worst:
        cost += g[W_WORST] * (late - worst)
        worst = late
    w.pick[SEED_NODE, 0] = option[BEFORE]
    w.pick[SEED_START, 0] = _arrival_after(node, way, travel, tasks, k, option, option[AT], care)
    seeds = add_seeds(node, tie, pick, 1, k, -1, option[AT])
    return push_cost(w, seeds, cost, worst, ceiling, option[AFTER], -1)


@kernel
def _order(options, count, limit, order):
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
def _leads_to(node, room, tie, g, source, target):
    """Return whether a delay at node `source` can reach task `target` forwards in time."""
    n = g[TASKS]
    if target >= n or source >= n:
        return False
    until = node[target, START]
    if node[source, START] > until:
        return False
    if source == target:
        return True
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    room[source, SEEN] = stamp
    room[0, QUEUE] = source
    head = 0
    tail = 1
    while head < tail:
        x = room[head, QUEUE]
        head += 1
        j = node[x, NEXT]
        if j == target:
            return True
        if j < n and room[j, SEEN] != stamp and node[j, START] <= until:
            room[j, SEEN] = stamp
            room[tail, QUEUE] = j
            tail += 1
        for e in range(node[x, TIE_FROM], node[x, TIE_UNTIL]):
            q = tie[e, TO]
            if tie[e, OUT] < 0 or node[q, ROUTE] < 0 or room[q, SEEN] == stamp:
                continue
            if q == target:
                return True
            if node[q, START] <= until:
                room[q, SEEN] = stamp
                room[tail, QUEUE] = q
                tail += 1
    return False


@kernel
def _pair_ties(node, tie, one, two):
    """Return the arc weights from task `one` to `two` and back, and whether they differ."""
    for e in range(node[one, TIE_FROM], node[one, TIE_UNTIL]):
        if tie[e, TO] == two:
            return tie[e, OUT], tie[e, IN], tie[e, DIFFER] == 1
    return int64(-BIG), int64(-BIG), False


@kernel
def _pair_price(w, one, two, a, b, care, out, back, ceiling, free_only):
    """Return the price of putting a pair at options `a` and `b`, or `FORBIDDEN`."""
    way = w.way
    room = w.room
    tie = w.tie
    travel = w.travel
    pick = w.pick
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    x1, x2 = a[AT], b[AT]
    t2 = x2 if x2 > x1 + out else x1 + out
    t1 = x1 if x1 > t2 + back else t2 + back
    if t2 < t1 + out:
        return int64(FORBIDDEN)
    if t1 > node[one, LATEST] or t2 > node[two, LATEST]:
        return int64(FORBIDDEN)
    j1, j2 = a[BEFORE], b[BEFORE]
    y1 = _arrival_after(node, way, travel, tasks, one, a, t1, care[0])
    y2 = _arrival_after(node, way, travel, tasks, two, b, t2, care[1])
    if y1 > node[j1, LIMIT] or y2 > node[j2, LIMIT]:
        return int64(FORBIDDEN)
    push = y1 - node[j1, EASY]
    if y2 - node[j2, EASY] > push:
        push = y2 - node[j2, EASY]
    if free_only and push > 0:
        return int64(FORBIDDEN)
    late1 = t1 - node[one, DUE]
    late2 = t2 - node[two, DUE]
    late1 = late1 if late1 > 0 else int64(0)
    late2 = late2 if late2 > 0 else int64(0)
    cost = a[PLAIN] + b[PLAIN] + g[W_LATE] * (late1 + late2)
    if g[W_CONTINUITY] > 0:
        cost += _second_face(w, one, two, a, b)
    most = late1 if late1 > late2 else late2
    bound = cost
    worst = g[T_WORST]
    if push > 0:
        bound += g[PUSH_RATE] * push
        if g[PUSH_WORST] > 0 and push > most:
            most = push
    if most > worst:
        bound += g[W_WORST] * (most - worst)
    if bound >= ceiling:
        return bound
    # A later start of what follows one carer must not come back to the other one.
    if y1 > node[j1, START] and _leads_to(node, room, tie, g, j1, b[AFTER]):
        return int64(FORBIDDEN)
    if y2 > node[j2, START] and _leads_to(node, room, tie, g, j2, a[AFTER]):
        return int64(FORBIDDEN)
    w.pick[SEED_NODE, 0], w.pick[SEED_START, 0] = j1, y1
    w.pick[SEED_NODE, 1], w.pick[SEED_START, 1] = j2, y2
    seeds = add_seeds(node, tie, pick, 2, one, two, t1)
    seeds = add_seeds(node, tie, pick, seeds, two, one, t2)
    if push <= 0 and seeds == 2:
        return bound
    most = late1 if late1 > late2 else late2
    if most > worst:
        cost += g[W_WORST] * (most - worst)
        worst = most
    return push_cost(w, seeds, cost, worst, ceiling, a[AFTER], b[AFTER])


@kernel
def _can_pair(way, ones, twos, e, f, differ):
    """Return whether two options can be combined: two routes, one day, two caregivers."""
    u = ones[e, ON]
    v = twos[f, ON]
    if u == v or way[u, DATE] != way[v, DATE]:
        return False
    return not (differ and way[u, CAREGIVER] == way[v, CAREGIVER])


@kernel
def _second_face(w, one, two, a, b):
    """Return what a second new caregiver of the same client adds to the continuity scale."""
    g = w.g
    client = w.node[one, CLIENT]
    if g[W_CONTINUITY] == 0 or w.node[two, CLIENT] != client:
        return int64(0)
    first, second = w.way[a[ON], CAREGIVER], w.way[b[ON], CAREGIVER]
    if w.met[client, first] > 0 or w.met[client, second] > 0:
        return int64(0)
    faces = w.account[g[FACE_ACCOUNTS] + client, VALUE]
    if first == second:
        return -g[W_CONTINUITY] * (scale(g, faces + 1) - scale(g, faces))
    rise = scale(g, faces + 2) - 2 * scale(g, faces + 1) + scale(g, faces)
    return g[W_CONTINUITY] * rise


@kernel
def _pair_bound(node, g, ones, twos, e, f, one, two, out, back):
    """Return a lower bound of a pair's price, and by how much it delays others at least.

    What a break on the way absorbs is not counted on: such an option's delay is taken as 0.
    """
    x1 = ones[e, AT]
    x2 = twos[f, AT]
    t2 = x2 if x2 > x1 + out else x1 + out
    t1 = x1 if x1 > t2 + back else t2 + back
    late1 = over(t1, node[one, DUE])
    late2 = over(t2, node[two, DUE])
    push = int64(0)
    if ones[e, MOVES] == 0:
        push = max(push, ones[e, PUSH] + t1 - x1)
    if twos[f, MOVES] == 0:
        push = max(push, twos[f, PUSH] + t2 - x2)
    most = max(late1, late2)
    bound = ones[e, PLAIN] + twos[f, PLAIN] + g[W_LATE] * (late1 + late2) + g[PUSH_RATE] * push
    if g[PUSH_WORST] > 0 and push > most:
        most = push
    if most > g[T_WORST]:
        bound += g[W_WORST] * (most - g[T_WORST])
    return bound, push


@kernel
def _payer_allows_both(node, account, one, two, care):
    """Return whether one entitlement that pays for both tasks covers both."""
    payer = node[one, PAYER]
    if payer < 0 or node[two, PAYER] != payer:
        return True
    more = care[0] + care[1]
    if node[one, COUNTS] > 0:
        more = int64(node[one, COUNTS] == 1) + int64(node[two, COUNTS] == 1)
    return account[payer, VALUE] + more <= account[payer, HARD]


@kernel
def best_pair(w, word, blink, one, two, brief, ceiling):
    """Find the cheapest pair of places of two absent coupled tasks on two routes."""
    g = w.g
    way = w.way
    tie = w.tie
    account = w.account
    node = w.node
    care = (
        node[one, SHORT] if brief & 1 else node[one, FULL],
        node[two, SHORT] if brief & 2 else node[two, FULL],
    )
    if not _payer_allows_both(node, account, one, two, care):
        return int64(FORBIDDEN)
    out, back, differ = _pair_ties(node, tie, one, two)
    n1, least1, e0 = scan(w, word, blink, one, care[0], ceiling, False, 0)
    if n1 == 0:
        return int64(FORBIDDEN)
    n2, least2, f0 = scan(w, word, blink, two, care[1], ceiling - least1, False, 1)
    if n2 == 0:
        return int64(FORBIDDEN)
    ones = w.option[0]
    twos = w.option[1]
    order_one = w.pick[ORDER_ONE]
    order_two = w.pick[ORDER_TWO]
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
            if ones[e, KEY] + twos[f, OWN] >= best or ones[e, OWN] + twos[f, KEY] >= best:
                continue
            bound, push = _pair_bound(node, g, ones, twos, e, f, one, two, out, back)
            if bound >= best or push > 0 or not _can_pair(way, ones, twos, e, f, differ):
                continue
            price = _pair_price(w, one, two, ones[e], twos[f], care, out, back, best, True)
            if price < best:
                best = price
                e1, f1 = e, f
        if f1 >= 0:
            f0 = f1
    kept1 = _order(ones, n1, best - least2, order_one)
    kept2 = _order(twos, n2, best - least1, order_two)
    for c in range(kept1):
        e = order_one[c]
        if ones[e, KEY] + least2 >= best:
            break
        for d in range(kept2):
            f = order_two[d]
            if ones[e, OWN] + twos[f, KEY] >= best:
                break
            bound, push = _pair_bound(node, g, ones, twos, e, f, one, two, out, back)
            if bound >= best or not _can_pair(way, ones, twos, e, f, differ):
                continue
            price = _pair_price(w, one, two, ones[e], twos[f], care, out, back, best, False)
            if price < best:
                best = price
                e1, f1 = e, f
    if e1 < 0:
        return int64(FORBIDDEN)
    for half in range(2):
        option = w.option[0, e1] if half == 0 else w.option[1, f1]
        w.pick[FOUND, half * SECOND + F_AFTER] = option[AFTER]
        w.pick[FOUND, half * SECOND + F_ON] = option[ON]
        w.pick[FOUND, half * SECOND + F_CARE] = care[half]
        w.pick[FOUND, half * SECOND + F_MOVES] = option[MOVES]
    return best


@kernel
def _first_start(node, way, tie, tasks, k, skip):
    """Return the earliest start of linked task `k`, leaving out coupled task `skip`."""
    start = arrival_at(node, way, tasks, k)
    if start < node[k, EARLIEST]:
        start = node[k, EARLIEST]
    for e in range(node[k, TIE_FROM], node[k, TIE_UNTIL]):
        q = tie[e, TO]
        if q != skip and node[q, ROUTE] >= 0 and node[q, START] + tie[e, IN] > start:
            start = node[q, START] + tie[e, IN]
    return start


@kernel
def insert(w, one, two):
    """Insert task `one` (and `two`, if not -1) where `World.pick` says; settle all times.

    Returns False and marks the state as broken if a hard rule does not hold after all.
    """
    way = w.way
    tie = w.tie
    log = w.log
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    room = w.room
    for half in range(2 if two >= 0 else 1):
        k = one if half == 0 else two
        f = half * SECOND
        v = w.pick[FOUND, f + F_ON]
        link(
            w,
            k,
            w.pick[FOUND, f + F_AFTER],
            v,
            w.pick[FOUND, f + F_CARE],
            w.pick[FOUND, f + F_MOVES] == 1,
            node[k, EARLIEST],
        )
    if g[BROKEN]:
        return False
    forget_tardy(g)
    set_start(node, way, room, log, g, one, _first_start(node, way, tie, tasks, one, two))
    room[0, LISTED] = one
    count = 1
    if two >= 0:
        set_start(node, way, room, log, g, two, _first_start(node, way, tie, tasks, two, one))
        room[1, LISTED] = two
        count = 2
    if not raise_starts(w, count):
        return False
    for half in range(count):
        k = one if half == 0 else two
        node[k, EASY] = node[k, DUE] if node[k, START] < node[k, DUE] else node[k, START]
        node[k, LIMIT] = node[k, LATEST]
    for half in range(count):
        enter_latest(node, way, tie, tasks, one if half == 0 else two)
    room[0, LISTED] = one
    if two >= 0:
        room[1, LISTED] = two
    lower_latest(w, count)
    if w.pick[FOUND, F_MOVES] == 1 or (two >= 0 and w.pick[FOUND, SECOND + F_MOVES] == 1):
        # A break that moved on leaves more room before it than the old bounds say.
        room[0, LISTED] = one
        if two >= 0:
            room[1, LISTED] = two
        for half in range(count):
            _free_before(node, one if half == 0 else two)
        raise_latest(w, count)
    if g[TARDY] > 0:
        refresh_tardy(w)
    return True


@kernel
def _free_before(node, k):
    """Make `raise_latest` look at the node before `k` whatever bound it has now."""
    node[k, EASY] = -BIG
    node[k, LIMIT] = -BIG


@kernel
def refresh_tardy(w):
    """Recompute latest starts around nodes whose lateness has changed."""
    g = w.g
    node = w.node
    room = w.room
    count = 0
    for c in range(g[TARDY]):
        x = room[c, TARDY_LIST]
        if node[x, ROUTE] >= 0:
            room[count, LISTED] = x
            count += 1
    forget_tardy(g)
    if count > 0:
        raise_latest(w, count)


@kernel
def insert_unit(w, word, blink, u, ceiling):
    """Put unit `u` back at its cheapest place below `ceiling`.

    Returns whether it is in; a sequence may come back with one of its two visits only.
    """
    g = w.g
    node = w.node
    one, two, kind = w.unit[u, 0], w.unit[u, 1], w.unit[u, 2]
    if two >= 0 and node[one, ROUTE] < 0 and node[two, ROUTE] < 0:
        jointly = kind == BOTH_OR_NONE or fraction(word) < 0.7
        if jointly:
            price = ceiling
            modes = 1
            if g[HAS_SHORT] and (
                node[one, SHORT] < node[one, FULL] or node[two, SHORT] < node[two, FULL]
            ):
                modes = 4
            chosen = -1
            for brief in range(modes):
                found = best_pair(w, word, blink, one, two, brief, price)
                if found < price:
                    price = found
                    chosen = brief
                    for f in range(8):
                        w.pick[KEPT, f] = w.pick[FOUND, f]
            if chosen >= 0:
                for f in range(8):
                    w.pick[FOUND, f] = w.pick[KEPT, f]
                return insert(w, one, two)
        if kind == BOTH_OR_NONE:
            return False
    fine = False
    halves = 2 if two >= 0 and kind == IN_SEQUENCE else 1
    # Either visit of a sequence may have to come first, and may do without the other.
    swap = halves == 2 and fraction(word) < 0.5
    for half in range(halves):
        k = two if (half == 0) == swap else one
        if k < 0 or node[k, ROUTE] >= 0:
            continue
        limit = min(node[k, PRIZE], ceiling)
        if best_place(w, word, blink, k, limit) < limit:
            fine = insert(w, k, -1)
            if not fine:
                return False
    return fine
