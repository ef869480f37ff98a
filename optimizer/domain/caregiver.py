"""The people who give care, and when they work."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from optimizer.domain.client import Gender
from optimizer.domain.place import Mode, Place
from optimizer.domain.record import Code, Id, Record
from optimizer.units import Clock, Minutes


class Origin(StrEnum):
    """Where a caregiver comes from: from the district and around it, or from farther away."""

    LOCAL = "local"
    OUTSIDE = "outside"


class Qualification(Record):
    """A qualification somebody holds; a higher level covers every lower one."""

    code: Code
    level: Annotated[int, Field(ge=1, le=9)] = 1
    expires: date | None = None
    "Last day on which it is valid."


class BreakRule(Record):
    """A break that every long enough shift must contain.

    It applies to a shift of at least `after` in which such a break fits, as soon as the
    shift has a visit. The break begins between `earliest` and `latest` and is taken where
    the previous visit was; before the first visit and after the last one it is taken at
    home.
    """

    duration: Minutes
    earliest: Clock
    latest: Clock
    after: Minutes = 6 * 60 * 60_000


class Shift(Record):
    """One working period: leave home not before `start`, be back by `end`.

    It belongs to the day on which it begins; of a night shift `end` lies after midnight.
    """

    date: date
    start: Clock
    end: Clock
    break_rule: BreakRule | None = None
    "The break of this shift, where it is another one than the caregiver's usual break."
    night: bool | None = None
    "Whether it is a night shift, where its hours alone would say otherwise."


class Caregiver(Record):
    """Somebody who visits clients."""

    id: Id
    organisation: Id | None = None
    qualifications: tuple[Qualification, ...] = ()
    gender: Gender | None = None
    languages: tuple[Code, ...] = ()
    home: Place
    end_place: Place | None = None
    "Where a shift ends; home if not given."
    mode: Mode = Mode.EBIKE
    shifts: tuple[Shift, ...] = ()
    break_rule: BreakRule | None = None
    overtime_limit: Minutes = 0
    "Permitted minutes after the end of a shift."
    day_minutes: Minutes | None = None
    "Work (care and travel between visits) per day above this is overtime."
    day_minutes_limit: Minutes | None = None
    week_minutes: Minutes | None = None
    "Work per calendar week above this is overtime."
    week_minutes_limit: Minutes | None = None
    days_off: Annotated[int, Field(ge=0, le=7)] = 0
    "Days of a calendar week, Monday to Sunday, on which at least no route begins."
    days_worked: Annotated[int, Field(ge=0, le=6)] = 0
    "Days worked already in the week of the first day planned, before that day."
    consecutive_days: Annotated[int, Field(ge=1)] | None = None
    "Most days in a row on which a route begins."
    consecutive_days_worked: Annotated[int, Field(ge=0)] = 0
    "Days in a row worked up to and including the day before the first one planned."
    month_overtime: Minutes | None = None
    "Overtime of a calendar month (work above `day_minutes` of its days) that costs no more."
    month_overtime_limit: Minutes | None = None
    "Most overtime of a calendar month."
    month_overtime_worked: Minutes = 0
    "Overtime of the month of the first day planned, before that day."
    consecutive_nights: Annotated[int, Field(ge=1)] | None = None
    "Most nights in a row: days on which a route of a night shift begins."
    consecutive_nights_worked: Annotated[int, Field(ge=0)] = 0
    "Nights in a row worked up to and including the one before the first day planned."
    week_nights: Annotated[int, Field(ge=0)] | None = None
    "Most nights of a calendar week."
    week_nights_worked: Annotated[int, Field(ge=0, le=6)] = 0
    "Nights worked already in the week of the first day planned, before that day."
    visits_per_day: Annotated[int, Field(ge=0)] | None = None
    rest: Minutes = 11 * 60 * 60_000
    "Least time between coming home and leaving home on a later day."
    rest_after_night: Minutes | None = None
    "The same after a night shift, where it is to be longer."
    last_return: Clock | None = None
    "When the caregiver came home on the day before the first one planned; rest begins with it."
    longest_leg: Minutes | None = None
    "Longest single journey, the ways from and to home included."
    fen_per_minute: Annotated[int, Field(ge=0)] = 0
    fen_per_km: Annotated[int, Field(ge=0)] = 0
    fen_per_overtime_minute: Annotated[int, Field(ge=0)] = 0
    volunteer: bool = False
    origin: Origin | None = None
    "Not read for a roster: only studies ask who travels home for a festival."

    def break_of(self, shift: Shift) -> BreakRule | None:
        """Return the break that a shift asks for if it is long enough."""
        return self.break_rule if shift.break_rule is None else shift.break_rule

    def rest_after(self, *, night: bool) -> int:
        """Return the least time of rest after a shift, in milliseconds; more after a night."""
        return max(self.rest, self.rest_after_night or 0) if night else self.rest
