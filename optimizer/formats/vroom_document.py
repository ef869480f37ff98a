"""A routing problem in VROOM's JSON, as its API page describes it, and what of it can be planned.

References
----------
VROOM, docs/API.md (version 1.14): times in seconds, lengths in metres, places as ``[lon, lat]``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from optimizer.domain.record import Record
from optimizer.errors import InvalidDocument
from optimizer.formats.codes import FaultCode
from optimizer.formats.document import Content, Located, Location, load_document
from optimizer.formats.findings import in_document_order
from optimizer.formats.shape import validate
from optimizer.units import MS_PER_DAY

SECONDS_PER_DAY = MS_PER_DAY // 1000
LONGEST = 100_000 * 60
"Seconds of the longest journey or service that a scenario can hold."
MOST_PROFILES = 4
"A scenario knows four modes, and each pair of profile and speed factor takes one."

Whole = Annotated[int, Field(ge=0, le=2**53)]
Seconds = Annotated[int, Field(ge=0, le=LONGEST)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Point = tuple[Longitude, Latitude]
Window = tuple[Whole, Whole]


class VroomBreak(Record):
    """A break of a vehicle."""

    id: Whole
    time_windows: tuple[Window, ...] = ()
    service: Seconds = 0
    description: str | None = None
    max_load: tuple[Whole, ...] | None = None


class VroomVehicle(Record):
    """Somebody who drives; becomes a caregiver."""

    id: Whole
    profile: str = "car"
    description: str | None = None
    start: Point | None = None
    start_index: Whole | None = None
    end: Point | None = None
    end_index: Whole | None = None
    capacity: tuple[Whole, ...] = ()
    skills: tuple[Whole, ...] = ()
    time_window: Window | None = None
    breaks: tuple[VroomBreak, ...] = ()
    speed_factor: Annotated[float, Field(gt=0, le=5, allow_inf_nan=False)] = 1.0
    max_tasks: Whole | None = None
    max_travel_time: Whole | None = None
    max_distance: Whole | None = None
    costs: dict[str, Whole] = {}
    steps: tuple[Any, ...] = ()


class VroomJob(Record):
    """A place to serve; becomes a visit."""

    id: Whole
    description: str | None = None
    location: Point | None = None
    location_index: Whole | None = None
    setup: Seconds = 0
    service: Seconds = 0
    delivery: tuple[Whole, ...] = ()
    pickup: tuple[Whole, ...] = ()
    skills: tuple[Whole, ...] = ()
    priority: Annotated[int, Field(ge=0, le=100)] = 0
    time_windows: tuple[Window, ...] = ()


class VroomMatrices(Record):
    """Tables of one profile, row = from, column = to."""

    durations: tuple[tuple[Seconds, ...], ...]
    distances: tuple[tuple[Annotated[int, Field(ge=0, le=2**31 - 1)], ...], ...] | None = None
    costs: tuple[tuple[Whole, ...], ...] | None = None


class VroomDocument(Record):
    """The whole problem."""

    vehicles: Annotated[tuple[VroomVehicle, ...], Field(min_length=1)]
    jobs: tuple[VroomJob, ...] = ()
    shipments: tuple[Any, ...] = ()
    matrices: dict[str, VroomMatrices] = {}
    matrix: tuple[tuple[Seconds, ...], ...] | None = None
    "Older form: the durations of the profile ``car``."
    options: dict[str, Any] = {}
    "Options of a server around VROOM, such as whether it returns a geometry; not read."

    @property
    def tables(self) -> Mapping[str, VroomMatrices]:
        """The matrices by profile, in the newer form."""
        if self.matrix is not None:
            return {"car": VroomMatrices(durations=self.matrix)}
        return self.matrices

    @property
    def manners(self) -> tuple[tuple[str, float], ...]:
        """The distinct pairs of profile and speed factor, in order of appearance."""
        return tuple(dict.fromkeys((one.profile, one.speed_factor) for one in self.vehicles))

    @property
    def midnight(self) -> int:
        """Seconds to take off all times, so that they are times of one day.

        Windows may be timestamps; the first of them names the day.
        """
        first = min((begin for begin, _ in self.windows()), default=0)
        return first // SECONDS_PER_DAY * SECONDS_PER_DAY

    def windows(self) -> Iterator[Window]:
        """Yield all time windows."""
        for vehicle in self.vehicles:
            if vehicle.time_window is not None:
                yield vehicle.time_window
            for pause in vehicle.breaks:
                yield from pause.time_windows
        for job in self.jobs:
            yield from job.time_windows


def is_vroom(document: Mapping[str, Any]) -> bool:
    """Tell whether a JSON object is (meant to be) a problem in VROOM's form."""
    return "vehicles" in document and not str(document.get("format", "")).startswith("homecare")


