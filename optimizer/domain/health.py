"""A client's health record: what `needs/` reads and the engine never sees."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.record import Code, Record
from optimizer.units import Clock, Minutes

Scheme = Literal["gbt42195", "barthel", "mmse", "moca", "ltci", "shanghai"]
Weekday = Annotated[int, Field(ge=1, le=7)]
"""Day of the week, 1 = Monday to 7 = Sunday."""
PartOfDay = Literal["morning", "midday", "evening", "night"]


Schooling = Literal["none", "primary", "secondary"]
"""No school; primary school; junior middle school or more."""


class Assessment(Record):
    """One assessment, kept raw with its scheme, because scales run in different directions."""

    scheme: Scheme
    version: str
    raw_grade: str | None = None
    raw_score: Annotated[int, Field(ge=0, le=100)] | None = None
    item_scores: dict[Code, Annotated[int, Field(ge=0, le=15)]] = {}
    schooling: Schooling | None = None
    "What counts as normal in tests of the mind depends on it."
    assessed_on: date
    valid_until: date | None = None
    "Last day on which it holds; if not given, as long as assessments of the scheme usually do."


class Insulin(Record):
    """One injection of insulin a day."""

    kind: Literal["rapid", "short", "premixed", "basal"]
    moment: Literal["breakfast", "lunch", "dinner", "bedtime"]


class Condition(Record):
    """A diagnosis or state that needs follow from."""

    code: Code
    since: date | None = None
    stage: Annotated[int, Field(ge=1, le=5)] | None = None
    "Of a pressure injury, 1 to 4; 5 is one that cannot be staged."
    per_day: Annotated[int, Field(ge=1, le=6)] | None = None
    "Times a day that it is ordered, such as injections of insulin."
    weekdays: tuple[Weekday, ...] = ()
    "Fixed days, such as those of dialysis."
    starts: Clock | None = None
    "When it begins on those days, such as a shift of dialysis."
    lasts: Minutes | None = None
    "How long it lasts there, without the way."
    insulin: tuple[Insulin, ...] = ()
    "The injections of a day by kind, instead of their number."

    @property
    def times_a_day(self) -> int | None:
        """Return how many times a day it is ordered; None where the record does not say."""
        return len(self.insulin) or self.per_day


class RiskEvent(Record):
    """A care-risk event such as a fall or choking."""

    kind: Code
    on: date


class DeviceDetail(Record):
    """What kind a device of the record is, when it is due for a change, and whom it carries."""

    device: Code
    kind: Code | None = None
    "Such as the material of a catheter."
    last_changed: date | None = None
    next_change: date | None = None
    limit_kg: Annotated[int, Field(ge=50, le=500)] | None = None
    "The heaviest person it carries."


class Wound(Record):
    """One wound; a pressure injury counts as the condition of that name as well."""

    kind: Code
    site: Code | None = None
    stage: Annotated[int, Field(ge=1, le=5)] | None = None
    "Of a pressure injury, 1 to 4; 5 is one that cannot be staged."
    size_cm: Annotated[int, Field(ge=1, le=60)] | None = None
    "Its greatest length."
    since: date | None = None


class Medicine(Record):
    """A medicine taken at fixed times."""

    code: Code
    times: Annotated[tuple[Clock, ...], Field(min_length=1)]
    meal: Literal["before", "with", "after"] | None = None
    exact: bool = False
    "A quarter of an hour matters."
    helped: bool = True
    "Somebody has to hand it over; False: the client takes it alone."


class FamilyCarer(Record):
    """Somebody of the family, or a neighbour, who helps."""

    who: Code
    present: tuple[PartOfDay, ...] = ()
    "Parts of the day on which there; all if none is named."
    weekdays: tuple[Weekday, ...] = ()
    "Every day if none is named."
    skills: tuple[Code, ...] = ()
    "Care that has been learned, such as feeding by tube."
    strained: bool = False
    "At the end of one's strength."


class Dwelling(Record):
    """How one gets in and out, and where one washes."""

    floor: Annotated[int, Field(ge=1, le=60)] | None = None
    "1 is the ground floor."
    lift: bool = False
    bathroom: Literal["shower", "tub", "none"] | None = None


class HealthRecord(Record):
    """Assessments, conditions, devices, risk events and what surrounds one client."""

    recorded_on: date
    "The record says how things were on this day."
    assessments: tuple[Assessment, ...] = ()
    conditions: tuple[Condition, ...] = ()
    devices: tuple[Code, ...] = ()
    "Equipment at home as well, such as a hoist."
    device_details: tuple[DeviceDetail, ...] = ()
    wounds: tuple[Wound, ...] = ()
    risk_events: tuple[RiskEvent, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    allergies: tuple[Code, ...] = ()
    diet: tuple[Code, ...] = ()
    "Kinds of food, such as soft or low in salt."
    swallowing: Literal["safe", "impaired", "unsafe"] | None = None
    "Unsafe: nothing by mouth."
    night_needs: tuple[Code, ...] = ()
    "Care that is needed between evening and morning."
    family: tuple[FamilyCarer, ...] = ()
    guardian: Code | None = None
    "Who decides for a client who cannot."
    dwelling: Dwelling | None = None
    weight_kg: Annotated[int, Field(ge=20, le=250)] | None = None
