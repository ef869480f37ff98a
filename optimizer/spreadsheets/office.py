"""From the workbook of an office to a scenario and the names behind its pseudonyms."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.checks.scenario import check_scenario
from optimizer.formats.names import NOBODY, Kind, Name, Names
from optimizer.formats.scenario import parse_scenario
from optimizer.i18n import say
from optimizer.spreadsheets.codes import Assumption, CellFault
from optimizer.spreadsheets.columns import tables
from optimizer.spreadsheets.contract_rows import add_contracts, add_organisations
from optimizer.spreadsheets.datum import Datum, Point
from optimizer.spreadsheets.day_cells import read_date
from optimizer.spreadsheets.draft import apply_more
from optimizer.spreadsheets.duty_grid import Grid, find_grid
from optimizer.spreadsheets.headings import FoundTable, find_table, is_form
from optimizer.spreadsheets.mapping import NOT_READ, NOTHING_TOLD, OfficeMapping, SheetMapping
from optimizer.spreadsheets.office_settings import OfficeSettings, read_settings
from optimizer.spreadsheets.people_rows import add_caregivers, add_clients, enter_people
from optimizer.spreadsheets.places import Geocoder
from optimizer.spreadsheets.reading_state import Reading, reading_of
from optimizer.spreadsheets.rows import Findings, Row, rows_of
from optimizer.spreadsheets.sheets import Sheet
from optimizer.spreadsheets.shift_rows import add_shifts
from optimizer.spreadsheets.unreadable import UnreadableCell
from optimizer.spreadsheets.visit_days import recurrence_of
from optimizer.spreadsheets.visit_rows import add_visits, enter_flat
from optimizer.spreadsheets.visit_times import read_moment
from optimizer.spreadsheets.workbook import open_sheets

MOST_DAYS = 31
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Office:
    """What was read of a workbook.

    Attributes
    ----------
    scenario
        The scenario; None where there are faults.
    names
        Who is behind the pseudonyms, those of earlier imports included.
    found
        Sheets with their tables and columns.
    unread
        Sheets that were not read.
    datum
        Of the coordinates, where the user or the workbook says it.
    faults, notes
        Why there is no scenario, and what was assumed; both by cells.
    geocoded
        Coordinates of addresses that a geocoder was asked for.
    """

    scenario: Scenario | None
    names: Names
    found: tuple[FoundTable, ...]
    unread: tuple[Sheet, ...]
    datum: Datum | None
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    geocoded: Mapping[str, Point] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the user says beside the workbook.

    Attributes
    ----------
    today
        From which days are counted where nothing says which are to be planned.
    known
        Names of earlier imports, whose pseudonyms are kept.
    mapping
        Which column is which.
    start, days
        The days that are planned, instead of those in the workbook.
    datum
        Of all coordinates, instead of what the workbook says.
    places
        Further tables of addresses.
    geocoder
        Who is asked for addresses that no table has.
    """

    today: date
    known: Names = NOBODY
    mapping: OfficeMapping = NOTHING_TOLD
    start: date | None = None
    days: int | None = None
    datum: Datum | None = None
    places: tuple[Sheet, ...] = ()
    geocoder: Geocoder | None = None


def read_office(path: Path, asked: Asked) -> Office:
    """Read a workbook, a text file or a folder of these.

    Parameters
    ----------
    path
        Workbook, text file or folder.
    asked
        What the user says beside it.

    Raises
    ------
    UnreadableFile
        If it cannot be read.
    InvalidDocument
        If it is no workbook at all; faults inside one are returned.
    """
    return office_of(open_sheets(path), asked, path.stem)


def draft_of(sheets: Sequence[Sheet], asked: Asked, name: str) -> tuple[Reading, dict[str, Any]]:
    """Return what sheets hold before it is checked, and as a document of a scenario."""
    findings = Findings()
    found, _, grids = _found_tables(sheets, asked, findings)
    reading = _read((*found, *(day for grid in grids for day in grid.days)), asked, findings)
    return reading, document_of(reading, name)


