"""Where people live, and how travel between places is measured."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.record import Code, Record
from optimizer.units import Minutes

MinuteNumber = Annotated[float, Field(allow_inf_nan=False)]


class Mode(StrEnum):
    """Means of travel of a caregiver."""

    WALK = "walk"
    EBIKE = "ebike"
    BUS = "bus"
    CAR = "car"


class Place(Record):
    """A point in WGS-84 degrees and, with explicit matrices, its row there."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    matrix_index: Annotated[int, Field(ge=0)] | None = None


class ModeSpeed(Record):
    """How fast one goes and what is lost at the door (parking, stairs, waiting for a bus)."""

    kmh: Annotated[float, Field(gt=0, le=200, allow_inf_nan=False)]
    access: Minutes


DEFAULT_SPEEDS: dict[Mode, ModeSpeed] = {
    Mode.WALK: ModeSpeed(kmh=4.5, access=1),
    Mode.EBIKE: ModeSpeed(kmh=12.0, access=3),
    Mode.BUS: ModeSpeed(kmh=14.0, access=10),
    Mode.CAR: ModeSpeed(kmh=22.0, access=3),
}


class Zone(Record):
    """A town-like circle whose border slows journeys that cross it (hills, a river)."""

    id: Code
    centre: Place
    radius_km: Annotated[float, Field(gt=0, le=500, allow_inf_nan=False)]
    road_factor: Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)]


class Slowdown(Record):
    """A town that is hard to reach today: ways to and from its clients take longer."""

    town: Code
    factor: Annotated[float, Field(ge=1, le=20, allow_inf_nan=False)]
    "So many times as long; of two towns the larger one counts."


class MeasuredJourney(Record):
    """One way whose time is known, whatever the rest of the specification says of it."""

    mode: Mode
    origin: Place
    target: Place
    minutes: Minutes


class GeodesicTravel(Record):
    """Travel from coordinates: geodesic x road factor / speed + access minutes."""

    kind: Literal["geodesic"] = "geodesic"
    road_factor: Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)] = 1.3
    speeds: dict[Mode, ModeSpeed] = {}
    "Replaces the defaults mode by mode."
    zones: tuple[Zone, ...] = ()
    "A journey between inside and outside of a zone uses the zone's road factor if larger."
    whole_minutes: bool = True
    "Journeys are rounded up to minutes, so that visits of whole minutes begin at whole minutes."
    slowdowns: tuple[Slowdown, ...] = ()
    measured: tuple[MeasuredJourney, ...] = ()


class MatrixTravel(Record):
    """Travel from explicit matrices, one per mode, in minutes, row = from, column = to."""

    kind: Literal["matrix"] = "matrix"
    minutes: dict[Mode, tuple[tuple[MinuteNumber, ...], ...]]
    "Shape ``(places, places)`` for each mode in use; a negative entry means unreachable."
    metres: tuple[tuple[int, ...], ...] | None = None
    "Shape ``(places, places)``; needed only where mileage is paid."
    slowdowns: tuple[Slowdown, ...] = ()
    measured: tuple[MeasuredJourney, ...] = ()


Travel = Annotated[GeodesicTravel | MatrixTravel, Field(discriminator="kind")]
