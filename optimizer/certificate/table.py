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
    pause: tuple[Ticks, Ticks, Ticks] | None = None
    "For `weeks`: between which moments its break begins, and its length; none if none is due."
    night: bool | None = None
    "For `weeks`: whether it is a night shift."


class PersonRow(Record):
    """For `weeks`: one caregiver's limits across days, in ticks; none where none is told."""

    caregiver: Id
    gives: Ticks
    "Most that all shifts together give."
    rest: Ticks
    rest_after_night: Ticks
    "Least time by the clock from coming back to leaving home on a later day."
    free_from: Ticks
    "Since the first midnight: before that the rest after the last day before the horizon goes on."
    week_days: Number
    "Most days of a calendar week that are worked."
    days_worked: Number
    "Those worked in the first week before the horizon."
    days_in_a_row: Number | None = None
    days_in_a_row_worked: Number
    week_nights: Number | None = None
    nights_worked: Number
    nights_in_a_row: Number | None = None
    nights_in_a_row_worked: Number
    day_ticks: Ticks | None = None
    week_ticks: Ticks | None = None
    "Most work of a day, and of a calendar week."
    agreed_ticks: Ticks | None = None
    month_ticks: Ticks | None = None
    "Most work of a calendar month above the agreed work of its days."
    month_worked: Ticks
    "What of the first month's was worked before the horizon."


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
    people: tuple[PersonRow, ...] = ()
    "For `weeks`: everybody whose shifts may make any of the stops."
    days: tuple[dt.date, ...] = ()
    day_length: Number | None = None
    "For `weeks`: the days of the horizon, and the ticks of a day."
    together: Mapping[Id, tuple[Number, ...]] = {}
    "For `alone`: the stops that have to begin as one, of each visit that is spoken of."
