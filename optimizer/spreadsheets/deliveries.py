"""Read what took place from a table: a file of separated values, or sheets of a workbook."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from optimizer.domain.delivery import Deliveries
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.codes import FaultCode
from optimizer.formats.deliveries import deliveries_in
from optimizer.formats.findings import finding
from optimizer.i18n import LANGUAGES, listed, say
from optimizer.spreadsheets.clock_cells import read_clock
from optimizer.spreadsheets.codes import Assumption, CellFault
from optimizer.spreadsheets.columns import MORE, UNREAD, deliveries_table
from optimizer.spreadsheets.day_cells import read_date
from optimizer.spreadsheets.evidence_words import KINDS, read_word
from optimizer.spreadsheets.headings import FoundTable, find_table
from optimizer.spreadsheets.place_cells import read_degrees
from optimizer.spreadsheets.rows import Findings, Row, rows_of
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.word_cells import read_count, read_yes_no, text_of
from optimizer.spreadsheets.workbook import BOOKS, TEXTS, open_sheets
from optimizer.units import format_clock, parse_clock

ENDINGS = (*BOOKS, *TEXTS)
"Of files that hold tables; any other is taken for a document."

_KEYS = ("visit", "carer")
"What a delivery and a ruling are both about."
_POSITION = ("lat", "lon", "accuracy_m")
_RULING = ("doubt", "outcome")
_STEP = re.compile(r"(deliveries|rulings)\[(\d+)\](?:\.([\w.]+))?")


@dataclass(slots=True)
class _Document:
    """The document that the tables stand for, with the row that each of its records is from."""

    deliveries: list[tuple[Row, dict[str, Any]]] = field(default_factory=list)
    rulings: list[tuple[Row, dict[str, Any]]] = field(default_factory=list)


def read_delivery_tables(
    path: Path, scenario: Scenario
) -> tuple[Deliveries, tuple[Fault, ...]]:  # fmt: skip
    """Return what the tables of a file say took place, and what is to be told of them.

    A row is a delivery, a ruling, or both; a row of which only the plan's own columns are filled
    in has no record yet and says nothing.

    Parameters
    ----------
    path
        A file whose name has one of `ENDINGS`.
    scenario
        With all its visits.

    Raises
    ------
    UnreadableFile
        If the file cannot be read.
    InvalidDocument
        With all faults of the cells; where there are none, with all that contradicts the scenario,
        each with its cell.
    """
    findings = Findings()
    made = _Document()
    for found in _tables_in(path, findings):
        for row in rows_of(found, findings):
            _add(row, scenario, made)
    _check_twins(made, findings)
    if findings.faults:
        raise InvalidDocument(findings.faults, path.name)
    if not made.deliveries:
        findings.note("", Assumption.NOTHING_FILLED_IN, "sheets.nothing_filled_in")
    content = {
        "scenario": scenario.id,
        "deliveries": [record for _, record in made.deliveries],
        "rulings": [record for _, record in made.rulings],
    }
    try:
        deliveries = deliveries_in(json.dumps(content), scenario, path.name)
    except InvalidDocument as error:
        faults = [one.model_copy(update={"path": _cell_of(one.path, made)}) for one in error.faults]
        raise InvalidDocument(faults, path.name) from error
    return deliveries, findings.notes


def _tables_in(path: Path, findings: Findings) -> Iterator[FoundTable]:
    """Yield the sheets that hold deliveries; a file without any has a fault."""
    sheets = [sheet for sheet in open_sheets(path) if sheet.rows]
    is_only = len(sheets) == 1
    has_any = False
    for sheet in sheets:
        found = find_table(sheet, only=deliveries_table())
        if found is None or (found.lacking() and not is_only):
            findings.note(sheet.name, Assumption.UNREAD_SHEET, "sheets.unread_sheet")
            continue
        has_any = True
        _check_headings(found, findings)
        if not found.lacking():
            yield found
    if not has_any:
        findings.fault("", CellFault.NO_TABLE, "sheets.no_deliveries")


def _check_headings(found: FoundTable, findings: Findings) -> None:
    """Note what is missing, and columns that nobody knows: evidence is not guessed at."""
    sheet = found.sheet
    for missing in found.lacking():
        findings.fault(
            sheet.place(found.heading_row, 0),
            CellFault.MISSING_COLUMN, "sheets.lacks_column", column=missing.headings,
        )  # fmt: skip
    fields = [field for name, field in deliveries_table().fields.items() if name != MORE]
    known = {lang: listed(lang, [one.headings[lang] for one in fields]) for lang in LANGUAGES}
    for column in found.columns:
        place = sheet.place(found.heading_row, column.index)
        if column.field is None or column.how == "guessed" or column.field.name == MORE:
            message = say("fault.unknown-column", names=(column.heading,), known=known)
            findings.faults.append(finding(place, FaultCode.UNKNOWN_FIELD, message))
        elif column is not (first := found.columns_of(column.field.name)[0]):
            at = sheet.place(found.heading_row, first.index)
            message = say("fault.column-twice", name=column.heading, first=at)
            findings.faults.append(finding(place, FaultCode.DUPLICATE_KEY, message))


def _add(row: Row, scenario: Scenario, made: _Document) -> None:
    """Add what a row says: a delivery, a ruling, both or nothing."""
    cells = _cells(row, scenario)
    ruling = {name: cells.pop(name) for name in _RULING if name in cells}
    keys = {name: cells[name] for name in _KEYS if name in cells}
    told = cells.keys() - {*_KEYS, "date"}
    if not told and not ruling:
        return
    row.insist("visit")
    if told:
        row.insist("date")
        position = {name: cells.pop(name) for name in _POSITION if name in cells}
        made.deliveries.append((row, {**cells, **({"position": position} if position else {})}))
    if ruling:
        for name in _RULING:
            row.insist(name)
        made.rulings.append((row, {**keys, **ruling}))


def _check_twins(made: _Document, findings: Findings) -> None:
    """Note rows about a stop, or a doubt of it, that an earlier row is about."""
    for records, keys in ((made.deliveries, _KEYS), (made.rulings, (*_KEYS, "doubt"))):
        first: dict[tuple[Any, ...], Row] = {}
        for row, record in records:
            key = tuple(record.get(name, 1) for name in keys)
            if key in first:
                message = say("fault.said-twice.row", first=first[key].place)
                findings.faults.append(finding(row.place, FaultCode.SAID_TWICE, message))
            first.setdefault(key, row)


def _cells(row: Row, scenario: Scenario) -> dict[str, Any]:
    """Return the cells of a row as JSON has them; a cell at fault is left out, and noted."""
    found = {}
    for name, kind in _kinds().items():
        value = row.read(name, _reader(kind, scenario))
        if value is not None:
            found[name] = value
    return found


def _kinds() -> Mapping[str, str]:
    return {
        one.name: one.kind
        for one in deliveries_table().fields.values()
        if one.kind != UNREAD and one.name != MORE
    }


def _reader(kind: str, scenario: Scenario) -> Callable[[Value], Any]:
    if kind in KINDS:
        return partial(read_word, kind)
    if kind == "date":
        return lambda value: read_date(value, year=scenario.horizon.start.year).isoformat()
    return _READERS[kind]


def _clock(value: Value) -> str:
    """Return a time as a document has it; also what lies after midnight, as ``01:30+1``."""
    if isinstance(value, str):
        try:
            return format_clock(parse_clock(value.strip()))
        except ValueError:
            pass
    return format_clock(read_clock(value))


_READERS: Mapping[str, Callable[[Value], Any]] = {
    "id": text_of,
    "carers": read_count,
    "count": read_count,
    "clock": _clock,
    "degrees": read_degrees,
    "yesno": read_yes_no,
}


def _cell_of(path: str, made: _Document) -> str:
    """Return the cell that a place of the document was read from."""
    step = _STEP.match(path)
    if step is None:
        return path
    records = made.deliveries if step[1] == "deliveries" else made.rulings
    row, _ = records[int(step[2])]
    return row.place_of((step[3] or "").rpartition(".")[2])
