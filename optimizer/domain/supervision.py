"""What a purchaser hears and finds of organisations: complaints, surveys, checks, objections."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.delivery import Outcome
from optimizer.domain.evaluation import Indicator
from optimizer.domain.record import Code, Id, Record


class ComplaintKind(StrEnum):
    """What a complaint is about."""

    MISSED = "missed"
    LATE = "late"
    QUALITY = "quality"
    CONDUCT = "conduct"
    MONEY = "money"
    OTHER = "other"


class Severity(StrEnum):
    """How soon a complaint has to be closed: severe ones by the next day."""

    SEVERE = "severe"
    OTHER = "other"


class Complaint(Record):
    """A complaint; who has complained is never written down here."""

    id: Id
    received: datetime.date
    channel: Code = "telephone"
    organisation: Id
    visit: Id | None = None
    "What it is about, where that is one visit."
    kind: ComplaintKind
    severity: Severity = Severity.OTHER
    outcome: Outcome | None = None
    "None: not decided yet."
    closed: datetime.date | None = None
    redress: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    "What was done about it, without anybody's name."


class Survey(Record):
    """What clients have answered to a third party about one organisation."""

    organisation: Id
    answered: Annotated[int, Field(ge=0, le=10_000_000)]
    content: Annotated[int, Field(ge=0, le=10_000_000)]
    by: Annotated[str, Field(min_length=1, max_length=80)]
    "The third party that has asked."


class RedLineKind(StrEnum):
    """What makes a result poor, whatever the score."""

    FALSE_CLAIM = "false_claim"
    HARM = "harm"
    UNQUALIFIED_INJECTION = "unqualified_injection"


class RedLine(Record):
    """A red line that an organisation has crossed, proven by a document."""

    organisation: Id
    kind: RedLineKind
    date: datetime.date
    document: Annotated[str, Field(min_length=1, max_length=120)]


class CheckWay(StrEnum):
    """How a visit is checked: a call afterwards, or somebody who comes unannounced."""

    PHONE = "phone"
    VISIT = "visit"


class CheckBy(StrEnum):
    """Why a visit was chosen: by the draw, or since something speaks against it."""

    LOT = "lot"
    RISK = "risk"


class SpotCheck(Record):
    """What a spot check has found."""

    visit: Id
    carer: Annotated[int, Field(ge=1, le=2)] = 1
    way: CheckWay
    by: CheckBy
    date: datetime.date
    passed: bool
    finding: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class SpotCheckTerms(Record):
    """How many visits of each organisation are checked: numbers that a district may set."""

    phone_percent: Annotated[int, Field(ge=0, le=100)] = 5
    "Of visits that took place, checked by a call."
    visit_percent: Annotated[int, Field(ge=0, le=100)] = 1
    "Of visits that are planned, checked by somebody who comes unannounced."
    least: Annotated[int, Field(ge=0, le=1000)] = 5
    "But never less than so many, as far as there are so many."


class ObjectionOutcome(StrEnum):
    """What has come of an objection."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Objection(Record):
    """What an organisation has to say against its result."""

    organisation: Id
    indicator: Indicator
    filed_on: datetime.date
    visits: tuple[Id, ...] = ()
    "Visits that should not count; none listed means the whole indicator."
    outcome: ObjectionOutcome | None = None
    "None: not decided yet; until then no share is lowered."


class Supervision(Record):
    """Complaints, surveys, checks and objections of a period: the file that the office keeps."""

    format: Literal["homecare-supervision"] = "homecare-supervision"
    version: Literal["1"] = "1"
    published_on: datetime.date | None = None
    "When organisations were told their results; objections need it."
    surveys: tuple[Survey, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    red_lines: tuple[RedLine, ...] = ()
    checks: tuple[SpotCheck, ...] = ()
    objections: tuple[Objection, ...] = ()
