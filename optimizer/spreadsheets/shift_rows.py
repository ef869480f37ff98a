"""Rows of shifts: on dates, on days of the week, or as usual hours beside a caregiver."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from optimizer.formats.names import Kind
from optimizer.spreadsheets.clock_cells import read_clock
from optimizer.spreadsheets.codes import Assumption
from optimizer.spreadsheets.day_cells import EVERY_DAY, read_date, read_weekdays
from optimizer.spreadsheets.draft import Record, with_more
from optimizer.spreadsheets.reading_state import Reading
from optimizer.spreadsheets.rows import Row
from optimizer.spreadsheets.word_cells import read_presence
from optimizer.units import MS_PER_DAY, format_clock


def add_shifts(reading: Reading) -> None:
    """Add the shifts of all caregivers; rows that say that somebody is away take theirs off."""
    positions = {one["id"]: n for n, one in enumerate(reading.draft.lists["caregivers"])}
    away: set[tuple[str, date]] = set()
    listed: list[tuple[str, date, Record, Row]] = []
    for row in reading.active("shifts"):
        row.insist("caregiver")
        row.insist("date", "weekdays")
        caregiver = reading.find(Kind.CAREGIVER, row, "caregiver")
        is_there = row.read("presence", read_presence) is not False
        days = _days(reading, row)
        if not is_there:
            away |= {(caregiver, day) for day in days if caregiver is not None}
            continue
        row.insist("start")
        row.insist("end")
        span = span_of(row, "start", "end")
        if caregiver is None or span is None:
            continue
        for day in days:
            shift = shift_on(day, span)
            with_more(shift, row)
            listed.append((caregiver, day, shift, row))
    listed += _usual(reading, positions, {(one, day) for one, day, *_ in listed})
    if reading.settings.version is None:
        listed.sort(key=lambda one: (one[1], read_clock(one[2]["start"])))
    for caregiver, day, shift, row in listed:
        if (caregiver, day) not in away and caregiver in positions:
            reading.draft.add_shift(positions[caregiver], shift, row)


def _usual(
    reading: Reading, positions: Mapping[str, int], known: set[tuple[str, date]]
) -> list[tuple[str, date, Record, Row]]:
    """Return shifts by the usual hours of caregivers, on days without a shift of their own."""
    found = []
    for caregiver, position in positions.items():
        row = reading.draft.rows[f"caregivers[{position}]"]
        if row.found.table.name != "caregivers":
            continue
        weekdays = row.read("work_days", read_weekdays) or EVERY_DAY
        span = span_of(row, "shift_start", "shift_end")
        if row.has("shift_start"):
            row.insist("shift_end")
        if span is not None:
            found += [
                (caregiver, day, shift_on(day, span), row)
                for day in reading.days
                if day.isoweekday() in weekdays and (caregiver, day) not in known
            ]
    return found


def _days(reading: Reading, row: Row) -> tuple[date, ...]:
    year = reading.days[0].year
    day = row.read("date", lambda value: read_date(value, year=year))
    if day is not None:
        if day not in reading.days and reading.settings.version is None:
            reading.findings.note(
                row.place_of("date"), Assumption.OUTSIDE_DAYS, "sheets.shift_outside"
            )
            return ()
        return (day,)
    weekdays = row.read("weekdays", read_weekdays) or ()
    return tuple(one for one in reading.days if one.isoweekday() in weekdays)


def span_of(row: Row, start: str, end: str) -> tuple[int, int] | None:
    """Return start and end of a shift in a row, in milliseconds since midnight of its day."""
    begins, ends = row.read(start, read_clock), row.read(end, read_clock)
    if begins is None or ends is None:
        return None
    # 22:00 to 06:00 ends on the next morning.
    return begins, ends + MS_PER_DAY if ends <= begins and ends <= MS_PER_DAY // 2 else ends


def shift_on(day: date, span: tuple[int, int]) -> Record:
    """Return a shift as a document holds it."""
    return {"date": day.isoformat(), "start": format_clock(span[0]), "end": format_clock(span[1])}
