"""Which sheet is which table and which column is which, as a file that a user can correct."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.files import read_bytes, write_bytes
from optimizer.i18n import say
from optimizer.spreadsheets.codes import CellFault
from optimizer.spreadsheets.columns import tables
from optimizer.spreadsheets.datum import Datum
from optimizer.spreadsheets.headings import FoundTable
from optimizer.spreadsheets.sheets import Sheet, column_letters

NOT_READ = ""
"Name of the table or field of what is not read."


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """What a user says of one sheet.

    Attributes
    ----------
    table
        Name of its table; `NOT_READ` if it is passed over, None to find it out.
    columns
        Names of fields by heading or column letters; `NOT_READ` of what is passed over.
    """

    table: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfficeMapping:
    """What a user says of a workbook.

    Attributes
    ----------
    datum
        Of all coordinates.
    sheets
        By the name of the sheet, or of the file without ending.
    """

    datum: Datum | None = None
    sheets: Mapping[str, SheetMapping] = field(default_factory=dict)


NOTHING_TOLD = OfficeMapping()
"""Everything is found out."""


def mapping_beside(path: Path) -> Path:
    """Return where the mapping of a workbook or folder is looked for when none is named."""
    return path.parent / f"{path.name if path.is_dir() else path.stem}.mapping.toml"


def read_mapping(path: Path) -> OfficeMapping:
    """Read a mapping file.

    Raises
    ------
    UnreadableFile
        If it cannot be read.
    InvalidDocument
        If it is no TOML, or names tables or fields that there are not.
    """
    try:
        told = tomllib.loads(read_bytes(path).decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = say("sheets.bad_mapping", why=str(error))
        raise InvalidDocument([_fault("", message)], path.name) from error
    faults: list[Fault] = []
    sheets = {}
    for name, entry in dict(told.get("sheets", {})).items():
        sheets[name] = _sheet(name, entry if isinstance(entry, dict) else {}, faults)
    datum = told.get("datum")
    if datum is not None and datum not in set(Datum):
        faults.append(_fault("datum", say("sheets.mapping_choice", known=tuple(Datum))))
    if faults:
        raise InvalidDocument(faults, path.name)
    return OfficeMapping(None if datum is None else Datum(datum), sheets)


def _sheet(name: str, entry: Mapping[str, Any], faults: list[Fault]) -> SheetMapping:
    table = entry.get("table")
    if table is not None and table != NOT_READ and table not in tables():
        message = say("sheets.mapping_choice", known=tuple(tables()))
        faults.append(_fault(f"sheets.{name}.table", message))
        return SheetMapping()
    columns = {str(key): str(value) for key, value in dict(entry.get("columns", {})).items()}
    for heading, named in columns.items():
        known = tables()[table].fields if table else None
        if known is not None and named != NOT_READ and named not in known:
            message = say("sheets.mapping_choice", known=tuple(known))
            faults.append(_fault(f"sheets.{name}.columns.{heading}", message))
    return SheetMapping(table, columns)


def write_mapping(
    found: Iterable[FoundTable], unread: Iterable[Sheet], datum: Datum | None, path: Path
) -> None:
    """Write what was found out about a workbook, to be corrected.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    lines = [
        "# Which sheet is which table and which column is read as what; an empty name is not read.",
        "# 工作表对应哪张表，每一列读作什么；空白即不读取。",
        "",
    ]
    known = ", ".join(f'"{each}"' for each in Datum)
    lines += [f"# Datum of all coordinates / 坐标系: {known}"]
    lines += [f"{'' if datum else '# '}datum = {_text(datum or Datum.WGS84)}", ""]
    for one in found:
        if one.is_grid:
            continue  # Nothing about it can be corrected here.
        lines += [f"[sheets.{_text(one.sheet.name)}]", f"table = {_text(one.table.name)}"]
        lines += [f"# {', '.join(one.table.fields)}", f"[sheets.{_text(one.sheet.name)}.columns]"]
        seen: set[str] = set()
        for column in one.columns:
            key = column.heading if column.heading not in seen else column_letters(column.index)
            seen.add(column.heading)
            lines.append(f"{_text(key)} = {_text(column.field.name if column.field else '')}")
        lines.append("")
    for sheet in unread:
        lines += [f"[sheets.{_text(sheet.name)}]", f"table = {_text(NOT_READ)}", ""]
    write_bytes(path, "\n".join(lines).encode())


def _text(value: str) -> str:
    # A basic string of TOML is written as one of JSON.
    return json.dumps(str(value), ensure_ascii=False)


def _fault(path: str, message: str) -> Fault:
    return Fault(path=path, code=CellFault.BAD_MAPPING, message=message)
