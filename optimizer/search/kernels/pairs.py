"""Two coupled tasks at once: the cheapest pair of places on two routes."""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import over, scale
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.delay import add_seeds, push_cost
from optimizer.search.kernels.pricing import scan
from optimizer.search.kernels.timing import reach
from optimizer.search.kernels.world import (
    AFTER,
    AT,
    BEFORE,
    BIG,
    CAREGIVER,
    CLIENT,
    COUNTS,
    DATE,
    DIFFER,
    DUE,
    EASY,
    FACE_ACCOUNTS,
    FORBIDDEN,
    FOUND,
    FULL,
    HARD,
    IN,
    KEY,
    LATEST,
    LIMIT,
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


F_AFTER, F_ON, F_CARE, F_MOVES = 0, 1, 2, 3


SECOND = 4


@kernel
def arrival_after(node, way, travel, tasks, k, option, start, care):
    """Return when the route's next node is reached if task `k` starts at `start` there."""
    n = tasks
    v = option[ON]
    j = option[BEFORE]
    kj = int64(travel[way[v, MODE], node[k, PLACE], node[j, PLACE]])
    return reach(way, option[MOVES] == 1, v, start + care, kj, j >= n)


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
    y1 = arrival_after(node, way, travel, tasks, one, a, t1, care[0])
    y2 = arrival_after(node, way, travel, tasks, two, b, t2, care[1])
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
