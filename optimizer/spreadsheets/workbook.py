"""Workbooks of spreadsheet programs: their sheets, and what may be wrong with the file."""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.files import read_bytes
from optimizer.i18n import say
from optimizer.spreadsheets.codes import CellFault
from optimizer.spreadsheets.sheets import Broken, Sheet, SheetRow, Value, column_number
from optimizer.spreadsheets.text_file import is_names_file, sheet_of_text

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

BOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TEXTS = (".csv", ".tsv", ".txt")

MOST_CELLS = 10_000_000
"Cells from A1 to the last one that holds something; the reader makes room for all of them."
LARGEST_UNPACKED = 1 << 29
"Bytes that the parts of a workbook may unpack to."

_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, OSError,
    RuntimeError, ValueError,
)  # fmt: skip
"What is raised of an archive whose bytes somebody has changed."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>/]*>')
_NO_VALUE = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>/]*><f(?:\s[^>]*)?(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>'
)
_ERROR = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>/]*\bt="e"[^>/]*>')
_SHEET = re.compile(rb"<sheet\b[^>]*>")
_TARGET = re.compile(rb"<Relationship\b[^>]*>")


@dataclass(frozen=True, slots=True)
class _Part:
    """What the text of one sheet tells that its cells do not."""

    broken: Mapping[tuple[int, int], Broken] = field(default_factory=dict)


def open_sheets(path: Path) -> tuple[Sheet, ...]:
    """Return all sheets of a workbook, of a text file, or of a folder of these.

    Parameters
    ----------
    path
        A workbook, a text file, or a folder, of which all such files are read by name.

    Raises
    ------
    UnreadableFile
        If it cannot be read.
    InvalidDocument
        If it is none of these, is locked with a password, or is too large.
    """
    if not path.is_dir():
        return tuple(_sheets_of(path))
    files = sorted(one for one in path.iterdir() if one.suffix.lower() in (*BOOKS, *TEXTS))
    files = [one for one in files if not one.name.startswith(("~$", "."))]
    if not files:
        raise _refused(CellFault.NOT_A_WORKBOOK, "sheets.empty_folder", path)
    return tuple(sheet for one in files for sheet in _sheets_of(one))


def _sheets_of(path: Path) -> Iterable[Sheet]:
    raw = read_bytes(path)
    if not raw.strip():
        raise _refused(CellFault.NOT_A_WORKBOOK, "sheets.empty_file", path)
    is_book = raw.startswith((b"PK\x03\x04", _OLE)) or path.suffix.lower() in BOOKS
    if is_book:
        return _sheets_of_book(raw, path)
    if path.suffix.lower() not in TEXTS:
        raise _refused(CellFault.NOT_A_WORKBOOK, "sheets.unknown_ending", path)
    return () if is_names_file(raw) else (sheet_of_text(raw, path),)


def _sheets_of_book(raw: bytes, path: Path) -> Iterator[Sheet]:
    # A tenth of a second that nothing else needs.
    import python_calamine  # noqa: PLC0415

    if raw.startswith(_OLE) and _ENCRYPTED in raw:
        raise _refused(CellFault.LOCKED_WORKBOOK, "sheets.locked", path)
    parts = _parts(raw, path)
    try:
        book = python_calamine.load_workbook(io.BytesIO(raw))
        for described in book.sheets_metadata:
            if described.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(described.name)
            hidden = described.visible != python_calamine.SheetVisibleEnum.Visible
            part = parts.get(described.name, _Part())
            yield Sheet(described.name, _all_rows(sheet, path), part.broken, hidden)
    except python_calamine.PasswordError as error:
        raise _refused(CellFault.LOCKED_WORKBOOK, "sheets.locked", path) from error
    except python_calamine.CalamineError as error:
        raise _refused(CellFault.NOT_A_WORKBOOK, "sheets.not_a_workbook", path) from error


