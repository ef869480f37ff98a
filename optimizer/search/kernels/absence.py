"""Who is unserved at present, for how long already, and what that makes them worth.

A visit that stays unserved grows in worth with every few steps, beyond its price in the
cost. So a visit that few caregivers can serve comes to drive out one that is easier to place
elsewhere, although both cost the same when unserved. The idea of counting absences is from
Christiaens and Vanden Berghe, Transportation Science 54 (2020), who use it to save vehicles.
What a roster costs, and which roster is the best one, never depends on these extras.
"""

from __future__ import annotations

from numpy import int64

from optimizer.search.kernels.chance import below
from optimizer.search.kernels.compiled import entry, kernel, leaf
from optimizer.search.kernels.world import (
    ABSENT,
    ABSENT_AT,
    ABSENT_BEFORE,
    T_ABSENCE,
    UNIT_MARK,
    UNITS,
)

SEEN_AT_ONCE = 64
"Unserved visits that grow in worth at a time; where there are more, they take turns."
NEAR_LOOK = 60
"Tasks nearest to the centre that are looked at for unserved ones; farther ones are left alone."


@leaf
def is_absent(node, unit, u):
    """Return whether a task of unit `u` is on no route."""
    two = unit[u, 1]
    return node[unit[u, 0]].route < 0 or (two >= 0 and node[two].route < 0)


@leaf
def unit_worth(node, unit, worth, u):
    """Return what the absent tasks of unit `u` are worth."""
    one, two = unit[u, 0], unit[u, 1]
    total = int64(0)
    if node[one].route < 0:
        total += worth[one]
    if two >= 0 and node[two].route < 0:
        total += worth[two]
    return total


@kernel
def list_absent(w):
    """List all units with an absent task anew; return their number."""
    node = w.node
    unit = w.unit
    count = int64(0)
    for u in range(unit.shape[0]):
        w.pick[ABSENT_AT, u] = -1
        if is_absent(node, unit, u):
            w.pick[ABSENT, count] = u
            w.pick[ABSENT_AT, u] = count
            count += 1
    return count


@kernel
def update_absent(w, listed, count):
    """Bring the list of absent units up to date after a step that moved `listed` units."""
    node = w.node
    unit = w.unit
    pick = w.pick
    for c in range(listed):
        u = pick[UNITS, c]
        at = pick[ABSENT_AT, u]
        if is_absent(node, unit, u):
            if at < 0:
                pick[ABSENT, count] = u
                pick[ABSENT_AT, u] = count
                count += 1
        elif at >= 0:
            count -= 1
            last = pick[ABSENT, count]
            pick[ABSENT, at] = last
            pick[ABSENT_AT, last] = at
            pick[ABSENT_AT, u] = -1
    return count


@kernel
def add_absent(w, word, stamp, centre, listed, num_absent, most):
    """Add up to `most` units that were absent before: those near the centre, then others."""
    node = w.node
    unit = w.unit
    pick = w.pick
    for c in range(listed):
        pick[UNIT_MARK, pick[UNITS, c]] = stamp
    until = listed + most
    for c in range(min(w.near.shape[1], NEAR_LOOK)):
        u = int64(node[w.near[centre, c]].unit)
        if listed < until and pick[UNIT_MARK, u] != stamp and is_absent(node, unit, u):
            pick[UNIT_MARK, u] = pick[ABSENT_BEFORE, u] = stamp
            pick[UNITS, listed] = u
            listed += 1
    begin = below(word, num_absent) if num_absent > 0 else int64(0)
    for c in range(min(num_absent, most)):
        u = pick[ABSENT, (begin + c) % num_absent]
        if listed < until and pick[UNIT_MARK, u] != stamp:
            pick[UNIT_MARK, u] = pick[ABSENT_BEFORE, u] = stamp
            pick[UNITS, listed] = u
            listed += 1
    return listed


@kernel
def remember(w, word, num_absent, share):
    """Let absent visits grow in worth by a share of their price, to at most its double."""
    g = w.g
    node = w.node
    begin = below(word, num_absent)
    for c in range(min(num_absent, SEEN_AT_ONCE)):
        u = w.pick[ABSENT, (begin + c) % num_absent]
        for half in range(2):
            k = w.unit[u, half]
            if k < 0 or node[k].route >= 0:
                continue
            more = min(int64(share * w.prize[k]), 2 * w.prize[k] - w.worth[k])
            w.worth[k] += more
            g[T_ABSENCE] += more


@entry
def forget(w):
    """Let every visit be worth its price again."""
    for k in range(w.prize.shape[0]):
        w.worth[k] = w.prize[k]
    w.g[T_ABSENCE] = 0
