"""Horizons of several days: each day for itself, and on it those whom few people may visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.certificate.balance import Balance
from optimizer.certificate.hours import Blocks
from optimizer.certificate.relaxation import Relaxation
from optimizer.certificate.routes import MOST_VISITS, RouteCaps, smallest

Ints = NDArray[int64]
IsOver = Callable[[], bool]

_FEW = 4
"Caregiver-days that may make the visits of a slot, at most."


class Day:
    """What can only take place on one date, and who is there.

    Attributes
    ----------
    date
        The date.
    relaxation
        Its stops and caregiver-days alone; travel leads by all clients' homes as ever.
    blocks
        Times of its stops, with the leads of the whole horizon: what has a choice of days may
        come before them.
    """

    def __init__(self, whole: Relaxation, blocks: Blocks, date: dt.date) -> None:
        stops = _whole_visits(whole, np.flatnonzero(blocks.only_on(date)))
        days = blocks.caregiver_days_on(date)
        row = {stop: number for number, stop in enumerate(stops.tolist())}
        self.date = date
        self.relaxation = replace(
            whole,
            visit_of=whole.visit_of[stops],
            carer_of=whole.carer_of[stops],
            place=whole.place[stops],
            earliest=whole.earliest[stops],
            latest=whole.latest[stops],
            care=whole.care[stops],
            infectious=whole.infectious[stops],
            days=tuple(whole.days[day] for day in days),
            allowed=whole.allowed[np.ix_(stops, days)],
            together=tuple(
                tuple(row[stop] for stop in group)
                for group in whole.together
                if all(stop in row for stop in group)
            ),
        )
        self.blocks = Blocks(self.relaxation, leads=blocks.lead[stops])

    @property
    def visits(self) -> frozenset[int]:
        """Positions of the visits."""
        return frozenset(self.relaxation.visit_of.tolist())


def _whole_visits(relaxation: Relaxation, stops: Ints) -> Ints:
    """Return the stops of visits all of whose stops are among them."""
    counts = np.bincount(relaxation.visit_of, minlength=len(relaxation.prices))
    here = np.bincount(relaxation.visit_of[stops], minlength=len(relaxation.prices))
    chosen: Ints = stops[(counts == here)[relaxation.visit_of[stops]]]
    return chosen


def scarce_slots(day: Day, without: Collection[int], is_over: IsOver) -> Iterator[Balance]:
    """Yield sets of visits of which those few who may make them cannot make all.

    For each set of a few caregiver-days that all may make some visit: the visits that nobody
    else may make, slot by slot. No two of the sets share a visit.

    Parameters
    ----------
    day
        The day.
    without
        Visits that are left out of it.
    is_over
        Whether the time is up.
    """
    caps = RouteCaps(day.relaxation)
    gone = set(without)
    visits = np.array([visit for visit in caps.counted if visit not in gone], int64)
    if not len(visits):
        return
    rows = day.relaxation.allowed[[caps.counted[int(visit)] for visit in visits]]
    kinds = np.unique(rows, axis=0)
    kinds = kinds[np.argsort(kinds.sum(axis=1), kind="stable")]
    for people in kinds[(kinds.sum(axis=1) > 0) & (kinds.sum(axis=1) <= _FEW)]:
        if is_over():
            return
        inside = visits[~(rows & ~people).any(axis=1)]
        for slot in _slots(day.relaxation, caps, [v for v in inside.tolist() if v not in gone]):
            balance = caps.balance(slot)
            if balance.missing > 0:
                balance = smallest(caps, balance, is_over)
                gone |= set(balance.amounts)
                yield balance


def _slots(relaxation: Relaxation, caps: RouteCaps, visits: list[int]) -> Iterator[tuple[int, ...]]:
    """Yield visits whose times overlap one another's, and those of two such slots together."""
    order = sorted(visits, key=lambda visit: int(relaxation.earliest[caps.counted[visit]]))
    slots: list[list[int]] = []
    until = 0
    for visit in order:
        stop = caps.counted[visit]
        if not slots or relaxation.earliest[stop] >= until:
            slots.append([])
        slots[-1].append(visit)
        until = max(until, int(relaxation.latest[stop] + relaxation.care[stop]))
    for slot in slots:
        if 1 < len(slot) <= MOST_VISITS:
            yield tuple(slot)
