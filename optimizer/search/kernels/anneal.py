"""The search loop: exchange, ruin, recreate, accept or take back."""

from __future__ import annotations

import numpy as np
from numpy import int64

from optimizer.search.kernels.accounts import LOG_FULL, LOG_WAY
from optimizer.search.kernels.chance import below, fraction
from optimizer.search.kernels.compiled import kernel
from optimizer.search.kernels.exchange import place_break, swap_routes, swap_tails
from optimizer.search.kernels.insertion import insert_unit
from optimizer.search.kernels.order import sort_by_key
from optimizer.search.kernels.ruin import (
    P_ABSENT,
    P_BLINK,
    P_PAUSE,
    P_ROUTE_SHARE,
    P_STRING_SHARE,
    P_SWAP,
    P_TAIL,
    P_WILD,
    mend_legs,
    ruin_related,
    ruin_routes,
    ruin_strings,
)
from optimizer.search.kernels.state import (
    begin,
    cost_of,
    forget_tardy,
    rising_cost,
    roll_back,
    settle_waiting,
    settle_worst,
)
from optimizer.search.kernels.timing import lower_starts, raise_latest
from optimizer.search.kernels.world import (
    ABSENT,
    BROKEN,
    CHANGING,
    COUNT,
    EARLIEST,
    FALL,
    FALLING,
    FAR,
    FORBIDDEN,
    FULL,
    LATEST,
    LISTED,
    LOGGED,
    PAUSE,
    PRIZE,
    RISE,
    RISING,
    ROUTE,
    ROUTES,
    ROW_FROM,
    ROW_UNTIL,
    SEEN,
    T_UNSERVED,
    TARDY,
    TARDY_LIST,
    TASKS,
    UNITS,
    VISIT_STAMP,
)

# Entries of `tally`, the loop's counters and costs.
(
    CURRENT,
    BEST,
    ITERATIONS,
    ACCEPTED,
    IMPROVED,
    ABANDONED,
    INSERTED,
    BROKEN_STEPS,
    STAMP,
    OVERFLOWN,
) = range(10)
TALLY = 10


WILD_BLINK = 0.3
"Chance that a position is overlooked in a wild step."
WILD_SKIP = 0.1
"Chance that a unit has to wait for the second try in a wild step."
SECOND_TRIES = 4
"So many units without a place are tried once more at the end of a step."


@kernel
def settle_removals(w):
    """Bring all times in order after tasks were taken out or exchanged."""
    g = w.g
    node = w.node
    room = w.room
    n, m = g[TASKS], g[ROUTES]
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    count = 0
    for c in range(g[FALLING]):
        x = w.dirty[c, FALL]
        if (x >= n + m or (x < n and node[x, ROUTE] >= 0)) and room[x, SEEN] != stamp:
            room[x, SEEN] = stamp
            room[count, LISTED] = x
            count += 1
    fine = lower_starts(w, count)
    settle_worst(w)
    g[VISIT_STAMP] += 1
    stamp = g[VISIT_STAMP]
    count = 0
    for c in range(g[RISING] + g[TARDY]):
        x = w.dirty[c, RISE] if c < g[RISING] else room[c - g[RISING], TARDY_LIST]
        if (x >= n + m or (x < n and node[x, ROUTE] >= 0)) and room[x, SEEN] != stamp:
            room[x, SEEN] = stamp
            room[count, LISTED] = x
            count += 1
    g[FALLING] = 0
    g[RISING] = 0
    forget_tardy(g)
    if fine:
        raise_latest(w, count)
    return fine


@kernel
def unit_prize(node, unit, u):
    """Return what leaving out the absent tasks of unit `u` costs."""
    one, two = unit[u, 0], unit[u, 1]
    prize = int64(0)
    if node[one, ROUTE] < 0:
        prize += node[one, PRIZE]
    if two >= 0 and node[two, ROUTE] < 0:
        prize += node[two, PRIZE]
    return prize


