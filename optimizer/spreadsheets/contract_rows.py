"""Rows of organisations and contracts."""

from __future__ import annotations

from dataclasses import replace

from optimizer.formats.names import Kind, Name
from optimizer.spreadsheets.codes import CellFault
from optimizer.spreadsheets.day_cells import read_date
from optimizer.spreadsheets.draft import Record
from optimizer.spreadsheets.people_rows import enter, filled, read_length
from optimizer.spreadsheets.reading_state import Reading
from optimizer.spreadsheets.rows import Row
from optimizer.spreadsheets.word_cells import (
    read_code,
    read_codes,
    read_count,
    read_fen,
    read_services,
    text_of,
)


def add_organisations(reading: Reading) -> None:
    """Enter and add all organisations, those included that other tables only name."""
    for row in reading.active("organisations"):
        row.insist("name", "id")
        pseudonym = enter(reading, Kind.ORGANISATION, row)
        if pseudonym is not None:
            price = row.read("lending", read_fen)
            lending = None if price is None else {"fen_per_hour": price}
            reading.draft.add("organisations", filled({"id": pseudonym, "lending": lending}), row)
    if "organisations" not in reading.rows:
        for table in ("clients", "caregivers", "contracts"):
            for row in reading.active(table):
                _enter_named(reading, row)


def _enter_named(reading: Reading, row: Row) -> None:
    """Enter an organisation that a workbook without a sheet of them names."""
    name = row.read("organisation", text_of)
    directory = reading.directories[Kind.ORGANISATION]
    if name is None or directory.find(name) is not None:
        return
    has_digit = any(sign.isdecimal() for sign in name) and name.isascii()
    number, called = (name, "") if has_digit else ("", name)
    pseudonym = directory.enter(number, called, "", row.place_of("organisation"))
    source = number if number != pseudonym else ""
    reading.names.append(Name(Kind.ORGANISATION, pseudonym, name=called, source_id=source))
    reading.draft.add("organisations", {"id": pseudonym}, _without_more(row))


def _without_more(row: Row) -> Row:
    """Return a row without what its hidden column holds of another record."""
    return replace(row, columns={**row.columns, "more": ()})


def add_contracts(reading: Reading) -> None:
    """Add all contracts."""
    seen: dict[str, str] = {}
    for row in reading.active("contracts"):
        row.insist("organisation")
        row.insist("start")
        row.insist("end")
        number = row.read("id", text_of)
        pseudonym = number if number and " " not in number else f"K{len(seen) + 1:02d}"
        if pseudonym in seen:
            reading.findings.fault(
                row.place_of("id"), CellFault.REPEATED_ROW, "sheets.repeated_number",
                other=seen[pseudonym],
            )  # fmt: skip
            continue
        seen[pseudonym] = row.place_of("id")
        record = _contract(reading, row, pseudonym)
        if {"organisation", "start", "end"} <= record.keys():
            reading.draft.add("contracts", record, row)


def _contract(reading: Reading, row: Row, pseudonym: str) -> Record:
    start, end = row.read("start", read_date), row.read("end", read_date)
    return filled(
        {
            "id": pseudonym,
            "purchaser": row.read("purchaser", read_code) or "office",
            "organisation": reading.find(Kind.ORGANISATION, row, "organisation"),
            "towns": list(row.read("towns", read_codes) or ()),
            "services": list(row.read("services", read_services) or ()),
            "start": None if start is None else start.isoformat(),
            "end": None if end is None else end.isoformat(),
            "cap": read_length(row, "cap_hours"),
            "cap_visits": row.read("cap_visits", read_count),
            "cap_fen": row.read("cap_yuan", read_fen),
            "used": read_length(row, "used_hours"),
            "used_visits": row.read("used_visits", read_count),
            "used_fen": row.read("used_yuan", read_fen),
            "owed": read_length(row, "owed_hours"),
            "fen_per_hour": row.read("yuan_per_hour", read_fen),
            "min_share": row.read("min_share", read_count),
            "funding": list(row.read("funding", read_codes) or ()),
        }
    )
