"""What an insertion would cost, without making it.

`scan` lists the places a task can go with a lower bound of the cost; the bound is the cost
itself where nothing downstream gets late. `push_cost` follows a delay through routes and
couplings for the others.
"""

from __future__ import annotations

import numpy as np
from numpy import int64

from optimizer.search.kernels.accounts import rise, scale
from optimizer.search.kernels.chance import fraction
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.state import leg_cost, same_caregiver
from optimizer.search.kernels.timing import reach
from optimizer.search.kernels.world import (
    AFTER,
    AT,
    BEFORE,
    BREAK_LENGTH,
    CARE,
    CARE_ACCOUNT,
    CAREGIVER,
    CARER,
    CLIENT,
    CONTRACT_ACCOUNTS,
    COUNT,
    COUNTS,
    DATE,
    DAY_ACCOUNT,
    DUE,
    EARLIEST,
    EASY,
    FACE_ACCOUNTS,
    FORBIDDEN,
    FULL,
    HARD,
    HAS_CONTRACTS,
    HAS_LEVELS,
    HOP,
    IN,
    KEY,
    LATEST,
    LEAST,
    LEVEL,
    LIMIT,
    LIMITED,
    LONGEST,
    MODE,
    MOST,
    MOVES,
    NEXT,
    ON,
    OUT,
    OWN,
    PAUSE,
    PAYER,
    PLACE,
    PLAIN,
    PRICE,
    PUSH,
    PUSH_RATE,
    PUSH_WORST,
    ROUTE,
    ROW,
    ROW_FROM,
    ROW_UNTIL,
    SOFT,
    SPACE_FROM,
    SPACE_UNTIL,
    START,
    STOP_ACCOUNT,
    T_WORST,
    TASKS,
    TICKS_PER_MINUTE,
    TIE_FROM,
    TIE_UNTIL,
    TO,
    VALUE,
    W_BALANCE,
    W_CONTINUITY,
    W_LATE,
    W_OVERTIME,
    W_SHORT,
    W_STAFF,
    W_WAIT,
    W_WORST,
    WEEK_ACCOUNT,
)


@kernel
def route_price(w, node, way, account, g, k, v, care):
    """Return what task `k` on route `v` costs wherever it stands there, or `FORBIDDEN`."""
    tie = w.tie
    caregiver = way[v, CAREGIVER]
    for e in range(node[k, TIE_FROM], node[k, TIE_UNTIL]):
        u = node[w.tie[e, TO], ROUTE]
        if u >= 0 and (
            way[u, DATE] != way[v, DATE] or same_caregiver(node, way, tie, e, caregiver)
        ):
            return int64(FORBIDDEN)
    for e in range(node[k, SPACE_FROM], node[k, SPACE_UNTIL]):
        u = node[w.space[e, TO], ROUTE]
        if u >= 0:
            days = abs(way[u, DATE] - way[v, DATE])
            if days < w.space[e, LEAST] or days > w.space[e, MOST]:
                return int64(FORBIDDEN)
    if g[HAS_CONTRACTS] > 0 and not _contract_allows(w, k, v, care):
        return int64(FORBIDDEN)
    stops = way[v, STOP_ACCOUNT]
    if account[stops, VALUE] >= account[stops, HARD]:
        return int64(FORBIDDEN)
    cut = node[k, FULL] - care
    price = int64(w.price[1 if cut > 0 else 0, node[k, ROW], caregiver]) + g[W_SHORT] * cut
    if g[W_CONTINUITY] > 0 and w.met[node[k, CLIENT], caregiver] == 0:
        faces = account[g[FACE_ACCOUNTS] + node[k, CLIENT], VALUE]
        price += g[W_CONTINUITY] * (scale(g, faces + 1) - scale(g, faces))
    if g[W_BALANCE] > 0:
        given = way[v, CARE_ACCOUNT]
        price += g[W_BALANCE] * rise(account[given, VALUE], care, account[given, SOFT])
    if way[v, COUNT] == 0:
        price += g[W_STAFF]
    return price


