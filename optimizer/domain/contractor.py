"""The directory of organisations that may be contracted: registration, permits, credit, grade."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from optimizer.domain.allocation import Halt
from optimizer.domain.record import Code, Id, Record


class ContractorKind(StrEnum):
    """What an organisation is before the law; a filed body is no legal person."""

    ASSOCIATION = "association"
    SERVICE_BODY = "service_body"
    FOUNDATION = "foundation"
    COMPANY = "company"
    PUBLIC_INSTITUTION = "public_institution"
    VILLAGE_COLLECTIVE = "village_collective"
    COMMITTEE = "committee"
    INDIVIDUAL = "individual"
    FILED_BODY = "filed_body"


class Permit(Record):
    """A permit to give some services, with its number at the authority."""

    code: Code
    number: Annotated[str, Field(min_length=1, max_length=60)]
    services: tuple[Code, ...] = ()
    "Services it permits; none listed means all."
    start: datetime.date
    end: datetime.date


class CreditList(StrEnum):
    """The lists of an authority on which an organisation may stand."""

    ABNORMAL = "abnormal"
    SERIOUS = "serious"
    ELDER_CARE = "elder_care"
    DEBTOR = "debtor"
    PROCUREMENT_BAN = "procurement_ban"
    REWARD = "reward"


class CreditEntry(Record):
    """One entry on a list, with the document that it was published in."""

    list: CreditList
    start: datetime.date
    end: datetime.date | None = None
    "Last day; until further notice if not given."
    document: Annotated[str, Field(min_length=1, max_length=120)]


class Grade(Record):
    """The assessed grade of a social organisation; it holds for five years."""

    level: Annotated[int, Field(ge=1, le=5)]
    "1A to 5A."
    granted_on: datetime.date


class Contractor(Record):
    """What the office knows of an organisation of the scenario."""

    organisation: Id
    uscc: Annotated[str, Field(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")] | None = None
    "Unified social credit code, with its check sign; a filed body has none."
    kind: ContractorKind
    registered_on: datetime.date | None = None
    permits: tuple[Permit, ...] = ()
    "None listed means that none is needed."
    credit: tuple[CreditEntry, ...] = ()
    grade: Grade | None = None
    halts: tuple[Halt, ...] = ()
    "Decisions of the office: after a poor evaluation, during an inquiry."
    listed_until: datetime.date | None = None
    "Last day in the catalogue of qualified bodies (C); not in it if not given."
    checked_on: datetime.date
    "When somebody last looked all of this up."


class BoughtService(Record):
    """An entry of the catalogue of services that are bought (B)."""

    code: Code
    title: Annotated[str, Field(min_length=1, max_length=80)]
    services: Annotated[tuple[Code, ...], Field(min_length=1)]
    start: datetime.date
    end: datetime.date | None = None
    "Last day; until further notice if not given."
