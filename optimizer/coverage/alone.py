"""Visits that nobody could give, whatever else is left out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy import int64

from optimizer.coverage.certificate import Certificate, VisitAmount
from optimizer.coverage.form import Form
from optimizer.coverage.outline import Outline

Span = tuple[int, int, int]
"""A duty, with the earliest and latest start that it permits."""


def impossible(outline: Outline, among: Iterable[int] | None = None) -> tuple[int, ...]:
    """Return the positions of visits that are on no feasible route, in order.

    A visit on the way to another one may bring a caregiver nearer, so where the direct way
    does not do, the least way is taken, by other clients' homes. Stops that begin as one need a
    common start of different caregivers, each two of them.

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
    """Starts of a stop on any route, by the least ways there and back."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline

    def spans(self, stop: int) -> list[Span]:
        """Return the duties that can make the stop."""
        outline, ways, place = self._outline, self._outline.ways, int(self._outline.place[stop])
        found = []
        for number in np.flatnonzero(outline.allowed[stop]).tolist():
            duty = outline.duties[number]
            back = ways.on(duty.group, place)[duty.end]
            until = duty.closes - back - outline.care[stop]
            soonest = max(
                outline.earliest[stop], duty.opens + ways.back(duty.group, place)[duty.home]
            )
            latest = min(outline.latest[stop], until)
            if soonest <= latest:
                found.append((number, int(soonest), int(latest)))
        return found
