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
from optimizer.certificate.weeks import Weeks
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
    place = relaxation.place[stops]
    said = {(one.caregiver, one.date, one.shift): one.amount for one in part.caregivers}
    if part.form is Form.WEEKS:
        return _of_weeks(relaxation, part, asks)
    return Table(
        form=part.form,
        least_unserved=part.least_unserved,
        asked={one.visit: one.amount for one in part.visits},
        stops=_stop_rows(relaxation, stops, asks),
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


def _of_weeks(relaxation: Relaxation, part: Certificate, asks: Mapping[int, int]) -> Table:
    """Return the table of a certificate about weeks: limits of people, no ways between stops."""
    weeks = Weeks(relaxation)
    stops = np.array(sorted(asks), int64)
    said = {(one.caregiver, one.date, one.shift): one.amount for one in part.caregivers}
    gives = {one.caregiver: one.amount for one in part.people}
    days = np.flatnonzero(relaxation.allowed[stops].any(axis=0)).tolist()
    groups = sorted({relaxation.days[number].group for number in days})
    rows = []
    for number in days:
        room = weeks.room(number, stops)
        row = _shift(relaxation, number, stops, groups, said)
        rows.append(row.model_copy(update={"pause": room.pause, "night": room.is_night}))
    people = dict.fromkeys(relaxation.days[number].caregiver for number in days)
    return Table(
        form=part.form,
        least_unserved=part.least_unserved,
        asked={one.visit: one.amount for one in part.visits},
        stops=_stop_rows(relaxation, stops, asks),
        shifts=tuple(rows),
        ways=(),
        people=tuple(
            weeks.row[person].model_copy(update={"gives": gives.get(person, 0)})
            for person in people
        ),
        days=relaxation.index.dates,
        day_length=weeks.day_length,
    )


def _stop_rows(relaxation: Relaxation, stops: Ints, asks: Mapping[int, int]) -> tuple[StopRow, ...]:
    return tuple(
        StopRow(
            visit=relaxation.visit_ids[int(relaxation.visit_of[stop])],
            carer=int(relaxation.carer_of[stop]),
            asks=asks.get(stop, 0),
            earliest=int(relaxation.earliest[stop]),
            latest=int(relaxation.latest[stop]),
            care=int(relaxation.care[stop]),
        )
        for stop in stops.tolist()
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
    elif part.form is Form.WEEKS:
        most = relaxation.care
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
