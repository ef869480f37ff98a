"""Two coupled tasks at once: the cheapest pair of places on two routes."""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import moved_cost, over, purse_amount, scale
from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.delay import add_seeds, push_cost
from optimizer.search.kernels.published import floor_of
from optimizer.search.kernels.scan import scan
from optimizer.search.kernels.timing import reach
from optimizer.search.kernels.world import (
    BIG,
    FACE_ACCOUNTS,
    FORBIDDEN,
    FOUND,
    ORDER_ONE,
    ORDER_TWO,
    PUSH_CAP,
    PUSH_RATE,
    PUSH_WORST,
    SEED_NODE,
    SEED_START,
    T_WORST,
    TASKS,
    VISIT_STAMP,
    W_CONTINUITY,
    W_LATE,
    W_WORST,
)

WIDEST = 32
"Options of each task of a pair that are combined, the cheapest; others are left out."


F_AFTER, F_ON, F_CARE, F_MOVES, F_FLOOR = 0, 1, 2, 3, 4


SECOND = 5


@leaf
def arrival_after(node, route, travel, tasks, k, option, start, care):
    """Return when the route's next node is reached if task `k` starts at `start` there."""
    n = tasks
    v = int64(option.on)
    j = int64(option.before)
    kj = int64(travel[route[v].mode, node[k].place, node[j].place])
    return reach(route, option.moves == 1, v, start + care, kj, j >= n, False)


@kernel
def _order(options, count, limit, order):
    """Sort the indices of the cheapest options below `limit` into `order`."""
    kept = 0
    for c in range(count):
        key = options[c].key
        if key >= limit or (kept == WIDEST and key >= options[order[kept - 1]].key):
            continue
        if kept < WIDEST:
            kept += 1
        z = kept - 1
        while z > 0 and options[order[z - 1]].key > key:
            order[z] = order[z - 1]
            z -= 1
        order[z] = c
    return kept


@kernel
def _leads_to(w, source, target):
    """Return whether a delay at node `source` can reach task `target` forwards in time."""
    node = w.node
    scratch = w.scratch
    arc = w.arc
    g = w.g
    n = g[TASKS]
    if target >= n or source >= n:
        return False
    until = node[target].start
    if node[source].start > until:
        return False
    if source == target:
        return True
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    scratch[source].seen = stamp
    scratch[0].queue = source
    head = 0
    tail = 1
    while head < tail:
        x = int64(scratch[head].queue)
        head += 1
        j = int64(node[x].next)
        if j == target:
            return True
        if j < n and scratch[j].seen != stamp and node[j].start <= until:
            scratch[j].seen = stamp
            scratch[tail].queue = j
            tail += 1
        for e in range(node[x].arc_from, node[x].arc_until):
            q = int64(arc[e].to)
            if arc[e].out < 0 or node[q].route < 0 or scratch[q].seen == stamp:
                continue
            if q == target:
                return True
            if node[q].start <= until:
                scratch[q].seen = stamp
                scratch[tail].queue = q
                tail += 1
    return False


@kernel
def _pair_arcs(w, one, two):
    """Return the arc weights from task `one` to `two` and back, and whether they differ."""
    node = w.node
    arc = w.arc
    for e in range(node[one].arc_from, node[one].arc_until):
        if arc[e].to == two:
            return arc[e].out, arc[e].back, arc[e].differ == 1
    return int64(-BIG), int64(-BIG), False


