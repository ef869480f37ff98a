"""What really took place: evidence of visits, why others did not, and rulings on doubts."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.record import Code, Id, Record
from optimizer.units import Clock, Minutes


class Occurrence(StrEnum):
    """Whether a visit took place, and if not, why."""

    DONE = "done"
    CLIENT_CANCELLED = "client_cancelled"
    CLIENT_AWAY = "client_away"
    HOSPITAL = "hospital"
    CARER_MISSED = "carer_missed"


class Method(StrEnum):
    """How a caregiver has checked in and out."""

    ELECTRONIC = "electronic"
    MANUAL = "manual"


class Position(Record):
    """Where somebody checked in, in WGS-84 degrees."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    accuracy_m: Annotated[int, Field(ge=0, le=100_000)] = 0


class Delivery(Record):
    """What is known of one carer at one visit."""

    visit: Id
    carer: Annotated[int, Field(ge=1, le=2)] = 1
    date: datetime.date
    occurrence: Occurrence = Occurrence.DONE
    caregiver: Id | None = None
    "Who came; needed where it took place."
    start: Clock | None = None
    "Check-in; needed where it took place."
    end: Clock | None = None
    "Check-out; needed where it took place."
    method: Method = Method.ELECTRONIC
    position: Position | None = None
    beacon: bool = False
    "Whether the beacon at the bed was read: then the position is no matter."
    ended_by_client: bool = False
    "Whether the client wanted it to end early."
    notice: bool = True
    "Whether the client said at least a day before that it cannot take place."


class Doubt(StrEnum):
    """What may be wrong with evidence."""

    OVERLAP = "overlap"
    TELEPORT = "teleport"
    NOT_HOME = "not_home"
    DUPLICATE = "duplicate"
    NOT_QUALIFIED = "not_qualified"
    DAY_TOO_FULL = "day_too_full"
    SHORT = "short"
    LONG = "long"
    OFF_PLACE = "off_place"
    OTHER_CAREGIVER = "other_caregiver"
    MANUAL = "manual"
    NO_POSITION = "no_position"


class Effect(StrEnum):
    """What a doubt does: stop the money until somebody has ruled, be told, or nothing."""

    HOLD = "hold"
    FLAG = "flag"
    OFF = "off"


class DoubtRule(Record):
    """What a district lets a doubt do, where that is not the usual."""

    doubt: Doubt
    effect: Effect


class Outcome(StrEnum):
    """What has come of a doubt."""

    UPHELD = "upheld"
    EXPLAINED = "explained"
    UNCLEAR = "unclear"


class Ruling(Record):
    """The decision about one doubt of one delivery."""

    visit: Id
    carer: Annotated[int, Field(ge=1, le=2)] = 1
    doubt: Doubt
    outcome: Outcome


class Deliveries(Record):
    """What took place on the days of a scenario: the file that the office collects."""

    format: Literal["homecare-deliveries"] = "homecare-deliveries"
    version: Literal["1"] = "1"
    scenario: Id
    deliveries: tuple[Delivery, ...] = ()
    rulings: tuple[Ruling, ...] = ()


class PayerPrice(Record):
    """What one payer pays for an hour of some services, where that is not the contract's price."""

    payer: Code
    contract: Id | None = None
    "The contract it holds for; all of them if not given."
    services: tuple[Code, ...] = ()
    "Services it is for; none listed means all."
    start: datetime.date
    end: datetime.date | None = None
    "Last day; until further notice if not given."
    fen_per_hour: Annotated[int, Field(ge=0, le=100_000_000)]


class Terms(Record):
    """By what is paid and doubted: numbers that a district may set otherwise."""

    full_percent: Annotated[int, Field(ge=1, le=100)] = 90
    "From this part of the planned time on a visit is paid as planned."
    least_percent: Annotated[int, Field(ge=0, le=100)] = 50
    "From this part on the time that was given is paid, below it nothing."
    least_if_ended: Minutes = 15 * 60_000
    "What the client ended early is paid from this time on."
    absence_percent: Annotated[int, Field(ge=0, le=100)] = 50
    "Of the price, once a month and client, where the client was away without notice."
    missed_percent: Annotated[int, Field(ge=0, le=1000)] = 50
    "Of the price, deducted where the caregiver did not come."
    missed_critical_percent: Annotated[int, Field(ge=0, le=1000)] = 200
    "The same of critical care."
    most_deducted_percent: Annotated[int, Field(ge=0, le=100)] = 10
    "Of what a contract is paid, deducted at most."
    overlap: Minutes = 2 * 60_000
    "So long may one caregiver be at two clients by the clocks of their check-ins."
    teleport_percent: Annotated[int, Field(ge=0, le=100)] = 60
    "A way that took less than this part of the fastest time is doubted."
    teleport_m: Annotated[int, Field(ge=0)] = 1000
    "Ways up to this length are not."
    fastest_kmh: Annotated[int, Field(ge=1, le=200)] = 22
    "In a straight line."
    longest_day: Minutes = 12 * 60 * 60_000
    "From the first check-in to the last check-out."
    long_percent: Annotated[int, Field(ge=100, le=1000)] = 150
    "More than this part of the planned time is doubted."
    off_place_m: Annotated[int, Field(ge=0)] = 200
    "A check-in farther from home than this and than twice its accuracy is doubted."
    most_manual_percent: Annotated[int, Field(ge=0, le=100)] = 20
    "Of an organisation's check-ins."
    most_without_position_percent: Annotated[int, Field(ge=0, le=100)] = 10
    "Of an organisation's check-ins: neither position nor beacon."
    rules: tuple[DoubtRule, ...] = ()
    prices: tuple[PayerPrice, ...] = ()
    "Prices of payers, the first that fits; a payer without any pays the contract's price."