def office_of(sheets: Sequence[Sheet], asked: Asked, name: str) -> Office:
    """Return what sheets hold; as `read_office`, with the name of a scenario that has no id."""
    findings = Findings()
    found, unread, grids = _found_tables(sheets, asked, findings)
    reading = _read((*found, *(day for grid in grids for day in grid.days)), asked, findings)
    settings = reading.settings
    names = asked.known.with_more([*reading.names, *_office(settings)])
    faults = _once(findings.faults)
    scenario = None
    warnings: list[Fault] = []
    if not faults and (found or grids):
        scenario, faults = _checked(reading, document_of(reading, name))
    if scenario is not None:
        warnings = reading.draft.in_cells(check_scenario(scenario).warnings)
    return Office(
        scenario=scenario,
        names=names,
        found=(*found, *(grid.shown for grid in grids)),
        unread=unread,
        datum=settings.datum,
        faults=tuple(faults),
        notes=(*findings.notes, *warnings),
        geocoded=dict(reading.places.geocoded),
    )


def _read(found: Iterable[FoundTable], asked: Asked, findings: Findings) -> Reading:
    rows: dict[str, list[Row]] = defaultdict(list)
    for one in found:
        rows[one.table.name] += rows_of(one, findings)
    settings = _settings(rows.get("settings", ()), asked)
    days = _days(rows, settings, asked, findings)
    by_table = {table: tuple(listed) for table, listed in rows.items()}
    reading = reading_of(by_table, settings, days, findings, asked.known, asked.geocoder)
    _fill(reading)
    return reading


def _found_tables(
    sheets: Sequence[Sheet], asked: Asked, findings: Findings
) -> tuple[tuple[FoundTable, ...], tuple[Sheet, ...], tuple[Grid, ...]]:
    found, unread, grids, addresses = [], [], [], []
    mapping = asked.mapping
    has_form = False
    for sheet in sheets:
        told = mapping.sheets.get(sheet.name, SheetMapping())
        only = tables().get(told.table or "")
        if told.table == NOT_READ or not sheet.rows:
            unread.append(sheet)
            continue
        grid = find_grid(sheet, asked.today, findings) if only is None else None
        if grid is not None:
            grids.append(grid)
            continue
        if only is None and is_form(sheet):
            has_form = True
            unread.append(sheet)
            findings.fault(sheet.name, CellFault.FORM_NOT_TABLE, "sheets.form_not_table")
            continue
        one = find_table(sheet, only, told.columns)
        if one is None:
            unread.append(sheet)
            findings.note(sheet.name, Assumption.UNREAD_SHEET, "sheets.unread_sheet")
            continue
        found.append(one)
        _tell_of_headings(one, findings)
    for sheet in asked.places:
        one = find_table(sheet, tables()["addresses"], {})
        if one is None:
            findings.fault(sheet.name, CellFault.NO_TABLE, "sheets.no_addresses")
            continue
        addresses.append(one)
        _tell_of_headings(one, findings)
    if not found and not grids and not has_form:
        findings.fault("", CellFault.NO_TABLE, "sheets.no_table")
    return (*found, *addresses), tuple(unread), tuple(grids)


def _tell_of_headings(found: FoundTable, findings: Findings) -> None:
    for missing in found.lacking():
        findings.fault(
            found.sheet.place(found.heading_row, 0),
            CellFault.MISSING_COLUMN, "sheets.missing_column", column=missing.headings,
        )  # fmt: skip
    seen: dict[str, int] = {}
    for column in found.columns:
        place = found.sheet.place(found.heading_row, column.index)
        if column.heading in seen and column.field is not None and column.how == "known":
            first = found.sheet.place(found.heading_row, seen[column.heading])
            findings.note(place, Assumption.SAME_HEADING, "sheets.same_heading", first=first)
        seen.setdefault(column.heading, column.index)
        if column.how == "guessed" and column.field is not None:
            findings.note(
                place, Assumption.GUESSED_HEADING, "sheets.guessed_heading",
                column=column.field.headings,
            )  # fmt: skip


def _settings(rows: Iterable[Row], asked: Asked) -> OfficeSettings:
    settings = read_settings(rows)
    return replace(
        settings,
        start=asked.start or settings.start,
        days=asked.days or settings.days,
        datum=asked.datum or asked.mapping.datum or settings.datum,
    )