@kernel
def _pair_price(w, one, two, a, b, care, out, back, ceiling, free_only):
    """Return the price of putting a pair at options `a` and `b`, or `FORBIDDEN`."""
    route = w.route
    travel = w.travel
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    x1, x2 = a.at, b.at
    t2 = x2 if x2 > x1 + out else x1 + out
    t1 = x1 if x1 > t2 + back else t2 + back
    if t2 < t1 + out:
        return int64(FORBIDDEN)
    if t1 > node[one].latest or t2 > node[two].latest:
        return int64(FORBIDDEN)
    j1, j2 = int64(a.before), int64(b.before)
    y1 = arrival_after(node, route, travel, tasks, one, a, t1, care[0])
    y2 = arrival_after(node, route, travel, tasks, two, b, t2, care[1])
    if y1 > node[j1].limit or y2 > node[j2].limit:
        return int64(FORBIDDEN)
    push = y1 - node[j1].easy
    if y2 - node[j2].easy > push:
        push = y2 - node[j2].easy
    if free_only == 1 and push > 0:
        return int64(FORBIDDEN)
    late1 = t1 - node[one].due
    late2 = t2 - node[two].due
    late1 = late1 if late1 > 0 else int64(0)
    late2 = late2 if late2 > 0 else int64(0)
    cost = a.plain + b.plain + g[W_LATE] * (late1 + late2)
    cost += moved_cost(w, one, int64(a.on), t1)
    cost += moved_cost(w, two, int64(b.on), t2)
    if g[W_CONTINUITY] > 0:
        cost += _second_face(w, one, two, a, b)
    most = late1 if late1 > late2 else late2
    bound = cost
    worst = g[T_WORST]
    if push > 0:
        bound += min(g[PUSH_RATE] * push, g[PUSH_CAP])
        if g[PUSH_WORST] > 0 and push > most:
            most = push
    if most > worst:
        bound += g[W_WORST] * (most - worst)
    if bound >= ceiling:
        return bound
    # A later start of what follows one carer must not come back to the other one.
    if y1 > node[j1].start and _leads_to(w, j1, int64(b.after)):
        return int64(FORBIDDEN)
    if y2 > node[j2].start and _leads_to(w, j2, int64(a.after)):
        return int64(FORBIDDEN)
    w.pick[SEED_NODE, 0], w.pick[SEED_START, 0] = j1, y1
    w.pick[SEED_NODE, 1], w.pick[SEED_START, 1] = j2, y2
    seeds = add_seeds(w, 2, one, two, t1)
    seeds = add_seeds(w, seeds, two, one, t2)
    if push <= 0 and seeds == 2:
        return bound
    most = late1 if late1 > late2 else late2
    if most > worst:
        cost += g[W_WORST] * (most - worst)
        worst = most
    return push_cost(w, seeds, cost, worst, ceiling, int64(a.after), int64(b.after))


@leaf
def _can_pair(route, ones, twos, e, f, differ):
    """Return whether two options can be combined: two routes, one day, two caregivers."""
    u = int64(ones[e].on)
    v = int64(twos[f].on)
    if u == v or route[u].date != route[v].date:
        return False
    return not (differ and route[u].caregiver == route[v].caregiver)


@kernel
def _second_face(w, one, two, a, b):
    """Return what a second new caregiver of the same client adds to the continuity scale."""
    g = w.g
    client = w.node[one].client
    if g[W_CONTINUITY] == 0 or w.node[two].client != client:
        return int64(0)
    first, second = w.route[a.on].caregiver, w.route[b.on].caregiver
    if w.met[client, first] > 0 or w.met[client, second] > 0:
        return int64(0)
    faces = w.account[g[FACE_ACCOUNTS] + client].value
    step = w.account[g[FACE_ACCOUNTS] + client].price
    if first == second:
        return -step * (scale(g, faces + 1) - scale(g, faces))
    return step * (scale(g, faces + 2) - 2 * scale(g, faces + 1) + scale(g, faces))


