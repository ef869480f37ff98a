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
    used = [
        (tuple(sorted(set(column.rows))), float(share))
        for column, share in zip(columns, shares, strict=True)
        if 1e-6 < share < 1 - 1e-6
    ]
    pair = np.zeros((num_rows, num_rows))
    for rows, share in used:
        for place, one in enumerate(rows):
            for other in rows[place + 1 :]:
                pair[one, other] += share
                pair[other, one] += share
    found: list[tuple[float, tuple[int, int, int]]] = []
    for a in range(num_rows):
        near = np.flatnonzero(pair[a, a + 1 :]) + a + 1
        if len(near) < 2:
            continue
        # Three rows that break the cut have at least two pairs in common use; the row they
        # share is `a` or a later one, so all three pairs are looked at from the first row.
        others = np.arange(a + 1, num_rows)
        total = pair[a, others][:, None] + pair[a, others][None, :] + pair[np.ix_(others, others)]
        ones, twos = np.nonzero(np.triu(total > 1 + LEAST_BREACH, 1))
        for one, two in zip(ones.tolist(), twos.tolist(), strict=True):
            triple = (a, int(others[one]), int(others[two]))
            breach = _breach(used, triple)
            if breach > LEAST_BREACH:
                found.append((breach, triple))
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


def _breach(used: Sequence[tuple[tuple[int, ...], float]], triple: tuple[int, int, int]) -> float:
    """Return how far the routes that serve two or more of the three exceed one."""
    return sum(share for rows, share in used if sum(row in rows for row in triple) >= 2) - 1
