"""Duty rosters as grids: caregivers down, days across, and in each cell what sort of shift it is.

Each column of days is told as a table of shifts of its own, so that everything else reads it like
any other, and a message names the cell that it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from optimizer.spreadsheets.clock_cells import read_clock
from optimizer.spreadsheets.codes import Assumption, CellFault
from optimizer.spreadsheets.columns import tables
from optimizer.spreadsheets.headings import Column, FoundTable
from optimizer.spreadsheets.rows import Findings
from optimizer.spreadsheets.sheets import Sheet, SheetRow, Value
from optimizer.spreadsheets.unreadable import UnreadableCell
from optimizer.spreadsheets.words import document, fold, plain, word_set

ROWS_LOOKED_AT = 12
"Rows among which the days are looked for."
FEWEST_DAYS = 3
"Columns of days that make a grid."
NOBODY = frozenset({"备注", "说明", "合计", "总计", "小计", "total", "sum", "note", "notes"})
"What stands in the column of names and is nobody."

_EPOCH = date(1899, 12, 30)
"Day 0 of spreadsheets that keep a date as a number without saying that it is one."
_SERIALS = range(40_000, 60_000)
_NAMED_DAY = re.compile(r"(?:(\d{4})[年/.\-])?(\d{1,2})[月/.\-](\d{1,2})日?")
_NUMBER = re.compile(r"(\d{1,2})(?:日|号)?")
_MONTH = re.compile(r"(\d{4})\s*[年/.\-]\s*(\d{1,2})\s*月?")
_SPAN = re.compile(r"(.+?)\s*(?:-|–|—|~|～|至|到|to)\s*(.+)")
_LEGEND = re.compile(
    r"(.{1,6}?)\s*[:：=＝]?\s*(\d{1,2}[:：.]\d\d\s*(?:-|–|—|~|～|至|到)\s*(?:次日)?\d{1,2}[:：.]\d\d)"
)
_SEVERAL = re.compile(r"[、,，;；/+\s]+")
_CAREGIVER, _DATE, _START, _END, _PRESENCE = range(5)
_FIELDS = ("caregiver", "date", "start", "end", "presence")


@dataclass(frozen=True, slots=True)
class DayColumn(Sheet):
    """One column of a grid as a sheet of shifts; its cells are named as those of the grid.

    Attributes
    ----------
    name_column, day_column
        Columns of the grid, from 0.
    """

    name_column: int = 0
    day_column: int = 0

    def place(self, row: int, column: int) -> str:
        """Return the name of the cell of the grid that a cell stands for."""
        real = self.name_column if column == _CAREGIVER else self.day_column
        # A slotted dataclass has no zero-argument super().
        return Sheet.place(self, row, real)


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet that is a grid.

    Attributes
    ----------
    shown
        The sheet as a whole, for whoever asks what was understood.
    days
        Its columns, each as a table of shifts.
    """

    shown: FoundTable
    days: tuple[FoundTable, ...]


def find_grid(sheet: Sheet, today: date, findings: Findings) -> Grid | None:
    """Return the grid that a sheet holds; None if it is none.

    Parameters
    ----------
    sheet
        The sheet.
    today
        From which year days are that do not say theirs.
    findings
        Where unknown codes and assumed hours are noted.
    """
    for row in sheet.rows[:ROWS_LOOKED_AT]:
        days = _days(sheet, row, today)
        if len(days) >= FEWEST_DAYS:
            below = [one for one in sheet.rows if one.number > row.number]
            names = _name_column(row, min(days))
            if names is not None and _is_of_codes(below, days):
                return _grid(sheet, row, days, names, findings)
    return None


def _days(sheet: Sheet, row: SheetRow, today: date) -> dict[int, date]:
    """Return the days that cells of a row name, by column."""
    year, month = _month_of(sheet, row, today)
    found: dict[int, date] = {}
    swapped: dict[int, date] = {}
    for column, value in enumerate(row.values):
        for first, days in ((True, found), (False, swapped)):
            day = _day(value, year, month, month_first=first)
            if day is not None:
                days[column] = day
    return next((one for one in (found, swapped) if _rises(one)), {})


def _rises(days: Mapping[int, date]) -> bool:
    return len(days) >= FEWEST_DAYS and all(a < b for a, b in pairwise(days.values()))


def _month_of(sheet: Sheet, row: SheetRow, today: date) -> tuple[int, int | None]:
    """Return year and month of a grid, from its titles and the name of its sheet."""
    titles = [sheet.name]
    for above in sheet.rows:
        if above.number < row.number:
            titles += [str(value) for value in above.values if isinstance(value, str)]
    for title in titles:
        found = _MONTH.search(plain(title))
        if found is not None and 1 <= int(found[2]) <= 12:
            return int(found[1]), int(found[2])
    return today.year, None


