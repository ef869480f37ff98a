"""A benchmark instance as its file says it: rows checked against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.codes import FaultCode
from optimizer.formats.document import excerpt, path_of
from optimizer.formats.findings import finding, in_document_order
from optimizer.formats.hhcrsp_rows import (
    CaregiverRow,
    NeedRow,
    Number,
    OfficeRow,
    PatientRow,
    Row,
    ServiceRow,
)

MOST_MATRIX_FAULTS = 20

SECTIONS = (
    "services",
    "central_offices",
    "departing_points",
    "caregivers",
    "patients",
    "distances",
)


@dataclass(frozen=True, slots=True)
class HhcrspDocument:
    """A checked instance file.

    Attributes
    ----------
    services, offices, caregivers, patients
        The rows, in file order.
    distances
        Travel in minutes, shape ``(places, places)``, row = from.
    index
        Row of each office and patient in `distances`, under ``("office", id)`` and
        ``("patient", id)``.
    """

    services: tuple[ServiceRow, ...]
    offices: tuple[OfficeRow, ...]
    caregivers: tuple[CaregiverRow, ...]
    patients: tuple[PatientRow, ...]
    distances: tuple[tuple[float, ...], ...]
    index: Mapping[tuple[str, str], int]

    def duration(self, need: NeedRow) -> float:
        """Return the minutes of `need`, its own or its service's default."""
        if need.duration is not None:
            return need.duration
        return next(s.default_duration or 0.0 for s in self.services if s.id == need.service)


def is_hhcrsp(document: Mapping[str, Any]) -> bool:
    """Tell whether a JSON object is (meant to be) a benchmark instance."""
    return "patients" in document and not str(document.get("format", "")).startswith("homecare")


def check_document(
    document: Mapping[str, Any], source: str = "document", faults: Sequence[Fault] = ()
) -> HhcrspDocument:
    """Check an instance file's JSON object.

    Parameters
    ----------
    document
        The object as the JSON parser gives it.
    source
        File name or other origin, for the heading of the error.
    faults
        Faults that its text has already shown.

    Raises
    ------
    InvalidDocument
        With every fault found and its place.
    """
    return _Check(document, faults).result(source)


_SENTENCES = {
    "float_type": (FaultCode.WRONG_TYPE, "must be a number"),
    "int_type": (FaultCode.WRONG_TYPE, "must be a whole number"),
    "string_type": (FaultCode.WRONG_TYPE, "must be a text"),
    "tuple_type": (FaultCode.WRONG_TYPE, "must be a list"),
    "model_type": (FaultCode.WRONG_TYPE, "must be an object {{ ... }}"),
    "greater_than": (FaultCode.OUT_OF_RANGE, "must be greater than {gt:g}"),
    "greater_than_equal": (FaultCode.OUT_OF_RANGE, "must be at least {ge:g}"),
    "less_than_equal": (FaultCode.OUT_OF_RANGE, "must be at most {le:g}"),
    "finite_number": (FaultCode.NOT_A_NUMBER, "must be a finite number"),
    "literal_error": (FaultCode.WRONG_CHOICE, "must be {expected}"),
    "too_long": (FaultCode.WRONG_COUNT, "must have at most {max_length} entries"),
    "string_pattern_mismatch": (FaultCode.BAD_TEXT, "must have no blanks, slashes or marks"),
    "string_too_short": (FaultCode.BAD_TEXT, "must not be empty"),
    "string_too_long": (FaultCode.BAD_TEXT, "must be at most {max_length} letters long"),
}
"What the rows' own types find: code and words."

_R = TypeVar("_R", bound=Row)


def _taken(given: int | None, row: int) -> str:
    """Return the words on a matrix row that two places claim."""
    if given is None:
        return f"is missing, and row {row}, by position, is another place's already; give one."
    return f"is {given}, which another place has already."


_MATRIX: TypeAdapter[tuple[tuple[float, ...], ...]] = TypeAdapter(tuple[tuple[Number, ...], ...])


_Ids = frozenset[str] | None


