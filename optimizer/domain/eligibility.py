"""Who is cared for on public money: categories as data, and what clients have shown."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from optimizer.domain.record import Code, Id, Record


class Track(StrEnum):
    """Whether care costs the client nothing, or a part of its price."""

    FREE = "free"
    REDUCED = "reduced"


class CategoryTest(Record):
    """What somebody of a category must show; every condition that is given has to hold."""

    min_age: Annotated[int, Field(ge=0, le=130)] | None = None
    max_age: Annotated[int, Field(ge=0, le=130)] | None = None
    hardship: tuple[Code, ...] = ()
    "One of these kinds of hardship, such as that of the minimum living guarantee."
    living: tuple[Code, ...] = ()
    "One of these living situations."
    disability: tuple[Code, ...] = ()
    "One of these kinds of certified disability."
    disability_grade: Annotated[int, Field(ge=1, le=4)] | None = None
    "A certified disability of this grade or a worse one; 1 is the worst, 4 takes all."
    household: tuple[Code, ...] = ()
    "Registered with one of these households, such as one of the district."
    marks: tuple[Code, ...] = ()
    "One of these marks, such as a lost only child."
    min_tier: Annotated[int, Field(ge=0, le=4)] | None = None
    "Least need tier."


class Category(Record):
    """A group of people whose care a district buys."""

    code: Code
    zh: Annotated[str, Field(min_length=1, max_length=40)]
    en: Annotated[str, Field(min_length=1, max_length=60)]
    test: CategoryTest = CategoryTest()
    track: Track = Track.FREE
    monthly_minutes: Annotated[int, Field(ge=0, le=44_640)]
    "Care that is bought for one client in a calendar month."
    rank: Annotated[int, Field(ge=1, le=99)] = 50
    "Place among equals on the waiting list, 1 first; it never changes a visit's priority."
    start: datetime.date
    end: datetime.date | None = None
    "Last day on which it is in force."


class State(StrEnum):
    """Where a client is, as far as care at home is concerned."""

    HOME = "home"
    HOSPITAL = "hospital"
    INSTITUTION = "institution"
    MOVED = "moved"
    DECEASED = "deceased"


class StateChange(Record):
    """The day on which a client went to hospital, into an institution, home again, or died."""

    state: State
    date: datetime.date


class Application(Record):
    """What a client has shown of himself or herself, and when."""

    client: Id
    applied_on: datetime.date
    hardship: Code | None = None
    disability: Code | None = None
    "Kind of certified disability."
    disability_grade: Annotated[int, Field(ge=1, le=4)] | None = None
    "1 is the worst."
    household: Code | None = None
    marks: tuple[Code, ...] = ()
    changes: tuple[StateChange, ...] = ()
    copay_declined: bool = False
    "Pays no part of the price: of reduced care only what is critical goes on."
    served_since: datetime.date | None = None
    "Cared for since then: never put back on the waiting list."
