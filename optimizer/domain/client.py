"""The people who are cared for."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from optimizer.domain.health import HealthRecord
from optimizer.domain.place import Place
from optimizer.domain.record import Code, Id, Record
from optimizer.units import Clock, Minutes


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
    FEN = "fen"


class Period(StrEnum):
    """How long an entitlement lasts before it begins anew."""

    HORIZON = "horizon"
    WEEK = "week"
    MONTH = "month"


class ServicePrice(Record):
    """What a payer pays for one service: by the hour of each carer, or once for all of them."""

    service: Code
    fen_per_hour: Annotated[int, Field(ge=0)] = 0
    fen_per_time: Annotated[int, Field(ge=0)] = 0


class Entitlement(Record):
    """What a payer grants a client: the purse that care is paid from.

    One per `horizon` is what remains for the days planned; one per week or month is granted
    anew with each calendar week or month. A visit that names the payer is charged to all its
    entitlements that list one of the visit's services, or none.
    """

    payer: Code
    unit: EntitlementUnit
    cap: Annotated[int, Field(ge=0)]
    "Minutes, visits or fen in one period."
    period: Period = Period.HORIZON
    used: Annotated[int, Field(ge=0)] = 0
    "Minutes, visits or fen charged before the first day planned, in the period of that day."
    services: tuple[Code, ...] = ()
    "Services it pays for; none listed means all."
    price_book: Code | None = None
    "Prices that the payer pays; needed where it counts fen."
    prices: tuple[ServicePrice, ...] = ()
    "The prices themselves; read from the price book where none are listed."
    min_visit: Minutes | None = None
    "Shortest visit that it pays for; shorter ones are made as long."
    max_visit: Minutes | None = None
    "What would be longer becomes two visits."
    max_items: Annotated[int, Field(ge=1)] | None = None
    "Most service items in one visit."


class Flag(StrEnum):
    """Marks of a client that change who may come, or when."""

    INFECTIOUS = "infectious"
    AGGRESSIVE = "aggressive"
    ALONE = "alone"


class MealTimes(Record):
    """When a client begins to eat; services around a meal follow these times."""

    breakfast: Clock
    lunch: Clock
    dinner: Clock


class ServiceChoice(Record):
    """The organisation that a client has chosen for some services, such as nursing."""

    services: Annotated[tuple[Code, ...], Field(min_length=1)]
    organisation: Id


class ResponsibleCarer(Record):
    """The caregiver who answers for a client and knows the whole of the care.

    What is missing of the share costs something and breaks no rule: a caregiver may be ill, and a
    nurse's visit may ask for a nurse.
    """

    caregiver: Id
    min_share: Annotated[int, Field(ge=1, le=100)] = 50
    "Percent of the client's visits in the horizon that this caregiver is to make at least."


MISSED_THAT_COUNT = 5
"Of the visits left out lately; more would outweigh what the next higher priority is worth."


class Client(Record):
    """An elderly person who is cared for at home."""

    id: Id
    home: Place
    town: Code | None = None
    category: Code | None = None
    living: Code | None = None
    age: Annotated[int, Field(ge=0, le=130)] | None = None
    health_record: HealthRecord | None = None
    need_tier: Annotated[int, Field(ge=0, le=4)] | None = None
    "Derived from the health record where there is one."
    entitlements: tuple[Entitlement, ...] = ()
    languages: tuple[Code, ...] = ()
    "Languages the client speaks; a caregiver who shares none leaves a wish unmet."
    gender_wish: GenderWish | None = None
    preferred: tuple[Id, ...] = ()
    "Caregivers the client would like to see; anybody else leaves a wish unmet."
    refused: tuple[Id, ...] = ()
    organisation: Id | None = None
    "The organisation the client has chosen."
    service_choices: tuple[ServiceChoice, ...] = ()
    "Where another one was chosen for some services: the first that lists all of a visit's."
    usual_start: Clock | None = None
    meals: MealTimes | None = None
    continuity: Annotated[int, Field(ge=1, le=10)] = 1
    "Factor by which different carers count more than usual."
    most_caregivers: Annotated[int, Field(ge=1, le=100)] | None = None
    "Most different caregivers who come in the horizon; the policy's number if not given."
    responsible: ResponsibleCarer | None = None
    "Who is to make at least a share of the visits; visits missing of it cost something."
    flags: tuple[Flag, ...] = ()
    missed: Annotated[int, Field(ge=0, le=1_000)] = 0
    "Visits that were left out lately; the first five make it dearer to leave one out again."
