"""Who is unserved at present, for how long already, and what that makes them worth.

A visit that stays unserved grows in worth with every few steps, beyond its price in the
cost. So a visit that few caregivers can serve comes to drive out one that is easier to place
elsewhere, although both cost the same when unserved. Counting how often a visit was unserved
is an idea of Christiaens and Vanden Berghe, Transportation Science 54 (2020), who use it to save
vehicles. What a roster costs, and which roster is the best one, never depends on these extras.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.compiled import entry, kernel, leaf
from optimizer.search.kernels.rng import below
from optimizer.search.kernels.world import (
    T_EXTRA_WORTH,
    UNIT_MARK,
    UNITS,
    UNSERVED,
    UNSERVED_AT,
    UNSERVED_BEFORE,
)

SEEN_AT_ONCE = 64
"Unserved visits that grow in worth at a time; where there are more, they take turns."
NEAR_LOOK = 60
"Tasks nearest to the centre that are looked at for unserved ones; farther ones are left alone."


@leaf
def is_unserved(node, unit, u):
    """Return whether a task of unit `u` is on no route."""
    two = unit[u, 1]
    return node[unit[u, 0]].route < 0 or (two >= 0 and node[two].route < 0)


@leaf
def unit_worth(node, unit, worth, u):
    """Return what the unserved tasks of unit `u` are worth."""
    one, two = unit[u, 0], unit[u, 1]
    total = int64(0)
    if node[one].route < 0:
        total += worth[one]
    if two >= 0 and node[two].route < 0:
        total += worth[two]
    return total


@kernel
def list_unserved(w):
    """List all units with an unserved task anew; return their number."""
    node = w.node
    unit = w.unit
    count = int64(0)
    for u in range(unit.shape[0]):
        w.pick[UNSERVED_AT, u] = -1
        if is_unserved(node, unit, u):
            w.pick[UNSERVED, count] = u
            w.pick[UNSERVED_AT, u] = count
            count += 1
    return count


@kernel
def update_unserved(w, listed, count):
    """Bring the list of unserved units up to date after a step that moved `listed` units."""
    node = w.node
    unit = w.unit
    pick = w.pick
    for c in range(listed):
        u = pick[UNITS, c]
        at = pick[UNSERVED_AT, u]
        if is_unserved(node, unit, u):
            if at < 0:
                pick[UNSERVED, count] = u
                pick[UNSERVED_AT, u] = count
                count += 1
        elif at >= 0:
            count -= 1
            last = pick[UNSERVED, count]
            pick[UNSERVED, at] = last
            pick[UNSERVED_AT, last] = at
            pick[UNSERVED_AT, u] = -1
    return count


@kernel
def add_unserved(w, rng, stamp, centre, listed, num_unserved, most):
    """Add up to `most` units that were unserved before: those near the centre, then others."""
    node = w.node
    unit = w.unit
    pick = w.pick
    for c in range(listed):
        pick[UNIT_MARK, pick[UNITS, c]] = stamp
    until = listed + most
    for c in range(min(w.near.shape[1], NEAR_LOOK)):
        u = int64(node[w.near[centre, c]].unit)
        if listed < until and pick[UNIT_MARK, u] != stamp and is_unserved(node, unit, u):
            pick[UNIT_MARK, u] = pick[UNSERVED_BEFORE, u] = stamp
            pick[UNITS, listed] = u
            listed += 1
    begin = below(rng, num_unserved) if num_unserved > 0 else int64(0)
    for c in range(min(num_unserved, most)):
        u = pick[UNSERVED, (begin + c) % num_unserved]
        if listed < until and pick[UNIT_MARK, u] != stamp:
            pick[UNIT_MARK, u] = pick[UNSERVED_BEFORE, u] = stamp
            pick[UNITS, listed] = u
            listed += 1
    return listed


@kernel
def remember(w, rng, num_unserved, share):
    """Let unserved visits grow in worth by a share of their price, to at most its double."""
    g = w.g
    node = w.node
    begin = below(rng, num_unserved)
    for c in range(min(num_unserved, SEEN_AT_ONCE)):
        u = w.pick[UNSERVED, (begin + c) % num_unserved]
        for half in range(2):
            k = w.unit[u, half]
            if k < 0 or node[k].route >= 0:
                continue
            more = min(int64(share * w.prize[k]), 2 * w.prize[k] - w.worth[k])
            w.worth[k] += more
            g[T_EXTRA_WORTH] += more


@entry
def forget(w):
    """Let every visit be worth its price again."""
    for k in range(w.prize.shape[0]):
        w.worth[k] = w.prize[k]
    w.g[T_EXTRA_WORTH] = 0
