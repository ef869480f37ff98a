"""Certificates about hires written as flat tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy import int64
from numpy.typing import NDArray

from optimizer.certificate.certificate import ShiftAmount
from optimizer.certificate.hires_record import (
    HiresCertificate,
    HiresProof,
    HiresTable,
    RestedShiftRow,
    with_kinds,
)
from optimizer.certificate.relaxation import Relaxation
from optimizer.certificate.route_field import after_break, too_late_for
from optimizer.certificate.table import StopRow
from optimizer.domain.scenario import Scenario
from optimizer.needs.privacy import for_engine
from optimizer.travel import UNREACHABLE, TravelMatrices, travel_matrices

Ints = NDArray[int64]


def tabled_hires(
    scenario: Scenario, proof: HiresProof, matrices: TravelMatrices | None = None
) -> HiresProof:
    """Return certificates about hires with a flat table of each.

    Parameters
    ----------
    scenario
        The scenario that they speak of, its visits derived.
    proof
        The certificates, about visits and clients that it has.
    matrices
        Its travel matrices; made from it if not given.
    """
    if not proof.parts:
        return proof
    roads = travel_matrices(scenario) if matrices is None else matrices
    relaxation = Relaxation.of(with_kinds(for_engine(scenario), proof.kinds), roads)
    tables = tables_of_hires(relaxation, len(scenario.caregivers), proof.parts)
    return proof.model_copy(update={"tables": tables})


def tables_of_hires(
    relaxation: Relaxation, staff: int, parts: Sequence[HiresCertificate]
) -> tuple[HiresTable, ...]:
    """Return the flat tables of certificates.

    Parameters
    ----------
    relaxation
        The scenario with one caregiver of each kind after its staff.
    staff
        Number of caregivers of the staff.
    parts
        The certificates.
    """
    return tuple(_table(relaxation, staff, part) for part in parts)


def stops_of_hires(relaxation: Relaxation, part: HiresCertificate) -> Ints:
    """Return the stops of which a certificate speaks, in its order.

    Raises
    ------
    KeyError
        If the scenario does not have such a visit or carer.
    """
    ids = relaxation.visit_ids
    stop_of = {
        (ids[int(visit)], int(carer)): stop
        for stop, (visit, carer) in enumerate(
            zip(relaxation.visit_of, relaxation.carer_of, strict=True)
        )
    }
    return np.array([stop_of[one.visit, one.carer] for one in part.stops], int64)


def _table(relaxation: Relaxation, staff: int, part: HiresCertificate) -> HiresTable:
    stops = stops_of_hires(relaxation, part)
    place, ids, paths = relaxation.place[stops], relaxation.visit_ids, relaxation.paths
    too_late = too_late_for(relaxation, stops)
    days = np.flatnonzero(relaxation.allowed[stops].any(axis=0)).tolist()
    groups = sorted({relaxation.days[number].group for number in days})
    staff_ids = {one.id for one in relaxation.index.scenario.caregivers[:staff]}
    said = {**_said(part.caregivers), **_said(part.kinds)}
    rows = list(_rows(relaxation, days, stops, groups, said))
    return HiresTable(
        hires=part.hires,
        least_unserved=part.least_unserved,
        scale=part.scale,
        stops=tuple(
            StopRow(
                visit=ids[int(relaxation.visit_of[stop])],
                carer=int(relaxation.carer_of[stop]),
                asks=one.amount,
                earliest=int(relaxation.earliest[stop]),
                latest=int(relaxation.latest[stop]),
                care=int(relaxation.care[stop]),
            )
            for stop, one in zip(stops.tolist(), part.stops, strict=True)
        ),
        staff=tuple(row for row in rows if row.caregiver in staff_ids),
        kinds=tuple(row for row in rows if row.caregiver not in staff_ids),
        ways=tuple(
            tuple(
                tuple(np.where(barred, UNREACHABLE, paths.legal_from(group, one)[place]).tolist())
                for one, barred in zip(place.tolist(), too_late, strict=True)
            )
            for group in groups
        ),
    )


def _said(amounts: Sequence[ShiftAmount]) -> dict[tuple[str, str, int], int]:
    return {(one.caregiver, one.date.isoformat(), one.shift): one.amount for one in amounts}


def _rows(
    relaxation: Relaxation,
    days: Sequence[int],
    stops: Ints,
    groups: Sequence[int],
    said: Mapping[tuple[str, str, int], int],
) -> Iterator[RestedShiftRow]:
    place = relaxation.place[stops].tolist()
    for number in days:
        day, paths = relaxation.days[number], relaxation.paths
        others = relaxation.allowed[:, number].copy()
        others[stops] = False
        yield RestedShiftRow(
            caregiver=day.caregiver,
            date=day.date,
            shift=day.shift,
            gives=said.get((day.caregiver, day.date.isoformat(), day.shift), 0),
            opens=day.opens,
            closes=day.closes,
            means=groups.index(day.group),
            makes=tuple(np.flatnonzero(relaxation.allowed[stops, number]).tolist()),
            there=tuple(int(paths.legal_to(day.group, one)[day.home]) for one in place),
            back=tuple(int(paths.legal_from(day.group, one)[day.end]) for one in place),
            pause=day.pause,
            from_others=tuple(after_break(relaxation, number, stops, others).tolist()),
        )
