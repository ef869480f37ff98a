"""The positions on a route where a task can go, with their prices."""

from __future__ import annotations

import numpy as np
from numpy import int64

from optimizer.search.kernels.compiled import kernel, leaf
from optimizer.search.kernels.pricing import overtime_of_work
from optimizer.search.kernels.published import published_floor
from optimizer.search.kernels.rng import fraction
from optimizer.search.kernels.state import mileage
from optimizer.search.kernels.timing import leave_by, reach
from optimizer.search.kernels.waiting import prepare_route
from optimizer.search.kernels.world import (
    BIG,
    FORBIDDEN,
    HAS_LEVELS,
    PUSH_CAP,
    PUSH_RATE,
    PUSH_WORST,
    ROUTES,
    T_WORST,
    TASKS,
    TOLERANCE,
    W_DISRUPTION,
    W_LATE,
    W_WAIT,
    W_WORST,
)

PUT_OFF = 40
"Tasks up to which a start that puts off what it is coupled to is priced too: it takes time."


@leaf
def plain_price(node, route, account, metres, g, there, onward, k, v, i, j, care, fixed, ceiling):
    """Return what task `k` costs between `i` and `j` whenever it starts.

    `there` and `onward` are the travel times from every place to the task and from the task to
    every place. Returns `FORBIDDEN` if it cannot stand there or costs at least `ceiling`. The
    checks come in the order of what they cost: most positions are dismissed by their detour alone.
    """
    first, last = i >= g[TASKS], j >= g[TASKS]
    busy = route[v].count > 0
    between, home = int64(route[v].between_rate), int64(route[v].home_rate)
    pi, pk, pj = node[i].place, node[k].place, node[j].place
    ik, kj, ij = int64(there[pi]), int64(onward[pj]), int64(node[i].travel)
    plain = fixed + (home if first else between) * ik + (home if last else between) * kj
    if busy:
        plain -= (home if first or last else between) * ij
    if route[v].mileage > 0:
        plain += mileage(route, metres, v, pi, pk) + mileage(route, metres, v, pk, pj)
        if busy:
            plain -= mileage(route, metres, v, pi, pj)
    if plain >= ceiling or ik > route[v].longest or kj > route[v].longest:
        return FORBIDDEN
    if g[HAS_LEVELS] > 0 and (
        (node[k].level == 1 and not last and node[j].level == 0)
        or (node[k].level == 0 and not first and node[i].level == 1)
    ):
        return FORBIDDEN
    if route[v].limited:
        work = care + (int64(0) if first else ik) + (int64(0) if last else kj)
        if not first and not last:
            work -= ij
        extra = overtime_of_work(route, account, g, v, work)
        if extra >= FORBIDDEN:
            return FORBIDDEN
        plain += extra
    return plain


@leaf
def scan_route(
    node,
    route,
    account,
    metres,
    arc,
    g,
    there,
    onward,
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
):
    """List the positions on route `v` where task `k` can go for less than `ceiling`.

    Returns the number of options and the positions left before the next one that is overlooked.
    """
    n = g[TASKS]
    due = node[k].due
    worst = g[T_WORST]
    break_after = int64(route[v].break_after) if route[v].break_length > 0 else int64(-1)
    j = n + v
    while j < n or j == n + v:
        i = j
        j = int64(node[i].next)
        ready = node[i].start + node[i].care
        if ready > latest:
            break
        if earliest + care > node[j].limit:
            continue
        plain = plain_price(
            node, route, account, metres, g, there, onward, k, v, i, j, care, fixed, ceiling
        )
        if plain >= FORBIDDEN:
            continue
        ik, kj = int64(there[node[i].place]), int64(onward[node[j].place])
        first, last = i >= n, j >= n
        here = break_after == i
        for choice in range(2 if here else 1):
            # Before or behind the break often costs the same; neither must always win.
            moves = 1 - choice if here and flip else choice
            start = reach(route, here and moves == 0, v, ready, ik, False, first)
            if start < earliest:
                start = earliest
            if start > latest:
                continue
            y = reach(route, moves == 1, v, start + care, kj, last, False)
            if y > node[j].limit or (coupled and not _fits_coupled(node, arc, k, v, j, n, care)):
                continue
            skip -= 1
            if skip < 0:
                skip = int64(np.log(fraction(rng) + 1e-300) * blink)
                continue
            late = start - due if start > due else int64(0)
            own = plain + g[W_LATE] * late
            push = y - node[j].easy
            if coupled:
                push = _coupled_push(node, arc, k, start, push)
            key = _lowest_cost(g, own, late, push, worst)
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
            option.waits = 0
            option.plain = plain
            option.push = push
            count += 1
            if narrow == 1 and push <= 0:
                ceiling = key
    return count, skip


@leaf
def _lowest_cost(g, own, late, push, worst):
    """Return the least that an option costs whose delay downstream is `push`."""
    key = own
    most = late
    if push > 0:
        key += min(g[PUSH_RATE] * push, g[PUSH_CAP])
        if push > most and g[PUSH_WORST] > 0:
            most = push
    if most > worst:
        key += g[W_WORST] * (most - worst)
    return key


