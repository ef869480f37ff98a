"""Visits that nobody could give, whatever else is left out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.coverage.certificate import Certificate, Form, VisitAmount
from optimizer.coverage.outline import Outline
from optimizer.travel import UNREACHABLE

Ints = NDArray[int64]
Span = tuple[int, int, int]
"""A duty, with the earliest and latest start that it permits."""

_NEVER = 4 * UNREACHABLE


def impossible(outline: Outline, among: Iterable[int] | None = None) -> tuple[int, ...]:
    """Return the positions of visits that are on no feasible route, in order.

    A visit on the way to another one may bring a caregiver nearer, so where the direct way
    does not do, all ways by other clients of that caregiver are tried, with their care and
    their windows. Stops that begin as one need a common start of different caregivers, each
    two of them.

    Parameters
    ----------
    outline
        The scenario.
    among
        Visits to ask about; all if not given.
    """
    asked = None if among is None else set(among)
    found: set[int] = set()
    direct = _Direct(outline)
    wide = _Wide(outline)
    for unit in outline.units:
        visits = {int(outline.visit_of[stop]) for stop in unit}
        if asked is not None and not visits & asked:
            continue
        if not _is_possible(outline, unit, direct) and not _is_possible(outline, unit, wide):
            found |= visits if asked is None else visits & asked
    return tuple(sorted(found))


def alone_certificate(outline: Outline, visits: Iterable[int]) -> Certificate | None:
    """Return the certificate that some impossible visits stay unserved; None if there is none."""
    chosen = tuple(visits)
    if not chosen:
        return None
    ids = outline.visit_ids
    carers = outline.index.scenario.visits
    return Certificate(
        form=Form.ALONE,
        least_unserved=len(chosen),
        least_weight=sum(outline.prices[visit] for visit in chosen),
        visits=tuple(
            VisitAmount(
                visit=ids[visit],
                carers=tuple(range(1, len(carers[visit].carers) + 1)),
                amount=1,
            )
            for visit in chosen
        ),
    )


def _is_possible(outline: Outline, unit: tuple[int, ...], reach: _Direct | _Wide) -> bool:
    """Return whether all stops of a unit have a duty, and each two of them a common start."""
    spans = [reach.spans(stop) for stop in unit]
    if not all(spans):
        return False
    return all(
        _meet(outline, one, other)
        for number, one in enumerate(spans)
        for other in spans[number + 1 :]
    )


def _meet(outline: Outline, one: list[Span], other: list[Span]) -> bool:
    for first, soonest, latest in one:
        for second, also_soonest, also_latest in other:
            mine, theirs = outline.duties[first], outline.duties[second]
            if (
                mine.caregiver != theirs.caregiver
                and mine.date == theirs.date
                and max(soonest, also_soonest) <= min(latest, also_latest)
            ):
                return True
    return False


class _Direct:
    """Starts of a stop that is the only one of its route."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        duties = outline.duties
        legs = outline.ways.legs
        opens = np.array([duty.opens for duty in duties], int64)
        closes = np.array([duty.closes for duty in duties], int64)
        place = outline.place
        there = (
            np.array([legs[duty.group][duty.home, place] for duty in duties])
            .reshape(-1, len(place))
            .T
        )
        back = (
            np.array([legs[duty.group][place, duty.end] for duty in duties])
            .reshape(-1, len(place))
            .T
        )
        self._soonest = np.maximum(outline.earliest[:, None], opens + there)
        self._latest = np.minimum(outline.latest[:, None], closes - back - outline.care[:, None])
        self._fits = outline.allowed & (self._soonest <= self._latest)

    def spans(self, stop: int) -> list[Span]:
        """Return the duties that can make the stop."""
        return [
            (int(duty), int(self._soonest[stop, duty]), int(self._latest[stop, duty]))
            for duty in np.flatnonzero(self._fits[stop])
        ]


class _Wide:
    """Starts of a stop on any route, other stops before and after it or not."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._reach: dict[int, tuple[Ints, Ints]] = {}

    def spans(self, stop: int) -> list[Span]:
        """Return the duties that can make the stop."""
        found = []
        for duty in np.flatnonzero(self._outline.allowed[stop]):
            soonest, latest = self._of(int(duty))
            if soonest[stop] <= latest[stop]:
                found.append((int(duty), int(soonest[stop]), int(latest[stop])))
        return found

    def _of(self, duty: int) -> tuple[Ints, Ints]:
        if duty not in self._reach:
            self._reach[duty] = self._soonest(duty), self._latest(duty)
        return self._reach[duty]

    def _soonest(self, number: int) -> Ints:
        """Return the earliest start of each stop by any way; `_NEVER` if it is too late."""
        outline, duty = self._outline, self._outline.duties[number]
        legs = outline.ways.legs[duty.group]
        place = outline.place
        start = np.full(len(place), _NEVER, int64)
        begun = duty.opens + legs[duty.home, place]
        while True:
            new = np.minimum(start, np.maximum(begun, outline.earliest))
            new[(new > outline.latest) | ~outline.allowed[:, number]] = _NEVER
            changed = np.flatnonzero(new < start)
            if not len(changed):
                return start
            start = new
            done = (start + outline.care)[changed]
            onward = done[:, None] + legs[place[changed]][:, place]
            begun = onward.min(axis=0)

    def _latest(self, number: int) -> Ints:
        """Return the latest start of each stop by any way; -`_NEVER` if it is too early."""
        outline, duty = self._outline, self._outline.duties[number]
        legs = outline.ways.legs[duty.group]
        place = outline.place
        start = np.full(len(place), -_NEVER, int64)
        ended = duty.closes - legs[place, duty.end]
        while True:
            new = np.maximum(start, np.minimum(ended - outline.care, outline.latest))
            new[(new < outline.earliest) | ~outline.allowed[:, number]] = -_NEVER
            changed = np.flatnonzero(new > start)
            if not len(changed):
                return start
            start = new
            before = start[changed][None, :] - legs[place][:, place[changed]]
            ended = before.max(axis=1)