@kernel
def _sort_units(w, word, count):
    """Order the listed units by one of several keys, drawn anew each time."""
    unit = w.unit
    node = w.node
    draw = fraction(word) * 14.0
    for c in range(count):
        u = w.pick[UNITS, c]
        k = w.unit[u, 0]
        carers = node[k, ROW_UNTIL] - node[k, ROW_FROM]
        if draw < 4.0:
            key = fraction(word)
        elif draw < 6.0:
            key = -float(node[k, FAR])
        elif draw < 7.0:
            key = float(node[k, FAR])
        elif draw < 9.0:
            key = float(carers) - (1000.0 if w.unit[u, 1] >= 0 else 0.0) + fraction(word)
        elif draw < 11.0:
            key = float(node[k, LATEST])
        elif draw < 12.0:
            key = -float(node[k, EARLIEST])
        elif draw < 13.0:
            key = -float(unit_prize(node, unit, u)) + fraction(word)
        else:
            key = -float(node[k, FULL]) + fraction(word)
        w.key[c] = key
    sort_by_key(w.key, w.pick[UNITS], count)


@kernel
def recreate(w, word, par, count, threshold, tally):
    """Put the listed units back one by one, each at its cheapest place.

    Gives up as soon as the cost cannot stay below `threshold`; returns whether it went on
    to the end.
    """
    node = w.node
    unit = w.unit
    g = w.g
    _sort_units(w, word, count)
    often = fraction(word) < par[P_WILD]
    blink = 1.0 / np.log(1.0 - (WILD_BLINK if often else par[P_BLINK]))
    pending = int64(0)
    for c in range(count):
        pending += unit_prize(node, unit, w.pick[UNITS, c])
    for turn in range(2):
        # What found no place may find one now that others have taken theirs.
        tries = count if turn == 0 else SECOND_TRIES
        for c in range(count):
            u = w.pick[UNITS, c]
            prize = unit_prize(node, unit, u)
            if turn == 1:
                if prize == 0:
                    continue
                tries -= 1
                if tries < 0:
                    break
            risen = rising_cost(g)
            if risen + g[T_UNSERVED] - pending >= threshold:
                return False
            if turn == 0:
                pending -= prize
                if often and fraction(word) < WILD_SKIP:
                    continue
            ceiling = prize
            if threshold - risen < ceiling:
                ceiling = threshold - risen
            insert_unit(w, word, blink, u, ceiling)
            if g[BROKEN]:
                return False
            tally[INSERTED] += 1
    return True


@kernel
def _list_absent(w, word, par, count, num_absent):
    """Add units that were absent before: the near ones, then some drawn from all."""
    most = int64(par[P_ABSENT])
    if num_absent <= most:
        for c in range(num_absent):
            w.pick[UNITS, count] = w.pick[ABSENT, c]
            count += 1
        return count
    begin_at = below(word, num_absent)
    for c in range(most):
        w.pick[UNITS, count] = w.pick[ABSENT, (begin_at + c) % num_absent]
        count += 1
    return count


@kernel
def list_absent_units(w, row):
    """Write all units with an absent task to `absent`; return their number."""
    node = w.node
    count = 0
    for u in range(w.unit.shape[0]):
        one, two = w.unit[u, 0], w.unit[u, 1]
        if node[one, ROUTE] < 0 or (two >= 0 and node[two, ROUTE] < 0):
            w.pick[row, count] = u
            count += 1
    return count


@kernel
def _mean_route(w):
    g = w.g
    way = w.way
    used = 0
    stops = 0
    for v in range(g[ROUTES]):
        if way[v, COUNT] > 0:
            used += 1
            stops += way[v, COUNT]
    return stops / used if used > 0 else 1.0


