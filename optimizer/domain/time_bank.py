"""A time bank: whole minutes that volunteers earn and later receive, booked twice."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.record import Code, Id, Record
from optimizer.domain.visit import StartWindow

PAYER = "timebank"
"Payer of the entitlements and visits of a time bank."
QUALIFICATION = "TIMEBANK"
"What a volunteer holds on the days on which all safeguards hold."

Count = Annotated[int, Field(ge=1, le=10_000_000)]


class AccountKind(StrEnum):
    """Whose minutes an account holds."""

    MEMBER = "member"
    GROUP = "group"
    POOL = "pool"
    ISSUE = "issue"
    EXPIRED = "expired"
    CLEARING = "clearing"


class BankAccount(Record):
    """An account of the time bank; its balance follows from transfers and is written nowhere."""

    id: Id
    kind: AccountKind = AccountKind.MEMBER
    client: Id | None = None
    "The client of the scenario whose account it is."
    caregiver: Id | None = None
    "The volunteer of the scenario whose account it is."
    age: Annotated[int, Field(ge=0, le=130)] | None = None
    isolated: bool = False
    "Alone and poor: what own minutes do not pay is paid from the pool."
    kin: tuple[Id, ...] = ()
    "Accounts of relatives in the direct line, to whom minutes may be given."
    trained_on: datetime.date | None = None
    checked_on: datetime.date | None = None
    "When the police record was looked up."
    accompanied_on: datetime.date | None = None
    "When the first visit was made together with somebody experienced."
    insured_until: datetime.date | None = None
    "Last day of the accident insurance."
    limit: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    "Of a clearing account: minutes that the other district may owe or be owed."


class TransferReason(StrEnum):
    """Why minutes move."""

    SERVICE = "service"
    GIFT = "gift"
    DONATION = "donation"
    GRANT = "grant"
    EXPIRY = "expiry"
    CLEARING = "clearing"
    REVERSAL = "reversal"


class Transfer(Record):
    """Minutes that move from one account to another; never changed, only reversed."""

    id: Id
    giver: Id
    receiver: Id
    minutes: Count
    reason: TransferReason
    date: datetime.date
    by: Code
    "Who has booked it: a role or a number, never a name."
    order: Id | None = None
    "The order that was served, of a service."
    reverses: Id | None = None
    "The transfer that is taken back, of a reversal."


class BankOrder(Record):
    """A service that a member asks other members for."""

    id: Id
    member: Id
    "Account of whoever asks."
    service: Code
    minutes: Annotated[int, Field(ge=1, le=1440)]
    date: datetime.date
    window: StartWindow
    posted_on: datetime.date
    offered_on: datetime.date | None = None
    accepted_on: datetime.date | None = None
    volunteer: Id | None = None
    "Account of whoever has accepted or served it."
    done_on: datetime.date | None = None
    given: Annotated[int, Field(ge=0, le=1440)] | None = None
    "Minutes that were given."
    confirmed_on: datetime.date | None = None
    "When the member confirmed; silence confirms as well."
    disputed_on: datetime.date | None = None
    ruled: Annotated[int, Field(ge=0, le=1440)] | None = None
    "Minutes that the coordinator counts after a dispute."
    cancelled_on: datetime.date | None = None


class BankRules(Record):
    """Limits of a time bank: numbers that a district may set otherwise."""

    services: Annotated[tuple[Code, ...], Field(min_length=1)] = (
        "SAFE_VISIT",
        "ERRAND",
        "ESCORT_OUT",
        "PSY_COMFORT",
        "MEAL_DELIVER",
    )
    "What members may do for each other; never care that asks for a profession."
    step_minutes: Annotated[int, Field(ge=1, le=240)] = 30
    "Minutes are credited in such steps, rounded to the nearest, half a step up."
    day_minutes: Count = 240
    "The most that a volunteer earns on one day."
    most_minutes: Count = 90_000
    "The most that a member holds; what is earned above goes to the pool."
    spend_age: Annotated[int, Field(ge=0, le=130)] = 60
    "From this age on minutes may be spent."
    volunteer_age: Annotated[int, Field(ge=0, le=130)] = 18
    silence_days: Annotated[int, Field(ge=0, le=60)] = 3
    "After so many days without a word an order counts as confirmed."
    clients_per_half_day: Annotated[int, Field(ge=1, le=20)] = 2
    pair_percent: Annotated[int, Field(ge=1, le=100)] = 50
    "Two members of whom one gives more than this part of all hours to the other are told."
    issued_minutes: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    "So far the district may pay with minutes that nobody has earned before."
    expires_after_months: Annotated[int, Field(ge=1, le=600)] | None = None
    "Minutes never expire if not given."


class TimeBank(Record):
    """The accounts, orders and transfers of a time bank: the file that a coordinator keeps."""

    format: Literal["homecare-timebank"] = "homecare-timebank"
    version: Literal["1"] = "1"
    id: Id
    rules: BankRules = BankRules()
    accounts: Annotated[tuple[BankAccount, ...], Field(min_length=1)]
    orders: tuple[BankOrder, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    "In the order in which they were booked."
