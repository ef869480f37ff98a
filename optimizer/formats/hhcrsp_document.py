"""A benchmark instance as its file says it: rows, checked and tied together.

The format is the JSON of the public home-health-care routing benchmark, together with its
published extension for several depots and working shifts. Fields that this page does not
name carry no meaning for a roster and are passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from optimizer.domain.record import Code, Id
from optimizer.errors import Fault, InvalidDocument

MOST_MATRIX_FAULTS = 20

Number = Annotated[float, Field(strict=True, ge=0, le=100_000, allow_inf_nan=False)]
TimeOfDay = Annotated[float, Field(strict=True, ge=0, le=1440, allow_inf_nan=False)]
Coordinate = Annotated[float, Field(strict=True, allow_inf_nan=False)]
MatrixIndex = Annotated[int, Field(strict=True, ge=0)]
PatientId = Annotated[str, Field(min_length=1, max_length=78, pattern=r"^[^\s/]+$")]


class Row(BaseModel):
    """An object of the file; what it says beside the known fields is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ServiceRow(Row):
    """A service, its length in minutes where a patient does not say."""

    id: Code
    default_duration: Annotated[Number, Field(gt=0)] | None = None


class OfficeRow(Row):
    """A place where caregivers begin or end."""

    id: Id
    location: tuple[Coordinate, Coordinate] | None = None
    distance_matrix_index: MatrixIndex | None = None


class CaregiverRow(Row):
    """Somebody who gives care, with the services they can give."""

    id: Id
    abilities: tuple[str, ...]
    start: str | None = Field(
        None, validation_alias=AliasChoices("starting_point_id", "departing_point")
    )
    end: str | None = Field(None, validation_alias=AliasChoices("ending_point_id", "arrival_point"))
    working_shift: tuple[TimeOfDay, TimeOfDay] | None = None


class NeedRow(Row):
    """One service that a patient needs, in minutes."""

    service: str
    duration: Annotated[Number, Field(gt=0)] | None = None


class SynchronisationRow(Row):
    """How the two services of a patient depend on each other; gaps are start to start."""

    type: Literal["simultaneous", "sequential"]
    distance: tuple[Number, Number] | None = None


class PatientRow(Row):
    """A patient; a window's end is soft."""

    id: PatientId
    location: tuple[Coordinate, Coordinate] | None = None
    distance_matrix_index: MatrixIndex | None = None
    time_window: tuple[TimeOfDay, Number] | None
    needs: tuple[NeedRow, ...] = Field(
        min_length=1,
        max_length=2,
        validation_alias=AliasChoices("required_caregivers", "required_services"),
    )
    synchronization: SynchronisationRow | None = None
    incompatible_caregivers: tuple[str, ...] | None = None


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


def check_document(document: Mapping[str, Any], source: str = "document") -> HhcrspDocument:
    """Check an instance file's JSON object.

    Parameters
    ----------
    document
        The object as the JSON parser gives it.
    source
        File name or other origin, for the heading of the error.

    Raises
    ------
    InvalidDocument
        With every fault found and its place.
    """
    return _Check(document).result(source)


_R = TypeVar("_R", bound=Row)
_MATRIX: TypeAdapter[tuple[tuple[float, ...], ...]] = TypeAdapter(tuple[tuple[Number, ...], ...])


