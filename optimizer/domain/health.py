"""A client's health record: what `needs/` reads and the engine never sees."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.record import Code, Record

Scheme = Literal["gbt42195", "barthel", "mmse", "ltci", "shanghai"]


class Assessment(Record):
    """One assessment, kept raw with its scheme, because scales run in different directions."""

    scheme: Scheme
    version: str
    raw_grade: str | None = None
    raw_score: Annotated[int, Field(ge=0, le=100)] | None = None
    item_scores: dict[Code, Annotated[int, Field(ge=0, le=15)]] = {}
    assessed_on: date
    valid_until: date | None = None


class RiskEvent(Record):
    """A care-risk event such as a fall or choking."""

    kind: Code
    on: date


class HealthRecord(Record):
    """Assessments, conditions, devices and risk events of one client."""

    recorded_on: date
    assessments: tuple[Assessment, ...] = ()
    conditions: tuple[Code, ...] = ()
    devices: tuple[Code, ...] = ()
    risk_events: tuple[RiskEvent, ...] = ()
    weight_kg: Annotated[int, Field(ge=20, le=250)] | None = None
