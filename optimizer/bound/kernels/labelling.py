"""Forward: the cheapest routes of one caregiver, by labels with a memory of what they served.

A label stands for a way from home to a node. What it remembers of earlier stops is a set of
rows near the node (an ng-set, as colours of one word), so a row may come again once it has been
forgotten: the routes are a superset of the real ones and their minimum a valid bound.
"""

from __future__ import annotations

import numpy as np

from optimizer.bound.kernels.arcs import NEVER, arrival, lay_arcs, price_of_end, price_of_stop
from optimizer.bound.kernels.compiled import allocating, kernel, leaf
from optimizer.bound.kernels.completion import cell_of, least_from_home, onward_from, rest_after
from optimizer.bound.kernels.tables import FAR, HOME, NOBODY, Arcs, Labels

ONLY_BOUND, QUICK, EXACT = 0, 1, 2
TIGHTENING = 3
"Labels that cannot come within so many tenths of the best route are no use as columns."
QUICK_TIGHTENING = 8
# What changes while labels are made: how many there are, how many routes have been kept, the
# cheapest of them, and the cost that a label has to be able to come below.
LABELS, KEPT, LOWEST, LIMIT = range(4)


@allocating
def price_route(day, arcs, journeys, memory, cuts, threshold, most_labels, effort, found):
    """Find routes that cost less than `threshold` after rewards.

    Parameters
    ----------
    day, journeys, memory, cuts
        The nodes, ways between rows, what is remembered, and what cuts cost.
    arcs
        The only arcs to go along, shape ``(0, 0)`` for all that there are. With only some,
        nothing returned is a bound.
    threshold
        At most 0.
    most_labels
        Labels after which labelling is given up; at least 1.
    effort
        `ONLY_BOUND` stops after the backward bound; `QUICK` forgets routes that differ only in
        what they have served, and returns that bound; `EXACT` forgets nothing.
    found
        Written: the best routes.

    Returns
    -------
    tuple
        Number of routes found, a lower bound of every route's cost that is at most `threshold`
        or exact, and the number of labels.
    """
    if len(arcs.to) == 0:
        q = len(day.row)
        shape = (q, q)
        arcs = Arcs(np.empty(shape, np.int32), np.empty(shape, np.int32), np.empty(shape, np.int64))
        lay_arcs(day, journeys, arcs)
    onward = onward_from(day, arcs)
    least, _ = least_from_home(day, onward)
    if effort == ONLY_BOUND or least >= threshold:
        return 0, least, 0
    labels = _room(day, most_labels)
    tally = np.array([0, 0, threshold, threshold])
    quick = effort == QUICK
    whole = _label(day, arcs, memory, cuts, onward, labels, tally, threshold, quick, found)
    for place in range(tally[KEPT]):
        found.length[place] = _traced(found.label[place], labels, found.nodes[place])
    if whole and not quick:
        least = min(tally[LOWEST], 0)
    return tally[KEPT], least, tally[LABELS]


@allocating
def _room(day, most):
    """Return room for so many labels; what is not used of it costs nothing."""
    cells = 0
    for x in range(len(day.latest)):
        cells = max(cells, (day.latest[x] >> day.cell) + 1)
    return Labels(
        np.empty(most, np.int32),
        np.empty(most, np.int32),
        np.empty(most, np.int64),
        np.empty(most, np.int32),
        np.empty(most, np.uint64),
        np.empty(most, np.uint64),
        np.empty(most, np.uint64),
        np.empty(most, np.int32),
        np.empty(most, np.uint8),
        np.empty(most, np.int32),
        np.empty(most, np.int32),
        np.full(len(day.row), NOBODY, np.int32),
        np.full(cells, NOBODY, np.int32),
    )


@kernel
def _label(day, arcs, memory, cuts, onward, labels, tally, threshold, quick, found):
    """Make all labels, in order of time; return whether there was room for them."""
    for y in range(len(day.row)):
        if day.first[y] > day.latest[y]:
            continue
        value = day.cost_in[y] + price_of_stop(day, y, day.first[y])
        if not _offer(
            day, memory, cuts, onward, labels, tally, threshold, quick, found,
            NOBODY, y, day.first[y], value,
        ):  # fmt: skip
            return False
    # A label leads to later cells only, as no stop is shorter than a cell.
    for cell in range(len(labels.cells)):
        label = labels.cells[cell]
        while label != NOBODY:
            if not labels.dead[label] and not _extend(
                day, arcs, memory, cuts, onward, labels, tally, threshold, quick, found, label
            ):
                return False
            label = labels.following[label]
    return True


@leaf
def _extend(day, arcs, memory, cuts, onward, labels, tally, threshold, quick, found, label):
    """Make the labels of all ways one stop longer; return whether there was room for them."""
    x = labels.node[label]
    row = day.row[x]
    end = labels.start[label] + day.duration[x]
    came = labels.came[label]
    # The memory may have forgotten the row before x.
    before = day.row[labels.node[came]] if came != NOBODY else NOBODY
    for arc in range(arcs.to.shape[1]):
        y = arcs.to[x, arc]
        if y == NOBODY or day.latest[y] < end:
            break
        start = arrival(day, x, end, y, arcs.ticks[x, arc])
        to = day.row[y]
        if start == NEVER or to == before:
            continue
        if memory.near[row, to] and labels.seen[label] & memory.bit[to]:
            continue
        value = labels.cost[label] + arcs.price[x, arc] + price_of_stop(day, y, start)
        if not _offer(
            day, memory, cuts, onward, labels, tally, threshold, quick, found,
            label, y, start, value,
        ):  # fmt: skip
            return False
    return True


