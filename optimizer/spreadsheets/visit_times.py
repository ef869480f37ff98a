"""When a row of visits says that they begin, and how long they take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from optimizer.needs import default_book
from optimizer.spreadsheets.clock_cells import ANY_TIME, Window, read_clock, read_window
from optimizer.spreadsheets.codes import Assumption, CellFault
from optimizer.spreadsheets.day_cells import read_date
from optimizer.spreadsheets.people_rows import read_length
from optimizer.spreadsheets.reading_state import Reading
from optimizer.spreadsheets.rows import Row
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.word_cells import read_list, text_of
from optimizer.spreadsheets.words import fold, meanings, plain
from optimizer.units import MS_PER_MINUTE

USUAL_FLEXIBILITY = 15 * MS_PER_MINUTE
"How much earlier or later a visit may begin of which one time is given and nothing else."


@dataclass(frozen=True, slots=True)
class Times:
    """When the visits of a row begin, and how long they take.

    Attributes
    ----------
    windows
        Earliest and latest start of each visit of a day, in milliseconds since midnight.
    preferred_until
        Beginning later counts as late; None without such a time.
    minutes
        Care, in minutes; None where the row does not say.
    """

    windows: tuple[Window, ...]
    preferred_until: int | None = None
    minutes: int | float | None = None


def read_moment(value: Value) -> tuple[date, int | None]:
    """Return date and time in one cell; no time where it is midnight or not there.

    Raises
    ------
    UnreadableCell
        If there is no date.
    """
    day = read_date(value)
    if isinstance(value, datetime):
        found = read_clock(value)
        return day, found or None
    if isinstance(value, str):
        _, _, rest = plain(value).replace("T", " ").partition(" ")
        return day, read_clock(rest) if rest.strip() else None
    return day, None


def times_of(reading: Reading, row: Row, services: tuple[str, ...]) -> Times | None:
    """Return the times in a row; None where one of its cells has a fault, now noted."""
    before = len(reading.findings.faults)
    minutes = read_length(row, "minutes")
    preferred = row.read("preferred_until", read_clock)
    for name in ("flexibility", "preferred_flexibility"):
        read_length(row, name)  # So that a fault is told whichever columns are used below.
    found = _bounds(reading, row) or _text(reading, row) or _start(reading, row, minutes)
    if len(reading.findings.faults) > before:
        return None
    times = found or _titled(row) or _whole_day(reading, row)
    minutes = times.minutes if minutes is None else minutes
    if minutes is None:
        minutes = _usual_minutes(reading, row, services)
    if len(reading.findings.faults) > before:
        return None
    if preferred is None:
        preferred = times.preferred_until
    return replace(times, minutes=minutes, preferred_until=preferred)


def _bounds(reading: Reading, row: Row) -> Times | None:
    """Return the window of two columns; where one is empty, the office's day ends it."""
    if not (row.has("window_start") or row.has("window_end")):
        return None
    earliest, latest = row.read("window_start", read_clock), row.read("window_end", read_clock)
    if earliest is None and row.has("window_start"):
        return None
    if latest is None and row.has("window_end"):
        return None
    settings = reading.settings
    earliest = min(settings.earliest, latest or 0) if earliest is None else earliest
    latest = max(settings.latest, earliest) if latest is None else latest
    return Times(((earliest, latest),))


def _text(reading: Reading, row: Row) -> Times | None:
    """Return the windows of one column: words such as "上午", spans, or several of them."""
    if not row.has("window"):
        return None
    windows = row.read("window", _windows)
    if windows is None:
        return None
    day = reading.settings.earliest, reading.settings.latest
    whole = tuple(day if window == ANY_TIME else window for window in windows)
    told = tuple(window for window in whole if isinstance(window, tuple))
    if len(told) > 1:
        return Times(told)
    (earliest, latest) = told[0]
    if earliest == latest:
        return _around(reading, row, earliest)
    is_word = fold(text_of(row.raw("window") or "")) in meanings("moments")
    minutes = read_length(row, "minutes")
    if minutes is None and not is_word:
        # "8:00-9:00" without minutes is an appointment of an hour.
        return Times(((earliest, earliest),), minutes=(latest - earliest) // MS_PER_MINUTE)
    return Times(((earliest, latest),))


def _windows(value: Value) -> tuple[Window | str, ...]:
    if isinstance(value, str):
        return tuple(read_window(part) for part in read_list(value))
    return (read_window(value),)


def _start(reading: Reading, row: Row, minutes: float | None) -> Times | None:
    """Return the window around a start, or within a start and an end."""
    start = row.read("start", read_clock)
    if start is None and row.has("moment"):
        moment = row.read("moment", read_moment)
        start = None if moment is None else moment[1]
    if start is None:
        return None
    end = row.read("end", read_clock)
    if row.has("end") and end is None:
        return None
    if end is not None:
        if end <= start:
            reading.findings.fault(row.place_of("end"), CellFault.BAD_TIME, "sheets.end_first")
            return None
        if minutes is None:
            return Times(((start, start),), minutes=(end - start) // MS_PER_MINUTE)
        return Times(((start, max(start, end - round(minutes * MS_PER_MINUTE))),))
    return _around(reading, row, start)


def _around(reading: Reading, row: Row, start: int) -> Times:
    flexibility = read_length(row, "flexibility")
    if flexibility is None:
        reading.findings.note(
            row.place, Assumption.ASSUMED_WINDOW, "sheets.usual_flexibility",
            minutes=USUAL_FLEXIBILITY // MS_PER_MINUTE,
        )  # fmt: skip
        spare = USUAL_FLEXIBILITY
    else:
        spare = round(flexibility * MS_PER_MINUTE)
    preferred = read_length(row, "preferred_flexibility")
    until = None if preferred is None else start + round(preferred * MS_PER_MINUTE)
    if until is not None:
        until = min(until, start + spare)
    return Times(((max(0, start - spare), start + spare),), preferred_until=until)


def _titled(row: Row) -> Times | None:
    """Return the window that a title such as "Lunch" stands for."""
    title = row.read("title", text_of)
    if title is None or fold(title) not in meanings("moments"):
        return None
    window = read_window(title)
    return Times((window,)) if isinstance(window, tuple) else None


def _whole_day(reading: Reading, row: Row) -> Times:
    settings = reading.settings
    reading.findings.note(
        row.place, Assumption.ASSUMED_WINDOW, "sheets.whole_day",
        earliest=_hours(settings.earliest), latest=_hours(settings.latest),
    )  # fmt: skip
    return Times(((settings.earliest, settings.latest),))


def _hours(ms: int) -> str:
    return f"{ms // MS_PER_MINUTE // 60:02d}:{ms // MS_PER_MINUTE % 60:02d}"


def _usual_minutes(reading: Reading, row: Row, services: tuple[str, ...]) -> int | float | None:
    """Return how long a visit takes of which the row does not say it."""
    catalogue = default_book().catalogue
    known = [catalogue.services[code] for code in services if code in catalogue.services]
    if known and len(known) == len(services):
        care = sum(service.minutes for service in known) + catalogue.arrival + catalogue.notes
        reading.findings.note(row.place, Assumption.ASSUMED_MINUTES, "sheets.minutes_catalogue")
        return care // MS_PER_MINUTE
    if reading.settings.minutes is not None:
        reading.findings.note(
            row.place, Assumption.ASSUMED_MINUTES, "sheets.minutes_setting",
            minutes=reading.settings.minutes // MS_PER_MINUTE,
        )  # fmt: skip
        return reading.settings.minutes // MS_PER_MINUTE
    row.insist("minutes")
    return None
