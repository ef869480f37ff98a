"""Which table a sheet holds, where its headings stand, and which column is which."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from optimizer.spreadsheets.columns import Field, Table, tables
from optimizer.spreadsheets.sheets import Sheet, SheetRow, column_letters
from optimizer.spreadsheets.words import fold, plain

How = Literal["known", "guessed", "told"]
"A heading that is known, one that resembles a known one, or one that the user has named."

ROWS_LOOKED_AT = 30
_ALIKE = 0.82
"Ratio of `difflib` from which a heading counts as a misspelt one."
_SHORTEST_GUESS = 5
_KNOWN_BEFORE_GUESSING = 2
_ROWS_OF_A_FORM = 4
_NAMED_AFTER = 3.0
"What a fitting name of the sheet is worth, in headings."
_OWN = 0.75
"What a heading that only this table has is worth besides."
_IN_HOURS = re.compile(r"小时|hours?\b|hrs?\b|\btim(?:mar|me)?\b|\(h\)|（h）", re.IGNORECASE)
_IN_MINUTES = re.compile(r"分|min", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    index
        From 0.
    heading
        As it stands in the sheet, one line.
    field
        What it is read as; None if it is not read.
    how
        How that was found.
    """

    index: int
    heading: str
    field: Field | None = None
    how: How = "known"

    @property
    def is_in_hours(self) -> bool:
        """Whether the heading says that its numbers count hours."""
        return bool(_IN_HOURS.search(self.heading)) and not _IN_MINUTES.search(self.heading)


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A sheet with what was found out about it.

    Attributes
    ----------
    sheet, table
        The sheet and the table that it holds.
    heading_row
        Number of the last row of headings.
    columns
        All columns that have a heading.
    is_grid
        Whether the columns of days of a grid are shown, which no mapping can say.
    """

    sheet: Sheet
    table: Table
    heading_row: int
    columns: tuple[Column, ...]
    is_grid: bool = False

    @property
    def rows(self) -> tuple[SheetRow, ...]:
        """The rows below the headings."""
        return tuple(row for row in self.sheet.rows if row.number > self.heading_row)

    def columns_of(self, field: str) -> tuple[Column, ...]:
        """Return the columns that are read as a field."""
        return tuple(
            each for each in self.columns if each.field is not None and each.field.name == field
        )

    def lacking(self) -> tuple[Field, ...]:
        """Return the fields that the table cannot do without and does not have."""
        return tuple(
            self.table.fields[need] for need in self.table.needs if not self.columns_of(need)
        )


def find_table(
    sheet: Sheet, only: Table | None = None, told: Mapping[str, str] | None = None
) -> FoundTable | None:
    """Return the table that a sheet holds; None if its headings are those of no table.

    Parameters
    ----------
    sheet
        The sheet.
    only
        The table that the user says it holds.
    told
        Names of fields by heading or column letter, as the user says; an empty name is not read.
    """
    best: tuple[float, FoundTable] | None = None
    named = {fold(heading): field for heading, field in (told or {}).items()}
    rows = list(_rows_of_headings(sheet))
    for table in (only,) if only is not None else tables().values():
        for number, headings in rows:
            columns = _columns(table, headings, named)
            worth = _worth(sheet, table, columns)
            is_enough = _is_enough(columns, table, sheet, is_told=only is not None)
            if is_enough and (best is None or worth > best[0]):
                best = worth, FoundTable(sheet, table, number, columns)
    return None if best is None else best[1]


def is_form(sheet: Sheet) -> bool:
    """Return whether a sheet is a form, with labels in many rows and values beside them.

    A table has its labels in one row or two, which a printed list may repeat.
    """
    known = tables()["clients"]
    rows = set()
    for row in sheet.rows[: 2 * ROWS_LOOKED_AT]:
        labels = frozenset(
            value.rstrip("：:")
            for value in row.values
            if isinstance(value, str) and known.field_of(value.rstrip("：:")) is not None
        )
        rows.add(labels)
    rows.discard(frozenset())
    return len(rows) >= _ROWS_OF_A_FORM and sum(map(len, rows)) > _ROWS_OF_A_FORM


def _rows_of_headings(sheet: Sheet) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
    """Yield rows that may hold headings, and pairs of them, as what each column may be called.

    In a pair the upper row names groups: "应急联系人" above "姓名" and "电话".
    """
    rows = sheet.rows[:ROWS_LOOKED_AT]
    for number, row in enumerate(rows):
        lower = [_heading(value) for value in row.values]
        yield row.number, [(text,) if text else () for text in lower]
        if number and rows[number - 1].number == row.number - 1:
            upper = [_heading(value) for value in rows[number - 1].values]
            upper += [""] * (len(lower) - len(upper))
            lower = lower + [""] * (len(upper) - len(lower))
            if len(set(filter(None, upper))) < len(list(filter(None, upper))) or not all(upper):
                yield row.number, [_both(*pair) for pair in zip(upper, lower, strict=True)]


def _both(upper: str, lower: str) -> tuple[str, ...]:
    if not lower or upper == lower:
        return (upper,) if upper else ()
    return (upper + lower, lower) if upper else (lower,)


def _heading(value: object) -> str:
    return " ".join(plain(value).lstrip("*＊").split()) if isinstance(value, str) else ""


def _columns(
    table: Table, headings: Sequence[tuple[str, ...]], told: Mapping[str, str]
) -> tuple[Column, ...]:
    columns = []
    for index, names in enumerate(headings):
        if names:
            columns.append(_column(table, index, names, told))
    return _with_guesses(table, columns)


def _column(table: Table, index: int, names: tuple[str, ...], told: Mapping[str, str]) -> Column:
    for name in (column_letters(index), *names):
        if fold(name) in told:
            return Column(index, names[0], table.fields.get(told[fold(name)]), "told")
    found = next((one for name in names if (one := table.field_of(name)) is not None), None)
    return Column(index, names[0], found)


def _with_guesses(table: Table, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns, unknown headings taken for the known ones that they resemble."""
    taken = {column.field.name for column in columns if column.field is not None}
    if len(taken) < _KNOWN_BEFORE_GUESSING:
        return tuple(columns)  # Most likely no headings at all, and resemblances cost time.
    known = [each for each, field in table.by_heading.items() if field not in taken]
    guessed = []
    for column in columns:
        folded = fold(column.heading)
        near: list[str] = []
        if column.field is None and column.how != "told" and len(folded) >= _SHORTEST_GUESS:
            near = difflib.get_close_matches(folded, known, 1, _ALIKE)
        if near and table.by_heading[near[0]] not in taken:
            field = table.fields[table.by_heading[near[0]]]
            taken.add(field.name)
            guessed.append(Column(column.index, column.heading, field, "guessed"))
        else:
            guessed.append(column)
    return tuple(guessed)


def _worth(sheet: Sheet, table: Table, columns: Sequence[Column]) -> float:
    fields = {column.field.name: column.how for column in columns if column.field is not None}
    worth = sum(0.5 if how == "guessed" else 1.0 for how in fields.values())
    worth += _OWN * len(table.owns & fields.keys())
    worth -= 2 * sum(need not in fields for need in table.needs)
    worth -= 0.1 * sum(column.field is None for column in columns)
    return worth + (_NAMED_AFTER if _is_called(sheet, table) else 0)


def _is_called(sheet: Sheet, table: Table) -> bool:
    # "护理员2026" and "clients_march" are called after their table as well.
    name = re.sub(r"[\d_\-.]+", " ", sheet.name).strip()
    return fold(sheet.name) in table.called or fold(name) in table.called


def _is_enough(columns: Sequence[Column], table: Table, sheet: Sheet, *, is_told: bool) -> bool:
    fields = {column.field.name for column in columns if column.field is not None}
    if is_told:
        return bool(fields)
    if table.name in {"settings", "addresses"} and not _is_called(sheet, table):
        return table.needs[0] in fields and len(columns) <= 4 and len(fields) >= 2
    return len(fields) >= 2 and 3 * len(fields) >= len(columns)