@kernel
def _contract_allows(w, k, v, care):
    """Return whether the contract charged on route `v` still has room for task `k`."""
    g = w.g
    account = w.account
    charged = int64(w.charged[w.node[k, ROW], v])
    if charged < 0:
        return True
    first = g[CONTRACT_ACCOUNTS] + 3 * charged
    visits = 1 if w.node[k, CARER] == 1 else 0
    money = account[first + 2, PRICE] * care // (60 * g[TICKS_PER_MINUTE])
    return (
        account[first, VALUE] + care <= account[first, HARD]
        and account[first + 1, VALUE] + visits <= account[first + 1, HARD]
        and account[first + 2, VALUE] + money <= account[first + 2, HARD]
    )


@kernel
def payer_allows(node, account, k, care):
    """Return whether the entitlement that pays for task `k` still covers it."""
    payer = node[k, PAYER]
    if payer < 0:
        return True
    more = care
    if node[k, COUNTS] > 0:
        more = int64(1) if node[k, COUNTS] == 1 else int64(0)
    return account[payer, VALUE] + more <= account[payer, HARD]


@kernel
def _overtime_of_work(way, account, g, v, work):
    """Return what more work costs in overtime of day and week, or `FORBIDDEN`."""
    day, week = way[v, DAY_ACCOUNT], way[v, WEEK_ACCOUNT]
    if (
        account[day, VALUE] + work > account[day, HARD]
        or account[week, VALUE] + work > account[week, HARD]
    ):
        return int64(FORBIDDEN)
    above = rise(account[day, VALUE], work, account[day, SOFT])
    return g[W_OVERTIME] * (above + rise(account[week, VALUE], work, account[week, SOFT]))


