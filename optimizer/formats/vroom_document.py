"""A routing problem in VROOM's JSON, as its API page describes it, and what of it can be planned.

References
----------
VROOM, docs/API.md (version 1.14): times in seconds, lengths in metres, places as ``[lon, lat]``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from optimizer.domain.record import Record
from optimizer.errors import InvalidDocument
from optimizer.formats.document import Content, load_document
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


def read_document(
    text: Content, source: str = "document", *, most: int | None = None
) -> VroomDocument:
    """Return the problem in a JSON document; whether it can be planned, is not asked.

    Raises
    ------
    InvalidDocument
        With every fault of single fields.
    """
    raw = load_document(text, source, most=most)
    document, located = validate(VroomDocument, raw)
    if located or document is None:
        faults = [one.fault() for one in located]
        ordered = in_document_order(faults, tuple(VroomDocument.model_fields), raw.content)
        raise InvalidDocument(ordered, source)
    return document


def vroom_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a problem in VROOM's form."""
    return VroomDocument.model_json_schema()
