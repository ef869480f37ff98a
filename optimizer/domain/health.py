"""A client's health record: what `needs/` reads and the engine never sees."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.record import Code, Record

Scheme = Literal["gbt42195", "barthel", "mmse", "ltci", "shanghai"]
Weekday = Annotated[int, Field(ge=1, le=7)]
"""Day of the week, 1 = Monday to 7 = Sunday."""


class Assessment(Record):
    """One assessment, kept raw with its scheme, because scales run in different directions."""

    scheme: Scheme
    version: str
    raw_grade: str | None = None
    raw_score: Annotated[int, Field(ge=0, le=100)] | None = None
    item_scores: dict[Code, Annotated[int, Field(ge=0, le=15)]] = {}
    assessed_on: date
    valid_until: date | None = None
    "Last day on which it holds; if not given, as long as assessments of the scheme usually do."


class Condition(Record):
    """A diagnosis or state that needs follow from."""

    code: Code
    since: date | None = None
    stage: Annotated[int, Field(ge=1, le=5)] | None = None
    "Of a pressure injury, 1 to 4; 5 is one that cannot be staged."
    per_day: Annotated[int, Field(ge=1, le=6)] | None = None
    "Ordered so many times a day, such as injections of insulin."
    weekdays: tuple[Weekday, ...] = ()
    "Fixed days, such as those of dialysis."


class RiskEvent(Record):
    """A care-risk event such as a fall or choking."""

    kind: Code
    on: date


class HealthRecord(Record):
    """Assessments, conditions, devices and risk events of one client."""

    recorded_on: date
    "The record says how things were on this day."
    assessments: tuple[Assessment, ...] = ()
    conditions: tuple[Condition, ...] = ()
    devices: tuple[Code, ...] = ()
    risk_events: tuple[RiskEvent, ...] = ()
    weight_kg: Annotated[int, Field(ge=20, le=250)] | None = None
