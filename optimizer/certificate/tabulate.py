"""Certificates written as flat tables, with everything that is needed to check them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.certificate.balance import stops_of
from optimizer.certificate.certificate import Certificate, UnservedProof
from optimizer.certificate.form import Form
from optimizer.certificate.hours import Blocks, asked
from optimizer.certificate.relaxation import Relaxation
from optimizer.certificate.table import ShiftRow, StopRow, Table
from optimizer.domain.scenario import Scenario
from optimizer.travel import TravelMatrices

Ints = NDArray[int64]


def tabled(
    scenario: Scenario, proof: UnservedProof, matrices: TravelMatrices | None = None
) -> UnservedProof:
    """Return certificates with a flat table of each.

    Parameters
    ----------
    scenario
        The scenario that they speak of, its visits derived.
    proof
        The certificates, about visits that it has.
    matrices
        Its travel matrices; made from it if not given.
    """
    if not proof.parts:
        return proof
    relaxation = Relaxation.of(scenario, matrices)
    return proof.model_copy(update={"tables": tables_of(relaxation, proof)})


def tables_of(relaxation: Relaxation, proof: UnservedProof) -> tuple[Table, ...]:
    """Return the flat table of each certificate."""
    return tuple(_table(relaxation, part) for part in proof.parts)


def _table(relaxation: Relaxation, part: Certificate) -> Table:
    together = _together(relaxation, part) if part.form is Form.ALONE else {}
    asks = _asks(relaxation, part)
    stops = np.array(
        sorted({*asks, *(stop for group in together.values() for stop in group)}), int64
    )
    row = {stop: number for number, stop in enumerate(stops.tolist())}
    days = np.flatnonzero(relaxation.allowed[stops].any(axis=0)).tolist()
    groups = sorted({relaxation.days[number].group for number in days})
    place, ids = relaxation.place[stops], relaxation.visit_ids
    said = {(one.caregiver, one.date, one.shift): one.amount for one in part.caregivers}
    return Table(
        form=part.form,
        least_unserved=part.least_unserved,
        asked={one.visit: one.amount for one in part.visits},
        stops=tuple(
            StopRow(
                visit=ids[int(relaxation.visit_of[stop])],
                carer=int(relaxation.carer_of[stop]),
                asks=asks.get(stop, 0),
                earliest=int(relaxation.earliest[stop]),
                latest=int(relaxation.latest[stop]),
                care=int(relaxation.care[stop]),
            )
            for stop in stops.tolist()
        ),
        shifts=tuple(_shift(relaxation, number, stops, groups, said) for number in days),
        ways=tuple(
            tuple(
                tuple(relaxation.paths.legal_from(group, one)[place].tolist())
                for one in place.tolist()
            )
            for group in groups
        ),
        together={visit: tuple(row[stop] for stop in group) for visit, group in together.items()},
    )


def _shift(
    relaxation: Relaxation,
    number: int,
    stops: Ints,
    groups: list[int],
    said: Mapping[tuple[str, dt.date, int], int],
) -> ShiftRow:
    day, place = relaxation.days[number], relaxation.place[stops].tolist()
    return ShiftRow(
        caregiver=day.caregiver,
        date=day.date,
        shift=day.shift,
        gives=said.get((day.caregiver, day.date, day.shift), 0),
        opens=day.opens,
        closes=day.closes,
        means=groups.index(day.group),
        makes=tuple(np.flatnonzero(relaxation.allowed[stops, number]).tolist()),
        there=tuple(int(relaxation.paths.legal_to(day.group, one)[day.home]) for one in place),
        back=tuple(int(relaxation.paths.legal_from(day.group, one)[day.end]) for one in place),
    )


def _asks(relaxation: Relaxation, part: Certificate) -> dict[int, int]:
    """Return the share of each counted stop in what its visit asks for."""
    most = None
    if part.form is Form.HOURS:
        most = asked(relaxation, Blocks(relaxation), part.interval)
    shares: dict[int, int] = {}
    for one, stops in zip(part.visits, stops_of(relaxation, part.visits).values(), strict=True):
        left = one.amount
        for stop in stops:
            shares[stop] = left if most is None else min(left, int(most[stop]))
            left -= shares[stop]
    return shares


def _together(relaxation: Relaxation, part: Certificate) -> dict[str, tuple[int, ...]]:
    """Return of each visit the stops that have to begin as one with it."""
    named = {one.visit for one in part.visits}
    return {
        relaxation.visit_ids[visit]: group
        for group in relaxation.together
        for visit in {int(relaxation.visit_of[stop]) for stop in group}
        if relaxation.visit_ids[visit] in named
    }