@kernel
def scan(w, word, blink, k, care, ceiling, narrow, side):
    """List the places where task `k` can go for less than `ceiling`.

    With `narrow` the ceiling falls to the best price known so far. Returns the number of
    options, the smallest `OWN`, and the option with the smallest `KEY` (with `narrow`: the
    cheapest one that delays nothing, -1 if there is none).

    `KEY` is a lower bound of the cost and exact if nothing downstream becomes late, `OWN`
    is the cost without what happens downstream, `PLAIN` also without the task's own
    lateness (two coupled tasks settle their lateness together).
    """
    account = w.account
    metres = w.metres
    tasks = w.g[TASKS]
    g = w.g
    node = w.node
    way = w.way
    tie = w.tie
    n = g[TASKS]
    count = 0
    best = -1
    least_own = int64(FORBIDDEN)
    least_key = int64(FORBIDDEN)
    worst = g[T_WORST]
    earliest = node[k, EARLIEST]
    latest = node[k, LATEST]
    due = node[k, DUE]
    level = node[k, LEVEL]
    pk = node[k, PLACE]
    tied = False
    for e in range(node[k, TIE_FROM], node[k, TIE_UNTIL]):
        q = tie[e, TO]
        if node[q, ROUTE] >= 0:
            tied = True
            if node[q, START] + tie[e, IN] > earliest:
                earliest = node[q, START] + tie[e, IN]
            if node[q, LIMIT] - tie[e, OUT] < latest:
                latest = node[q, LIMIT] - tie[e, OUT]
    if earliest > latest or not payer_allows(node, account, k, care):
        return 0, least_own, -1
    # Distance to the next position that is skipped, drawn instead of one number each.
    skip = int64(np.log(fraction(word) + 1e-300) * blink)
    flip = fraction(word) < 0.5
    options = w.option[side]
    row_route = w.row_route
    travel = w.travel
    for r in range(node[k, ROW_FROM], node[k, ROW_UNTIL]):
        v = int64(row_route[r])
        fixed = int64(-1)
        i = n + v
        mode = way[v, MODE]
        longest = way[v, LONGEST]
        while i < n or i == n + v:
            j = node[i, NEXT]
            ready = node[i, START] + node[i, CARE]
            if ready > latest:
                break
            if earliest + care > node[j, LIMIT] and j < n:
                i = j
                continue
            if g[HAS_LEVELS] > 0 and (
                (level == 1 and j < n and node[j, LEVEL] == 0)
                or (level == 0 and i < n and node[i, LEVEL] == 1)
            ):
                i = j
                continue
            pi = node[i, PLACE]
            ik = int64(travel[mode, pi, pk])
            here = way[v, PAUSE] == i
            choices = 2 if here and way[v, BREAK_LENGTH] > 0 else 1
            for choice in range(choices):
                # Before or behind the break often costs the same; neither must always win.
                moves = choice if choices == 1 or not flip else 1 - choice
                start = reach(way, here and moves == 0, v, ready, ik, False)
                if start < earliest:
                    start = earliest
                if start > latest:
                    continue
                skip -= 1
                if skip < 0:
                    skip = int64(np.log(fraction(word) + 1e-300) * blink)
                    continue
                last = j >= n
                pj = node[j, PLACE]
                kj = int64(travel[mode, pk, pj])
                if ik > longest or kj > longest:
                    continue
                y = reach(way, moves == 1, v, start + care, kj, last)
                if y > node[j, LIMIT]:
                    continue
                if fixed < 0:
                    fixed = route_price(w, node, way, account, g, k, v, care)
                if fixed >= ceiling:
                    break
                first = i >= n
                plain = fixed + leg_cost(way, metres, v, pi, pk, ik, first)
                plain += leg_cost(way, metres, v, pk, pj, kj, last)
                ij = node[i, HOP]
                if way[v, COUNT] > 0:
                    plain -= leg_cost(way, metres, v, pi, pj, ij, first or last)
                if way[v, LIMITED]:
                    work = care
                    if not first:
                        work += ik
                    if not last:
                        work += kj
                    if not first and not last:
                        work -= ij
                    extra = _overtime_of_work(way, account, g, v, work)
                    if extra >= FORBIDDEN:
                        continue
                    plain += extra
                if g[W_WAIT] > 0:
                    plain += g[W_WAIT] * _idle_change(node, tasks, i, j, ready, start, care, ik, kj)
                late = start - due if start > due else int64(0)
                own = plain + g[W_LATE] * late
                push = y - node[j, EASY]
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
                options[count, KEY] = key
                options[count, OWN] = own
                options[count, AT] = start
                options[count, AFTER] = i
                options[count, BEFORE] = j
                options[count, ON] = v
                options[count, MOVES] = moves
                options[count, PLAIN] = plain
                options[count, PUSH] = push
                if not narrow and key < least_key:
                    least_key = key
                    best = count
                if own < least_own:
                    least_own = own
                count += 1
                if narrow and push <= 0:
                    ceiling = key
                    best = count - 1
            if fixed >= ceiling:
                break
            if g[W_LATE] > 0 and (ready - due) * g[W_LATE] >= ceiling:
                break
            i = j
    return count, least_own, best


@kernel
def _idle_change(node, tasks, i, j, ready, start, care, ik, kj):
    """Estimate how idle time changes between `i` and `j` (exact if `j` is not delayed)."""
    n = tasks
    change = int64(0)
    if i < n:
        gap = start - ready - ik
        change += gap if gap > 0 else int64(0)
    if j < n:
        gap = node[j, START] - start - care - kj
        change += gap if gap > 0 else int64(0)
    if i < n and j < n:
        change -= node[j, START] - ready - node[i, HOP]
    return change


@kernel
def _tie_push(node, tie, k, start, push):
    """Return the largest push of task `k` at `start` on its present coupled tasks."""
    for e in range(node[k, TIE_FROM], node[k, TIE_UNTIL]):
        q = tie[e, TO]
        if node[q, ROUTE] >= 0 and start + tie[e, OUT] - node[q, EASY] > push:
            push = start + tie[e, OUT] - node[q, EASY]
    return push