class _Check:
    """One pass over a document that gathers faults and the rows that have none."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.faults: list[Fault] = []
        office_key = "departing_points" if "departing_points" in document else "central_offices"
        self.services = self.rows("services", ServiceRow)
        self.offices = self.rows(office_key, OfficeRow)
        self.caregivers = self.rows("caregivers", CaregiverRow)
        self.patients = self.rows("patients", PatientRow)
        self.office_key = office_key
        if document.get(office_key) == []:
            self.fault(office_key, "missing-field", "lists no office; caregivers need a start.")

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
            raise InvalidDocument(self.faults, source)
        return HhcrspDocument(
            services=tuple(row for _, row in self.services),
            offices=tuple(row for _, row in self.offices),
            caregivers=tuple(row for _, row in self.caregivers),
            patients=tuple(row for _, row in self.patients),
            distances=distances,
            index=index,
        )

    def fault(self, path: str, code: str, message: str) -> None:
        self.faults.append(Fault(path=path, code=code, message=message))

    def pydantic_faults(self, place: str, error: ValidationError, most: int | None = None) -> None:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        for detail in details[:most]:
            path = place + "".join(
                f"[{step}]" if isinstance(step, int) else f".{step}" for step in detail["loc"]
            )
            missing = detail["type"] == "missing"
            message = "is missing." if missing else _sentence(detail["msg"])
            self.fault(path, "missing-field" if missing else "bad-value", message)
        if most is not None and len(details) > most:
            self.fault(place, "bad-value", f"has {len(details) - most} more faults of this kind.")

    def raw(self, key: str) -> list[Any]:
        """Return the list under `key`, or nothing where there is none."""
        value = self.document.get(key)
        return value if isinstance(value, list) else []

    def rows(self, key: str, kind: type[_R]) -> list[tuple[str, _R]]:
        if key not in self.document:
            self.fault(key, "missing-field", "is missing.")
        elif not isinstance(self.document[key], list):
            self.fault(key, "bad-value", "is not a list.")
        good = []
        for number, item in enumerate(self.raw(key)):
            place = f"{key}[{number}]"
            try:
                good.append((place, kind.model_validate(item)))
            except ValidationError as error:
                self.pydantic_faults(place, error)
        return good

    def ids(self, key: str) -> frozenset[str]:
        """Return every id under `key`, those of faulty rows too, so none seems unknown."""
        ids = (item.get("id") for item in self.raw(key) if isinstance(item, dict))
        return frozenset(i for i in ids if isinstance(i, str))

    def check_duplicates(self, key: str) -> None:
        seen: Counter[str] = Counter()
        for number, item in enumerate(self.raw(key)):
            name = item.get("id") if isinstance(item, dict) else None
            if not isinstance(name, str):
                continue
            if seen[name]:
                self.fault(f"{key}[{number}].id", "duplicate-id", f"repeats the id {name}.")
            seen[name] += 1

    def check_known(self, path: str, kind: str, name: str | None, known: Iterable[str]) -> None:
        if name is not None and name not in known:
            self.fault(path, f"unknown-{kind}", f"names the {kind} {name}, which is not listed.")

    def check_caregiver(
        self, place: str, row: CaregiverRow, services: frozenset[str], offices: frozenset[str]
    ) -> None:
        for number, ability in enumerate(row.abilities):
            self.check_known(f"{place}.abilities[{number}]", "service", ability, services)
        self.check_known(f"{place}.starting_point_id", "office", row.start, offices)
        self.check_known(f"{place}.ending_point_id", "office", row.end, offices)
        if row.working_shift and row.working_shift[0] >= row.working_shift[1]:
            self.fault(f"{place}.working_shift", "empty-shift", "ends before it begins.")

    def check_patient(
        self, place: str, row: PatientRow, services: frozenset[str], caregivers: frozenset[str]
    ) -> None:
        if row.time_window and row.time_window[0] > row.time_window[1]:
            self.fault(f"{place}.time_window", "empty-window", "ends before it begins.")
        defaults = {s.id for _, s in self.services if s.default_duration is not None}
        for number, need in enumerate(row.needs):
            path = f"{place}.required_caregivers[{number}]"
            self.check_known(f"{path}.service", "service", need.service, services)
            if need.duration is None and need.service in services - defaults:
                self.fault(
                    f"{path}.duration",
                    "missing-field",
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
        if len(row.needs) == 1:
            if tie is not None:
                self.fault(path, "bad-synchronisation", "ties two services, but only one is there.")
            return
        if row.needs[0].service == row.needs[1].service:
            self.fault(
                f"{place}.required_caregivers[1].service",
                "repeated-service",
                "repeats the first one; the two services of a patient differ.",
            )
        if tie is None:
            self.fault(path, "missing-field", "is missing; two services need one.")
        elif tie.type == "sequential" and tie.distance is None:
            self.fault(f"{path}.distance", "missing-field", "is missing; give [least, most].")
        elif tie.type == "sequential" and tie.distance and tie.distance[0] > tie.distance[1]:
            self.fault(f"{path}.distance", "empty-gap", "has a least gap above the largest.")

    def check_index(self) -> dict[tuple[str, str], int]:
        """Return each place's matrix row: as told, else offices first and then patients."""
        places = [("office", path, row.id, row.distance_matrix_index) for path, row in self.offices]
        places += [
            ("patient", path, row.id, row.distance_matrix_index) for path, row in self.patients
        ]
        told = [index is not None for *_, index in places]
        size = len(self.raw(self.office_key)) + len(self.raw("patients"))
        index: dict[tuple[str, str], int] = {}
        seen: set[int] = set()
        for number, (kind, place, name, given) in enumerate(places):
            path = f"{place}.distance_matrix_index"
            if given is None and any(told):
                self.fault(path, "missing-field", "is missing, though other places have one.")
            elif given is not None and given >= size:
                self.fault(path, "bad-index", f"is {given}; there are only {size} places.")
            elif given is not None and given in seen:
                self.fault(path, "bad-index", f"is {given}, which another place has already.")
            row = number if given is None else given
            index[kind, name] = row
            seen.add(row)
        return index

    def check_distances(self) -> tuple[tuple[float, ...], ...]:
        if "distances" not in self.document:
            self.fault("distances", "missing-field", "is missing.")
            return ()
        try:
            matrix = _MATRIX.validate_python(self.document["distances"])
        except ValidationError as error:
            self.pydantic_faults("distances", error, MOST_MATRIX_FAULTS)
            return ()
        size = len(self.raw(self.office_key)) + len(self.raw("patients"))
        if len(matrix) != size:
            self.fault(
                "distances",
                "bad-matrix",
                f"has {len(matrix)} rows for {size} offices and patients.",
            )
        for number, row in enumerate(matrix):
            if len(row) != size:
                self.fault(
                    f"distances[{number}]", "bad-matrix", f"has {len(row)} of {size} columns."
                )
        return matrix


def _sentence(message: str) -> str:
    """Turn the checker's message into the predicate of a sentence about the field."""
    text = message.replace("Input should ", "should ")
    return text if text.endswith(".") else text + "."