def read_document(text: Content, source: str = "document") -> VroomDocument:
    """Return the problem in a JSON document if all of it can be planned.

    Raises
    ------
    InvalidDocument
        With every fault: of single fields, of what they name, and each use of something that
        home care does not have.
    """
    raw = load_document(text, source)
    document, located = validate(VroomDocument, raw)
    if document is not None and not located:
        located = list(_between(document))
    if located or document is None:
        faults = [one.fault() for one in located]
        raise InvalidDocument(in_document_order(faults, tuple(VroomDocument.model_fields)), source)
    return document


def _between(document: VroomDocument) -> Iterator[Located]:
    yield from _unsupported(document)
    yield from _repeated(document.vehicles, "vehicles")
    yield from _repeated(document.jobs, "jobs")
    yield from _times(document)
    yield from _tables(document)
    yield from _places(document)
    yield from _loads(document)


def _not(place: Location, what: str) -> Located:
    return Located(place, FaultCode.NOT_SUPPORTED, what)


def _unsupported(document: VroomDocument) -> Iterator[Located]:
    """Yield each use of something that would silently be left out otherwise."""
    if document.shipments:
        yield _not(("shipments",), "cannot be planned: home care carries nothing; use jobs.")
    for number, vehicle in enumerate(document.vehicles):
        yield from _unsupported_of(vehicle, ("vehicles", number))
    for number, job in enumerate(document.jobs):
        if len(job.time_windows) > 1:
            yield _not(("jobs", number, "time_windows"), "holds several windows; give one.")
    for profile, matrices in document.matrices.items():
        if matrices.costs is not None:
            yield _not(("matrices", profile, "costs"), "cannot be given: durations are the costs.")
    if len(document.manners) > MOST_PROFILES:
        words = "need more than four pairs of profile and speed factor."
        yield _not(("vehicles",), words)


def _unsupported_of(vehicle: VroomVehicle, place: Location) -> Iterator[Located]:
    for name in ("max_travel_time", "max_distance"):
        if getattr(vehicle, name) is not None:
            yield _not((*place, name), "cannot be limited; use time_window or max_tasks.")
    usual = {"fixed": 0, "per_hour": 3600, "per_task_hour": 0, "per_km": 0}
    if any(usual.get(name) != amount for name, amount in vehicle.costs.items()):
        yield _not((*place, "costs"), "cannot be set: a second of travel costs 1.")
    if vehicle.steps:
        yield _not((*place, "steps"), "cannot be given; judge a plan at /v1/verify instead.")
    if len(vehicle.breaks) > 1:
        yield _not((*place, "breaks"), "holds several breaks; a shift has at most one.")
    for row, pause in enumerate(vehicle.breaks):
        if len(pause.time_windows) != 1:
            words = "must hold one window: when the break may begin."
            yield _not((*place, "breaks", row, "time_windows"), words)
        if pause.max_load is not None:
            yield _not((*place, "breaks", row, "max_load"), "cannot be limited.")


def _repeated(records: Sequence[VroomVehicle | VroomJob], section: str) -> Iterator[Located]:
    counts = Counter(record.id for record in records)
    for number, record in enumerate(records):
        if counts[record.id] > 1:
            message = f"is {record.id}, as of another entry; give each its own."
            yield Located((section, number, "id"), FaultCode.DUPLICATE_ID, message)