class _Check:
    """One pass over a document that gathers faults and the rows that have none."""

    def __init__(self, document: Mapping[str, Any], faults: Sequence[Fault]) -> None:
        self.document = document
        self.faults = list(faults)
        office_key = "departing_points" if "departing_points" in document else "central_offices"
        self.services = self.rows("services", ServiceRow)
        self.offices = self.rows(office_key, OfficeRow)
        self.caregivers = self.rows("caregivers", CaregiverRow)
        self.patients = self.rows("patients", PatientRow)
        self.office_key = office_key
        if document.get(office_key) == []:
            self.fault(
                office_key, FaultCode.MISSING_FIELD, "lists no office; caregivers need a start."
            )

    def result(self, source: str) -> HhcrspDocument:
        service_ids = self.ids("services")
        caregiver_ids = self.ids("caregivers")
        office_ids = self.ids(self.office_key)
        for key in ("services", self.office_key, "caregivers", "patients"):
            self.check_duplicates(key)
        for place, caregiver in self.caregivers:
            self.check_caregiver(place, caregiver, service_ids, office_ids)
        for place, patient in self.patients:
            self.check_patient(place, patient, service_ids, caregiver_ids)
        index = self.check_index()
        distances = self.check_distances()
        if self.faults:
            # The text and the types may both have seen the same; the first one is kept.
            first = {fault.path: fault for fault in reversed(self.faults)}
            kept = [fault for fault in self.faults if first[fault.path] is fault]
            raise InvalidDocument(in_document_order(kept, SECTIONS, self.document), source)
        return HhcrspDocument(
            services=tuple(row for _, row in self.services),
            offices=tuple(row for _, row in self.offices),
            caregivers=tuple(row for _, row in self.caregivers),
            patients=tuple(row for _, row in self.patients),
            distances=distances,
            index=index,
        )

    def fault(self, path: str, code: FaultCode, message: str) -> None:
        self.faults.append(finding(path, code, message))

    def shape_faults(self, place: str, error: ValidationError, most: int | None = None) -> None:
        details = error.errors(include_url=False)
        for detail in details[:most]:
            code, words = _SENTENCES.get(detail["type"], (FaultCode.BAD_VALUE, "must be valid"))
            words = words.format(**detail.get("ctx", {})).replace("'", '"')
            message = f"is {excerpt(detail['input'])}, but {words}."
            if detail["type"] == "missing":
                code, message = FaultCode.MISSING_FIELD, "is missing."
            inside = path_of(detail["loc"])
            dot = "." if inside and not inside.startswith("[") else ""
            self.fault(f"{place}{dot}{inside}", code, message)
        if most is not None and len(details) > most:
            more = f"has {len(details) - most} more faults of this kind."
            self.fault(place, FaultCode.BAD_VALUE, more)

    def raw(self, key: str) -> list[Any]:
        """Return the list under `key`, or nothing where there is none."""
        value = self.document.get(key)
        return value if isinstance(value, list) else []

    def rows(self, key: str, kind: type[_R]) -> list[tuple[str, _R]]:
        if key not in self.document:
            self.fault(key, FaultCode.MISSING_FIELD, "is missing.")
        elif not isinstance(self.document[key], list):
            self.fault(key, FaultCode.WRONG_TYPE, "is no list.")
        good = []
        for number, item in enumerate(self.raw(key)):
            place = f"{key}[{number}]"
            try:
                good.append((place, kind.model_validate(item)))
            except ValidationError as error:
                self.shape_faults(place, error)
        return good

    def ids(self, key: str) -> frozenset[str] | None:
        """Return every id under `key`, those of faulty rows too, so none seems unknown.

        None says that the list itself is missing, so that nothing can be looked up.
        """
        if not isinstance(self.document.get(key), list):
            return None
        ids = (item.get("id") for item in self.raw(key) if isinstance(item, dict))
        return frozenset(i for i in ids if isinstance(i, str))

    def check_duplicates(self, key: str) -> None:
        seen: Counter[str] = Counter()
        for number, item in enumerate(self.raw(key)):
            name = item.get("id") if isinstance(item, dict) else None
            if not isinstance(name, str):
                continue
            if seen[name]:
                self.fault(f"{key}[{number}].id", FaultCode.DUPLICATE_ID, f"repeats the id {name}.")
            seen[name] += 1

    def check_known(self, path: str, kind: str, name: str | None, known: _Ids) -> None:
        if name is not None and known is not None and name not in known:
            self.fault(
                path,
                FaultCode.UNKNOWN_CAREGIVER if kind == "caregiver" else FaultCode.BAD_VALUE,
                f"names the {kind} {name}, which is not listed.",
            )

    def check_caregiver(self, place: str, row: CaregiverRow, services: _Ids, offices: _Ids) -> None:
        for number, ability in enumerate(row.abilities):
            self.check_known(f"{place}.abilities[{number}]", "service", ability, services)
        self.check_known(f"{place}.starting_point_id", "office", row.start, offices)
        self.check_known(f"{place}.ending_point_id", "office", row.end, offices)
        if row.working_shift and row.working_shift[0] >= row.working_shift[1]:
            self.fault(f"{place}.working_shift", FaultCode.SHIFT_REVERSED, "ends before it begins.")

    def check_patient(self, place: str, row: PatientRow, services: _Ids, caregivers: _Ids) -> None:
        if row.time_window and row.time_window[0] > row.time_window[1]:
            self.fault(f"{place}.time_window", FaultCode.WINDOW_REVERSED, "ends before it begins.")
        defaults = {s.id for _, s in self.services if s.default_duration is not None}
        for number, need in enumerate(row.needs):
            path = f"{place}.required_caregivers[{number}]"
            self.check_known(f"{path}.service", "service", need.service, services)
            if need.duration is None and need.service in (services or frozenset()) - defaults:
                self.fault(
                    f"{path}.duration",
                    FaultCode.MISSING_FIELD,
                    f"is missing, and service {need.service} has no default duration.",
                )
        for number, name in enumerate(row.incompatible_caregivers or ()):
            self.check_known(
                f"{place}.incompatible_caregivers[{number}]", "caregiver", name, caregivers
            )
        self.check_synchronisation(place, row)

    def check_synchronisation(self, place: str, row: PatientRow) -> None:
        tie = row.synchronization
        path = f"{place}.synchronization"
        if len(row.needs) not in {1, 2}:
            message = f"lists {len(row.needs)} services; a patient needs one or two."
            self.fault(f"{place}.required_caregivers", FaultCode.WRONG_COUNT, message)
            return
        if len(row.needs) == 1:
            if tie is not None:
                self.fault(path, FaultCode.WRONG_COUNT, "ties two services, but only one is there.")
            return
        if row.needs[0].service == row.needs[1].service:
            self.fault(
                f"{place}.required_caregivers[1].service",
                FaultCode.BAD_VALUE,
                "repeats the first one; the two services of a patient differ.",
            )
        if tie is None:
            self.fault(path, FaultCode.MISSING_FIELD, "is missing; two services need one.")
        elif tie.type == "sequential" and tie.distance is None:
            self.fault(
                f"{path}.distance", FaultCode.MISSING_FIELD, "is missing; give [least, most]."
            )
        elif tie.type == "sequential" and tie.distance and tie.distance[0] > tie.distance[1]:
            self.fault(
                f"{path}.distance", FaultCode.GAP_REVERSED, "has a least gap above the largest."
            )

    def check_index(self) -> dict[tuple[str, str], int]:
        """Return each place's matrix row: as told, else its position, offices before patients."""
        places = [("office", path, row.id, row.distance_matrix_index) for path, row in self.offices]
        places += [
            ("patient", path, row.id, row.distance_matrix_index) for path, row in self.patients
        ]
        size = len(self.raw(self.office_key)) + len(self.raw("patients"))
        index: dict[tuple[str, str], int] = {}
        seen: set[int] = set()
        for number, (kind, place, name, given) in enumerate(places):
            path = f"{place}.distance_matrix_index"
            row = number if given is None else given
            if given is not None and given >= size:
                self.fault(
                    path, FaultCode.INDEX_OUT_OF_RANGE, f"is {given}; there are only {size} places."
                )
            elif row in seen:
                self.fault(path, FaultCode.BAD_VALUE, _taken(given, row))
            index[kind, name] = row
            seen.add(row)
        return index

    def check_distances(self) -> tuple[tuple[float, ...], ...]:
        if "distances" not in self.document:
            self.fault("distances", FaultCode.MISSING_FIELD, "is missing.")
            return ()
        try:
            matrix = _MATRIX.validate_python(self.document["distances"])
        except ValidationError as error:
            self.shape_faults("distances", error, MOST_MATRIX_FAULTS)
            return ()
        if not self.raw(self.office_key) or self.ids("patients") is None:
            return matrix
        size = len(self.raw(self.office_key)) + len(self.raw("patients"))
        if len(matrix) != size:
            self.fault(
                "distances",
                FaultCode.MATRIX_SHAPE,
                f"has {len(matrix)} rows for {size} offices and patients.",
            )
        for number, row in enumerate(matrix):
            if len(row) != size:
                self.fault(
                    f"distances[{number}]",
                    FaultCode.MATRIX_SHAPE,
                    f"has {len(row)} of {size} columns.",
                )
        return matrix
