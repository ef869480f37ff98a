"""Where a task can go: the routes to look at, and the positions on them with their prices."""

from __future__ import annotations

import numpy as np
from numpy import int64

from optimizer.search.kernels.chance import below, fraction
from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.pricing import overtime_of_work, rules_allow, stop_price
from optimizer.search.kernels.state import mileage
from optimizer.search.kernels.timing import reach
from optimizer.search.kernels.world import (
    FORBIDDEN,
    HAS_CONTRACTS,
    HAS_LEVELS,
    PUSH_RATE,
    PUSH_WORST,
    T_WORST,
    TASKS,
    TOUCHED,
    TOUCHED_ROUTE,
    TRY,
    TRY_MARK,
    VISIT_STAMP,
    W_LATE,
    W_WAIT,
    W_WORST,
)

WIDE = 32
"A task that more routes than this are open to is tried on the nearest of them only."
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
def list_routes(w, word, k, routes):
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
        v = int64(w.row_route[first + below(word, until - first)])
        count = _list_once(pick, stamp, count, v)
    return count


@kernel
def scan(w, word, blink, k, care, ceiling, narrow, side, routes):
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
    way = w.way
    tie = w.tie
    best = int64(-1)
    least_own = int64(FORBIDDEN)
    earliest = int64(node[k].earliest)
    latest = int64(node[k].latest)
    tied = False
    for e in range(node[k].tie_from, node[k].tie_until):
        q = int64(tie[e].to)
        if node[q].route >= 0:
            tied = True
            earliest = max(earliest, node[q].start + tie[e].back)
            latest = min(latest, node[q].limit - tie[e].out)
    if earliest > latest:
        return int64(0), least_own, best
    ruled = tied or node[k].space_until > node[k].space_from or g[HAS_CONTRACTS] > 0
    ruled = ruled or node[k].purse_until > node[k].purse_from
    options = w.option[side]
    place = node[k].place
    # Distance to the next position that is skipped, drawn instead of one number each.
    skip = int64(np.log(fraction(word) + 1e-300) * blink)
    flip = fraction(word) < 0.5
    count = int64(0)
    least_key = int64(FORBIDDEN)
    for c in range(list_routes(w, word, k, routes)):
        v = w.pick[TRY, c]
        stops = way[v].stop_account
        if way[v].close_hard < earliest or account[stops].value >= account[stops].hard:
            continue
        fixed = stop_price(node, way, account, w.met, w.price, g, k, v, care)
        if fixed >= ceiling or (ruled and not rules_allow(w, k, v, care)):
            continue
        before = count
        count, skip = scan_route(
            node,
            way,
            account,
            w.metres,
            tie,
            g,
            w.travel_from[way[v].mode, place],
            w.travel[way[v].mode, place],
            options,
            word,
            blink,
            k,
            v,
            care,
            fixed,
            earliest,
            latest,
            ceiling,
            tied,
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


@leaf
def scan_route(
    node,
    way,
    account,
    metres,
    tie,
    g,
    there,
    onward,
    options,
    word,
    blink,
    k,
    v,
    care,
    fixed,
    earliest,
    latest,
    ceiling,
    tied,
    flip,
    narrow,
    count,
    skip,
):
    """List the positions on route `v` where task `k` can go for less than `ceiling`.

    `there` and `onward` are the travel times from every place to the task and from the task
    to every place. Returns the number of options and the positions left before the next
    one that is overlooked. The checks come in the order of what they cost: most positions
    are dismissed by their detour alone.
    """
    n = g[TASKS]
    worst = g[T_WORST]
    due = node[k].due
    level = node[k].level
    pk = node[k].place
    waits = g[W_WAIT] > 0
    levels = g[HAS_LEVELS] > 0
    between, home = int64(way[v].between_rate), int64(way[v].home_rate)
    longest = way[v].longest
    paid = way[v].mileage > 0
    busy = way[v].count > 0
    pause = int64(way[v].pause) if way[v].break_length > 0 else int64(-1)
    j = n + v
    while j < n or j == n + v:
        i = j
        j = int64(node[i].next)
        ready = node[i].start + node[i].care
        if ready > latest:
            break
        if earliest + care > node[j].limit:
            continue
        first, last = i >= n, j >= n
        pi, pj = node[i].place, node[j].place
        ik, kj, ij = int64(there[pi]), int64(onward[pj]), int64(node[i].hop)
        plain = fixed + (home if first else between) * ik + (home if last else between) * kj
        if busy:
            plain -= (home if first or last else between) * ij
        if paid:
            plain += mileage(way, metres, v, pi, pk) + mileage(way, metres, v, pk, pj)
            if busy:
                plain -= mileage(way, metres, v, pi, pj)
        if (plain >= ceiling and not waits) or ik > longest or kj > longest:
            continue
        if levels and (
            (level == 1 and not last and node[j].level == 0)
            or (level == 0 and not first and node[i].level == 1)
        ):
            continue
        if way[v].limited:
            work = care + (int64(0) if first else ik) + (int64(0) if last else kj)
            if not first and not last:
                work -= ij
            extra = overtime_of_work(way, account, g, v, work)
            if extra >= FORBIDDEN:
                continue
            plain += extra
        here = pause == i
        for choice in range(2 if here else 1):
            # Before or behind the break often costs the same; neither must always win.
            moves = 1 - choice if here and flip else choice
            start = reach(way, here and moves == 0, v, ready, ik, False)
            if start < earliest:
                start = earliest
            if start > latest:
                continue
            y = reach(way, moves == 1, v, start + care, kj, last)
            if y > node[j].limit:
                continue
            skip -= 1
            if skip < 0:
                skip = int64(np.log(fraction(word) + 1e-300) * blink)
                continue
            price = plain
            if waits:
                price += g[W_WAIT] * _idle_change(node, n, i, j, ready, start, care, ik, kj)
            late = start - due if start > due else int64(0)
            own = price + g[W_LATE] * late
            push = y - node[j].easy
            if tied:
                push = _tie_push(node, tie, k, start, push)
            key = own
            most = late
            if push > 0:
                key += g[PUSH_RATE] * push
                if push > most and g[PUSH_WORST] > 0:
                    most = push
            if most > worst:
                key += g[W_WORST] * (most - worst)
            if key >= ceiling:
                continue
            option = options[count]
            option.key = key
            option.own = own
            option.at = start
            option.after = i
            option.before = j
            option.on = v
            option.moves = moves
            option.plain = price
            option.push = push
            count += 1
            if narrow == 1 and push <= 0:
                ceiling = key
    return count, skip


@leaf
def _idle_change(node, tasks, i, j, ready, start, care, ik, kj):
    """Estimate how idle time changes between `i` and `j` (exact if `j` is not delayed)."""
    n = tasks
    change = int64(0)
    if i < n:
        gap = start - ready - ik
        change += gap if gap > 0 else int64(0)
    if j < n:
        gap = node[j].start - start - care - kj
        change += gap if gap > 0 else int64(0)
    if i < n and j < n:
        change -= node[j].start - ready - node[i].hop
    return change


@leaf
def _tie_push(node, tie, k, start, push):
    """Return the largest push of task `k` at `start` on its present coupled tasks."""
    for e in range(node[k].tie_from, node[k].tie_until):
        q = int64(tie[e].to)
        if node[q].route >= 0 and start + tie[e].out - node[q].easy > push:
            push = start + tie[e].out - node[q].easy
    return push
