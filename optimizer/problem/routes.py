"""Routes as indices: what the search hands out and takes in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy import int64
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Routes:
    """All routes of a plan by task index, as flat arrays.

    Attributes
    ----------
    ptr
        Slice per route, shape ``(routes + 1,)``.
    tasks, care, starts
        Per stop, in the order of the routes: task index, care and start in ticks.
    pause
        Per route, the number of stops before the break, shape ``(routes,)``.
    floors
        Per stop, the start that the search has chosen not to go below, or None.
    contracts
        Per stop, the contract that it is charged to, -1 for none or any that has room; None
        where that holds for all stops.
    """

    ptr: NDArray[int64]
    tasks: NDArray[int64]
    care: NDArray[int64]
    starts: NDArray[int64]
    pause: NDArray[int64]
    floors: NDArray[int64] | None = None
    contracts: NDArray[int64] | None = None

    def charged(self) -> NDArray[int64]:
        """Return the contract of each stop, -1 for none or any that has room."""
        if self.contracts is None:
            return np.full(len(self.tasks), -1, int64)
        return self.contracts

    def has_order_of(self, other: Routes) -> bool:
        """Return whether the same stops and breaks follow each other as in `other`."""
        return all(
            np.array_equal(mine, its)
            for mine, its in (
                (self.ptr, other.ptr),
                (self.tasks, other.tasks),
                (self.care, other.care),
                (self.pause, other.pause),
            )
        )