@leaf
def _offer(
    day, memory, cuts, onward, labels, tally, threshold, quick, found, label, y, start, value
):
    """Keep the way by a label to node y if it is any use; return False if there is no room."""
    zero = np.uint64(0)
    row = day.row[y]
    came = HOME if label == NOBODY else day.row[labels.node[label]]
    low = zero if label == NOBODY else labels.low[label]
    high = zero if label == NOBODY else labels.high[label]
    value += _crossed(low & cuts.low[row], high & cuts.high[row], cuts.price)
    rest = rest_after(onward, cell_of(day, onward, y, start), came)
    if rest == FAR or value + rest >= tally[LIMIT]:
        return True
    low ^= cuts.low[row]
    high ^= cuts.high[row]
    seen = memory.bit[row]
    barred = NOBODY
    if label != NOBODY:
        seen |= labels.seen[label] & memory.keep[came, row]
        if not memory.near[row, came]:
            # The memory forgets x at once; going straight back is barred by the label's origin,
            # which dominance must then look at.
            barred = came
    if _is_dominated(labels, cuts, y, start, value, seen, low, high, barred, quick):
        return True
    if tally[LABELS] == len(labels.node):
        return False
    new = tally[LABELS]
    tally[LABELS] += 1
    labels.node[new], labels.start[new], labels.cost[new] = y, start, value
    labels.seen[new], labels.low[new], labels.high[new] = seen, low, high
    labels.came[new] = label
    labels.barred[new] = barred
    labels.dead[new] = 0
    labels.peer[new] = labels.peers[y]
    labels.peers[y] = new
    cell = start >> day.cell
    labels.following[new] = labels.cells[cell]
    labels.cells[cell] = new
    home = price_of_end(day, y, start + day.duration[y])
    if home != NEVER and value + home < threshold:
        _keep(found, tally, threshold, quick, new, value + home)
    return True


@leaf
def _is_dominated(labels, cuts, y, start, value, seen, low, high, barred, quick):
    """Return whether a label of the node is at least as good; drop those that are worse."""
    zero = np.uint64(0)
    z = labels.peers[y]
    before = NOBODY
    while z != NOBODY:
        following = labels.peer[z]
        if labels.start[z] <= start and labels.cost[z] <= value:
            remembers_less = (labels.seen[z] & ~seen) == zero and (
                labels.barred[z] == NOBODY or labels.barred[z] == barred
            )
            if quick or remembers_less:
                ahead = _crossed(labels.low[z] & ~low, labels.high[z] & ~high, cuts.price)
                if labels.cost[z] + ahead <= value:
                    return True
        worse = False
        if start <= labels.start[z] and value <= labels.cost[z]:
            remembers_more = (seen & ~labels.seen[z]) == zero and (
                barred == NOBODY or labels.barred[z] == barred
            )
            if quick or remembers_more:
                ahead = _crossed(low & ~labels.low[z], high & ~labels.high[z], cuts.price)
                worse = value + ahead <= labels.cost[z]
        if worse:
            labels.dead[z] = 1
            if before == NOBODY:
                labels.peers[y] = following
            else:
                labels.peer[before] = following
        else:
            before = z
        z = following
    return False


@kernel
def _keep(found, tally, threshold, quick, label, cost):
    """Keep a route if it is among the best, and demand more of what follows."""
    place = tally[KEPT]
    if place < len(found.cost):
        tally[KEPT] += 1
    else:
        place = 0
        for other in range(len(found.cost)):
            if found.cost[other] > found.cost[place]:
                place = other
        if cost >= found.cost[place]:
            return
    found.cost[place] = cost
    found.label[place] = label
    if cost < tally[LOWEST]:
        tally[LOWEST] = cost
        tenths = QUICK_TIGHTENING if quick else TIGHTENING
        tally[LIMIT] = min(tally[LIMIT], threshold + (cost - threshold) * tenths // 10)


@leaf
def _crossed(low, high, price):
    """Return the sum of the prices of the cuts whose bits are set in either word."""
    total = 0
    place = 0
    while low:
        if low & np.uint64(1):
            total += price[place]
        low >>= np.uint64(1)
        place += 1
    place = 64
    while high:
        if high & np.uint64(1):
            total += price[place]
        high >>= np.uint64(1)
        place += 1
    return total


@kernel
def _traced(label, labels, nodes):
    """Write the nodes of the way that a label ends, in order; return how many, 0 if too many."""
    length = 0
    at = label
    while at != NOBODY:
        length += 1
        at = labels.came[at]
    if length > len(nodes):
        return 0
    at = label
    for place in range(length - 1, -1, -1):
        nodes[place] = labels.node[at]
        at = labels.came[at]
    return length
