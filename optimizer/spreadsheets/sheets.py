"""Sheets of cells, wherever they come from, and how a cell is named in a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

Value = str | float | bool | date | datetime | time | timedelta
"What a cell holds; of a text file always text. An empty cell is None."

Broken = Literal["formula", "error"]
"A formula that nobody has worked out yet, or one that ended in an error such as #REF!."


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is not empty.

    Attributes
    ----------
    number
        As the spreadsheet counts it, from 1.
    values
        Cells from column A on.
    """

    number: int
    values: tuple[Value | None, ...]

    def at(self, column: int) -> Value | None:
        """Return the cell of a column, counted from 0; None beyond the last one."""
        return self.values[column] if column < len(self.values) else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, or a file of comma-separated values.

    Attributes
    ----------
    name
        Of the sheet, or of the file without its ending.
    rows
        Rows that are not empty, merged cells filled.
    broken
        Cells whose formula has no value, by row number and column from 0.
    is_hidden
        Whether the user does not see it.
    """

    name: str
    rows: tuple[SheetRow, ...]
    broken: Mapping[tuple[int, int], Broken] = field(default_factory=dict)
    is_hidden: bool = False

    def place(self, row: int, column: int) -> str:
        """Return the name of a cell: row from 1, column from 0."""
        return f"{self.name}!{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 0: A, B, ..., Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column from 0: the way back from `column_letters`."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
