"""Fields of a benchmark instance that nobody reads, so that a misspelt one does not go unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from optimizer.errors import Fault
from optimizer.formats.codes import WarningCode
from optimizer.formats.findings import finding
from optimizer.formats.hhcrsp_rows import (
    CaregiverRow,
    NeedRow,
    OfficeRow,
    PatientRow,
    Row,
    ServiceRow,
    SynchronisationRow,
)
from optimizer.i18n import say

_SECTIONS: dict[str, type[Row]] = {
    "services": ServiceRow,
    "central_offices": OfficeRow,
    "departing_points": OfficeRow,
    "caregivers": CaregiverRow,
    "patients": PatientRow,
}
_DESCRIPTIVE = frozenset({"name", "area", "signature", "distances"})
_Place = tuple[str, type[Row], Any]


def unread_fields(document: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return a warning per unknown field of a kind of record, at the first record that has it.

    Parameters
    ----------
    document
        The JSON object of an instance without faults.
    """
    warnings = [
        _warning(name, 1) for name in document if name not in _DESCRIPTIVE | _SECTIONS.keys()
    ]
    found: dict[tuple[type[Row], str], list[str]] = {}
    for place, kind, record in _records(document):
        for name in record:
            if name not in kind.names():
                found.setdefault((kind, name), []).append(f"{place}.{name}")
    return (*warnings, *(_warning(paths[0], len(paths)) for paths in found.values()))


def _warning(path: str, count: int) -> Fault:
    message = say("fault.unread-field")
    if count > 1:
        message = say("fault.unread-field.several", count=count)
    return finding(path, WarningCode.UNREAD_FIELD, message)


def _records(document: Mapping[str, Any]) -> Iterator[_Place]:
    for section, kind in _SECTIONS.items():
        for number, record in enumerate(document.get(section, ())):
            place = f"{section}[{number}]"
            yield place, kind, record
            if kind is PatientRow:
                yield from _inside(place, record)


def _inside(place: str, patient: Mapping[str, Any]) -> Iterator[_Place]:
    for name in ("required_caregivers", "required_services"):
        for number, need in enumerate(patient.get(name, ())):
            yield f"{place}.{name}[{number}]", NeedRow, need
    if patient.get("synchronization"):
        yield f"{place}.synchronization", SynchronisationRow, patient["synchronization"]