def _times(document: VroomDocument) -> Iterator[Located]:
    midnight = document.midnight
    for place, (begin, end) in _windows(document):
        if end < begin:
            yield Located(place, FaultCode.WINDOW_REVERSED, "ends before it begins; swap the two.")
        elif place[0] == "vehicles" and place[-1] == "time_window" and end == begin:
            yield Located(place, FaultCode.SHIFT_REVERSED, "does not end after it begins.")
        if not midnight <= begin <= midnight + SECONDS_PER_DAY:
            words = "begins on another day than the first window; plan one day at a time."
            yield Located(place, FaultCode.OUT_OF_RANGE, words)


def _windows(document: VroomDocument) -> Iterator[tuple[Location, Window]]:
    for number, vehicle in enumerate(document.vehicles):
        if vehicle.time_window is not None:
            yield ("vehicles", number, "time_window"), vehicle.time_window
        for row, pause in enumerate(vehicle.breaks):
            for window in pause.time_windows:
                yield ("vehicles", number, "breaks", row, "time_windows"), window
    for number, job in enumerate(document.jobs):
        for column, window in enumerate(job.time_windows):
            yield ("jobs", number, "time_windows", column), window


def _tables(document: VroomDocument) -> Iterator[Located]:
    sizes = {len(one.durations) for one in document.tables.values()}
    for profile, matrices in document.tables.items():
        place: Location = ("matrix",) if document.matrix is not None else ("matrices", profile)
        for name, table in (("durations", matrices.durations), ("distances", matrices.distances)):
            if table is None:
                continue
            if len(sizes) > 1 or {len(row) for row in table} | {len(table)} != sizes:
                words = "is not square, or not of the same size as the others."
                yield Located((*place, name), FaultCode.MATRIX_SHAPE, words)
    if not document.tables:
        return
    for number, vehicle in enumerate(document.vehicles):
        if vehicle.profile not in document.tables:
            words = "has no matrices; add them, or change the profile."
            yield Located(("vehicles", number, "profile"), FaultCode.MISSING_MODE, words)


def _places(document: VroomDocument) -> Iterator[Located]:
    has_tables = bool(document.tables)
    size = max((len(one.durations) for one in document.tables.values()), default=0)
    for place, name, point, index in _points(document):
        if not has_tables and point is None:
            words = "is missing, and there are no matrices; add the coordinates [lon, lat]."
            yield Located((*place, name), FaultCode.MISSING_FIELD, words)
        elif has_tables and index is None:
            words = "is missing; add the row of this place in the matrices."
            yield Located((*place, f"{name}_index"), FaultCode.MISSING_FIELD, words)
        elif has_tables and index is not None and index >= size:
            words = f"is {index}, but the matrices have {size} rows, counted from 0."
            yield Located((*place, f"{name}_index"), FaultCode.INDEX_OUT_OF_RANGE, words)


def _points(
    document: VroomDocument,
) -> Iterator[tuple[Location, str, Point | None, int | None]]:
    """Yield the places that must be there; with matrices a vehicle may leave one end open."""
    has_tables = bool(document.tables)
    for number, vehicle in enumerate(document.vehicles):
        ends = (
            ("start", vehicle.start, vehicle.start_index),
            ("end", vehicle.end, vehicle.end_index),
        )
        is_open = [point is None and index is None for _, point, index in ends]
        for (name, point, index), left_open in zip(ends, is_open, strict=True):
            if not (has_tables and left_open) or all(is_open):
                yield ("vehicles", number), name, point, index
    for number, job in enumerate(document.jobs):
        yield ("jobs", number), "location", job.location, job.location_index


def _loads(document: VroomDocument) -> Iterator[Located]:
    """Yield the capacities that could be exceeded: then a plan would have to count loads."""
    amounts = [amount for job in document.jobs for amount in (job.delivery, job.pickup)]
    longest = max(map(len, amounts), default=0)
    total = [sum(one[k] for one in amounts if k < len(one)) for k in range(longest)]
    for number, vehicle in enumerate(document.vehicles):
        if any(
            k < len(vehicle.capacity) and vehicle.capacity[k] < most for k, most in enumerate(total)
        ):
            words = "is less than all amounts together, and loads cannot be planned."
            yield _not(("vehicles", number, "capacity"), words)


def vroom_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a problem in VROOM's form."""
    return VroomDocument.model_json_schema()
