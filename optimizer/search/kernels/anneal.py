"""The search loop: exchange, ruin, recreate, accept or take back."""

from __future__ import annotations

import numpy as np
from numpy import int64

from optimizer.problem.layout import EARLIEST, FULL, LATEST, ROW, UNIT
from optimizer.search.kernels.chance import below, fraction
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.exchange import place_break, swap_routes, swap_tails
from optimizer.search.kernels.insertion import insert_unit, refresh_tardy
from optimizer.search.kernels.pricing import FORBIDDEN
from optimizer.search.kernels.ruin import (
    P_ABSENT,
    P_BLINK,
    P_PAUSE,
    P_ROUTE_SHARE,
    P_STRING_SHARE,
    P_SWAP,
    P_TAIL,
    ruin_related,
    ruin_routes,
    ruin_strings,
)
from optimizer.search.kernels.state import (
    BROKEN,
    COUNT,
    FALLING,
    RISING,
    ROUTE,
    T_UNSERVED,
    TARDY,
    VISIT_STAMP,
    WAYS_LOGGED,
    begin,
    cost_of,
    forget_tardy,
    rising_cost,
    roll_back,
    settle_waiting,
    settle_worst,
)
from optimizer.search.kernels.timing import lower_starts, raise_latest

# Entries of `tally`, the loop's counters and costs.
CURRENT, BEST, ITERATIONS, ACCEPTED, IMPROVED, ABANDONED, INSERTED, BROKEN_COUNT, STAMP = range(9)
TALLY = 10


@kernel
def settle_removals(pb, st):  # type: ignore[no-untyped-def]
    """Bring all times in order after tasks were taken out or exchanged."""
    n, m = pb.task.shape[0], pb.route.shape[0]
    st.counter[VISIT_STAMP] += 1
    stamp = st.counter[VISIT_STAMP]
    count = 0
    for c in range(st.counter[FALLING]):
        x = st.falling[c]
        if (x >= n + m or (x < n and st.node[x, ROUTE] >= 0)) and st.seen[x] != stamp:
            st.seen[x] = stamp
            st.listed[count] = x
            count += 1
    fine = lower_starts(pb, st, count)
    settle_worst(pb, st)
    st.counter[VISIT_STAMP] += 1
    stamp = st.counter[VISIT_STAMP]
    count = 0
    for c in range(st.counter[RISING] + st.counter[TARDY]):
        x = st.rising[c] if c < st.counter[RISING] else st.tardy[c - st.counter[RISING]]
        if (x >= n + m or (x < n and st.node[x, ROUTE] >= 0)) and st.seen[x] != stamp:
            st.seen[x] = stamp
            st.listed[count] = x
            count += 1
    st.counter[FALLING] = 0
    st.counter[RISING] = 0
    forget_tardy(st)
    if fine:
        raise_latest(pb, st, count)
    return fine


@kernel
def unit_prize(pb, st, u):  # type: ignore[no-untyped-def]
    """Return what leaving out the absent tasks of unit `u` costs."""
    one, two = pb.unit[u, 0], pb.unit[u, 1]
    prize = int64(0)
    if st.node[one, ROUTE] < 0:
        prize += pb.prize[one]
    if two >= 0 and st.node[two, ROUTE] < 0:
        prize += pb.prize[two]
    return prize


@kernel
def _sort_units(pb, st, sc, word, count):  # type: ignore[no-untyped-def]
    """Order the listed units by one of several keys, drawn anew each time."""
    draw = fraction(word) * 14.0
    for c in range(count):
        u = sc.units[c]
        k = pb.unit[u, 0]
        row = pb.task[k, ROW]
        carers = pb.row_ptr[row + 1] - pb.row_ptr[row]
        if draw < 4.0:
            key = fraction(word)
        elif draw < 6.0:
            key = -float(pb.far[k])
        elif draw < 7.0:
            key = float(pb.far[k])
        elif draw < 9.0:
            key = float(carers) - (1000.0 if pb.unit[u, 1] >= 0 else 0.0) + fraction(word)
        elif draw < 11.0:
            key = float(pb.task[k, LATEST])
        elif draw < 12.0:
            key = -float(pb.task[k, EARLIEST])
        elif draw < 13.0:
            key = -float(unit_prize(pb, st, u)) + fraction(word)
        else:
            key = -float(pb.task[k, FULL]) + fraction(word)
        z = c
        while z > 0 and sc.key[z - 1] > key:
            sc.key[z] = sc.key[z - 1]
            sc.units[z] = sc.units[z - 1]
            z -= 1
        sc.key[z] = key
        sc.units[z] = u


@kernel
def recreate(pb, st, sc, word, par, count, threshold, tally):  # type: ignore[no-untyped-def]
    """Put the listed units back one by one, each at its cheapest place.

    Gives up as soon as the cost cannot stay below `threshold`; returns whether it went on
    to the end.
    """
    _sort_units(pb, st, sc, word, count)
    blink = 1.0 / np.log(1.0 - par[P_BLINK])
    pending = int64(0)
    for c in range(count):
        pending += unit_prize(pb, st, sc.units[c])
    for c in range(count):
        u = sc.units[c]
        prize = unit_prize(pb, st, u)
        risen = rising_cost(pb, st)
        if risen + st.total[T_UNSERVED] - pending >= threshold:
            return False
        pending -= prize
        ceiling = prize
        if threshold - risen < ceiling:
            ceiling = threshold - risen
        insert_unit(pb, st, sc, word, blink, u, ceiling)
        if st.counter[BROKEN]:
            return False
        tally[INSERTED] += 1
    return True


