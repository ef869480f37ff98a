"""The master pattern: who comes to whom on which weekday, week after week."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.record import Code, Id, Record
from optimizer.units import Clock


class Slot(Record):
    """One recurring appointment: a client's service on a day of the cycle."""

    client: Id
    series: Id | None = None
    "The recurring service; visits without one are told apart by their services."
    services: tuple[Code, ...] = ()
    week: Annotated[int, Field(ge=1, le=8)] = 1
    "Week of the cycle, from 1."
    weekday: Annotated[int, Field(ge=1, le=7)]
    "1 is Monday, 7 is Sunday."
    start: Clock
    caregivers: Annotated[tuple[Id, ...], Field(min_length=1, max_length=2)]
    "Who comes, by carer number."
    seen: Annotated[int, Field(ge=1)] = 1
    "In how many of the weeks learned from it was just so."
    weeks: Annotated[int, Field(ge=1)] = 1
    "How many weeks were learned from."


class Pattern(Record):
    """A roster that repeats itself every few weeks."""

    format: Literal["homecare-pattern"] = "homecare-pattern"
    version: Literal["1"] = "1"
    scenario: Id
    "The scenario whose roster it was learned from."
    monday: datetime.date
    "First day of a first week of the cycle."
    cycle: Annotated[int, Field(ge=1, le=8)] = 1
    "Weeks after which it begins anew."
    slots: Annotated[tuple[Slot, ...], Field(min_length=1)]

    def week_of(self, day: datetime.date) -> int:
        """Return the week of the cycle in which a day lies, from 1."""
        return (day - self.monday).days // 7 % self.cycle + 1
