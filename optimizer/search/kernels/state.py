"""Changing a world: links, starts, accounts, and the undo log that takes it all back.

Every write during a step goes through the functions here, so that `roll_back` can take
the whole step back at a cost that depends on what was changed, not on the problem's size.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import (
    LOG_ACCOUNT,
    LOG_NODE,
    LOG_ROUTE,
    moved_cost,
    over,
    post_stop,
    post_work,
    touch,
    touch_route,
)
from optimizer.search.kernels.compiled import entry, kernel, leaf
from optimizer.search.kernels.world import (
    BEFORE_TOTAL,
    BROKEN,
    EPOCH,
    FALLING,
    FIRST_TOTAL,
    LOGGED,
    RISING,
    T_BALANCE,
    T_BURDENS,
    T_CONTINUITY,
    T_DISRUPTION,
    T_FIXED,
    T_LATE,
    T_LEGS,
    T_OVERTIME,
    T_RESPONSIBLE,
    T_SHARE,
    T_SHORT,
    T_STAFF,
    T_STREAKS,
    T_UNSERVED,
    T_WAIT,
    T_WORST,
    TARDY,
    TARDY_STAMP,
    TASKS,
    TOTALS,
    TOUCHED,
    W_LATE,
    W_WAIT,
    W_WORST,
)


@kernel
def begin(w):
    """Open a new undo log: what follows can be taken back by `roll_back`."""
    g = w.g
    g[EPOCH] += 1
    g[LOGGED] = 0
    g[BROKEN] = 0
    g[TOUCHED] = 0
    g[FALLING] = 0
    g[RISING] = 0
    forget_tardy(g)
    for t in range(TOTALS):
        g[BEFORE_TOTAL + t] = g[FIRST_TOTAL + t]


@kernel
def roll_back(w):
    """Take back everything since `begin`."""
    g = w.g
    log = w.log
    for c in range(g[LOGGED] - 1, -1, -1):
        kind, a = int64(log[c].kind), int64(log[c].who)
        if kind == LOG_NODE:
            w.node[a].start = log[c].start
            w.node[a].easy = log[c].easy
            w.node[a].limit = log[c].limit
            w.node[a].next = log[c].next
            w.node[a].prev = log[c].prev
            w.node[a].route = log[c].route
            w.node[a].travel = log[c].travel
            w.node[a].care = log[c].care
            w.node[a].earliest = log[c].value
            w.contract[a] = log[c].contract
        elif kind == LOG_ROUTE:
            w.route[a].count = log[c].count
            w.route[a].break_after = log[c].break_after
            w.route[a].waited = log[c].value
        elif kind == LOG_ACCOUNT:
            w.account[a].value = log[c].value
        else:
            w.met[a, log[c].caregiver] = log[c].value
    for t in range(TOTALS):
        g[FIRST_TOTAL + t] = g[BEFORE_TOTAL + t]
    g[LOGGED] = 0
    # Marks of this step must not hide a node from the next one.
    g[EPOCH] += 1


@entry
def cost_of(g):
    """Return the whole cost of the state, in ticks of travel."""
    falling = g[T_SHARE] + g[T_RESPONSIBLE] + g[T_UNSERVED]
    return rising_cost(g) + falling + g[T_DISRUPTION] + g[T_WAIT]


@leaf
def rising_cost(g):
    """Return the part of the cost that inserting can only raise."""
    cost = g[W_LATE] * g[T_LATE] + g[W_WORST] * g[T_WORST]
    cost += g[T_LEGS] + g[T_FIXED] + g[T_SHORT] + g[T_OVERTIME]
    return cost + g[T_CONTINUITY] + g[T_BALANCE] + g[T_BURDENS] + g[T_STREAKS] + g[T_STAFF]


@leaf
def mileage(route, metres, v, frm, to):
    """Return what the mileage between two places costs on route `v`."""
    return int64(route[v].fen_rate) * (int64(route[v].mileage) * int64(metres[frm, to]) // 1000)


@leaf
def leg_cost(route, metres, v, frm, to, ticks, home):
    """Return what a journey of `ticks` between two places costs on route `v`."""
    cost = int64(route[v].home_rate if home else route[v].between_rate) * ticks
    if route[v].mileage > 0:
        cost += mileage(route, metres, v, frm, to)
    return cost


@kernel
def _note_tardy(w, x):
    scratch = w.scratch
    g = w.g
    if scratch[x].tardy_mark != g[TARDY_STAMP]:
        scratch[x].tardy_mark = g[TARDY_STAMP]
        scratch[g[TARDY]].tardy_list = x
        g[TARDY] += 1


@leaf
def forget_tardy(g):
    """Empty the list of nodes whose lateness has changed."""
    g[TARDY] = 0
    g[TARDY_STAMP] += 1


@kernel
def set_start(w, x, start):
    """Give a present task or an end depot a new start and account for what that costs."""
    node = w.node
    route = w.route
    g = w.g
    old = node[x].start
    if old == start:
        return
    touch(w, x)
    node[x].start = start
    v = int64(node[x].route)
    due = node[x].due
    late = over(start, due)
    if late > 0 or old > due:
        _note_tardy(w, x)
    if x < g[TASKS]:
        g[T_LATE] += late - over(old, due)
        if late > g[T_WORST]:
            g[T_WORST] = late
        if node[x].published >= 0:
            change = moved_cost(w, x, v, start) - moved_cost(w, x, v, old)
            g[T_DISRUPTION] += change
            if change != 0:
                _note_tardy(w, x)
    else:
        g[T_OVERTIME] += route[v].overtime_rate * (late - over(old, due))
    if g[W_WAIT] > 0:
        touch_route(w, v)


@kernel
def link(w, k, i, v, care, break_moves, start):
    """Put unserved task `k` behind node `i` of route `v` with a provisional start.

    `break_moves`: a break that was taken after `i` is now taken after `k`. Times are not
    propagated; `set_start` accounts for every change from the provisional start on.
    """
    metres = w.metres
    g = w.g
    node = w.node
    route = w.route
    n = g[TASKS]
    j = int64(node[i].next)
    touch(w, i)
    touch(w, j)
    touch(w, k)
    touch_route(w, v)
    travel = w.travel[route[v].mode]
    pi, pk, pj = node[i].place, node[k].place, node[j].place
    ik, kj = int64(travel[pi, pk]), int64(travel[pk, pj])
    first, last = i >= n, j >= n
    cost = leg_cost(route, metres, v, pi, pk, ik, first) + leg_cost(
        route, metres, v, pk, pj, kj, last
    )
    work = care
    if route[v].count == 0:
        g[T_STAFF] += int64(route[v].staff)
    else:
        ij = node[i].travel
        cost -= leg_cost(route, metres, v, pi, pj, ij, first or last)
        if not first and not last:
            work -= ij
    if not first:
        work += ik
    if not last:
        work += kj
    g[T_LEGS] += cost
    node[i].next = k
    node[i].travel = ik
    node[j].prev = k
    node[k].prev = i
    node[k].next = j
    node[k].travel = kj
    node[k].route = v
    node[k].care = care
    node[k].start = start
    late = over(start, node[k].due)
    g[T_LATE] += late
    if late > g[T_WORST]:
        g[T_WORST] = late
    route[v].count += 1
    if break_moves == 1:
        route[v].break_after = k
    post_stop(w, k, v, int64(1))
    post_work(w, v, work)


@kernel
def note_dirty(w, fall, rise):
    """Remember a node that may start earlier and one that may start later from now on."""
    dirty = w.dirty
    g = w.g
    if max(g[FALLING], g[RISING]) == dirty.shape[0]:
        # More exchanges in one step than there is room for: give the step up.
        g[BROKEN] |= 1
        return
    dirty[g[FALLING]].fall = fall
    dirty[g[RISING]].rise = rise
    g[FALLING] += 1
    g[RISING] += 1


@kernel
def note_coupled(w, k):
    """Remember the present tasks coupled with `k` as such nodes."""
    node = w.node
    arc = w.arc
    for e in range(node[k].arc_from, node[k].arc_until):
        q = int64(arc[e].to)
        if node[q].route >= 0:
            note_dirty(w, q, q)


@kernel
def unlink(w, k):
    """Take task `k` off its route; times are not recomputed."""
    metres = w.metres
    g = w.g
    node = w.node
    route = w.route
    n = g[TASKS]
    v = int64(node[k].route)
    i, j = int64(node[k].prev), int64(node[k].next)
    touch(w, i)
    touch(w, j)
    touch(w, k)
    touch_route(w, v)
    pi, pk, pj = node[i].place, node[k].place, node[j].place
    ik, kj = node[i].travel, node[k].travel
    first, last = i >= n, j >= n
    cost = leg_cost(route, metres, v, pi, pk, ik, first) + leg_cost(
        route, metres, v, pk, pj, kj, last
    )
    work = node[k].care
    if not first:
        work += ik
    if not last:
        work += kj
    ij = int64(w.travel[route[v].mode, pi, pj])
    if route[v].count == 1:
        g[T_STAFF] -= int64(route[v].staff)
    else:
        cost -= leg_cost(route, metres, v, pi, pj, ij, first or last)
        if not first and not last:
            work -= ij
    note_dirty(w, j, i)
    note_coupled(w, k)
    g[T_LEGS] -= cost
    g[T_LATE] -= over(node[k].start, node[k].due)
    post_stop(w, k, v, int64(-1))
    post_work(w, v, -work)
    node[i].next = j
    node[i].travel = ij
    node[j].prev = i
    node[k].route = -1
    node[k].earliest = node[k].soonest
    route[v].count -= 1
    if route[v].break_after == k:
        route[v].break_after = i


@kernel
def settle_worst(w):
    """Recount the largest lateness; needed after removals only."""
    g = w.g
    node = w.node
    if g[W_WORST] == 0:
        return
    worst = int64(0)
    for k in range(g[TASKS]):
        if node[k].route >= 0:
            worst = max(worst, node[k].start - node[k].due)
    g[T_WORST] = worst


@leaf
def same_caregiver(node, route, arc, e, caregiver):
    """Return whether coupling arc `e` asks for two caregivers and its other task has this one."""
    r = node[arc[e].to].route
    return r >= 0 and arc[e].differ == 1 and route[r].caregiver == caregiver
