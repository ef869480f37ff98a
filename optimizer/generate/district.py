"""The district: towns, organisations, shifts and staff groups, from ``district.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from optimizer.domain.place import Mode
from optimizer.domain.record import Code, Id, Record
from optimizer.needs.catalogue import Grade
from optimizer.units import Clock


class Town(Record):
    """A town: where it lies and how its people are spread."""

    code: Code
    centre: tuple[float, float]
    "Latitude and longitude, WGS-84 degrees."
    weight: float
    "Share of the clients, per cent."
    communities: int
    spread_km: float
    "Standard deviation of communities about the centre."
    sigma_km: float
    "Standard deviation of homes about their community."


class Hill(Record):
    """A circle whose border slows journeys down."""

    code: Code
    centre: tuple[float, float]
    radius_km: float
    road_factor: float


class Body(Record):
    """An organisation and what it is contracted for."""

    id: Id
    towns: tuple[Code, ...]
    "Towns of its contract for life care."
    medical: bool = False
    "Has a contract for nursing and rehabilitation in all towns."
    volunteers: bool = False
    lending_fen_per_hour: int | None = None


class BreakTime(Record):
    """A break: how long, and when it may begin."""

    minutes: int
    earliest: Clock
    latest: Clock


class ShiftKind(Record):
    """A working day of one or more spans."""

    spans: tuple[tuple[Clock, Clock], ...]
    pause: BreakTime | None = None


class Skill(Record):
    """Qualifications that go together, and how common that is."""

    weight: float
    codes: tuple[Grade, ...]


class Group(Record):
    """A group of caregivers who are hired alike."""

    holds: tuple[Skill, ...]
    shifts: dict[str, float]
    modes: dict[Mode, float]
    overtime: tuple[int, ...]
    visits_per_day: int
    fen_per_minute: int
    fen_per_overtime_minute: int
    volunteer: bool = False
    from_outside: Annotated[float, Field(ge=0, le=1)] = 0
    "Share of those who come from outside the district; assumed."


class People(Record):
    """Shares of the population."""

    tiers: tuple[float, ...]
    "Weight of need tiers 0 to 4."
    categories: dict[Code, tuple[float, ...]]
    "Weight of each category by need tier."
    least_ages: dict[Code, int]
    "Age from which a category is served, whole years."
    lives_in_served_town: Annotated[float, Field(ge=0, le=1)]
    speaks_local: Annotated[float, Field(ge=0, le=1)]
    women_among_caregivers: Annotated[float, Field(ge=0, le=1)]


class CivilPurse(Record):
    """What the civil-affairs bureau buys for each client a month."""

    payer: Code
    price_book: Code
    hours: dict[Code, int]
    "By category."


class InsurancePurse(Record):
    """What long-term care insurance grants those who are insured, a month."""

    payer: Code
    price_book: Code
    share: Annotated[float, Field(ge=0, le=100)]
    "Per cent of the clients who are insured, highest need first."
    hours: int
    max_visit: int
    "Minutes."
    max_items: int


class Purses(Record):
    """Who pays, and how much."""

    civil: CivilPurse
    ltci: InsurancePurse


class District(Record):
    """Everything about a district that does not change from day to day."""

    towns: tuple[Town, ...]
    hills: tuple[Hill, ...]
    organisations: tuple[Body, ...]
    shifts: dict[str, ShiftKind]
    groups: dict[str, Group]
    people: People
    purses: Purses


@cache
def load_district() -> District:
    """Return the district that comes with the package."""
    text = files("optimizer.generate").joinpath("district.toml").read_text(encoding="utf-8")
    return District.model_validate(tomllib.loads(text))
