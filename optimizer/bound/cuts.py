"""Cuts: of three visits, at most one caregiver serves two or more.

Mixtures of routes, which a linear program may use, break this; plans never do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy import float64
from numpy.typing import NDArray

from optimizer.bound.master import Column

LEAST_BREACH = 0.05
"Cuts that are broken by less are not worth their price in labels."
PER_ROW = 6
"In one round, cuts that one row may be part of."


def broken_cuts(
    columns: Sequence[Column], shares: NDArray[float64], num_rows: int, most: int
) -> list[tuple[int, int, int]]:
    """Return the cuts that a mixture of routes breaks most.

    Parameters
    ----------
    columns, shares
        The routes and how much of each is used, 0 to 1.
    num_rows
        Number of rows.
    most
        Number of cuts returned at most.
    """
    used = np.flatnonzero((shares > 1e-6) & (shares < 1 - 1e-6))
    share = shares[used]
    serves = np.zeros((len(used), num_rows))
    for place, column in enumerate(used.tolist()):
        serves[place, list(columns[column].rows)] = 1.0
    pair = serves.T @ (share[:, None] * serves)
    np.fill_diagonal(pair, 0.0)
    found: list[tuple[float, tuple[int, int, int]]] = []
    for a in range(num_rows):
        # A route with all three counts in three pairs, and once against the cut.
        pairs = pair[a, a + 1 :, None] + pair[a, None, a + 1 :] + pair[a + 1 :, a + 1 :]
        ones, twos = np.nonzero(np.triu(pairs > 1 + LEAST_BREACH, 1))
        if not len(ones):
            continue
        others = serves[:, a + 1 :]
        all_three = (share * serves[:, a]) @ (others[:, ones] * others[:, twos])
        breach = pairs[ones, twos] - 2 * all_three - 1
        for place in np.flatnonzero(breach > LEAST_BREACH).tolist():
            triple = (a, a + 1 + int(ones[place]), a + 1 + int(twos[place]))
            found.append((round(float(breach[place]), 9), triple))
    found.sort(key=lambda item: (-item[0], item[1]))
    chosen: list[tuple[int, int, int]] = []
    often = np.zeros(num_rows, int)
    for _, triple in found:
        if len(chosen) == most:
            break
        if all(often[row] < PER_ROW for row in triple):
            chosen.append(triple)
            often[list(triple)] += 1
    return chosen
