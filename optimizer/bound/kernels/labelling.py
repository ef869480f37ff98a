"""Forward: labelling for the cheapest routes of one caregiver, ng-routes with subset-row cuts.

A label stands for a partial path from home to a node. What it remembers of earlier stops is a set
of rows near the node (an ng-set, as colours of one word), so a row may come again once it has been
forgotten: the routes are a superset of the real ones and their minimum a valid bound.

References
----------
Irnich & Desaulniers (2005), Shortest path problems with resource constraints, in Column Generation
(labels and dominance). Baldacci, Mingozzi & Roberti (2011), New route relaxation and pricing
strategies for the vehicle routing problem, Operations Research 59(5) (ng-routes, completion
bounds). Jepsen, Petersen, Spoorendonk & Pisinger (2008), Subset-row inequalities applied to the
vehicle-routing problem with time windows, Operations Research 56(2) (cuts in dominance).
"""

from __future__ import annotations

import numpy as np

from optimizer.bound.kernels.arcs import (
    NEVER,
    arrival,
    half_charged,
    lay_arcs,
    price_of_end,
    price_of_stop,
)
from optimizer.bound.kernels.compiled import allocating, allocating_entry, kernel, leaf
from optimizer.bound.kernels.completion import (
    cell_of,
    completion_bounds,
    least_from_home,
    rest_after,
)
from optimizer.bound.kernels.tables import CUT_WORDS, FAR, HOME, NOBODY, Arcs, Labels

ONLY_BOUND, QUICK, EXACT = 0, 1, 2
TIGHTENING = 3
"""Tenths of the best reduced cost so far that a label must be able to come below; dearer ones are
dropped, as they make no column worth having."""
QUICK_TIGHTENING = 8
"The same for quick pricing, which looks for the best columns only."
# What changes while labels are made: how many there are, how many routes have been kept, the
# cheapest of them, and the cost that a label has to be able to come below.
LABELS, KEPT, LOWEST, LIMIT = range(4)


@allocating_entry
def price_route(day, arcs, journeys, ng_sets, cuts, threshold, most_labels, effort, found):
    """Find routes whose reduced cost is less than `threshold`.

    Parameters
    ----------
    day, journeys, ng_sets, cuts
        The nodes, legs between rows, what is remembered, and what cuts cost.
    arcs
        The only arcs to go along, shape ``(0, 0)`` for all that there are. With only some,
        nothing returned is a bound.
    threshold
        At most 0.
    most_labels
        Labels after which labelling is given up; at least 1.
    effort
        `ONLY_BOUND` stops after the completion bound; `QUICK` forgets routes that differ only in
        what they have served, and returns that bound; `EXACT` forgets nothing.
    found
        Written: the best routes.

    Returns
    -------
    tuple
        Number of routes found; a lower bound of every route's cost, at most 0, exact if a route
        lies below `threshold` and the labels were enough; and the number of labels.
    """
    if len(arcs.to) == 0:
        q = len(day.row)
        shape = (q, q)
        arcs = Arcs(np.empty(shape, np.int32), np.empty(shape, np.int32), np.empty(shape, np.int64))
        lay_arcs(day, journeys, arcs)
    completion = completion_bounds(day, half_charged(day, arcs, cuts.pair_price))
    least, _ = least_from_home(day, completion)
    if effort == ONLY_BOUND or least >= threshold:
        return 0, least, 0
    labels = _room(day, completion, most_labels)
    tally = np.array([0, 0, threshold, threshold])
    quick = effort == QUICK
    whole = _label(day, arcs, ng_sets, cuts, completion, labels, tally, threshold, quick, found)
    for place in range(tally[KEPT]):
        found.length[place] = _traced(found.label[place], labels, found.nodes[place])
    if whole and not quick:
        least = min(tally[LOWEST], 0)
    return tally[KEPT], least, tally[LABELS]


@allocating
def _room(day, completion, most):
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
        np.empty((most, CUT_WORDS), np.uint64),
        np.empty(most, np.int64),
        np.empty(most, np.int32),
        np.empty(most, np.uint8),
        np.empty(most, np.int32),
        np.empty(most, np.int32),
        np.full(len(completion.best), NOBODY, np.int32),
        np.full(len(completion.best), FAR),
        np.full(len(completion.best), -FAR),
        np.full(cells, NOBODY, np.int32),
    )


@kernel
def _label(day, arcs, ng_sets, cuts, completion, labels, tally, threshold, quick, found):
    """Make all labels, in order of time; return whether there was room for them."""
    for y in range(len(day.row)):
        if day.first[y] > day.latest[y]:
            continue
        value = day.cost_in[y] + price_of_stop(day, y, day.first[y]) - cuts.share[y]
        if not _offer(
            day, ng_sets, cuts, completion, labels, tally, threshold, quick, found,
            NOBODY, y, day.first[y], value,
        ):  # fmt: skip
            return False
    # A label leads to later cells only, as no stop is shorter than a cell.
    for cell in range(len(labels.cells)):
        label = labels.cells[cell]
        while label != NOBODY:
            if not labels.dead[label] and not _extend(
                day, arcs, ng_sets, cuts, completion, labels, tally, threshold, quick, found, label
            ):
                return False
            label = labels.following[label]
    return True


