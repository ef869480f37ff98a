"""Putting units back: the best place of one task, the best pair of places of two."""

from __future__ import annotations

from numpy import int64

from optimizer.problem.layout import BOTH_OR_NONE, IN_SEQUENCE
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.delay import add_seeds, push_cost
from optimizer.search.kernels.latest import enter_latest, lower_latest, own_latest, raise_latest
from optimizer.search.kernels.pairs import (
    F_AFTER,
    F_CARE,
    F_FLOOR,
    F_MOVES,
    F_ON,
    SECOND,
    arrival_after,
    best_pair,
)
from optimizer.search.kernels.published import floor_of, hold
from optimizer.search.kernels.rng import fraction
from optimizer.search.kernels.scan import scan
from optimizer.search.kernels.state import forget_tardy, link, set_start, settle_worst
from optimizer.search.kernels.timing import arrival_at, lower_starts, raise_starts
from optimizer.search.kernels.world import (
    BIG,
    BROKEN,
    FORBIDDEN,
    FOUND,
    HAS_SHORT,
    KEPT,
    SEED_NODE,
    SEED_START,
    T_WORST,
    TARDY,
    TASKS,
    W_WORST,
)

# What `best_place` and `best_pair` leave in `World.pick`.


@kernel
def best_place(w, rng, blink, k, ceiling, routes):
    """Find the cheapest place of unserved task `k`; return its price or `FORBIDDEN`."""
    node = w.node
    price = int64(FORBIDDEN)
    options = w.option[0]
    for brief in range(2 if node[k].short < node[k].full else 1):
        care = node[k].short if brief else node[k].full
        count, _, best = scan(w, rng, blink, k, care, ceiling, int64(1), int64(0), routes)
        if best >= 0:
            ceiling = options[best].key
        # What delays others has only a lower bound so far; most are out already.
        for c in range(count):
            if options[c].key < ceiling and options[c].push > 0:
                key = _pushed_price(w, k, options[c], care, ceiling)
                if key < ceiling:
                    ceiling = key
                    best = c
        if best >= 0:
            price = ceiling
            w.pick[FOUND, F_AFTER] = options[best].after
            w.pick[FOUND, F_ON] = options[best].on
            w.pick[FOUND, F_CARE] = care
            w.pick[FOUND, F_MOVES] = options[best].moves
            w.pick[FOUND, F_FLOOR] = floor_of(node, w.route, w.g, k, options[best])
    return price


@kernel
def _pushed_price(w, k, option, care, ceiling):
    """Return the price of an option that delays others, following the delay."""
    route = w.route
    travel = w.travel
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    late = option.at - node[k].due
    worst = g[T_WORST]
    cost = option.own
    if late > worst:
        cost += g[W_WORST] * (late - worst)
        worst = late
    w.pick[SEED_NODE, 0] = option.before
    w.pick[SEED_START, 0] = arrival_after(node, route, travel, tasks, k, option, option.at, care)
    seeds = add_seeds(w, 1, k, -1, option.at)
    return push_cost(w, seeds, cost, worst, ceiling, int64(option.after), int64(-1))


@kernel
def _first_start(w, k, skip):
    """Return the earliest start of linked task `k`, leaving out coupled task `skip`."""
    node = w.node
    route = w.route
    arc = w.arc
    tasks = w.g[TASKS]
    start = arrival_at(node, route, tasks, k)
    if start < node[k].earliest:
        start = node[k].earliest
    for e in range(node[k].arc_from, node[k].arc_until):
        q = int64(arc[e].to)
        if q != skip and node[q].route >= 0 and node[q].start + arc[e].back > start:
            start = node[q].start + arc[e].back
    return start


