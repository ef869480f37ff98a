"""The people who are cared for."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from optimizer.domain.health import HealthRecord
from optimizer.domain.place import Place
from optimizer.domain.record import Code, Id, Record
from optimizer.units import Clock


class Gender(StrEnum):
    """Gender of a caregiver, or the one a client wishes."""

    FEMALE = "female"
    MALE = "male"


class GenderWish(Record):
    """The gender a client wishes, insisted on (`hard`) or preferred."""

    gender: Gender
    hard: bool = False


class EntitlementUnit(StrEnum):
    """What an entitlement counts."""

    MINUTES = "minutes"
    VISITS = "visits"


class Entitlement(Record):
    """What a payer still grants a client within the horizon."""

    payer: Code
    unit: EntitlementUnit
    cap: Annotated[int, Field(ge=0)]
    "Minutes or visits that remain."


class Flag(StrEnum):
    """Marks of a client that change who may come, or when."""

    INFECTIOUS = "infectious"
    AGGRESSIVE = "aggressive"
    ALONE = "alone"


class Client(Record):
    """An elderly person who is cared for at home."""

    id: Id
    home: Place
    town: Code | None = None
    category: Code | None = None
    living: Code | None = None
    health_record: HealthRecord | None = None
    need_tier: Annotated[int, Field(ge=0, le=4)] | None = None
    entitlements: tuple[Entitlement, ...] = ()
    languages: tuple[Code, ...] = ()
    "Languages the client speaks; a caregiver who shares none leaves a wish unmet."
    gender_wish: GenderWish | None = None
    preferred: tuple[Id, ...] = ()
    "Caregivers the client would like to see; anybody else leaves a wish unmet."
    refused: tuple[Id, ...] = ()
    organisation: Id | None = None
    "The organisation the client has chosen."
    usual_start: Clock | None = None
    flags: tuple[Flag, ...] = ()
