"""Putting the visits of a step back, one by one, each at its cheapest place.

Now and then a position is overlooked on purpose: a blink.

References
----------
Christiaens and Vanden Berghe, Slack induction by string removals for vehicle routing problems,
Transportation Science 54(2) (2020): blinks.
"""

from __future__ import annotations

import numpy as np
from numpy import int64

from optimizer.search.kernels.compiled import entry, kernel
from optimizer.search.kernels.insertion import insert_unit
from optimizer.search.kernels.order import sort_by_key
from optimizer.search.kernels.parameter_row import P_BLINK, P_ELSEWHERE, P_WILD
from optimizer.search.kernels.rng import fraction
from optimizer.search.kernels.scan import EVERYWHERE, NEAR, TOUCHED_ONLY
from optimizer.search.kernels.state import begin, cost_of, rising_cost, roll_back
from optimizer.search.kernels.unserved import list_unserved, unit_worth
from optimizer.search.kernels.waiting import settle_waiting
from optimizer.search.kernels.world import (
    BROKEN,
    CURRENT,
    FORBIDDEN,
    INSERTED,
    STAMP,
    T_EXTRA_WORTH,
    T_SLOPE,
    T_UNSERVED,
    UNITS,
    UNSERVED,
    UNSERVED_BEFORE,
)

WILD_BLINK = 0.3
"Chance that a position is overlooked in a wild step."
WILD_SKIP = 0.1
"Chance that a unit has to wait for the second try in a wild step."
SECOND_TRIES = 4
"Units without a place that are tried once more at the end of a step; others stay unserved in it."


ALONE = 0.05
"Share of sequences of which only one visit is tried, on small days."
AT_LOSS = 0.1
"Share of steps on small days in which visits may cost more than they are worth: others need them."


@kernel
def _sort_units(w, rng, count, ejecting):
    """Order the listed units by one of several keys, drawn anew each time.

    When the step is to make room for a visit, the most valuable go first.
    """
    unit = w.unit
    node = w.node
    draw = 12.0 if ejecting else fraction(rng) * 14.0
    for c in range(count):
        u = w.pick[UNITS, c]
        k = w.unit[u, 0]
        if draw < 4.0:
            key = fraction(rng)
        elif draw < 6.0:
            key = -float(node[k].far)
        elif draw < 7.0:
            key = float(node[k].far)
        elif draw < 9.0:
            carers = node[k].row_until - node[k].row_from
            key = float(carers) - (1000.0 if w.unit[u, 1] >= 0 else 0.0) + fraction(rng)
        elif draw < 11.0:
            key = float(node[k].latest)
        elif draw < 12.0:
            key = -float(node[k].earliest)
        elif draw < 13.0:
            key = -float(unit_worth(node, unit, w.worth, u)) + fraction(rng)
        else:
            key = -float(node[k].full) + fraction(rng)
        w.key[c] = key
    sort_by_key(w.key, w.pick[UNITS], count)


@kernel
def recreate(w, rng, par, count, threshold, ejecting, tally):
    """Put the listed units back one by one, each at its cheapest place.

    Gives up as soon as the cost, the extra worth of unserved visits weighed in, cannot stay
    below `threshold`; returns whether it went on to the end.
    """
    node = w.node
    unit = w.unit
    worth = w.worth
    pick = w.pick
    g = w.g
    _sort_units(w, rng, count, ejecting)
    often = fraction(rng) < par[P_WILD]
    blink = 1.0 / np.log(1.0 - (WILD_BLINK if often else par[P_BLINK]))
    # Where every visit is tried on all routes the day is small: time for what seldom helps.
    small = par[P_ELSEWHERE] >= 1.0
    at_loss = small and fraction(rng) < AT_LOSS
    hoped = SECOND_TRIES if small else 0
    alone = ALONE if small else 0.0
    pending = int64(0)
    for c in range(count):
        pending += unit_worth(node, unit, worth, w.pick[UNITS, c])
    for turn in range(2):
        # What found no place may find one now that others have taken theirs.
        tries = count if turn == 0 else SECOND_TRIES
        for c in range(count):
            u = w.pick[UNITS, c]
            gain = unit_worth(node, unit, worth, u)
            if turn == 1:
                if gain == 0:
                    continue
                tries -= 1
                if tries < 0:
                    break
            risen = rising_cost(g) + g[T_SLOPE]
            if risen + g[T_UNSERVED] + g[T_EXTRA_WORTH] - pending >= threshold:
                return False
            if turn == 0 and often and fraction(rng) < WILD_SKIP:
                if hoped > 0:
                    hoped -= 1
                else:
                    pending -= gain
                continue
            if turn == 0 or small:
                pending -= gain
            ceiling = threshold - risen
            if not at_loss and gain < ceiling:
                ceiling = gain
            routes = EVERYWHERE if turn == 1 else NEAR
            before = pick[UNSERVED_BEFORE, u] == tally[STAMP]
            # Where every visit is tried on all routes, nothing is drawn.
            if before and par[P_ELSEWHERE] < 1.0 and fraction(rng) >= par[P_ELSEWHERE]:
                routes = TOUCHED_ONLY
            insert_unit(w, rng, blink, u, ceiling, routes, at_loss, alone)
            if g[BROKEN]:
                return False
            tally[INSERTED] += 1
            if turn == 0 and hoped > 0:
                left = unit_worth(node, unit, worth, u)
                if left > 0:
                    hoped -= 1
                    pending += left
    return True


@entry
def construct(w, rng, par, tally, shuffled):
    """Insert everything that is unserved, most constrained first or `shuffled`.

    Sets the present cost of the tally.
    """
    node = w.node
    g = w.g
    count = list_unserved(w)
    for c in range(count):
        u = w.pick[UNSERVED, c]
        k = w.unit[u, 0]
        if shuffled:
            w.key[c] = fraction(rng)
        else:
            w.key[c] = float(node[k].row_until - node[k].row_from) + 1e-9 * node[k].latest
            if w.unit[u, 1] >= 0:
                w.key[c] -= 1000.0
    sort_by_key(w.key, w.pick[UNSERVED], count)
    blink = 1.0 / np.log(1.0 - (WILD_BLINK if shuffled else par[P_BLINK]))
    alone = ALONE if par[P_ELSEWHERE] >= 1.0 else 0.0
    for c in range(count):
        begin(w)
        insert_unit(w, rng, blink, w.pick[UNSERVED, c], FORBIDDEN, EVERYWHERE, False, alone)
        if g[BROKEN]:
            roll_back(w)
        else:
            settle_waiting(w)
    tally[CURRENT] = cost_of(g)
