"""Visits that nobody could give, whatever else is left out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy import int64

from optimizer.certificate.certificate import Certificate, VisitAmount
from optimizer.certificate.form import Form
from optimizer.certificate.relaxation import Relaxation

Span = tuple[int, int, int]
"""Position of a caregiver-day, with the earliest and latest start that it permits."""


def impossible(relaxation: Relaxation, among: Iterable[int] | None = None) -> tuple[int, ...]:
    """Return the positions of visits that are on no feasible route, in order.

    A visit on the way to another one may bring a caregiver nearer, so where the direct leg
    does not do, the shortest path is taken, by other clients' homes. Stops that begin as one need a
    common start of different caregivers, each two of them.

    Parameters
    ----------
    relaxation
        The scenario.
    among
        Visits to ask about; all if not given.
    """
    asked = None if among is None else set(among)
    found: set[int] = set()
    direct = _Direct(relaxation)
    wide = _Wide(relaxation)
    for group in relaxation.together:
        visits = {int(relaxation.visit_of[stop]) for stop in group}
        if asked is not None and not visits & asked:
            continue
        if not _is_possible(relaxation, group, direct) and not _is_possible(
            relaxation, group, wide
        ):
            found |= visits if asked is None else visits & asked
    return tuple(sorted(found))


def alone_certificate(relaxation: Relaxation, visits: Iterable[int]) -> Certificate | None:
    """Return the certificate that some impossible visits stay unserved; None if there is none."""
    chosen = tuple(visits)
    if not chosen:
        return None
    ids = relaxation.visit_ids
    carers = relaxation.index.scenario.visits
    return Certificate(
        form=Form.ALONE,
        least_unserved=len(chosen),
        least_weight=sum(relaxation.prices[visit] for visit in chosen),
        visits=tuple(
            VisitAmount(
                visit=ids[visit],
                carers=tuple(range(1, len(carers[visit].carers) + 1)),
                amount=1,
            )
            for visit in chosen
        ),
    )


def _is_possible(relaxation: Relaxation, group: tuple[int, ...], reach: _Direct | _Wide) -> bool:
    """Return whether each stop of a group has a caregiver-day, each two of them a common start."""
    spans = [reach.spans(stop) for stop in group]
    if not all(spans):
        return False
    return all(
        _meet(relaxation, one, other)
        for number, one in enumerate(spans)
        for other in spans[number + 1 :]
    )


def _meet(relaxation: Relaxation, one: list[Span], other: list[Span]) -> bool:
    for first, soonest, latest in one:
        for second, also_soonest, also_latest in other:
            mine, theirs = relaxation.days[first], relaxation.days[second]
            if (
                mine.caregiver != theirs.caregiver
                and mine.date == theirs.date
                and max(soonest, also_soonest) <= min(latest, also_latest)
            ):
                return True
    return False


class _Direct:
    """Starts of a stop that is the only one of its route."""

    def __init__(self, relaxation: Relaxation) -> None:
        self._relaxation = relaxation
        days = relaxation.days
        legs = relaxation.paths.legs
        opens = np.array([day.opens for day in days], int64)
        closes = np.array([day.closes for day in days], int64)
        place = relaxation.place
        there = (
            np.array([legs[day.group][day.home, place] for day in days]).reshape(-1, len(place)).T
        )
        back = np.array([legs[day.group][place, day.end] for day in days]).reshape(-1, len(place)).T
        self._soonest = np.maximum(relaxation.earliest[:, None], opens + there)
        self._latest = np.minimum(
            relaxation.latest[:, None], closes - back - relaxation.care[:, None]
        )
        self._fits = relaxation.allowed & (self._soonest <= self._latest)

    def spans(self, stop: int) -> list[Span]:
        """Return the caregiver-days that can make the stop."""
        return [
            (int(day), int(self._soonest[stop, day]), int(self._latest[stop, day]))
            for day in np.flatnonzero(self._fits[stop])
        ]


class _Wide:
    """Starts of a stop on any route, by the shortest paths there and back."""

    def __init__(self, relaxation: Relaxation) -> None:
        self._relaxation = relaxation

    def spans(self, stop: int) -> list[Span]:
        """Return the caregiver-days that can make the stop."""
        relaxation, paths = self._relaxation, self._relaxation.paths
        place = int(relaxation.place[stop])
        found = []
        for number in np.flatnonzero(relaxation.allowed[stop]).tolist():
            day = relaxation.days[number]
            back = paths.legal_from(day.group, place)[day.end]
            until = day.closes - back - relaxation.care[stop]
            soonest = max(
                relaxation.earliest[stop], day.opens + paths.legal_to(day.group, place)[day.home]
            )
            latest = min(relaxation.latest[stop], until)
            if soonest <= latest:
                found.append((number, int(soonest), int(latest)))
        return found