@kernel
def _disturb(w, word, par, centre, mean, tally):
    """Exchange routes or tails, then ruin around the centre; returns the listed units."""
    g = w.g
    for _ in range(3):
        if fraction(word) < par[P_SWAP]:
            swap_routes(w, word)
    if fraction(word) < par[P_TAIL]:
        swap_tails(w, word, centre)
    tally[STAMP] += 1
    kind = fraction(word)
    if kind < par[P_STRING_SHARE]:
        count = ruin_strings(w, word, par, tally[STAMP], centre, mean)
    elif kind < par[P_STRING_SHARE] + par[P_ROUTE_SHARE]:
        count = ruin_routes(w, word, tally[STAMP], centre)
    else:
        count = ruin_related(w, word, par, centre)
    if fraction(word) < par[P_PAUSE]:
        for c in range(g[LOGGED]):
            if w.log[c, 0] == LOG_WAY:
                place_break(w, word, w.log[c, 1])
    return mend_legs(w, count)


@kernel
def keep_best(w, best_node, best_way):
    """Copy routes and times as the best known ones."""
    node = w.node
    way = w.way
    for x in range(node.shape[0]):
        for f in range(CHANGING):
            best_node[x, f] = node[x, f]
    for v in range(way.shape[0]):
        best_way[v, COUNT] = way[v, COUNT]
        best_way[v, PAUSE] = way[v, PAUSE]


@kernel
def anneal(w, word, par, tally, best_node, best_way, steps, warm, cool):
    """Run `steps` iterations while the temperature falls from `warm` to `cool`.

    A step exchanges routes, takes visits out around a centre, puts them back at their
    cheapest places and accepts the result if its cost is below the present cost plus a
    random allowance that shrinks with the temperature. The allowance is drawn before the
    visits go back, so that hopeless steps end early. `tally` carries costs and counts.
    """
    g = w.g
    n = g[TASKS]
    num_absent = list_absent_units(w, ABSENT)
    mean = _mean_route(w)
    drop = np.log(cool / warm)
    for step in range(steps):
        if step % 256 == 255:
            mean = _mean_route(w)
        temperature = warm * np.exp(drop * step / steps)
        begin(w)
        tally[ITERATIONS] += 1
        centre = below(word, n)
        if num_absent > 0 and fraction(word) < 0.3:
            centre = w.unit[w.pick[ABSENT, below(word, num_absent)], 0]
        count = _disturb(w, word, par, centre, mean, tally)
        count = _list_absent(w, word, par, count, num_absent)
        accepted = False
        if not g[BROKEN] and settle_removals(w):
            allowance = -temperature * np.log(fraction(word) + 1e-300)
            threshold = tally[CURRENT] + int64(min(allowance, 1e15)) + 1
            if recreate(w, word, par, count, threshold, tally):
                settle_waiting(w)
                cost = cost_of(g)
                accepted = cost < threshold
        else:
            tally[BROKEN_STEPS] += 1
        if g[BROKEN] & LOG_FULL:
            tally[OVERFLOWN] = 1
            return
        if not accepted:
            tally[ABANDONED] += 1
            roll_back(w)
            continue
        tally[ACCEPTED] += 1
        tally[CURRENT] = cost
        num_absent = list_absent_units(w, ABSENT) if count > 0 else num_absent
        if cost < tally[BEST]:
            tally[BEST] = cost
            tally[IMPROVED] += 1
            keep_best(w, best_node, best_way)


@kernel
def construct(w, word, par, tally, shuffled):
    """Insert everything that is absent, most constrained first or `shuffled`.

    Sets the present cost of the tally.
    """
    node = w.node
    g = w.g
    count = list_absent_units(w, ABSENT)
    for c in range(count):
        u = w.pick[ABSENT, c]
        k = w.unit[u, 0]
        if shuffled:
            w.key[c] = fraction(word)
        else:
            w.key[c] = float(node[k, ROW_UNTIL] - node[k, ROW_FROM]) + 1e-9 * node[k, LATEST]
            if w.unit[u, 1] >= 0:
                w.key[c] -= 1000.0
    sort_by_key(w.key, w.pick[ABSENT], count)
    blink = 1.0 / np.log(1.0 - (WILD_BLINK if shuffled else par[P_BLINK]))
    for c in range(count):
        begin(w)
        insert_unit(w, word, blink, w.pick[ABSENT, c], FORBIDDEN)
        if g[BROKEN]:
            roll_back(w)
        else:
            settle_waiting(w)
    tally[CURRENT] = cost_of(g)