@kernel
def scan_later_starts(
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
):
    """List positions as `scan_route` does where it may pay to start later than at the earliest."""
    node = w.node
    route = w.route
    g = w.g
    n = g[TASKS]
    waits = g[W_WAIT] > 0
    due = node[k].due
    there = w.travel_from[route[v].mode, node[k].place]
    onward = w.travel[route[v].mode, node[k].place]
    low, high = published_floor(node, route, g, k, v), int64(BIG)
    if low > -BIG:
        high = low + 2 * g[TOLERANCE]
    calm, eased = _free_until(w, k, latest)
    if waits and route[v].count > 0:
        prepare_route(w, v)
    # A coupled task may also wait for what follows it, so that its partners do so too.
    joined = waits and node[k].arc_until > node[k].arc_from
    variants = (4 if n <= PUT_OFF else 3) if joined else (2 if low > earliest else 1)
    break_after = int64(route[v].break_after) if route[v].break_length > 0 else int64(-1)
    j = n + v
    while j < n or j == n + v:
        i = j
        j = int64(node[i].next)
        ready = node[i].start + node[i].care
        if ready > latest:
            break
        if earliest + care > node[j].limit:
            continue
        # Filling idle time saves what it costs, so that a price on it takes no ceiling.
        plain = plain_price(
            node,
            route,
            w.account,
            w.metres,
            g,
            there,
            onward,
            k,
            v,
            i,
            j,
            care,
            fixed,
            FORBIDDEN if waits else ceiling,
        )
        if plain >= FORBIDDEN:
            continue
        ik, kj = int64(there[node[i].place]), int64(onward[node[j].place])
        first, last = i >= n, j >= n
        here = break_after == i
        for choice in range(2 * variants if here else variants):
            variant = choice >> 1 if here else choice
            moves = choice & 1 if here else 0
            if here and flip:
                moves = 1 - moves
            start = max(earliest, reach(route, here and moves == 0, v, ready, ik, False, first))
            if variant == 1:
                # The second way to stand here: to wait for the published time.
                if start >= low:
                    continue
                start = low
            if variant >= 2:
                if last:
                    continue
                by = leave_by(route, moves == 1, v, w.packed[j].start, kj, False) - care
                # The last way: what it is coupled to is put off with it as far as that is free.
                by = min(by, calm if variant == 2 else eased)
                if by <= start or (variant == 3 and by <= calm):
                    continue
                start = by
            if start > latest:
                continue
            y = reach(route, moves == 1, v, start + care, kj, last, False)
            if y > node[j].limit or (coupled and not _fits_coupled(node, w.arc, k, v, j, n, care)):
                continue
            skip -= 1
            if skip < 0:
                skip = int64(np.log(fraction(rng) + 1e-300) * blink)
                continue
            price = plain
            if waits:
                price += g[W_WAIT] * _more_idle(
                    w, v, i, j, here, moves, start, care, ik, kj, y, calm
                )
            late = start - due if start > due else int64(0)
            own = price + g[W_LATE] * late
            if start < low or start > high:
                own += g[W_DISRUPTION]
            push = y - node[j].easy
            if coupled:
                push = _coupled_push(node, w.arc, k, start, push)
            key = _lowest_cost(g, own, late, push, g[T_WORST])
            if key >= ceiling:
                continue
            option = w.option[side][count]
            option.key = key
            option.own = own
            option.at = start
            option.after = i
            option.before = j
            option.on = v
            option.moves = moves
            option.waits = 1 if variant >= 2 else 0
            option.plain = price
            option.push = push
            count += 1
            if narrow == 1 and push <= 0:
                ceiling = key
    return count, skip


@leaf
def _free_until(w, k, latest):
    """Return how late unserved task `k` may start at no cost.

    Once while what it is coupled to stays put, and once while that is put off at no cost as well.
    """
    node = w.node
    arc = w.arc
    until = latest
    if w.g[W_LATE] + w.g[W_WORST] > 0:
        until = min(until, int64(node[k].due))
    eased = until
    for e in range(node[k].arc_from, node[k].arc_until):
        q = int64(arc[e].to)
        if node[q].route >= 0:
            until = min(until, node[q].start - arc[e].out)
            eased = min(eased, max(node[q].start, node[q].easy) - arc[e].out)
    return until, eased


@leaf
def _more_idle(w, v, i, j, here, moves, start, care, ik, kj, y, calm):
    """Return by how much idle time grows with a task at `start` between `i` and `j`.

    `calm` is the latest start of the task without cost, `y` when it makes `j` start.
    """
    node = w.node
    route = w.route
    packed = w.packed
    n = w.g[TASKS]
    after = here and moves == 0 and i < n
    by, end, total = start, start, int64(0)
    idle = int64(0)
    if i < n or j < n:
        ends = n + w.g[ROUTES] + v
        idle = packed[ends].free
    if j < n:
        tail = max(y, packed[j].start)
        end = packed[ends].start + tail - packed[j].start
        total = care + kj + packed[ends].past - packed[j].past
        if moves == 1:
            total += route[v].break_length
        by = leave_by(route, moves == 1, v, tail, kj, False) - care
        by = max(start, min(by, max(calm, start)))
    if i < n:
        total += packed[i].past + node[i].care + ik
        if after:
            total += route[v].break_length
        by = leave_by(route, after, v, by, ik, False) - node[i].care - packed[i].past
        by = min(by, packed[i].free)
    return max(int64(0), end - by - total) - idle


@leaf
def _fits_coupled(node, arc, k, v, j, n, care):
    """Return whether task `k` before node `j` of route `v` is near enough to coupled stops there.

    What comes first on a route ends before the other one begins, which may be later than their
    coupling allows; no delay mends that.
    """
    for e in range(node[k].arc_from, node[k].arc_until):
        q = int64(arc[e].to)
        if node[q].route != v:
            continue
        follows = j < n and node[q].start >= node[j].start
        if (follows and care + arc[e].back > 0) or (not follows and node[q].care + arc[e].out > 0):
            return False
    return True


@leaf
def _coupled_push(node, arc, k, start, push):
    """Return the largest push of task `k` at `start` on its present coupled tasks."""
    for e in range(node[k].arc_from, node[k].arc_until):
        q = int64(arc[e].to)
        if node[q].route >= 0 and start + arc[e].out - node[q].easy > push:
            push = start + arc[e].out - node[q].easy
    return push