def _all_rows(sheet: CalamineSheet, path: Path) -> tuple[SheetRow, ...]:
    """Return the rows of a sheet.

    Raises
    ------
    InvalidDocument
        If a cell that is shown as a length of time holds a number that is none.
    """
    try:
        return tuple(_rows(sheet))
    except OverflowError as error:
        message = say("sheets.endless_time")
        fault = Fault(path=sheet.name, code=CellFault.BAD_TIME, message=message)
        raise InvalidDocument([fault], path.name) from error


def _rows(sheet: CalamineSheet) -> Iterator[SheetRow]:
    filled = _merged(sheet)
    corners: dict[tuple[int, int], Value | None] = {}
    for row, cells in enumerate(sheet.iter_rows()):
        if row not in filled and cells.count("") == len(cells):
            continue
        values: list[Value | None] = [_value(cell) for cell in cells]
        for column, corner in filled.get(row, {}).items():
            if column < len(values):
                # A range begins at its upper left corner, which is met first.
                values[column] = corners.setdefault(corner, values[column])
        if any(value is not None for value in values):
            yield SheetRow(row + 1, tuple(values))


def _value(cell: Any) -> Value | None:
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, int) and not isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)  # No number that anything can be done with; it is told as a text.
    value: Value | None = cell
    return value


def _merged(sheet: CalamineSheet) -> dict[int, dict[int, tuple[int, int]]]:
    """Return the corner of the merged range of each of its cells, by row and column."""
    filled: dict[int, dict[int, tuple[int, int]]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom, sheet.total_height) + 1):
            for column in range(left, min(right, sheet.total_width) + 1):
                filled.setdefault(row, {})[column] = (top, left)
    return filled


def _parts(raw: bytes, path: Path) -> dict[str, _Part]:
    """Look into an .xlsx before it is read: how far its sheets reach, and formulas without value.

    Raises
    ------
    InvalidDocument
        If it would take more memory than a workbook of an office can need.
    """
    if not raw.startswith(b"PK"):
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(each.file_size for each in archive.infolist()) > LARGEST_UNPACKED:
                raise _refused(CellFault.HUGE_WORKBOOK, "sheets.huge", path)
            names = _sheet_files(archive)
            return {name: _part(archive.read(file), path, name) for name, file in names.items()}
    except _DAMAGED as error:
        raise _refused(CellFault.NOT_A_WORKBOOK, "sheets.not_a_workbook", path) from error


def _sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    if "xl/workbook.xml" not in archive.namelist():
        return {}
    book = archive.read("xl/workbook.xml")
    links = archive.read("xl/_rels/workbook.xml.rels")
    targets = {
        _attribute(link, b"Id"): _attribute(link, b"Target") for link in _TARGET.findall(links)
    }
    files = {}
    for sheet in _SHEET.findall(book):
        target = targets.get(_attribute(sheet, rb"\w+:id"), "")
        file = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if file in archive.namelist():
            files[_unescaped(_attribute(sheet, b"name"))] = file
    return files


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb'="([^"]*)"', tag)
    return "" if found is None else found.group(1).decode("utf-8", errors="replace")


def _unescaped(text: str) -> str:
    import html  # noqa: PLC0415 (most workbooks need it not at all)

    return html.unescape(text) if "&" in text else text


def _part(text: bytes, path: Path, sheet: str) -> _Part:
    last_row, columns = 0, set()
    for letters, row in _FILLED.findall(text):
        columns.add(letters)
        last_row = max(last_row, int(row))
    reach = max((column_number(letters.decode()) for letters in columns), default=0) + 1
    if last_row * reach > MOST_CELLS:
        raise _refused(CellFault.HUGE_WORKBOOK, "sheets.reaches_far", path, sheet=sheet)
    broken: dict[tuple[int, int], Broken] = {}
    for letters, row in _NO_VALUE.findall(text):
        broken[int(row), column_number(letters.decode())] = "formula"
    for letters, row in _ERROR.findall(text):
        broken[int(row), column_number(letters.decode())] = "error"
    return _Part(broken)


def _refused(code: CellFault, key: str, path: Path, **fields: object) -> InvalidDocument:
    return InvalidDocument([Fault(path="", code=code, message=say(key, **fields))], path.name)