def _days(
    rows: Mapping[str, Sequence[Row]], settings: OfficeSettings, asked: Asked, findings: Findings
) -> tuple[date, ...]:
    """Return the days to plan: as told, else those that rows name, else the coming ones."""
    start, count = settings.start, settings.days
    if start is None:
        dates = _dates_in([*rows.get("visits", ()), *rows.get("shifts", ())])
        if dates:
            start = dates[0]
            count = count or min(MOST_DAYS, (dates[-1] - start).days + 1)
        elif _has_recurrent(rows.get("visits", ())):
            start = asked.today + timedelta(days=_WEEK - asked.today.weekday())
            count = count or _WEEK
        else:
            start = asked.today + timedelta(days=1)
        findings.note(
            "", Assumption.ASSUMED_DAYS, "sheets.assumed_days",
            start=start.isoformat(), days=count or 1,
        )  # fmt: skip
    return tuple(start + timedelta(days=n) for n in range(count or 1))


def _dates_in(rows: Iterable[Row]) -> list[date]:
    found = []
    for row in rows:
        for name in ("date", "moment"):
            value = row.raw(name)
            try:
                if value is not None:
                    found.append(read_date(value) if name == "date" else read_moment(value)[0])
            except UnreadableCell:
                continue  # It is told when the row is read.
    return sorted(found)


def _has_recurrent(rows: Sequence[Row]) -> bool:
    silent = Findings()
    return any(
        row.has("weekdays") or recurrence_of(replace(row, findings=silent)) is not None
        for row in rows
    )


def _fill(reading: Reading) -> None:
    """Read all tables: first who there is, then what is said of them."""
    add_organisations(reading)
    clients, caregivers = enter_people(reading)
    add_clients(reading, clients)
    add_caregivers(reading, caregivers)
    enter_flat(reading)
    reading.places.check_datum()
    add_shifts(reading)
    add_visits(reading)
    add_contracts(reading)
    lists = reading.draft.lists
    if reading.rows and not lists["clients"] and not reading.findings.faults:
        reading.findings.fault("", CellFault.NOTHING_TO_IMPORT, "sheets.nothing_to_import")
    elif not lists["caregivers"]:
        reading.findings.note("", Assumption.NO_CAREGIVERS, "sheets.no_caregivers")


def _office(settings: OfficeSettings) -> list[Name]:
    if not settings.office_name and not settings.office_phone:
        return []
    name, phone = settings.office_name or "", settings.office_phone or ""
    return [Name(Kind.OFFICE, "", name=name, phone=phone)]


def document_of(reading: Reading, name: str) -> dict[str, Any]:
    """Return what was read as a document of a scenario, named if no setting says its id."""
    settings = reading.settings
    document: dict[str, Any] = {
        "format": "homecare-scenario",
        "version": "1",
        "id": settings.id or _id_of(name),
        "time_zone": settings.time_zone or "Asia/Shanghai",
        "horizon": {"start": reading.days[0].isoformat(), "days": len(reading.days)},
        **{
            name: records
            for name, records in reading.draft.lists.items()
            if records or name in {"clients", "caregivers"}
        },
    }
    apply_more(document, settings.more)
    return document


def _checked(reading: Reading, document: Mapping[str, Any]) -> tuple[Scenario | None, list[Fault]]:
    """Return the scenario, or what its own reader finds wrong with it, by cells."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
        return parse_scenario(text, document["id"]), []
    except InvalidDocument as error:
        return None, reading.draft.in_cells(error.faults)


def _id_of(name: str) -> str:
    """Return an id of a scenario made of a file's name, whose words may be those of people."""
    usable = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in name)
    return usable.strip("-")[:60] or "office"


def _once(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults by cell, each once: a cell that is read twice is told once."""
    found: dict[tuple[str, str], Fault] = {}
    for fault in faults:
        found.setdefault((fault.path, fault.code), fault)
    return list(found.values())


def refuse_faults(office: Office, source: str) -> Scenario:
    """Return the scenario of a workbook.

    Raises
    ------
    InvalidDocument
        With all faults, if there are any.
    """
    if office.faults:
        raise InvalidDocument(office.faults, source)
    if office.scenario is None:
        message = say("sheets.no_table")
        raise InvalidDocument([Fault(path="", code=CellFault.NO_TABLE, message=message)], source)
    return office.scenario
