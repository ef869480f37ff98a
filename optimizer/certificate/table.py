"""A certificate as a flat table: all that somebody needs who checks it without this program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from optimizer.certificate.form import Form
from optimizer.domain.record import Id, Record

Ticks = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=0)]


class StopRow(Record):
    """One carer's part of a visit; times in ticks since midnight, lengths in ticks."""

    visit: Id
    carer: Annotated[int, Field(ge=1, le=2)]
    asks: Annotated[int, Field(ge=0)]
    "Its share of what the visit asks for."
    earliest: Ticks
    latest: Ticks
    "Start of the care at the latest; before `earliest` where a pinned start leaves none."
    care: Ticks
    "Shortest acceptable care."


class ShiftRow(Record):
    """One shift of one caregiver; times in ticks since midnight, travel in ticks."""

    caregiver: Id
    date: dt.date
    shift: Number
    gives: Annotated[int, Field(ge=0)]
    "Most that one route of it collects of what the stops ask for."
    opens: Ticks
    closes: Ticks
    "Its end, overtime permitted."
    means: Number
    "Which of the tables `ways` holds for it."
    makes: tuple[Number, ...]
    "Numbers of the stops that it may make by qualification, wish, contract, day and pin."
    there: tuple[Ticks, ...]
    back: tuple[Ticks, ...]
    "Shortest path from where it begins to each stop, and from each stop to where it ends."


class Table(Record):
    """Visits, carers, hours and shortest paths of one certificate; rows count from 0."""

    form: Form
    least_unserved: Number
    asked: Mapping[Id, Annotated[int, Field(ge=0)]]
    "What each visit asks for."
    stops: tuple[StopRow, ...]
    shifts: tuple[ShiftRow, ...]
    "Every shift that may make any of the stops."
    ways: tuple[tuple[tuple[Ticks, ...], ...], ...]
    "Shortest path from each stop to each stop, one table per means of travel and longest leg."
    together: Mapping[Id, tuple[Number, ...]] = {}
    "For `alone`: the stops that have to begin as one, of each visit that is spoken of."
