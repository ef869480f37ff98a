"""Subset-row cuts over three or five rows of the linear program.

Of three visits, at most one caregiver serves two or more. A caregiver's own row (her convexity row)
may be one of the three: if she serves one of the two visits, none of the others serves both. Of
five rows, two pairs at most are together. Mixtures of routes, which a linear program may use,
violate this; plans never do.

References
----------
Jepsen, Petersen, Spoorendonk & Pisinger (2008), Subset-row inequalities applied to the
vehicle-routing problem with time windows, Operations Research 56(2): multiplier one half, for sets
of three rows and here of five as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy import float64, int64
from numpy.typing import NDArray

Cut = tuple[int, ...]
"""An odd number of rows of the linear program, a route's as number of visits' rows plus route.

The coefficient of a column is half the rows that it has of them, rounded down; the right-hand side
is half their number, rounded down."""

LEAST_VIOLATION = 0.05
"Least violation of a cut that is added; what a smaller one gains is lost in slower pricing."
CUTS_PER_ROW = 6
"Cuts added in one round that may share a row; further ones wait for the next round."
WIDENED = 200
"Cuts of three rows that are widened by two more rows, in one round: those violated most."
NEARLY = 0.8
"Left-hand side from which a cut of three rows is looked at; it is violated above 1."
MOST_WORK = 4_000_000_000
"Multiplications for widening in one round; with many routes and rows, fewer cuts are widened."


def coefficients(incidence: NDArray[int64], cuts: Sequence[Cut]) -> NDArray[int64]:
    """Return the coefficient of each column in each cut, shape ``(columns, cuts)``.

    Parameters
    ----------
    incidence
        As of `optimizer.bound.column.incidence_of`.
    cuts
        The cuts.
    """
    counts = np.zeros((len(incidence), len(cuts)), int64)
    for number, cut in enumerate(cuts):
        counts[:, number] = incidence[:, list(cut)].sum(axis=1) // 2
    return counts


def violated_cuts(incidence: NDArray[int64], shares: NDArray[float64], most: int) -> list[Cut]:
    """Return the cuts that a mixture of routes violates most.

    Parameters
    ----------
    incidence, shares
        The routes that are mixed, as of `optimizer.bound.column.incidence_of`, and how much of each
        is used, above 0 and below 1.
    most
        Number of cuts returned at most.
    """
    serves = np.minimum(1, incidence).astype(float64)
    triples = _violated_triples(serves, shares)
    found = [(violation, cut) for violation, cut in triples if violation > LEAST_VIOLATION]
    found.extend(_violated_quintuples(serves, shares, triples))
    found.sort(key=lambda item: (-item[0], item[1]))
    chosen: list[Cut] = []
    often = np.zeros(incidence.shape[1], int)
    for _, cut in found:
        if len(chosen) == most:
            break
        if cut not in chosen and all(often[row] < CUTS_PER_ROW for row in cut):
            chosen.append(cut)
            often[list(cut)] += 1
    return chosen


def _violated_triples(serves: NDArray[float64], share: NDArray[float64]) -> list[tuple[float, Cut]]:
    """Return cuts of three rows with their violation, the most violated first, also kept ones."""
    pair = serves.T @ (share[:, None] * serves)
    np.fill_diagonal(pair, 0.0)
    # With two rows that are always together, nothing can be violated.
    apart = pair < 1 - 1e-6
    found: list[tuple[float, Cut]] = []
    for a in range(serves.shape[1]):
        # A route with all three counts in three pairs, and once against the cut.
        pairs = pair[a, a + 1 :, None] + pair[a, None, a + 1 :] + pair[a + 1 :, a + 1 :]
        near = (pairs > NEARLY) & apart[a + 1 :, a + 1 :]
        near &= apart[a, a + 1 :, None] & apart[a, None, a + 1 :]
        ones, twos = np.nonzero(np.triu(near, 1))
        if not len(ones):
            continue
        others = serves[:, a + 1 :]
        all_three = (share * serves[:, a]) @ (others[:, ones] * others[:, twos])
        violation = pairs[ones, twos] - 2 * all_three - 1
        for place in np.flatnonzero(violation > NEARLY - 1).tolist():
            triple = (a, a + 1 + int(ones[place]), a + 1 + int(twos[place]))
            found.append((round(float(violation[place]), 9), triple))
    found.sort(key=lambda item: (-item[0], item[1]))
    return found


def _violated_quintuples(
    serves: NDArray[float64], share: NDArray[float64], triples: Sequence[tuple[float, Cut]]
) -> list[tuple[float, Cut]]:
    """Return, for some cuts of three rows, the most violated one of five rows that holds it.

    It has to be violated more than every cut of three in it: two more rows that are always together
    add nothing.
    """
    violation_of = {triple: violation for violation, triple in triples}
    found: list[tuple[float, Cut]] = []
    used = share @ serves
    parity = 1.0 - 2.0 * serves
    columns, rows = serves.shape
    most = min(WIDENED, max(1, MOST_WORK // max(1, columns * rows**2)))
    for _, triple in triples[:most]:
        of_triple = share * parity[:, list(triple)].prod(axis=1)
        # Half a count rounded down is half the count, less a half where it is odd.
        even_less_odd = parity.T @ (of_triple[:, None] * parity)
        total = used[list(triple)].sum() + used[:, None] + used[None, :]
        violation = (total - (share.sum() - even_less_odd) / 2) / 2 - 2
        violation[list(triple), :] = violation[:, list(triple)] = -1.0
        np.fill_diagonal(violation, -1.0)
        a, b = divmod(int(np.argmax(violation)), rows)
        quintuple = tuple(sorted((*triple, a, b)))
        least = max(violation_of.get(part, -1.0) for part in combinations(quintuple, 3))
        if violation[a, b] > max(LEAST_VIOLATION, least + 1e-6):
            found.append((round(float(violation[a, b]), 9), quintuple))
    return found
