"""Changing a world: links, starts, accounts, and the undo log that takes it all back.

Every write during a step goes through the functions here, so that `roll_back` can take
the whole step back at a cost that depends on what was changed, not on the problem's size.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.accounts import (
    LOG_ACCOUNT,
    LOG_NODE,
    LOG_WAY,
    moved_cost,
    over,
    post_stop,
    post_work,
    touch,
    touch_way,
)
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.world import (
    BEFORE_TOTAL,
    BETWEEN_RATE,
    BREAK_LENGTH,
    BROKEN,
    CARE,
    CAREGIVER,
    CHANGING,
    COUNT,
    DIFFER,
    DUE,
    EPOCH,
    FALL,
    FALLING,
    FEN_RATE,
    FIRST_TOTAL,
    HOME_RATE,
    HOP,
    IDLE,
    LOGGED,
    MILEAGE,
    MODE,
    NEXT,
    OVERTIME_RATE,
    PAUSE,
    PLACE,
    PREV,
    PUBLISHED,
    RISE,
    RISING,
    ROUTE,
    START,
    T_BALANCE,
    T_CONTINUITY,
    T_DISRUPTION,
    T_FIXED,
    T_LATE,
    T_LEGS,
    T_OVERTIME,
    T_SHARE,
    T_SHORT,
    T_STAFF,
    T_UNSERVED,
    T_WAIT,
    T_WORST,
    TARDY,
    TARDY_LIST,
    TARDY_MARK,
    TARDY_STAMP,
    TASKS,
    TIE_FROM,
    TIE_UNTIL,
    TO,
    TOTALS,
    VALUE,
    W_LATE,
    W_STAFF,
    W_WAIT,
    W_WORST,
)

# Kinds of entries of the undo log.


@kernel
def begin(w):
    """Open a new undo log: what follows can be taken back by `roll_back`."""
    g = w.g
    g[EPOCH] += 1
    g[LOGGED] = 0
    g[BROKEN] = 0
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
        kind, a = log[c, 0], log[c, 1]
        if kind == LOG_NODE:
            for f in range(CHANGING):
                w.node[a, f] = log[c, 2 + f]
        elif kind == LOG_WAY:
            w.way[a, COUNT] = log[c, 2]
            w.way[a, PAUSE] = log[c, 3]
            w.way[a, IDLE] = log[c, 4]
        elif kind == LOG_ACCOUNT:
            w.account[a, VALUE] = log[c, 2]
        else:
            w.met[a, log[c, 2]] = log[c, 3]
    for t in range(TOTALS):
        g[FIRST_TOTAL + t] = g[BEFORE_TOTAL + t]
    g[LOGGED] = 0
    # Marks of this step must not hide a node from the next one.
    g[EPOCH] += 1


@kernel
def cost_of(g):
    """Return the whole cost of the state, in ticks of travel."""
    return rising_cost(g) + g[T_SHARE] + g[T_DISRUPTION] + g[T_WAIT] + g[T_UNSERVED]


@kernel
def rising_cost(g):
    """Return the part of the cost that inserting can only raise."""
    cost = g[W_LATE] * g[T_LATE] + g[W_WORST] * g[T_WORST]
    cost += g[T_LEGS] + g[T_FIXED] + g[T_SHORT] + g[T_OVERTIME]
    return cost + g[T_CONTINUITY] + g[T_BALANCE] + g[T_STAFF]


@kernel
def leg_cost(way, metres, v, frm, to, ticks, home):
    """Return what a journey of `ticks` between two places costs on route `v`."""
    cost = (way[v, HOME_RATE] if home else way[v, BETWEEN_RATE]) * ticks
    if way[v, MILEAGE] > 0:
        cost += way[v, FEN_RATE] * (way[v, MILEAGE] * int64(metres[frm, to]) // 1000)
    return cost


@kernel
def _note_tardy(room, g, x):
    if room[x, TARDY_MARK] != g[TARDY_STAMP]:
        room[x, TARDY_MARK] = g[TARDY_STAMP]
        room[g[TARDY], TARDY_LIST] = x
        g[TARDY] += 1


@kernel
def forget_tardy(g):
    """Empty the list of nodes whose lateness has changed."""
    g[TARDY] = 0
    g[TARDY_STAMP] += 1


@kernel
def set_start(node, way, room, log, g, x, start):
    """Give a present task or an end depot a new start and account for what that costs."""
    old = node[x, START]
    if old == start:
        return
    touch(node, room, log, g, x)
    node[x, START] = start
    v = node[x, ROUTE]
    due = node[x, DUE]
    late = over(start, due)
    if late > 0 or old > due:
        _note_tardy(room, g, x)
    if x < g[TASKS]:
        g[T_LATE] += late - over(old, due)
        if late > g[T_WORST]:
            g[T_WORST] = late
        if node[x, PUBLISHED] >= 0:
            g[T_DISRUPTION] += moved_cost(node, way, g, x, v, start) - moved_cost(
                node, way, g, x, v, old
            )
    else:
        g[T_OVERTIME] += way[v, OVERTIME_RATE] * (late - over(old, due))
    if g[W_WAIT] > 0:
        touch_way(way, log, g, v)


@kernel
def link(w, k, i, v, care, pause_moves, start):
    """Put absent task `k` behind node `i` of route `v` with a provisional start.

    `pause_moves`: a break that was taken after `i` is now taken after `k`. Times are not
    propagated; `set_start` accounts for every change from the provisional start on.
    """
    room = w.room
    account = w.account
    log = w.log
    metres = w.metres
    g = w.g
    node = w.node
    way = w.way
    n = g[TASKS]
    j = node[i, NEXT]
    touch(node, room, log, g, i)
    touch(node, room, log, g, j)
    touch(node, room, log, g, k)
    touch_way(way, log, g, v)
    travel = w.travel[way[v, MODE]]
    pi, pk, pj = node[i, PLACE], node[k, PLACE], node[j, PLACE]
    ik, kj = int64(travel[pi, pk]), int64(travel[pk, pj])
    first, last = i >= n, j >= n
    cost = leg_cost(way, metres, v, pi, pk, ik, first) + leg_cost(way, metres, v, pk, pj, kj, last)
    work = care
    if way[v, COUNT] == 0:
        g[T_STAFF] += g[W_STAFF]
    else:
        ij = node[i, HOP]
        cost -= leg_cost(way, metres, v, pi, pj, ij, first or last)
        if not first and not last:
            work -= ij
    if not first:
        work += ik
    if not last:
        work += kj
    g[T_LEGS] += cost
    node[i, NEXT] = k
    node[i, HOP] = ik
    node[j, PREV] = k
    node[k, PREV] = i
    node[k, NEXT] = j
    node[k, HOP] = kj
    node[k, ROUTE] = v
    node[k, CARE] = care
    node[k, START] = start
    late = over(start, node[k, DUE])
    g[T_LATE] += late
    if late > g[T_WORST]:
        g[T_WORST] = late
    way[v, COUNT] += 1
    if pause_moves:
        way[v, PAUSE] = k
    post_stop(w, k, v, 1)
    post_work(way, account, log, g, v, work)


@kernel
def note_dirty(dirty, g, fall, rise):
    """Remember a node that may start earlier and one that may start later from now on."""
    if max(g[FALLING], g[RISING]) == dirty.shape[0]:
        # More exchanges in one step than there is room for: give the step up.
        g[BROKEN] |= 1
        return
    dirty[g[FALLING], FALL] = fall
    dirty[g[RISING], RISE] = rise
    g[FALLING] += 1
    g[RISING] += 1


@kernel
def note_ties(node, tie, dirty, g, k):
    """Remember the present tasks coupled with `k` as such nodes."""
    for e in range(node[k, TIE_FROM], node[k, TIE_UNTIL]):
        q = tie[e, TO]
        if node[q, ROUTE] >= 0:
            note_dirty(dirty, g, q, q)


@kernel
def unlink(w, k):
    """Take task `k` off its route; times are not recomputed."""
    room = w.room
    tie = w.tie
    account = w.account
    log = w.log
    dirty = w.dirty
    metres = w.metres
    g = w.g
    node = w.node
    way = w.way
    n = g[TASKS]
    v = node[k, ROUTE]
    i, j = node[k, PREV], node[k, NEXT]
    touch(node, room, log, g, i)
    touch(node, room, log, g, j)
    touch(node, room, log, g, k)
    touch_way(way, log, g, v)
    pi, pk, pj = node[i, PLACE], node[k, PLACE], node[j, PLACE]
    ik, kj = node[i, HOP], node[k, HOP]
    first, last = i >= n, j >= n
    cost = leg_cost(way, metres, v, pi, pk, ik, first) + leg_cost(way, metres, v, pk, pj, kj, last)
    work = node[k, CARE]
    if not first:
        work += ik
    if not last:
        work += kj
    ij = int64(w.travel[way[v, MODE], pi, pj])
    if way[v, COUNT] == 1:
        g[T_STAFF] -= g[W_STAFF]
    else:
        cost -= leg_cost(way, metres, v, pi, pj, ij, first or last)
        if not first and not last:
            work -= ij
    note_dirty(dirty, g, j, i)
    note_ties(node, tie, dirty, g, k)
    g[T_LEGS] -= cost
    g[T_LATE] -= over(node[k, START], node[k, DUE])
    post_stop(w, k, v, -1)
    post_work(way, account, log, g, v, -work)
    node[i, NEXT] = j
    node[i, HOP] = ij
    node[j, PREV] = i
    node[k, ROUTE] = -1
    way[v, COUNT] -= 1
    if way[v, PAUSE] == k:
        way[v, PAUSE] = i


@kernel
def settle_waiting(w):
    """Recount the idle time of every route changed in this step."""
    g = w.g
    node = w.node
    way = w.way
    if g[W_WAIT] == 0:
        return
    n = g[TASKS]
    for c in range(g[LOGGED]):
        if w.log[c, 0] != LOG_WAY:
            continue
        v = w.log[c, 1]
        idle = int64(0)
        x = node[n + v, NEXT]
        while x < n:
            j = node[x, NEXT]
            if j < n:
                idle += node[j, START] - node[x, START] - node[x, CARE] - node[x, HOP]
                if way[v, PAUSE] == x:
                    idle -= way[v, BREAK_LENGTH]
            x = j
        g[T_WAIT] += g[W_WAIT] * (idle - way[v, IDLE])
        way[v, IDLE] = idle


@kernel
def settle_worst(w):
    """Recount the largest lateness; needed after removals only."""
    g = w.g
    node = w.node
    if g[W_WORST] == 0:
        return
    worst = int64(0)
    for k in range(g[TASKS]):
        if node[k, ROUTE] >= 0:
            worst = max(worst, node[k, START] - node[k, DUE])
    g[T_WORST] = worst


@kernel
def same_caregiver(node, way, tie, e, caregiver):
    """Return whether tie `e` asks for two caregivers and its other task has this one."""
    r = node[tie[e, TO], ROUTE]
    return r >= 0 and tie[e, DIFFER] == 1 and way[r, CAREGIVER] == caregiver