@kernel
def _list_absent(pb, st, sc, word, par, count, centre, absent, num_absent):  # type: ignore[no-untyped-def]
    """Add units that were absent before: the near ones, then some drawn from all."""
    room = int64(par[P_ABSENT])
    if num_absent <= room:
        for c in range(num_absent):
            sc.units[count] = absent[c]
            count += 1
        return count
    begin_at = below(word, num_absent)
    for c in range(room):
        sc.units[count] = absent[(begin_at + c) % num_absent]
        count += 1
    return count


@kernel
def list_absent_units(pb, st, absent):  # type: ignore[no-untyped-def]
    """Write all units with an absent task to `absent`; return their number."""
    count = 0
    for u in range(pb.unit.shape[0]):
        one, two = pb.unit[u, 0], pb.unit[u, 1]
        if st.node[one, ROUTE] < 0 or (two >= 0 and st.node[two, ROUTE] < 0):
            absent[count] = u
            count += 1
    return count


@kernel
def _mean_route(pb, st):  # type: ignore[no-untyped-def]
    used = 0
    stops = 0
    for v in range(pb.route.shape[0]):
        if st.way[v, COUNT] > 0:
            used += 1
            stops += st.way[v, COUNT]
    return stops / used if used > 0 else 1.0


@kernel
def _disturb(pb, st, sc, word, par, centre, mean, tally):  # type: ignore[no-untyped-def]
    """Exchange routes or tails, then ruin around the centre; returns the listed units."""
    for _ in range(3):
        if fraction(word) < par[P_SWAP]:
            swap_routes(pb, st, sc, word)
    if fraction(word) < par[P_TAIL]:
        swap_tails(pb, st, sc, word, centre)
    tally[STAMP] += 1
    kind = fraction(word)
    if kind < par[P_STRING_SHARE]:
        count = ruin_strings(pb, st, sc, word, par, tally[STAMP], centre, mean)
    elif kind < par[P_STRING_SHARE] + par[P_ROUTE_SHARE]:
        count = ruin_routes(pb, st, sc, word, tally[STAMP], centre)
    else:
        count = ruin_related(pb, st, sc, word, par, centre)
    if fraction(word) < par[P_PAUSE]:
        for c in range(st.counter[WAYS_LOGGED]):
            place_break(pb, st, st.way_id[c])
    return count


@kernel
def keep_best(pb, st, best_node, best_way):  # type: ignore[no-untyped-def]
    """Copy routes and times as the best known ones."""
    best_node[:, :] = st.node
    best_way[:, :] = st.way


@kernel
def anneal(pb, st, sc, word, par, tally, absent, best_node, best_way, steps, warm, cool):  # type: ignore[no-untyped-def]
    """Run `steps` iterations while the temperature falls from `warm` to `cool`.

    A step exchanges routes, takes visits out around a centre, puts them back at their
    cheapest places and accepts the result if its cost is below the present cost plus a
    random allowance that shrinks with the temperature. The allowance is drawn before the
    visits go back, so that hopeless steps end early. `tally` carries costs and counts.
    """
    n = pb.task.shape[0]
    num_absent = list_absent_units(pb, st, absent)
    mean = _mean_route(pb, st)
    drop = np.log(cool / warm)
    for step in range(steps):
        if step % 256 == 255:
            mean = _mean_route(pb, st)
        temperature = warm * np.exp(drop * step / steps)
        begin(st)
        tally[ITERATIONS] += 1
        centre = below(word, n)
        if num_absent > 0 and fraction(word) < 0.3:
            centre = pb.unit[absent[below(word, num_absent)], 0]
        count = _disturb(pb, st, sc, word, par, centre, mean, tally)
        count = _list_absent(pb, st, sc, word, par, count, centre, absent, num_absent)
        accepted = False
        if not st.counter[BROKEN] and settle_removals(pb, st):
            allowance = -temperature * np.log(fraction(word) + 1e-300)
            threshold = tally[CURRENT] + int64(min(allowance, 1e15)) + 1
            if recreate(pb, st, sc, word, par, count, threshold, tally):
                settle_waiting(pb, st)
                cost = cost_of(pb, st)
                accepted = cost < threshold
        else:
            tally[BROKEN_COUNT] += 1
        if not accepted:
            tally[ABANDONED] += 1
            roll_back(pb, st)
            continue
        tally[ACCEPTED] += 1
        tally[CURRENT] = cost
        num_absent = list_absent_units(pb, st, absent) if count > 0 else num_absent
        if cost < tally[BEST]:
            tally[BEST] = cost
            tally[IMPROVED] += 1
            keep_best(pb, st, best_node, best_way)


@kernel
def construct(pb, st, sc, word, par, tally):  # type: ignore[no-untyped-def]
    """Insert everything that is absent, most constrained first; sets the tally's costs."""
    count = list_absent_units(pb, st, sc.units)
    for c in range(count):
        u = sc.units[c]
        row = pb.task[pb.unit[u, 0], ROW]
        sc.key[c] = float(pb.row_ptr[row + 1] - pb.row_ptr[row])
        if pb.unit[u, 1] >= 0:
            sc.key[c] -= 1000.0
        sc.key[c] += 1e-9 * pb.task[pb.unit[u, 0], LATEST]
    order = np.argsort(sc.key[:count])
    blink = 1.0 / np.log(1.0 - par[P_BLINK])
    for c in range(count):
        u = sc.units[order[c]]
        begin(st)
        insert_unit(pb, st, sc, word, blink, u, FORBIDDEN)
        if st.counter[BROKEN]:
            roll_back(pb, st)
    begin(st)
    settle_waiting(pb, st)
    tally[CURRENT] = cost_of(pb, st)