@leaf
def _extend(day, arcs, ng_sets, cuts, completion, labels, tally, threshold, quick, found, label):
    """Make the labels of all paths one stop longer; return whether there was room for them."""
    x = labels.node[label]
    row = day.row[x]
    end = labels.start[label] + day.duration[x]
    came = labels.came[label]
    # The ng-set may have forgotten the row before x.
    before = day.row[labels.node[came]] if came != NOBODY else NOBODY
    for arc in range(arcs.to.shape[1]):
        y = arcs.to[x, arc]
        if y == NOBODY or day.latest[y] < end:
            break
        start = arrival(day, x, end, y, arcs.ticks[x, arc])
        to = day.row[y]
        if start == NEVER or to == before:
            continue
        if ng_sets.near[row, to] and labels.seen[label] & ng_sets.bit[to]:
            continue
        value = labels.cost[label] + arcs.price[x, arc] + price_of_stop(day, y, start)
        value -= cuts.share[y]
        if not _offer(
            day, ng_sets, cuts, completion, labels, tally, threshold, quick, found,
            label, y, start, value,
        ):  # fmt: skip
            return False
    return True


@leaf
def _offer(
    day, ng_sets, cuts, completion, labels, tally, threshold, quick, found, label, y, start, value
):
    """Keep the path by a label to node y if it is any use; return False if there is no room."""
    row = day.row[y]
    came = HOME if label == NOBODY else day.row[labels.node[label]]
    at = cell_of(day, completion, y, start)
    rest = rest_after(completion, at, came)
    prepaid = np.int64(0) if label == NOBODY else labels.prepaid[label]
    if rest == FAR or value - prepaid + rest >= tally[LIMIT]:
        return True
    new = tally[LABELS]
    if new == len(labels.node):
        return False
    crossed, widened = 0, 0
    for word in range(CUT_WORDS):
        half = cuts.own[word] if label == NOBODY else labels.half_filled[label, word]
        met, once = cuts.of_row[row, word], cuts.once[word]
        crossed += _price_of(half & met & ~once, word, cuts.price)
        widened += _price_of(half & met & once, word, cuts.price)
        labels.half_filled[new, word] = (half & ~met) | (~half & met & ~once)
    value += crossed + widened
    prepaid += widened
    # The rest may charge an arc from y for the pair that y has just completed, and a share for
    # every further stop at a client whose circle is paid for.
    if value - crossed // 2 - prepaid + rest >= tally[LIMIT]:
        return True
    seen = ng_sets.bit[row]
    barred = NOBODY
    if label != NOBODY:
        seen |= labels.seen[label] & ng_sets.keep[came, row]
        if not ng_sets.near[row, came]:
            # The ng-set forgets x at once; going straight back is barred by the label's origin,
            # which dominance must then look at.
            barred = came
    if _is_dominated(labels, cuts, completion, new, y, at, start, value, seen, barred, quick):
        return True
    tally[LABELS] += 1
    labels.node[new], labels.start[new], labels.cost[new] = y, start, value
    labels.seen[new] = seen
    labels.prepaid[new] = prepaid
    labels.came[new] = label
    labels.barred[new] = barred
    labels.dead[new] = 0
    labels.peer[new] = labels.peers[at]
    labels.peers[at] = new
    labels.cheapest[at] = min(labels.cheapest[at], value)
    labels.dearest[at] = max(labels.dearest[at], value)
    cell = start >> day.cell
    labels.following[new] = labels.cells[cell]
    labels.cells[cell] = new
    home = price_of_end(day, y, start + day.duration[y])
    if home != NEVER and value + home < threshold:
        _keep(found, tally, threshold, quick, new, value + home)
    return True


@leaf
def _is_dominated(labels, cuts, completion, new, y, at, start, value, seen, barred, quick):
    """Return whether a label of the node is at least as good; drop those that are worse.

    Labels lie in cells of time: none of a later cell can be as early, none of an earlier one worse.
    """
    zero = np.uint64(0)
    for cell in range(completion.offset[y], at + 1):
        z = labels.peers[cell] if labels.cheapest[cell] <= value else NOBODY
        while z != NOBODY:
            if labels.start[z] <= start and labels.cost[z] <= value:
                remembers_less = (labels.seen[z] & ~seen) == zero and (
                    labels.barred[z] == NOBODY or labels.barred[z] == barred
                )
                if (quick or remembers_less) and (
                    labels.cost[z] + _ahead(labels, cuts, z, new) <= value
                ):
                    return True
            z = labels.peer[z]
    for cell in range(at, completion.offset[y + 1]):
        z = labels.peers[cell] if labels.dearest[cell] >= value else NOBODY
        before = NOBODY
        while z != NOBODY:
            following = labels.peer[z]
            worse = False
            if start <= labels.start[z] and value <= labels.cost[z]:
                remembers_more = (seen & ~labels.seen[z]) == zero and (
                    barred == NOBODY or labels.barred[z] == barred
                )
                worse = (quick or remembers_more) and (
                    value + _ahead(labels, cuts, new, z) <= labels.cost[z]
                )
            if worse:
                labels.dead[z] = 1
                if before == NOBODY:
                    labels.peers[cell] = following
                else:
                    labels.peer[before] = following
            else:
                before = z
            z = following
    return False


@leaf
def _ahead(labels, cuts, one, other):
    """Return the price of the cuts that are half filled in one label and not in another."""
    total = 0
    for word in range(CUT_WORDS):
        ahead = labels.half_filled[one, word] & ~labels.half_filled[other, word]
        total += _price_of(ahead, word, cuts.price)
    return total


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
def _price_of(bits, word, price):
    """Return the sum of the prices of the cuts whose bits are set in a word."""
    total = 0
    place = 64 * word
    while bits:
        # Few bits are set, far apart.
        while not bits & np.uint64(255):
            bits >>= np.uint64(8)
            place += 8
        if bits & np.uint64(1):
            total += price[place]
        bits >>= np.uint64(1)
        place += 1
    return total


@kernel
def _traced(label, labels, nodes):
    """Write the nodes of the path that a label ends, in order; return how many, 0 if too many."""
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