@leaf
def _pair_bound(node, g, ones, twos, e, f, one, two, out, back):
    """Return a lower bound of a pair's price, and by how much it delays others at least.

    What a break on the way absorbs is not counted on: such an option's delay is taken as 0.
    """
    x1 = ones[e].at
    x2 = twos[f].at
    t2 = x2 if x2 > x1 + out else x1 + out
    t1 = x1 if x1 > t2 + back else t2 + back
    late1 = over(t1, node[one].due)
    late2 = over(t2, node[two].due)
    push = int64(0)
    if ones[e].moves == 0:
        push = max(push, ones[e].push + t1 - x1)
    if twos[f].moves == 0:
        push = max(push, twos[f].push + t2 - x2)
    most = max(late1, late2)
    bound = ones[e].plain + twos[f].plain + g[W_LATE] * (late1 + late2)
    bound += min(g[PUSH_RATE] * push, g[PUSH_CAP])
    if g[PUSH_WORST] > 0 and push > most:
        most = push
    if most > g[T_WORST]:
        bound += g[W_WORST] * (most - g[T_WORST])
    return bound, push


@kernel
def _purses_allow_both(w, one, two, care):
    """Return whether no purse of a whole horizon is charged too much by both tasks together.

    Purses by week or month are left to the step itself: the day is not chosen yet.
    """
    node = w.node
    purse = w.purse
    for c in range(node[one].purse_from, node[one].purse_until):
        a = purse[c].account
        if purse[c].period != 0:
            continue
        for d in range(node[two].purse_from, node[two].purse_until):
            if purse[d].account == a:
                more = purse_amount(w, c, care[0]) + purse_amount(w, d, care[1])
                if w.account[a].value + more > w.account[a].hard:
                    return False
    return True


@kernel
def best_pair(w, rng, blink, one, two, brief, ceiling, routes):
    """Find the cheapest pair of places of two unserved coupled tasks on two routes."""
    g = w.g
    route = w.route
    node = w.node
    care = (
        node[one].short if brief & 1 else node[one].full,
        node[two].short if brief & 2 else node[two].full,
    )
    if not _purses_allow_both(w, one, two, care):
        return int64(FORBIDDEN)
    out, back, differ = _pair_arcs(w, one, two)
    n1, least1, e0 = scan(w, rng, blink, one, care[0], ceiling, int64(0), int64(0), routes)
    if n1 == 0:
        return int64(FORBIDDEN)
    n2, least2, f0 = scan(w, rng, blink, two, care[1], ceiling - least1, int64(0), int64(1), routes)
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
            if ones[e].key + twos[f].own >= best or ones[e].own + twos[f].key >= best:
                continue
            bound, push = _pair_bound(node, g, ones, twos, e, f, one, two, out, back)
            if bound >= best or push > 0 or not _can_pair(route, ones, twos, e, f, differ):
                continue
            price = _pair_price(w, one, two, ones[e], twos[f], care, out, back, best, int64(1))
            if price < best:
                best = price
                e1, f1 = e, f
        if f1 >= 0:
            f0 = f1
    kept1 = _order(ones, n1, best - least2, order_one)
    kept2 = _order(twos, n2, best - least1, order_two)
    for c in range(kept1):
        e = order_one[c]
        if ones[e].key + least2 >= best:
            break
        for d in range(kept2):
            f = order_two[d]
            if ones[e].own + twos[f].key >= best:
                break
            bound, push = _pair_bound(node, g, ones, twos, e, f, one, two, out, back)
            if bound >= best or not _can_pair(route, ones, twos, e, f, differ):
                continue
            price = _pair_price(w, one, two, ones[e], twos[f], care, out, back, best, int64(0))
            if price < best:
                best = price
                e1, f1 = e, f
    if e1 < 0:
        return int64(FORBIDDEN)
    for half in range(2):
        option = w.option[0, e1] if half == 0 else w.option[1, f1]
        w.pick[FOUND, half * SECOND + F_AFTER] = option.after
        w.pick[FOUND, half * SECOND + F_ON] = option.on
        w.pick[FOUND, half * SECOND + F_CARE] = care[half]
        w.pick[FOUND, half * SECOND + F_MOVES] = option.moves
        k = one if half == 0 else two
        w.pick[FOUND, half * SECOND + F_FLOOR] = floor_of(w.node, w.route, w.g, k, option)
    return best