def _day(value: Value | None, year: int, month: int | None, *, month_first: bool) -> date | None:
    """Return the day in a heading; None if it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if value is None or isinstance(value, bool | time | timedelta):
        return None
    if isinstance(value, int | float) and int(value) in _SERIALS:
        return _EPOCH + timedelta(days=int(value))
    text = str(int(value)) if isinstance(value, int | float) else plain(value)
    named = _NAMED_DAY.match(text)
    if named is not None:
        one, other = int(named[2]), int(named[3])
        parts = (one, other) if month_first else (other, one)
        return _date(int(named[1] or year), *parts)
    number = _NUMBER.match(text)
    if number is not None and month is not None:
        return _date(year, month, int(number[1]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _name_column(row: SheetRow, first_day: int) -> int | None:
    """Return the column of names: the one headed so, else the first text before the days."""
    shifts = tables()["shifts"]
    headed = [
        column
        for column in range(first_day)
        if isinstance(value := row.at(column), str)
        and (field := shifts.field_of(value)) is not None
        and field.name == "caregiver"
    ]
    if headed:
        return headed[0]
    return next(
        (n for n in range(first_day) if isinstance(row.at(n), str)), 0 if first_day else None
    )


def _is_of_codes(rows: Sequence[SheetRow], days: Mapping[int, date]) -> bool:
    """Return whether most cells below the days are words of shifts or spans of time."""
    known = {*_hours(()), *word_set("away")}
    cells = [fold(str(v)) for row in rows for n in days if isinstance(v := row.at(n), str)]
    spans = [str(v) for row in rows for n in days if isinstance(v := row.at(n), str)]
    fitting = sum(
        cell in known
        or _span(text) is not None
        or any(fold(p) in known for p in _SEVERAL.split(text))
        for cell, text in zip(cells, spans, strict=True)
    )
    return bool(cells) and 2 * fitting >= len(cells)


def _hours(rows: Sequence[SheetRow]) -> dict[str, tuple[str, str]]:
    """Return start and end of each word of a shift: the usual ones, or those of a legend."""
    entries: Mapping[str, dict[str, object]] = document("words")["shift"]
    found: dict[str, tuple[str, str]] = {}
    for entry in entries.values():
        words = entry["words"]
        for word in words if isinstance(words, list) else ():
            found[fold(word)] = str(entry["start"]), str(entry["end"])
    same = {word: {w for w, hours in found.items() if hours == found[word]} for word in found}
    for text in (str(v) for row in rows for v in row.values if isinstance(v, str)):
        for word, span in _LEGEND.findall(plain(text)):
            times = _span(span)
            key = fold(word.lstrip("；;，,、 "))
            if times is not None and key:
                found |= dict.fromkeys({key, *same.get(key, ())}, times)
    return found


def _span(text: str) -> tuple[str, str] | None:
    """Return start and end of a span of time; None if a text is none."""
    found = _SPAN.fullmatch(plain(text).replace("次日", ""))
    if found is None:
        return None
    try:
        read_clock(found[1])
        read_clock(found[2])
    except UnreadableCell:
        return None
    return found[1], found[2]


def _grid(
    sheet: Sheet, heading: SheetRow, days: Mapping[int, date], names: int, findings: Findings
) -> Grid:
    table = tables()["shifts"]
    legend = _hours(sheet.rows)
    usual, assumed = _hours(()), dict[str, str]()
    columns = tuple(Column(number, name, table.fields[name]) for number, name in enumerate(_FIELDS))
    found = []
    for column, day in days.items():
        rows: list[SheetRow] = []
        for row in sheet.rows:
            if row.number <= heading.number or not _is_somebody(row.at(names)):
                continue
            place = sheet.place(row.number, column)
            for start, end, presence, word in _shifts(row.at(column), legend, place, findings):
                if word and legend.get(word) == usual.get(word):
                    assumed.setdefault(f"{start}–{end}", place)
                values = (row.at(names), day, start, end, presence)
                rows.append(SheetRow(row.number, values))
        part = DayColumn(sheet.name, tuple(rows), name_column=names, day_column=column)
        found.append(FoundTable(part, table, heading.number, columns))
    for hours, place in assumed.items():
        findings.note(place, Assumption.ASSUMED_HOURS, "sheets.assumed_hours", hours=hours)
    told = [Column(names, str(heading.at(names) or ""), table.fields["caregiver"])]
    told += [Column(n, day.isoformat(), table.fields["date"]) for n, day in days.items()]
    shown = FoundTable(replace(sheet), table, heading.number, tuple(told), is_grid=True)
    return Grid(shown, tuple(found))


def _is_somebody(value: Value | None) -> bool:
    if value is None or isinstance(value, bool) or not str(value).strip():
        return False
    text = plain(str(value))
    is_legend = _LEGEND.search(text) is not None or text.rstrip(":：") in NOBODY
    return not is_legend and fold(text) not in word_set("total")


def _shifts(
    value: Value | None, legend: Mapping[str, tuple[str, str]], place: str, findings: Findings
) -> Iterator[tuple[str | None, str | None, str | None, str]]:
    """Yield start, end, presence and word of the shifts in a cell."""
    if value is None or not str(value).strip():
        return
    text = plain(str(value))
    times = _span(text)
    if times is not None:
        yield *times, None, ""
        return
    for word in _SEVERAL.split(text):
        folded = fold(word)
        if folded in word_set("away"):
            yield None, None, word, ""
        elif folded in legend:
            yield *legend[folded], None, folded
        elif (times := _span(word)) is not None:
            yield *times, None, ""
        else:
            known = tuple(sorted(document("words")["shift"]))
            findings.fault(
                place, CellFault.BAD_WORD, "sheets.no_shift_word", value=word, known=known
            )
