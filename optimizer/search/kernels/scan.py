"""Where a task can go: the routes to look at, and the positions on them with their prices."""

from __future__ import annotations

import numpy as np
from numpy import int64

from optimizer.search.kernels.accounts import burden_price, is_due
from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.positions import scan_later_starts, scan_route
from optimizer.search.kernels.pricing import charge_saved, rules_allow, stop_price
from optimizer.search.kernels.rng import below, fraction
from optimizer.search.kernels.streak import is_full, streak_price
from optimizer.search.kernels.world import (
    COMER_ACCOUNTS,
    FORBIDDEN,
    HAS_CONTRACTS,
    TOUCHED,
    TOUCHED_ROUTE,
    TRY,
    TRY_MARK,
    VISIT_STAMP,
    W_BURDENS,
    W_DISRUPTION,
    W_PURCHASE,
    W_RESPONSIBLE,
    W_SHARE,
    W_STREAKS,
    W_WAIT,
)

WIDE = 32
"Open routes beyond which a task is tried on the nearest of them only."
NEAR_TASKS, FEW_TASKS, NEAR_ROUTES, HOME_ROUTES, CHANCE_ROUTES = 60, 6, 16, 6, 4
"On such a choice: near tasks asked for their route, routes of near tasks, near homes, others."

NEAR, EVERYWHERE, TOUCHED_ONLY = int64(0), int64(1), int64(2)
"Routes that a task is tried on: near ones, all, those that the step has changed already."


@leaf
def _list_once(pick, stamp, count, v):
    """Add route `v` to the list unless it is marked with `stamp`; return the list's length."""
    if pick[TRY_MARK, v] != stamp:
        pick[TRY_MARK, v] = stamp
        pick[TRY, count] = v
        count += 1
    return count


@leaf
def list_routes(w, rng, k, routes):
    """List the routes that task `k` is tried on, near ones first; return their number.

    The work does not grow with the number of caregivers, unless `routes` is `EVERYWHERE`.
    """
    node = w.node
    g = w.g
    pick = w.pick
    row = node[k].row
    first, until = int64(node[k].row_from), int64(node[k].row_until)
    wide = until - first > WIDE and routes == NEAR
    most = NEAR_ROUTES if wide else until - first
    asked = NEAR_TASKS if wide else FEW_TASKS
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    count = 0
    if routes == TOUCHED_ONLY:
        for c in range(g[TOUCHED]):
            v = pick[TOUCHED_ROUTE, c]
            if w.allowed[row, v] == 1:
                count = _list_once(pick, stamp, count, v)
        return count
    for c in range(1, min(w.near.shape[1], asked)):
        v = int64(node[w.near[k, c]].route)
        if v >= 0 and w.allowed[row, v] == 1:
            count = _list_once(pick, stamp, count, v)
            if count >= most:
                break
    if not wide:
        for r in range(first, until):
            count = _list_once(pick, stamp, count, int64(w.row_route[r]))
        return count
    most = count + HOME_ROUTES
    for c in range(w.near_route.shape[1]):
        v = int64(w.near_route[k, c])
        if v < 0 or count == most:
            break
        count = _list_once(pick, stamp, count, v)
    for _ in range(CHANCE_ROUTES):
        v = int64(w.row_route[first + below(rng, until - first)])
        count = _list_once(pick, stamp, count, v)
    return count


@kernel
def scan(w, rng, blink, k, care, ceiling, narrow, side, routes):
    """List the places where task `k` can go for less than `ceiling`.

    With `narrow` (1) the ceiling falls to the best price known so far. Returns the number of
    options, the smallest `own`, and the option with the smallest `key` (with `narrow`: the
    cheapest one that delays nothing, -1 if there is none).

    `key` is a lower bound of the cost and exact if nothing downstream becomes late, `own`
    is the cost without what happens downstream, `plain` also without the task's own
    lateness (two coupled tasks settle their lateness together).
    """
    account = w.account
    g = w.g
    node = w.node
    route = w.route
    arc = w.arc
    best = int64(-1)
    least_own = int64(FORBIDDEN)
    earliest = int64(node[k].earliest)
    latest = int64(node[k].latest)
    coupled = False
    for e in range(node[k].arc_from, node[k].arc_until):
        q = int64(arc[e].to)
        if node[q].route >= 0:
            coupled = True
            earliest = max(earliest, node[q].start + arc[e].back)
            latest = min(latest, node[q].limit - arc[e].out)
    if earliest > latest:
        return int64(0), least_own, best
    ruled = coupled or node[k].space_until > node[k].space_from or g[HAS_CONTRACTS] > 0
    ruled = ruled or node[k].purse_until > node[k].purse_from or g[COMER_ACCOUNTS] > 0
    options = w.option[side]
    moved = g[W_DISRUPTION] if node[k].published >= 0 else int64(0)
    later = moved > 0 or g[W_WAIT] > 0
    place = node[k].place
    # Distance to the next position that is skipped, drawn instead of one number each.
    skip = int64(np.log(fraction(rng) + 1e-300) * blink)
    flip = fraction(rng) < 0.5
    count = int64(0)
    least_key = int64(FORBIDDEN)
    for c in range(list_routes(w, rng, k, routes)):
        v = w.pick[TRY, c]
        if route[v].close_hard < earliest or is_full(w, route, account, g, v):
            continue
        fixed = stop_price(node, route, account, w.met, w.price, g, k, v, care)
        if g[HAS_CONTRACTS] > 0 and (g[W_SHARE] > 0 or g[W_PURCHASE] > 0):
            fixed -= charge_saved(w, k, v, care)
        if g[W_RESPONSIBLE] > 0 and is_due(w, node[k].client, route[v].caregiver, int64(0)):
            fixed -= g[W_RESPONSIBLE]
        if g[W_BURDENS] > 0:
            fixed += burden_price(w, k, v)
        if g[W_STREAKS] > 0:
            fixed += streak_price(w, v)
        if moved > 0 and route[v].date != node[k].published_day:
            fixed += moved
        if fixed >= ceiling or (ruled and not rules_allow(w, k, v, care)):
            continue
        before = count
        if later:
            count, skip = scan_later_starts(
                w,
                rng,
                blink,
                k,
                v,
                care,
                fixed,
                earliest,
                latest,
                ceiling,
                coupled,
                flip,
                narrow,
                side,
                count,
                skip,
            )
        else:
            count, skip = scan_route(
                node,
                route,
                account,
                w.metres,
                arc,
                g,
                w.travel_from[route[v].mode, place],
                w.travel[route[v].mode, place],
                options,
                rng,
                blink,
                k,
                v,
                care,
                fixed,
                earliest,
                latest,
                ceiling,
                coupled,
                flip,
                narrow,
                count,
                skip,
            )
        for o in range(before, count):
            if options[o].own < least_own:
                least_own = options[o].own
            if narrow == 1:
                if options[o].push <= 0 and options[o].key < ceiling:
                    ceiling = options[o].key
                    best = o
            elif options[o].key < least_key:
                least_key = options[o].key
                best = o
    return count, least_own, best
