"""The stops that one caregiver-day can make, as a graph for labelling, with or without a break."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.certificate.relaxation import CaregiverDay, Relaxation
from optimizer.travel import UNREACHABLE

Ints = NDArray[int64]


@dataclass(frozen=True, slots=True, eq=False)
class RouteField:
    """Stops that one caregiver-day can make, between its home and end; times in ticks.

    Where a break counts, each stop is there twice: first all of them before the break, then all
    after it. A node that nobody can be at in time has a `latest` of -1.

    Attributes
    ----------
    stop
        Which stop each node is, from 0; shape ``(n,)``.
    rival
        The stop of the same visit's other carer, which the route may not make then; the stop
        itself where there is none.
    first
        When a route may begin it as its first stop.
    onward
        From node to node, a break between them counted, shape ``(n, n)``.
    floor
        No route that goes from one node to the other begins the latter before; ``(n, n)``.
    earliest, latest, care
        Window of the start, coming back in time counted, and shortest care.
    weights
        At least 1.
    """

    stop: Ints
    rival: Ints
    first: Ints
    onward: Ints
    floor: Ints
    earliest: Ints
    latest: Ints
    care: Ints
    weights: Ints

    @property
    def count(self) -> int:
        """Number of stops."""
        return int(self.stop.max(initial=-1)) + 1

    def arrival(self, start: Ints, last: Ints, stop: Ints | None = None) -> Ints:
        """Return when a route is at a stop that begins its last one at `start`; all if no stop."""
        to = slice(None) if stop is None else stop
        ready = start + (self.care[last][:, None] if stop is None else self.care[last])
        found: Ints = np.maximum(ready + self.onward[last, to], self.floor[last, to])
        return found


def field_of(
    relaxation: Relaxation, number: int, stops: Ints, weights: Ints, *, strict: bool
) -> RouteField:
    """Return the stops that have weight and that a caregiver-day can make.

    Parameters
    ----------
    relaxation
        The scenario.
    number
        Which caregiver-day, by position.
    stops, weights
        Stops and their weights, at least 0; shape ``(n,)``.
    strict
        Whether its break is taken on the route, and infectious clients come last; otherwise both
        are let go.
    """
    day, paths = relaxation.days[number], relaxation.paths
    able = relaxation.allowed[stops, number] & (weights > 0)
    stops, weights = stops[able], weights[able]
    without_weight = relaxation.allowed[:, number].copy()
    without_weight[stops] = False
    first = day.opens + paths.from_(day.group, day.home)[relaxation.place[stops]]
    back = paths.to(day.group, day.end)[relaxation.place[stops]]
    soonest = np.maximum(relaxation.earliest[stops], first)
    latest = np.minimum(relaxation.latest[stops], day.closes - back - relaxation.care[stops])
    fits = soonest <= latest
    stops, place = stops[fits], relaxation.place[stops[fits]]
    onward = np.array([paths.from_(day.group, row)[place] for row in place], int64)
    onward = onward.reshape(len(stops), len(stops))
    if strict:
        onward[too_late_for(relaxation, stops)] = UNREACHABLE
    field = RouteField(
        np.arange(len(stops)),
        _rivals(relaxation.visit_of[stops]),
        first[fits],
        onward,
        np.zeros((len(stops), len(stops)), int64),
        soonest[fits],
        latest[fits],
        relaxation.care[stops],
        weights[fits],
    )
    if not strict or day.pause is None or not len(stops):
        return field
    return _rested(field, day, day.pause, after_break(relaxation, number, stops, without_weight))


def _rivals(visit: Ints) -> Ints:
    """Return for each stop the other stop of its visit, or itself."""
    same = (visit[:, None] == visit) & ~np.eye(len(visit), dtype=np.bool_)
    other = same @ np.arange(len(visit))
    return np.where(same.any(axis=1), other, np.arange(len(visit)))


def too_late_for(relaxation: Relaxation, stops: Ints) -> NDArray[np.bool_]:
    """Return which stops must not come after which: others after one at an infectious client."""
    infectious = relaxation.infectious[stops]
    return infectious[:, None] & ~infectious


def after_break(
    relaxation: Relaxation, number: int, stops: Ints, others: NDArray[np.bool_]
) -> Ints:
    """Return the least way to each stop from a client among others, where a break may be taken.

    Parameters
    ----------
    relaxation
        The scenario.
    number
        Which caregiver-day, by position.
    stops
        Stops, shape ``(n,)``.
    others
        Which stops are others, shape ``(stops of the scenario,)``.
    """
    day, paths = relaxation.days[number], relaxation.paths
    places = np.unique(relaxation.place[others])
    return np.array(
        [
            paths.to(day.group, place)[places].min(initial=UNREACHABLE)
            for place in relaxation.place[stops].tolist()
        ],
        int64,
    )


def _rested(
    field: RouteField, day: CaregiverDay, pause: tuple[int, int, int], others: Ints
) -> RouteField:
    """Return the nodes of a route with a break: every stop before it, and every stop after it.

    Notes
    -----
    The break is taken at home before the first stop, or after a stop where that was. This may also
    be a stop without weight, somewhere on the way between two with weight: so the way from a stop
    before the break to one after it takes its length more, and the latter begins no sooner than
    the break can be over and the way from where it was taken be gone.
    """
    begin, until, length = pause
    count = len(field.weights)
    over = begin + length
    # From home, or from a client of no weight; between the opening and the stop lie way and break.
    way = np.minimum(field.first - day.opens, others)
    first = np.maximum(field.first + length, over + way)
    barred = np.full((count, count), UNREACHABLE)
    across = np.minimum(field.onward + length, UNREACHABLE)
    np.fill_diagonal(across, UNREACHABLE)
    free = np.zeros((count, count), int64)
    earliest = np.concatenate([field.earliest, np.maximum(field.earliest, over)])
    latest = np.concatenate([np.minimum(field.latest, until - field.care), field.latest])
    return RouteField(
        stop=np.tile(field.stop, 2),
        rival=np.tile(field.rival, 2),
        first=np.concatenate([field.first, first]),
        onward=np.block([[field.onward, across], [barred, field.onward]]),
        floor=np.block([[free, over + np.minimum(field.onward, others)], [free, free]]),
        earliest=earliest,
        latest=np.where(earliest <= latest, latest, -1),
        care=np.tile(field.care, 2),
        weights=np.tile(field.weights, 2),
    )
