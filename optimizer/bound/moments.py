"""When two caregivers begin together: the time of a pair of tasks in slots, and what a slot costs.

Two tasks that begin as one begin in the same slot of time. So the routes that serve one of them in
a slot are as many as those that serve the other, and a price of either sign may be put on that:
who serves the first pays it, who serves the second is paid it. In every plan these payments come
to nothing, so the bound holds for any prices (Lagrangian relaxation of a linking constraint).

A mixture of routes may still let one caregiver be both: first carer on half of her routes, second
on the other half. But whoever serves either task in a slot is at most one of those that serve the
first one in it: a *sharing* row per route and slot, found when it is violated, with a price too.

References
----------
Ioachim, Desrosiers, Soumis & Bélanger (1999), Fleet assignment and routing with schedule
synchronization constraints, European Journal of Operational Research 119(1). Dohn, Rasmussen &
Larsen (2011), The vehicle routing problem with time windows and temporal dependencies, Networks
58(4) (synchronisation relaxed, and enforced by splitting time windows).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy import float64, int32, int64
from numpy.typing import NDArray

from optimizer.bound.column import Column
from optimizer.problem import layout as at

NO_MOMENT = -1
"Moment of a node whose task begins with no other."
MOST_SLOTS = 12
"Slots of a pair at most; each is a node of its own for either task."
LEAST_VIOLATION = 0.02
"Violation of a sharing row that is added."
MOST_PAIRS = 10_000
"""Largest day, in pairs of a task and a route, with slots. The columns of larger days are far from
complete when the time is over, and more nodes only slow them down."""
SHORTEST_MINUTES = 5
"Length of a slot at least."


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots of the tasks that begin as one with another.

    Attributes
    ----------
    first
        Per row, the number of its first moment, `NO_MOMENT` where it begins with no other.
    side
        Per row, 1 if it pays the price of a moment, -1 if it is paid it.
    begins
        Per moment, in ticks, when its slot begins.
    ends
        Per moment, the last tick of its slot.
    number
        Per row, how many moments it has.
    """

    first: NDArray[int64]
    side: NDArray[int64]
    begins: NDArray[int64]
    ends: NDArray[int64]
    number: NDArray[int64]

    def split(self, rows: NDArray[int64]) -> tuple[NDArray[int64], NDArray[int64]]:
        """Return nodes split into one per slot: the place of the node, and its moment."""
        places: list[int] = []
        moments: list[int] = []
        for place, row in enumerate(rows.tolist()):
            first = int(self.first[row])
            several = range(first, first + int(self.number[row])) if first >= 0 else (NO_MOMENT,)
            places += [place] * len(several)
            moments += several
        return np.array(places, int64), np.array(moments, int64)


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of a network.

    Attributes
    ----------
    routes
        Per route, the moment of each of its nodes, `NO_MOMENT` for none.
    side
        Per row, as of `Slots`.
    number
        How many moments there are.
    """

    routes: tuple[NDArray[int64], ...]
    side: NDArray[int64]
    number: int

    def __len__(self) -> int:
        """Return the number of moments."""
        return self.number

    def of(self, column: Column) -> tuple[int, ...]:
        """Return the moments that a column keeps."""
        if not self.number:
            return ()
        kept = self.routes[column.route][list(column.path)]
        return tuple(kept[kept != NO_MOMENT].tolist())

    def coefficients(self, columns: Sequence[Column]) -> NDArray[float64]:
        """Return how often each column pays for each moment, shape ``(columns, moments)``."""
        found = np.zeros((len(columns), self.number))
        if not self.number:
            return found
        for place, column in enumerate(columns):
            moments = self.routes[column.route][list(column.path)]
            kept = moments != NO_MOMENT
            sides = self.side[np.array(column.rows, int64)[kept]]
            np.add.at(found[place], moments[kept], sides.astype(float64))
        return found

    def prices(
        self, v: int, rows: NDArray[int32], equal: NDArray[int64], sharing: NDArray[int64]
    ) -> NDArray[int64]:
        """Return what each node of a route pays for its moment.

        Parameters
        ----------
        v, rows
            The route, and the row of each node.
        equal
            Per moment, what the first task pays and the second is paid.
        sharing
            Per route and moment, the price of the sharing row, at least 0.
        """
        moment = self.routes[v]
        as_first = equal + sharing[v] - sharing.sum(axis=0)
        as_second = sharing[v] - equal
        paid = np.where(self.side[rows] > 0, as_first[moment], as_second[moment])
        return np.where(moment == NO_MOMENT, 0, paid)

    def sharing_coefficients(
        self, columns: Sequence[Column], shared: Sequence[tuple[int, int]]
    ) -> NDArray[float64]:
        """Return the coefficient of each column in each sharing row, at most 0 in all.

        Parameters
        ----------
        columns
            Of the network.
        shared
            Route and moment of each row.
        """
        found = np.zeros((len(columns), len(shared)))
        if not shared:
            return found
        whose, when = np.array(shared, int64).T
        for place, column in enumerate(columns):
            for moment, side in self._kept(column):
                found[place, when == moment] -= side > 0
                found[place, (when == moment) & (whose == column.route)] += 1
        return found

    def violated(
        self, columns: Sequence[Column], shares: NDArray[float64]
    ) -> list[tuple[int, int]]:
        """Return route and moment of the sharing rows that a mixture of columns violates.

        Parameters
        ----------
        columns, shares
            The columns, and how much of each is used.
        """
        taken = np.zeros((len(self.routes), self.number))
        begun = np.zeros(self.number)
        for column, share in zip(columns, shares.tolist(), strict=True):
            for moment, side in self._kept(column):
                taken[column.route, moment] += share
                begun[moment] += share if side > 0 else 0.0
        found = np.argwhere(taken > begun + LEAST_VIOLATION)
        return [(int(v), int(moment)) for v, moment in found]

    def _kept(self, column: Column) -> list[tuple[int, int]]:
        """Return moment and side of the stops of a column that begin with another."""
        if not self.number:
            return []
        moments = self.routes[column.route][list(column.path)].tolist()
        return [
            (moment, int(self.side[row]))
            for moment, row in zip(moments, column.rows, strict=True)
            if moment != NO_MOMENT
        ]


NO_MOMENTS = Moments((), np.zeros(0, int64), 0)
"Of a network in which nobody begins with anybody."


def slots_of(arrays: at.Arrays) -> Slots | None:
    """Return the slots of all pairs of tasks that begin as one; None if there are none.

    Nor are there any on days larger than `MOST_PAIRS`. All of them together make no more nodes of
    a route than it has tasks, about.

    Parameters
    ----------
    arrays
        The compiled problem.
    """
    task = arrays.task
    pairs = [(one, two) for one, two, kind in arrays.unit.tolist() if kind == at.BOTH_OR_NONE]
    most = min(MOST_SLOTS, len(task) // max(1, 2 * len(pairs)))
    large = len(task) * len(arrays.route) > MOST_PAIRS
    if not pairs or most < 2 or large:
        return None
    first = np.full(len(task), NO_MOMENT, int64)
    side, number = np.zeros(len(task), int64), np.zeros(len(task), int64)
    begins: list[int] = []
    ends: list[int] = []
    shortest = SHORTEST_MINUTES * int(arrays.weight[at.TICKS_PER_MINUTE])
    for one, two in pairs:
        both = task[[one, two]]
        earliest, latest = int(both[:, at.EARLIEST].max()), int(both[:, at.LATEST].min())
        if latest < earliest:
            continue
        width = max(shortest, -(-(latest + 1 - earliest) // most))
        starts = range(earliest, latest + 1, width)
        first[[one, two]], number[[one, two]] = len(begins), len(starts)
        side[one], side[two] = 1, -1
        begins += starts
        ends += [min(latest, start + width - 1) for start in starts]
    if not begins:
        return None
    return Slots(first, side, np.array(begins, int64), np.array(ends, int64), number)
