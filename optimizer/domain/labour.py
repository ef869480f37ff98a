"""The working-time rules of a country, each figure with its source."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from optimizer.domain.record import Code, Record
from optimizer.units import Clock, Minutes

Source = Annotated[str, StringConstraints(min_length=1, max_length=400)]
"Law and article that a figure comes from."
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class LegalTime(Record):
    """A length of time that the law gives."""

    minutes: Minutes
    source: Source


class LegalNumber(Record):
    """A number of days or nights that the law gives."""

    count: Annotated[int, Field(ge=0, le=366)]
    source: Source


class LegalNight(Record):
    """When it is night by law, and how much of a shift makes it night work."""

    start: Clock
    end: Clock
    least: Minutes
    source: Source


class LabourRules(Record):
    """What the law of a country asks of everybody's working time.

    The figures are called and meant as the fields of a caregiver; the law leaves open what is not
    given.
    """

    format: Literal["homecare-labour-rules"] = "homecare-labour-rules"
    version: Literal["1"] = "1"
    id: Code
    en: Name
    zh: Name
    day_minutes: LegalTime | None = None
    day_minutes_limit: LegalTime | None = None
    week_minutes: LegalTime | None = None
    week_minutes_limit: LegalTime | None = None
    month_overtime: LegalTime | None = None
    month_overtime_limit: LegalTime | None = None
    rest: LegalTime | None = None
    rest_after_night: LegalTime | None = None
    days_off: LegalNumber | None = None
    consecutive_days: LegalNumber | None = None
    consecutive_nights: LegalNumber | None = None
    week_nights: LegalNumber | None = None
    night: LegalNight | None = None
