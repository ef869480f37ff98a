"""Which rows a route being priced remembers to have served: ng-sets as coloured words.

References
----------
Baldacci, Mingozzi & Roberti (2011), New route relaxation and pricing strategies for the vehicle
routing problem, Operations Research 59(5): a route may come back to a row only once it has left
the rows whose ng-set holds it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy import bool_, int64, uint64
from numpy.typing import NDArray

from optimizer.bound.network import Network
from optimizer.problem import layout as at
from optimizer.problem.data import ProblemData

NEAREST = 16
"Rows in an ng-set, the row itself not counted; more would tighten the bound and slow pricing."
COLOURS = 64
"Bits of the word in which a label keeps what it remembers."


@dataclass(frozen=True, slots=True)
class NgSets:
    """The ng-set of every row.

    Attributes
    ----------
    bit
        The colour of each row, one bit of a word, shape ``(rows,)``.
    near
        ``near[i, j]``: whether row j is in the ng-set of row i, shape ``(rows, rows)``.
    keep
        ``keep[i, j]``: what is still remembered after going from i to j.
    """

    bit: NDArray[uint64]
    near: NDArray[bool_]
    keep: NDArray[uint64]


def ng_sets_of(data: ProblemData, network: Network) -> NgSets:
    """Choose as ng-set of every row the nearest rows that a route could come back to by way of it.

    Colours are chosen so that no ng-set holds two rows of one colour; rows for which there is
    none are in no set but their own, which makes the bound weaker and never wrong.
    """
    return coloured(_neighbourhoods(data, network.num_rows))


def coloured(near: NDArray[bool_]) -> NgSets:
    """Return ng-sets with a colour for every row.

    Parameters
    ----------
    near
        Which rows are in whose set, shape ``(rows, rows)``; thinned where colours run out.
    """
    colour = _coloured(near)
    bit = np.left_shift(uint64(1), colour.astype(uint64))
    keep = np.zeros((len(near), len(near)), uint64)
    for i, ng_set in enumerate(near):
        rows = np.flatnonzero(ng_set)
        keep[i] = np.where(near[:, rows], bit[rows], uint64(0)).sum(axis=1, dtype=uint64)
    return NgSets(bit, near, keep)


def _neighbourhoods(data: ProblemData, rows: int) -> NDArray[bool_]:
    """Return per row itself and the nearest rows from which and to which a leg leads."""
    arrays = data.arrays
    task = arrays.task
    if rows == 0:
        return np.zeros((0, 0), bool_)
    place = task[:, at.PLACE]
    quickest = arrays.travel.min(axis=0)[np.ix_(place, place)].astype(int64)
    return nearest(quickest, task[:, at.EARLIEST], task[:, at.LATEST], task[:, at.SHORT])


def nearest(
    quickest: NDArray[int64],
    earliest: NDArray[int64],
    latest: NDArray[int64],
    care: NDArray[int64],
) -> NDArray[bool_]:
    """Return per row itself and the nearest rows by way of which a route could come back to it.

    Parameters
    ----------
    quickest
        Least ticks from row to row, shape ``(rows, rows)``.
    earliest, latest, care
        Window of the start and least care of each row, in ticks.
    """
    rows = len(quickest)
    near: NDArray[bool_] = np.eye(rows, dtype=bool_)
    there = np.maximum(earliest[:, None] + care[:, None] + quickest, earliest[None, :])
    again = there + care[None, :] + quickest.T
    returns = (there <= latest[None, :]) & (again <= latest[:, None])
    np.fill_diagonal(returns, False)
    for i in range(rows):
        others = np.flatnonzero(returns[:, i])
        distance = np.minimum(quickest[i, others], quickest[others, i])
        near[i, others[np.argsort(distance, kind="stable")[:NEAREST]]] = True
    return near


def _coloured(near: NDArray[bool_]) -> NDArray[int64]:
    """Colour the rows; thins `near` where there are not enough colours."""
    rows = len(near)
    colour = np.full(rows, -1, int64)
    often = near.sum(axis=0)
    for k in np.argsort(-often, kind="stable"):
        holders = np.flatnonzero(near[:, k])
        met = np.logical_or.reduce(near[holders], axis=0)
        met[k] = False
        used = set(colour[met & (colour >= 0)].tolist())
        free = next((c for c in range(COLOURS) if c not in used), None)
        if free is None:
            # Remembered at home only; there its colour must differ from its neighbours'.
            near[holders, k] = False
            near[k, k] = True
            met = near[k].copy()
            met[k] = False
            used = set(colour[met & (colour >= 0)].tolist())
            free = next(c for c in range(COLOURS) if c not in used)
        colour[k] = free
    return colour
