"""The least time that can lie between two places on one route, other clients between or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.travel import UNREACHABLE

Ints = NDArray[int64]


@dataclass(frozen=True, slots=True, eq=False)
class ShortestPaths:
    """Shortest paths of every group: a means of travel and a longest leg.

    The *shortest path* from one place to another goes from leg to leg, none longer than the
    longest leg, with the shortest care given at every home in between. No route needs less,
    whatever else it visits and however strange the matrix is. On travel times that keep the
    triangle inequality the direct leg is never longer; there it is taken, without asking for
    the longest leg.

    Attributes
    ----------
    legs
        Direct travel in ticks per group, `UNREACHABLE` where a leg is not permitted; shape
        ``(groups, places, places)``.
    bare
        The same without a longest leg.
    is_metric
        Whether a detour is never shorter.
    """

    legs: tuple[Ints, ...]
    bare: tuple[Ints, ...]
    is_metric: bool
    _stay: Ints
    _from: dict[tuple[int, int], Ints] = field(default_factory=dict)
    _to: dict[tuple[int, int], Ints] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        table: NDArray[np.int32],
        groups: Sequence[tuple[int, int | None]],
        stay: Ints,
        *,
        is_metric: bool,
    ) -> ShortestPaths:
        """Return the shortest paths of some groups.

        Parameters
        ----------
        table
            Travel in ticks, shape ``(modes, places, places)``.
        groups
            Row of the mode and longest leg in ticks, of each group.
        stay
            Least care in ticks at each place; -1 where nobody is visited.
        is_metric
            Whether the table keeps the triangle inequality, a stay counted.
        """
        bare = tuple(table[mode].astype(int64) for mode, _ in groups)
        legs = tuple(
            one if longest is None else np.where(one <= longest, one, UNREACHABLE)
            for one, (_, longest) in zip(bare, groups, strict=True)
        )
        return cls(legs, bare, is_metric, stay)

    def from_(self, group: int, place: int) -> Ints:
        """Return the shortest paths from a place to all places, in ticks."""
        return (
            np.asarray(self.bare[group][place]) if self.is_metric else self.legal_from(group, place)
        )

    def to(self, group: int, place: int) -> Ints:
        """Return the shortest paths from all places to a place, in ticks."""
        return self.bare[group][:, place] if self.is_metric else self.legal_to(group, place)

    def legal_from(self, group: int, place: int) -> Ints:
        """Return the same as `from_`, the longest leg kept whatever the matrix."""
        if (group, place) not in self._from:
            self._from[group, place] = self._least(self.legs[group], place)
        return self._from[group, place]

    def legal_to(self, group: int, place: int) -> Ints:
        """Return the same as `to`, the longest leg kept whatever the matrix."""
        if (group, place) not in self._to:
            self._to[group, place] = self._least(self.legs[group].T, place)
        return self._to[group, place]

    def _least(self, legs: Ints, place: int) -> Ints:
        """Return the shortest journeys from one place, homes in between with their care."""
        best = legs[place].copy()
        stops = np.flatnonzero((self._stay >= 0) & (best < UNREACHABLE))
        while len(stops):
            # A home where one is late already shortens nothing.
            near = stops[best[stops] + self._stay[stops] < _farthest(best)]
            onward = (best[near] + self._stay[near])[:, None] + legs[near]
            new = np.minimum(best, onward.min(axis=0, initial=UNREACHABLE))
            stops = np.flatnonzero((new < best) & (self._stay >= 0))
            best = new
        return np.asarray(best)


def _farthest(best: Ints) -> int:
    """Return how late a detour may still help: at any time, while a place is unreached."""
    return 2 * UNREACHABLE if (best >= UNREACHABLE).any() else int(best.max(initial=0))
