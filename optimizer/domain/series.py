"""Recurring care of one client: so often in so many weeks, on days that the search chooses."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from optimizer.domain.policy import Priority
from optimizer.domain.record import Code, Id, Record
from optimizer.domain.visit import CarerNeed, Price, StartWindow
from optimizer.units import Clock, Minutes

SeriesId = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\s/]+$")]
"""Short enough that the ids of its visits, which begin with it, are ids as well."""

Weekday = Annotated[int, Field(ge=1, le=7)]
"""1 is Monday."""


class ExceptionKind(StrEnum):
    """What is different on the days of an exception."""

    MOVED = "moved"
    CANCELLED = "cancelled"
    FIXED = "fixed"


class SeriesException(Record):
    """Days on which a series is not as usual.

    ``moved``: not on these days, but on another one of the same weeks (a public holiday).
    ``cancelled``: not on these days, and not made up for (a stay in hospital). ``fixed``: on each
    of these days one of its visits, in a window of its own if one is given (an appointment with a
    doctor at the usual hour).
    """

    kind: ExceptionKind
    start: datetime.date
    end: datetime.date | None = None
    "Last day; only `start` if not given."
    window: StartWindow | None = None
    "For ``fixed``."

    def covers(self, day: datetime.date) -> bool:
        """Return whether a day is one of the exception."""
        return self.start <= day <= (self.end or self.start)


class Series(Record):
    """What one client is to be given again and again, at most once a day.

    Its visits are made from it for the days that are planned; the search chooses their days.
    """

    id: SeriesId
    client: Id
    services: tuple[Code, ...] = ()
    carers: Annotated[tuple[CarerNeed, ...], Field(min_length=1, max_length=2)]
    "One carer, or two who begin at the same moment."
    count: Annotated[int, Field(ge=1, le=56)] = 1
    "Visits in so many weeks."
    weeks: Annotated[int, Field(ge=1, le=8)] = 1
    "Calendar weeks, Monday to Sunday, in which the visits take place so many times."
    weekdays: tuple[Weekday, ...] = ()
    "Days of the week on which it may be; none listed means any."
    preferred_weekdays: tuple[Weekday, ...] = ()
    "Days of the week that are wished for; another one leaves a wish unmet."
    window: StartWindow
    usual_start: Clock | None = None
    "The usual time; nobody comes earlier than `tolerance` before it, later counts as lateness."
    tolerance: Minutes = 30 * 60_000
    min_days: Annotated[int, Field(ge=1, le=400)] = 1
    "Days from one visit to the next, at least."
    max_days: Annotated[int, Field(ge=1, le=400)] | None = None
    "Days from one visit to the next, at most."
    since: datetime.date | None = None
    "First day on which it holds; its periods of several weeks are counted from that week."
    until: datetime.date | None = None
    "Last day on which it holds."
    done: tuple[datetime.date, ...] = ()
    "Days before the horizon on which it took place, as far as they matter for the gaps and count."
    exceptions: tuple[SeriesException, ...] = ()
    priority: Priority = Priority.ESSENTIAL
    unserved_price: Price | None = None
    mandatory: bool = False
    payer: Code | None = None
