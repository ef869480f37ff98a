"""What a professional has ordered for a client, beside what follows from the health record."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from optimizer.domain.record import Code, Id, Record
from optimizer.units import Minutes


class CarePlanItem(Record):
    """One service, how often, and how long if other than usual."""

    service: Code
    per_week: Annotated[int, Field(ge=1, le=7)] | None = None
    "Days a week; once in four weeks if neither this nor `per_four_weeks` is given."
    per_four_weeks: Annotated[int, Field(ge=1, le=3)] = 1
    "Days in four weeks, for what is rarer than weekly; not read where `per_week` is given."
    per_day: Annotated[int, Field(ge=1, le=6)] = 1
    minutes: Minutes | None = None
    "Per carer and time; the catalogue's if not given."


class CarePlan(Record):
    """Services ordered for one client."""

    client: Id
    ordered_on: date
    until: date | None = None
    "Last day on which it holds."
    items: Annotated[tuple[CarePlanItem, ...], Field(min_length=1)]
