"""Certificates written as flat tables, with everything that is needed to check them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.coverage.certificate import Certificate, Coverage
from optimizer.coverage.form import Form
from optimizer.coverage.hours import Blocks, asked
from optimizer.coverage.members import stops_of
from optimizer.coverage.outline import Outline
from optimizer.coverage.table import ShiftRow, StopRow, Table
from optimizer.domain.scenario import Scenario
from optimizer.travel import TravelMatrices

Ints = NDArray[int64]


def tabled(
    scenario: Scenario, coverage: Coverage, matrices: TravelMatrices | None = None
) -> Coverage:
    """Return certificates with a flat table of each.

    Parameters
    ----------
    scenario
        The scenario that they speak of, its visits derived.
    coverage
        The certificates, about visits that it has.
    matrices
        Its travel matrices; made from it if not given.
    """
    if not coverage.parts:
        return coverage
    outline = Outline.of(scenario, matrices)
    return coverage.model_copy(update={"tables": tables_of(outline, coverage)})


def tables_of(outline: Outline, coverage: Coverage) -> tuple[Table, ...]:
    """Return the flat table of each certificate."""
    return tuple(_table(outline, part) for part in coverage.parts)


def _table(outline: Outline, part: Certificate) -> Table:
    together = _together(outline, part) if part.form is Form.ALONE else {}
    asks = _asks(outline, part)
    stops = np.array(sorted({*asks, *(stop for unit in together.values() for stop in unit)}), int64)
    row = {stop: number for number, stop in enumerate(stops.tolist())}
    duties = np.flatnonzero(outline.allowed[stops].any(axis=0)).tolist()
    groups = sorted({outline.duties[number].group for number in duties})
    place, ids = outline.place[stops], outline.visit_ids
    said = {(one.caregiver, one.date, one.shift): one.amount for one in part.caregivers}
    return Table(
        form=part.form,
        least_unserved=part.least_unserved,
        asked={one.visit: one.amount for one in part.visits},
        stops=tuple(
            StopRow(
                visit=ids[int(outline.visit_of[stop])],
                carer=int(outline.carer_of[stop]),
                asks=asks.get(stop, 0),
                earliest=int(outline.earliest[stop]),
                latest=int(outline.latest[stop]),
                care=int(outline.care[stop]),
            )
            for stop in stops.tolist()
        ),
        shifts=tuple(_shift(outline, number, stops, groups, said) for number in duties),
        ways=tuple(
            tuple(tuple(outline.ways.on(group, one)[place].tolist()) for one in place.tolist())
            for group in groups
        ),
        together={visit: tuple(row[stop] for stop in unit) for visit, unit in together.items()},
    )


def _shift(
    outline: Outline,
    number: int,
    stops: Ints,
    groups: list[int],
    said: Mapping[tuple[str, dt.date, int], int],
) -> ShiftRow:
    duty, place = outline.duties[number], outline.place[stops].tolist()
    return ShiftRow(
        caregiver=duty.caregiver,
        date=duty.date,
        shift=duty.shift,
        gives=said.get((duty.caregiver, duty.date, duty.shift), 0),
        opens=duty.opens,
        closes=duty.closes,
        means=groups.index(duty.group),
        makes=tuple(np.flatnonzero(outline.allowed[stops, number]).tolist()),
        there=tuple(int(outline.ways.back(duty.group, one)[duty.home]) for one in place),
        back=tuple(int(outline.ways.on(duty.group, one)[duty.end]) for one in place),
    )


def _asks(outline: Outline, part: Certificate) -> dict[int, int]:
    """Return the share of each counted stop in what its visit asks for."""
    most = None
    if part.form is Form.HOURS:
        most = asked(outline, Blocks(outline), part.interval)
    shares: dict[int, int] = {}
    for one, stops in zip(part.visits, stops_of(outline, part.visits).values(), strict=True):
        left = one.amount
        for stop in stops:
            shares[stop] = left if most is None else min(left, int(most[stop]))
            left -= shares[stop]
    return shares


def _together(outline: Outline, part: Certificate) -> dict[str, tuple[int, ...]]:
    """Return of each visit the stops that have to begin as one with it."""
    named = {one.visit for one in part.visits}
    return {
        outline.visit_ids[visit]: unit
        for unit in outline.units
        for visit in {int(outline.visit_of[stop]) for stop in unit}
        if outline.visit_ids[visit] in named
    }
