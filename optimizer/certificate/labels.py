"""The most weight that one route can collect: an orienteering problem, solved by labelling.

References
----------
D. Feillet, P. Dejax, M. Gendreau, C. Gueguen (2004). An exact algorithm for the elementary
shortest path problem with resource constraints. Networks 44, 216-229.

G. Righini, M. Salani (2009). Decremental state space relaxation strategies and initialization
heuristics for solving the orienteering problem with time windows with dynamic programming.
Computers & Operations Research 36, 1191-1203.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy import int64, uint64
from numpy.typing import NDArray

from optimizer.certificate.relaxation import Relaxation
from optimizer.certificate.route_field import RouteField, field_of

Ints = NDArray[int64]

MOST_LABELS = 200_000
"Limit on labels; beyond it the upper bound of those that are left is the answer."
_CELLS = 150
_WORD = 64
_MANY = 500
"Labels in a layer above which it pays to work out a better bound than what is still in reach."
_AT_ONCE = 1 << 19
"Pairs of a label and what may follow it that are looked at together: so much memory it takes."


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """Labels of routes with the same number of stops; `seen` has one bit per stop."""

    last: Ints
    start: Ints
    weights: Ints
    seen: NDArray[uint64]

    def of(self, which: slice | NDArray[np.bool_] | Ints) -> _Layer:
        """Return some of the labels."""
        return _Layer(self.last[which], self.start[which], self.weights[which], self.seen[which])


def most_weight(
    relaxation: Relaxation,
    day_number: int,
    stops: Ints,
    weights: Ints,
    *,
    most_labels: int = MOST_LABELS,
    beyond: int = 0,
    strict: bool = False,
) -> int:
    """Return the most weight that one route of a caregiver-day can collect.

    It is exact for routes of these stops on the shortest paths, unless there are more than
    `most_labels` labels; then it is an upper bound.

    Parameters
    ----------
    relaxation
        The scenario.
    day_number
        Which caregiver-day, by position.
    stops, weights
        Stops and their weights, at least 0; shape ``(n,)``.
    most_labels
        Limit on labels (at least 1); beyond it the bound of those that are left is the answer.
    beyond
        Only routes that collect more are looked for, which takes less time; where there are
        none, this is the answer.
    strict
        Whether the caregiver's break is taken on the route, and infectious clients come last;
        otherwise both are let go.
    """
    field = field_of(relaxation, day_number, stops, weights, strict=strict)
    if not len(field.weights):
        return beyond
    bound: _Bound | None = None
    layer = _roots(field)
    best, seen = max(beyond, int(layer.weights.max(initial=0))), 0
    layer, most = _promising(field, layer, best, bound)
    while len(layer.last):
        seen += len(layer.last)
        if bound is None and len(layer.last) > _MANY:
            bound = _Bound(field)
            layer, most = _promising(field, layer, best, bound)
            if not len(layer.last):
                break
        longer = _longer(field, layer, best, bound, most_labels - seen)
        if longer is None:
            return max(best, most)
        layer, best, most = longer
    return best


def _roots(field: RouteField) -> _Layer:
    start = np.maximum(field.earliest, field.first)
    nodes = np.flatnonzero(start <= field.latest)
    seen = np.zeros((len(nodes), -(-field.count // _WORD)), uint64)
    _mark(seen, field.stop[nodes])
    return _Layer(nodes, start[nodes], field.weights[nodes], seen)


def _mark(seen: NDArray[uint64], stop: Ints) -> None:
    bit = np.left_shift(uint64(1), (stop % _WORD).astype(uint64))
    rows = np.arange(len(stop))
    seen[rows, stop // _WORD] |= bit


def _promising(
    field: RouteField, layer: _Layer, best: int, bound: _Bound | None
) -> tuple[_Layer, int]:
    """Return the labels that may still lead to more than `best`, and to how much at most."""
    if bound is not None:
        layer = layer.of(layer.weights + bound.after(layer.start, layer.last) > best)
    after = np.zeros(len(layer.last), int64)
    for part in _chunks(field, layer):
        able = _open(field, layer.of(part)).reshape(len(layer.last[part]), -1, field.count)
        after[part] = able.any(axis=1) @ field.weights[: field.count]
    if bound is not None:
        after = np.minimum(after, bound.after(layer.start, layer.last))
    most = layer.weights + after
    return layer.of(most > best), int(most.max(initial=0))


def _chunks(field: RouteField, layer: _Layer) -> Iterator[slice]:
    """Yield pieces of a layer, of which all that can follow them is looked at together."""
    size = max(1, _AT_ONCE // len(field.weights))
    for first in range(0, len(layer.last), size):
        yield slice(first, first + size)


def _open(field: RouteField, layer: _Layer) -> NDArray[np.bool_]:
    """Return which stops each label can still go to."""
    arrival = field.arrival(layer.start[:, None], layer.last)
    free: NDArray[np.bool_] = arrival <= field.latest
    for stop in (field.stop, field.rival):
        bits = np.left_shift(uint64(1), (stop % _WORD).astype(uint64))
        free &= (layer.seen[:, stop // _WORD] & bits) == 0
    return free


def _longer(
    field: RouteField, layer: _Layer, best: int, bound: _Bound | None, room: int
) -> tuple[_Layer, int, int] | None:
    """Return the labels of one stop more that may lead beyond the best, it, and to how much.

    None if they are more than there is room for. Labels that lead nowhere are dropped as they are
    made, so that never many more of them are there at once than there is room for.
    """
    kept: list[_Layer] = []
    count, most = 0, 0
    for part in _chunks(field, layer):
        made = _next(field, layer.of(part))
        best = max(best, int(made.weights.max(initial=0)))
        made, leads = _promising(field, made, best, bound)
        most = max(most, leads)
        kept.append(made)
        count += len(made.last)
        if count > room:
            kept = [_earliest(_joined(kept))]
            count = len(kept[0].last)
        if count > room:
            return None
    found = _earliest(_joined(kept))
    return found, best, most


def _next(field: RouteField, layer: _Layer) -> _Layer:
    """Return the labels of one stop more; of the same stops and last one the earliest."""
    row, stop = np.nonzero(_open(field, layer))
    start = np.maximum(field.arrival(layer.start[row], layer.last[row], stop), field.earliest[stop])
    seen = layer.seen[row].copy()
    _mark(seen, field.stop[stop])
    return _earliest(_Layer(stop, start, layer.weights[row] + field.weights[stop], seen))


def _joined(layers: Sequence[_Layer]) -> _Layer:
    return _Layer(
        np.concatenate([one.last for one in layers]),
        np.concatenate([one.start for one in layers]),
        np.concatenate([one.weights for one in layers]),
        np.concatenate([one.seen for one in layers]),
    )


def _earliest(layer: _Layer) -> _Layer:
    """Return of labels of the same stops and the same last one the earliest."""
    order = np.lexsort((layer.start, layer.last, *layer.seen.T))
    last, seen = layer.last[order], layer.seen[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (last[1:] != last[:-1]) | (seen[1:] != seen[:-1]).any(axis=1)
    return layer.of(order[fresh])


class _Bound:
    """What can follow a stop at a moment at most, without looking back farther than one stop.

    Moments are cells of a grid; every length is rounded down to it, so nothing possible is lost.
    """

    def __init__(self, field: RouteField) -> None:
        begin, end = int(field.earliest.min()), int(field.latest.max())
        step = field.care[:, None] + field.onward
        self._begin = begin
        self._sum = int(field.weights.sum())
        self._cell = max(1, -(-(end - begin + 1) // _CELLS))
        hop = step // self._cell
        # A grid on which a stop takes no time would go round in circles.
        self._after = None if hop.min() < 1 else self._counted(field, hop)

    def _counted(self, field: RouteField, hop: Ints) -> Ints:
        count = len(field.weights)
        soonest = np.maximum(field.earliest, field.floor) - self._begin
        soonest //= self._cell
        latest = (field.latest - self._begin) // self._cell
        cells = int(latest.max()) + 1
        stop = np.arange(count)
        # Most weight after a stop, by which first successor, and best with another one.
        best = np.zeros((cells, count), int64)
        via = np.full((cells, count), -1, int64)
        second = np.zeros((cells, count), int64)
        for cell in range(cells - 1, -1, -1):
            at = np.maximum(cell + hop, soonest)
            can = (at <= latest) & (stop[:, None] != stop)
            at = np.minimum(at, cells - 1)
            tail = np.where(via[at, stop] == stop[:, None], second[at, stop], best[at, stop])
            value = np.where(can, tail + field.weights, 0)
            first = value.argmax(axis=1)
            top = value[stop, first]
            value[stop, first] = 0
            best[cell], via[cell] = top, np.where(top > 0, first, -1)
            second[cell] = value.max(axis=1)
        return best

    def after(self, start: Ints, last: Ints) -> Ints:
        """Return the bound for labels that begin their last stop at some moments."""
        if self._after is None:
            return np.full(len(start), self._sum)
        return self._after[(start - self._begin) // self._cell, last]
