"""Read instances of the public home-health-care routing benchmark (HHCRSP) as scenarios.

References
----------
Mankowska, Meisel, Bierwirth: The home health care routing and scheduling problem with
interdependent services. Health Care Management Science 17 (2014).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from optimizer.domain.place import Mode
from optimizer.domain.policy import Policy, Weights
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.document import Content, load_document
from optimizer.formats.files import read_bytes
from optimizer.formats.hhcrsp_document import HhcrspDocument, check_document, is_hhcrsp
from optimizer.formats.hhcrsp_rows import CaregiverRow, PatientRow
from optimizer.formats.hhcrsp_unread import unread_fields
from optimizer.units import format_clock, parse_minutes

__all__ = [
    "HhcrspInstance",
    "HhcrspTask",
    "is_hhcrsp",
    "load_hhcrsp",
    "parse_hhcrsp",
    "read_hhcrsp",
]

DAY = date(2024, 1, 1)
DAY_END = 1440
"Minutes until which services may begin and caregivers come back."
EXTENDED_DAY = 2 * DAY_END
"""The same where shifts have soft ends: with few caregivers the last services may begin, and are
as late, after midnight."""
"The benchmark names no date; every instance is laid on this one."

TICKS_PER_MINUTE = 1000
"Distances have three decimals, so a thousandth of a minute counts everything exactly."


@dataclass(frozen=True, slots=True)
class HhcrspTask:
    """A service at a patient, as the benchmark names them."""

    patient: str
    service: str


@dataclass(frozen=True, slots=True)
class HhcrspInstance:
    """A benchmark instance as a scenario, with the way back.

    Attributes
    ----------
    name
        Name of the instance, from its file or its own field.
    scenario
        The same problem as a scenario: 1,000 ticks per minute, one day.
    tasks
        Patient and service of each ``(visit id, carer number)``.
    has_shifts
        Whether it is of the extended set, whose caregivers have working shifts.
    warnings
        Fields that are no part of the format and were passed over.
    """

    name: str
    scenario: Scenario
    tasks: Mapping[tuple[str, int], HhcrspTask]
    has_shifts: bool = False
    warnings: tuple[Fault, ...] = ()


def read_hhcrsp(path: str | Path) -> HhcrspInstance:
    """Read an instance from ``.json``, ``.json.gz`` or ``.json.xz``.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    InvalidDocument
        If it is no instance; with every fault and its place.
    """
    path = Path(path)
    return load_hhcrsp(read_bytes(path), path.name)


def load_hhcrsp(text: Content, source: str) -> HhcrspInstance:
    """Return the instance in a JSON document.

    Parameters
    ----------
    text
        The document; bytes are UTF-8.
    source
        Name of its file, for error messages; names the instance if it does not do so itself.

    Raises
    ------
    InvalidDocument
        If it is no instance; with every fault and its place.
    """
    raw = load_document(text, source)
    name = source.removesuffix(".gz").removesuffix(".xz").removesuffix(".json")
    faults = [located.fault() for located in raw.faults]
    return parse_hhcrsp(raw.content, name=name, source=source, faults=faults)


def parse_hhcrsp(
    document: Mapping[str, Any],
    *,
    name: str = "instance",
    source: str = "document",
    faults: Sequence[Fault] = (),
) -> HhcrspInstance:
    """Turn an instance's JSON object into a scenario.

    Parameters
    ----------
    document
        The object as the JSON parser gives it.
    name
        Name of the instance, where the document has none of its own.
    source
        File name or other origin, for error messages.
    faults
        Faults that the document's text has already shown.

    Raises
    ------
    InvalidDocument
        If it is no instance; with every fault and its place.
    """
    checked = check_document(document, source, faults)
    own = document.get("name")
    name = own if isinstance(own, str) and own else name
    scenario, tasks = _scenario(checked, name)
    return HhcrspInstance(
        name=name,
        scenario=scenario,
        tasks=tasks,
        has_shifts=_has_shifts(checked),
        warnings=unread_fields(document),
    )


def _has_shifts(document: HhcrspDocument) -> bool:
    return any(row.working_shift is not None for row in document.caregivers)


def _scenario(
    document: HhcrspDocument, name: str
) -> tuple[Scenario, dict[tuple[str, int], HhcrspTask]]:
    """Write the scenario's own document from the instance's rows."""
    homes = {
        office.id: _place(document, "office", office.id, office.location)
        for office in document.offices
    }
    ends = EXTENDED_DAY if _has_shifts(document) else DAY_END
    visits: list[dict[str, Any]] = []
    couplings: list[dict[str, Any]] = []
    tasks: dict[tuple[str, int], HhcrspTask] = {}
    for patient in document.patients:
        new_visits = _visits(document, patient, ends)
        visits += new_visits
        couplings += _couplings(patient, new_visits)
        for visit in new_visits:
            for number, service in enumerate(visit["services"], 1):
                tasks[visit["id"], number] = HhcrspTask(patient.id, service)
    scenario = Scenario.model_validate(
        {
            "id": re.sub(r"[\s/]+", "-", name)[:80],
            "ticks_per_minute": TICKS_PER_MINUTE,
            "horizon": {"start": DAY, "days": 1},
            "clients": [_client(document, patient) for patient in document.patients],
            "caregivers": [_caregiver(row, homes, ends) for row in document.caregivers],
            "visits": visits,
            "couplings": couplings,
            "travel": {"kind": "matrix", "minutes": {Mode.CAR: _thousandths(document.distances)}},
            "policy": EXTENDED_POLICY if _has_shifts(document) else POLICY,
        }
    )
    return scenario, tasks


POLICY = Policy(serve_everything=True, weights=Weights.only(travel=1, lateness=1, worst_lateness=1))
"Three times the benchmark's objective; unserved visits keep their dominating price."

EXTENDED_POLICY = Policy(
    serve_everything=True,
    weights=Weights.only(travel=1, lateness=1, worst_lateness=1, waiting=1, overtime=1),
)
"The plain sum of the extended set's components, but for the largest idle time."


def _place(
    document: HhcrspDocument, kind: str, name: str, location: tuple[float, float] | None
) -> dict[str, Any]:
    """Return a place; planar coordinates become hundredths of a degree, for drawing only."""
    x, y = location or (0.0, 0.0)
    return {
        "lat": min(max(y / 100, -90.0), 90.0),
        "lon": min(max(x / 100, -180.0), 180.0),
        "matrix_index": document.index[kind, name],
    }


def _client(document: HhcrspDocument, patient: PatientRow) -> dict[str, Any]:
    return {
        "id": patient.id,
        "home": _place(document, "patient", patient.id, patient.location),
        "refused": patient.incompatible_caregivers or (),
    }


def _caregiver(row: CaregiverRow, homes: Mapping[str, dict[str, Any]], ends: int) -> dict[str, Any]:
    first_office = next(iter(homes))
    start, end = row.working_shift or (0.0, float(DAY_END))
    caregiver = {
        "id": row.id,
        "qualifications": [{"code": ability} for ability in row.abilities],
        "home": homes[row.start or first_office],
        "mode": Mode.CAR,
        "shifts": [{"date": DAY, "start": _clock(start), "end": _clock(end)}],
        # A shift's end is soft: what goes beyond it is extra time.
        "overtime_limit": ends - end,
    }
    if row.end is not None:
        caregiver["end_place"] = homes[row.end]
    return caregiver


def _visits(document: HhcrspDocument, patient: PatientRow, ends: int) -> list[dict[str, Any]]:
    """Return one visit, or two where the patient's services follow each other."""
    earliest, soft_end = patient.time_window or (0.0, float(DAY_END))
    carers = [
        {
            "minutes": document.duration(need),
            "qualifications": [{"code": need.service}],
            "service": need.service,
        }
        for need in patient.needs
    ]
    sequential = patient.synchronization and patient.synchronization.type == "sequential"
    parts = [[carer] for carer in carers] if sequential else [carers]
    return [
        {
            "id": f"{patient.id}#{number}" if sequential else patient.id,
            "client": patient.id,
            "services": [carer["service"] for carer in part],
            "carers": part,
            "window": {"earliest": _clock(earliest), "latest": _clock(ends)},
            "preferred_until": _clock(soft_end),
        }
        for number, part in enumerate(parts, 1)
    ]


def _couplings(patient: PatientRow, visits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(visits) == 1 or patient.synchronization is None:
        return []
    least, most = patient.synchronization.distance or (0.0, 0.0)
    first, second = (visit["id"] for visit in visits)
    return [
        {
            "kind": "after",
            "first": first,
            "second": second,
            "min_gap": least,
            "max_gap": most,
            "different_caregivers": True,
        }
    ]


def _thousandths(distances: tuple[tuple[float, ...], ...]) -> list[list[float]]:
    """Round travel up to a thousandth of a minute, so that no plan is there too early."""
    # The inner rounding takes back what binary fractions add: 38.471 * 1000 is not whole.
    return [[math.ceil(round(x * 1000, 6)) / 1000 for x in row] for row in distances]


def _clock(minutes: float) -> str:
    return format_clock(parse_minutes(minutes))