@kernel
def insert(w, one, two):
    """Insert task `one` (and `two`, if not -1) where `World.pick` says; settle all times.

    Returns False and marks the state as broken if a hard rule does not hold after all.
    """
    route = w.route
    g = w.g
    node = w.node
    scratch = w.scratch
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
            w.pick[FOUND, f + F_MOVES],
            int64(node[k].earliest),
        )
        hold(node, k, w.pick[FOUND, f + F_FLOOR])
    if g[BROKEN]:
        return False
    forget_tardy(g)
    set_start(w, one, _first_start(w, one, two))
    scratch[0].listed = one
    count = 1
    if two >= 0:
        set_start(w, two, _first_start(w, two, one))
        scratch[1].listed = two
        count = 2
    falls = _falling_after(w, count)
    if falls > count:
        if not lower_starts(w, falls):
            return False
        settle_worst(w)
    elif not raise_starts(w, count):
        return False
    for half in range(count):
        k = one if half == 0 else two
        node[k].easy, node[k].limit = own_latest(node, route, g, k)
    for half in range(count):
        enter_latest(w, one if half == 0 else two)
    scratch[0].listed = one
    if two >= 0:
        scratch[1].listed = two
    lower_latest(w, count)
    if w.pick[FOUND, F_MOVES] == 1 or (two >= 0 and w.pick[FOUND, SECOND + F_MOVES] == 1):
        # A break that moved on leaves more room before it than the old bounds say.
        scratch[0].listed = one
        if two >= 0:
            scratch[1].listed = two
        for half in range(count):
            _free_before(w, one if half == 0 else two)
        raise_latest(w, count)
    if g[TARDY] > 0:
        refresh_tardy(w)
    return True


@kernel
def _falling_after(w, count):
    """List what follows the first `count` listed tasks and may start earlier than before.

    A break that moves on, or a journey cut in two where that is quicker, can do that.
    Returns the new length of the list.
    """
    node = w.node
    route = w.route
    scratch = w.scratch
    tasks = w.g[TASKS]
    listed = count
    for c in range(count):
        j = int64(node[scratch[c].listed].next)
        floor = node[j].earliest if j < tasks else route[node[j].route].open
        if node[j].start > floor and arrival_at(node, route, tasks, j) < node[j].start:
            scratch[listed].listed = j
            listed += 1
    return listed


@kernel
def _free_before(w, k):
    """Make `raise_latest` look at the node before `k` whatever bound it has now."""
    node = w.node
    node[k].easy = -BIG
    node[k].limit = -BIG


@kernel
def refresh_tardy(w):
    """Recompute latest starts around nodes whose lateness has changed."""
    g = w.g
    node = w.node
    scratch = w.scratch
    count = 0
    for c in range(g[TARDY]):
        x = int64(scratch[c].tardy_list)
        if node[x].route >= 0:
            scratch[count].listed = x
            count += 1
    forget_tardy(g)
    if count > 0:
        raise_latest(w, count)


@kernel
def insert_unit(w, rng, blink, u, ceiling, routes, at_loss, alone):
    """Put unit `u` back at its cheapest place below `ceiling`.

    Returns whether it is in; a sequence may come back with one of its two visits only.
    With `at_loss` a task alone may cost more than it is worth; `alone` is the chance that only
    one visit of a sequence is tried.
    """
    g = w.g
    node = w.node
    one, two, kind = w.unit[u, 0], w.unit[u, 1], w.unit[u, 2]
    if two >= 0 and node[one].route < 0 and node[two].route < 0:
        jointly = kind == BOTH_OR_NONE or fraction(rng) < 0.7
        if jointly:
            price = ceiling
            modes = 1
            if g[HAS_SHORT] and (
                node[one].short < node[one].full or node[two].short < node[two].full
            ):
                modes = 4
            chosen = -1
            for brief in range(modes):
                found = best_pair(w, rng, blink, one, two, brief, price, routes)
                if found < price:
                    price = found
                    chosen = brief
                    for f in range(2 * SECOND):
                        w.pick[KEPT, f] = w.pick[FOUND, f]
            if chosen >= 0:
                for f in range(2 * SECOND):
                    w.pick[FOUND, f] = w.pick[KEPT, f]
                return insert(w, one, two)
        if kind == BOTH_OR_NONE:
            return False
    fine = False
    halves = 2 if two >= 0 and kind == IN_SEQUENCE else 1
    # Either visit of a sequence may have to come first, and may do without the other.
    swap = halves == 2 and fraction(rng) < 0.5
    for half in range(halves):
        k = two if (half == 0) == swap else one
        if k < 0 or node[k].route >= 0:
            continue
        if half == 1 and alone > 0.0 and fraction(rng) < alone:
            continue
        limit = ceiling if at_loss else min(w.worth[k], ceiling)
        if best_place(w, rng, blink, k, limit, routes) < limit:
            fine = insert(w, k, int64(-1))
            if not fine:
                return False
    return fine
