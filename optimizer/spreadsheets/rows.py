"""The cells of one row by their fields, read with every fault noted and none raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from optimizer.errors import Fault
from optimizer.i18n import Sentence, say
from optimizer.spreadsheets.codes import Assumption, CellFault
from optimizer.spreadsheets.headings import Column, FoundTable
from optimizer.spreadsheets.sheets import SheetRow, Value
from optimizer.spreadsheets.unreadable import UnreadableCell
from optimizer.spreadsheets.words import fold, word_set

_T = TypeVar("_T")


@dataclass(slots=True)
class Findings:
    """What is found out while a workbook is read; the only thing that changes meanwhile.

    Attributes
    ----------
    faults
        Faults by cell, in the order of reading.
    """

    faults: list[Fault] = field(default_factory=list)
    _notes: dict[tuple[Assumption, str], tuple[str, Callable[[int], Sentence]]] = field(
        default_factory=dict
    )
    _counts: Counter[tuple[Assumption, str]] = field(default_factory=Counter)

    def fault(self, place: str, code: CellFault, key: str, **fields: object) -> None:
        """Note a fault of a cell, or of the workbook where the place is empty."""
        self.faults.append(Fault(path=place, code=code, message=say(key, **fields)))

    def note(self, place: str, code: Assumption, key: str, **fields: object) -> None:
        """Note what was assumed: once for all that say the same, with their number as `count`.

        Parameters
        ----------
        place
            The first cell, or a sheet.
        code, key
            What it is, and its sentence.
        fields
            The sentence's fields beside `count`; another value makes another note.
        """
        which = code, f"{key} {sorted(map(str, fields.items()))}"
        self._counts[which] += 1
        self._notes.setdefault(which, (place, lambda count: say(key, count=count, **fields)))

    @property
    def notes(self) -> tuple[Fault, ...]:
        """All notes, each once."""
        return tuple(
            Fault(path=place, code=which[0], message=told(self._counts[which]))
            for which, (place, told) in self._notes.items()
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a found table.

    Attributes
    ----------
    found
        Its table.
    row
        The row of the sheet.
    findings
        Where faults are noted.
    columns
        The table's columns by field.
    """

    found: FoundTable
    row: SheetRow
    findings: Findings
    columns: Mapping[str, tuple[Column, ...]]

    @property
    def place(self) -> str:
        """The row's first cell."""
        first = min((column.index for column in self.found.columns), default=0)
        return self.found.sheet.place(self.row.number, first)

    def column(self, name: str) -> Column | None:
        """Return the column of a field that is filled in this row, else its first; None if none."""
        columns = self.columns.get(name, ())
        if len(columns) == 1:
            return columns[0]
        filled = (each for each in columns if self.row.at(each.index) is not None)
        return next(filled, columns[0] if columns else None)

    def has(self, name: str) -> bool:
        """Return whether a field's cell is filled."""
        column = self.column(name)
        return column is not None and self.row.at(column.index) is not None

    def place_of(self, name: str) -> str:
        """Return the name of a field's cell; that of the row where there is no such column."""
        column = self.column(name)
        return (
            self.place if column is None else self.found.sheet.place(self.row.number, column.index)
        )

    def raw(self, name: str) -> Value | None:
        """Return a field's cell as it is."""
        column = self.column(name)
        return None if column is None else self.row.at(column.index)

    def read(self, name: str, read: Callable[[Value], _T]) -> _T | None:
        """Return what a field's cell says; None if it is empty or has a fault, which is noted."""
        column = self.column(name)
        if column is None:
            return None
        value = self.row.at(column.index)
        place = self.found.sheet.place(self.row.number, column.index)
        if value is None:
            broken = self.found.sheet.broken.get((self.row.number, column.index))
            if broken == "formula":
                self.findings.fault(
                    place, CellFault.FORMULA_WITHOUT_VALUE, "sheets.formula_without_value"
                )
            elif broken == "error":
                self.findings.fault(place, CellFault.FORMULA_ERROR, "sheets.formula_error")
            return None
        try:
            return read(value)
        except UnreadableCell as error:
            self.findings.faults.append(Fault(path=place, code=error.fault, message=error.sentence))
            return None

    def insist(self, *names: str) -> None:
        """Note a fault unless one of these fields is filled or already has a fault."""
        if any(self.has(name) for name in names):
            return
        column = next((one for name in names if (one := self.column(name)) is not None), None)
        if column is not None and (self.row.number, column.index) in self.found.sheet.broken:
            return
        wanted = self.found.table.fields[names[0]].headings
        self.findings.fault(
            self.place_of(names[0]), CellFault.EMPTY_CELL, "sheets.empty_cell", column=wanted
        )


def rows_of(found: FoundTable, findings: Findings) -> Iterator[Row]:
    """Yield the rows below the headings that hold anything that is read.

    Repeated headings, as printed lists have on every page, and rows of totals are passed over.
    """
    read = [column for column in found.columns if column.field is not None]
    columns = {field: found.columns_of(field) for field in found.table.fields}
    for row in found.rows:
        filled = [column for column in read if row.at(column.index) is not None]
        has_broken = any((row.number, column.index) in found.sheet.broken for column in read)
        is_heading = bool(filled) and all(
            str(row.at(column.index)).strip() == column.heading for column in filled
        )
        if (filled or has_broken) and not is_heading and not _is_total(row):
            yield Row(found, row, findings, columns)


def _is_total(row: SheetRow) -> bool:
    first = next((value for value in row.values if value is not None), None)
    return isinstance(first, str) and fold(first) in word_set("total")
