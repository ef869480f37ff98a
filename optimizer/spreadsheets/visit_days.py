"""On which days the visits of a row take place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from optimizer.spreadsheets.codes import Assumption
from optimizer.spreadsheets.day_cells import (
    EVERY_DAY,
    Recurrence,
    period_of,
    read_date,
    read_frequency,
    read_weekdays,
)
from optimizer.spreadsheets.reading_state import Reading
from optimizer.spreadsheets.rows import Row
from optimizer.spreadsheets.spreading import days_of
from optimizer.spreadsheets.visit_times import read_moment
from optimizer.spreadsheets.word_cells import read_count, text_of
from optimizer.spreadsheets.words import fold, meanings


@dataclass(frozen=True, slots=True)
class VisitDays:
    """The days of a row.

    Attributes
    ----------
    days
        Of one visit each; empty for one visit on any day, or for none if it `is_recurrent`.
    times
        Visits on each of them.
    is_recurrent
        Whether the row says how often, instead of naming a day.
    """

    days: tuple[date, ...] = ()
    times: int = 1
    is_recurrent: bool = False


def days_of_row(reading: Reading, row: Row, turn: int) -> VisitDays | None:
    """Return the days of a row of visits; None where a cell has a fault, now noted.

    Parameters
    ----------
    reading
        The workbook.
    row
        The row.
    turn
        Number of the row, by which days that nobody has fixed are dealt out.
    """
    before = len(reading.findings.faults)
    year = reading.days[0].year
    day = row.read("date", lambda value: read_date(value, year=year))
    if day is None:
        moment = row.read("moment", read_moment)
        day = None if moment is None else moment[0]
    told = recurrence_of(row)
    among = _among(row)
    if len(reading.findings.faults) > before:
        return None
    if day is not None and (told is None or day in reading.days):
        if day not in reading.days and reading.settings.version is None:
            reading.findings.note(row.place, Assumption.OUTSIDE_DAYS, "sheets.visit_outside")
            return VisitDays(is_recurrent=True)
        return VisitDays((day,))
    if told is None and not among:
        return VisitDays()
    return _recurrent(reading, row, told, among, turn)


def _recurrent(
    reading: Reading, row: Row, told: Recurrence | None, among: tuple[int, ...], turn: int
) -> VisitDays | None:
    before = len(reading.findings.faults)
    recurrence = told or Recurrence(weekdays=among)
    if among and recurrence.days in {0, 7} and not recurrence.every:
        recurrence = replace(recurrence, weekdays=recurrence.weekdays or among, days=0)
    if recurrence.days and recurrence.days < 7 * recurrence.weeks:
        reading.findings.note(row.place, Assumption.SPREAD_EVENLY, "sheets.spread_evenly")
    since, until = row.read("valid_from", read_date), row.read("valid_until", read_date)
    if len(reading.findings.faults) > before:
        return None
    days = tuple(
        day
        for day in days_of(recurrence, reading.days, turn, among)
        if (since is None or since <= day) and (until is None or day <= until)
    )
    return VisitDays(days, recurrence.times, is_recurrent=True)


def recurrence_of(row: Row) -> Recurrence | None:
    """Return how often a row takes place, of whichever columns say it; None if none does."""
    found = row.read("frequency", read_frequency)
    if found is None:
        found = _of_parts(row)
    number = row.read("number", read_count)
    if found is None and number:
        found = Recurrence(days=min(7, number))
    times = row.read("per_day", read_count)
    if times and found is None and not row.has("weekdays"):
        return None if row.has("date") else Recurrence(days=7, times=times)
    if times and found is None:
        return Recurrence(weekdays=_among(row), times=times)
    if times and found is not None:
        found = replace(found, times=times)
    return found


def _of_parts(row: Row) -> Recurrence | None:
    """Return a recurrence told as a period and the days within it."""
    category = fold(row.read("category", text_of) or "")
    days = row.read("days_in_period", read_count)
    period = row.read("period", period_of)
    if meanings("period").get(category) == "day" and days is None:
        return Recurrence(days=7)
    if days is None and period is None:
        return None
    if period == "day":
        return Recurrence(days=7)
    weeks = {"month": 4, "year": 52}.get(period or "week", 1)
    return Recurrence(days=max(1, min(days or 1, 7 * weeks)), weeks=weeks)


def _among(row: Row) -> tuple[int, ...]:
    """Return the days of the week that a row names, or those between a first and a last one."""
    weekdays = row.read("weekdays", read_weekdays)
    if weekdays:
        return weekdays
    first, last = row.read("first_day", read_weekdays), row.read("last_day", read_weekdays)
    if not first or not last:
        return ()
    length = (last[0] - first[0]) % 7 + 1
    days = tuple(sorted((first[0] - 1 + step) % 7 + 1 for step in range(length)))
    return () if days == EVERY_DAY else days
