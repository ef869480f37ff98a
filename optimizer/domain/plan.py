"""A roster: who visits whom, when."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from optimizer.domain.record import Id, Record
from optimizer.units import Clock, Minutes


class Stop(Record):
    """One caregiver at one visit."""

    visit: Id
    carer: Annotated[int, Field(ge=1, le=2)] = 1
    "Carer number: which of the visit's carers this caregiver is."
    arrival: Clock
    start: Clock
    end: Clock
    travel: Minutes
    "On the way from the previous stop, or from home."
    contract: Id | None = None
    "Contract charged; if none is named, the first that covers the stop and has room."


class Break(Record):
    """The break of a route."""

    start: Clock
    end: Clock
    after_stops: Annotated[int, Field(ge=0)]
    "Number of stops before it; 0 is at home before leaving, all is at home after."


class Route(Record):
    """One caregiver on one day, within one shift."""

    caregiver: Id
    date: datetime.date
    shift: Annotated[int, Field(ge=0)] = 0
    "Which of the caregiver's shifts of that day, in order of their start, from 0."
    departure: Clock
    "Leaves home, as late as the first stop allows."
    stops: Annotated[tuple[Stop, ...], Field(min_length=1)]
    pause: Break | None = None
    back: Clock
    "Is at the end place."
    travel_back: Minutes

    @property
    def is_break_on_way(self) -> bool:
        """Whether the break lies between leaving home and coming back, not before or after."""
        pause = self.pause
        return pause is not None and pause.after_stops > 0 and pause.start < self.back


class Unserved(Record):
    """A visit that does not take place, with the first reason found."""

    visit: Id
    reason: str
    "Code of the reason; see ``docs/reasons.md``."


class Plan(Record):
    """The routes of all caregivers and the visits left unserved."""

    format: Literal["homecare-plan"] = "homecare-plan"
    version: Literal["1"] = "1"
    scenario: Id
    routes: tuple[Route, ...] = ()
    unserved: tuple[Unserved, ...] = ()
