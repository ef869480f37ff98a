"""Rows of clients and caregivers, as records and as lines of the names file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from optimizer.formats.names import Kind, Name
from optimizer.spreadsheets.clock_cells import read_clock, read_minutes
from optimizer.spreadsheets.codes import Assumption, CellFault
from optimizer.spreadsheets.datum import Point
from optimizer.spreadsheets.day_cells import read_date
from optimizer.spreadsheets.draft import Record
from optimizer.spreadsheets.identity import BadIdentityNumber, age_on, read_identity
from optimizer.spreadsheets.reading_state import Reading
from optimizer.spreadsheets.rows import Row
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.unreadable import UnreadableCell
from optimizer.spreadsheets.word_cells import (
    Grade,
    read_choice,
    read_choices,
    read_code,
    read_codes,
    read_count,
    read_fen,
    read_living,
    read_qualifications,
    read_yes_no,
    text_of,
)
from optimizer.spreadsheets.words import fold
from optimizer.units import MS_PER_MINUTE, format_clock, format_minutes

_HARD = re.compile(r"必须|一定|只要|must|insist|only|hard|krav|endast|[!！]", re.IGNORECASE)
_MS_PER_HOUR = 60 * MS_PER_MINUTE
_PRINTED = ("phone", "address", "contact", "contact_phone", "door", "caution")


def read_clock_text(value: Value) -> str:
    """Return a time of the day as documents write it."""
    return format_clock(read_clock(value))


def read_length(row: Row, field: str) -> int | float | None:
    """Return the minutes in a cell; a heading in hours makes a bare number hours."""
    column = row.column(field)
    if column is None:
        return None
    is_hours = column.is_in_hours or (column.field is not None and column.field.kind == "hours")
    unit = _MS_PER_HOUR if is_hours else MS_PER_MINUTE
    found = row.read(field, lambda value: read_minutes(value, unit=unit))
    return None if found is None else format_minutes(found)


def filled(told: Mapping[str, Any]) -> Record:
    """Return a record without the fields that say nothing."""
    return {
        name: value
        for name, value in told.items()
        if value is not None and value not in ((), []) and value is not False
    }


def enter(reading: Reading, kind: Kind, row: Row, prefix: str = "") -> str | None:
    """Enter the person of a row and return the pseudonym; None where that is a fault, now noted.

    Parameters
    ----------
    reading
        The workbook.
    kind
        Whom the row is about.
    row
        The row.
    prefix
        Of the fields that say who it is: in a list of visits those of the client are named so.
    """
    number = row.read(f"{prefix}_id" if prefix else "id", text_of) or ""
    name = row.read(prefix or "name", text_of) or ""
    address = row.read("address", text_of) or ""
    place = row.place_of(prefix or "id" if number else prefix or "name")
    try:
        pseudonym = reading.directories[kind].enter(number, name, address, place)
    except UnreadableCell as error:
        reading.findings.fault(place, error.fault, "sheets.repeated_number", **error.fields)
        return None
    printed = {each: row.read(each, text_of) or "" for each in _PRINTED}
    source = number if number != pseudonym else ""
    reading.names.append(Name(kind, pseudonym, name=name, source_id=source, **printed))
    return pseudonym


def enter_people(reading: Reading) -> tuple[list[tuple[Row, str]], list[tuple[Row, str]]]:
    """Enter all listed clients and caregivers, and return their rows with pseudonyms."""
    entered = []
    for kind, table in ((Kind.CLIENT, "clients"), (Kind.CAREGIVER, "caregivers")):
        found = []
        for row in reading.active(table):
            row.insist("name", "id")
            pseudonym = enter(reading, kind, row) if row.has("name") or row.has("id") else None
            if pseudonym is not None:
                found.append((row, pseudonym))
        entered.append(found)
    return entered[0], entered[1]


def add_clients(reading: Reading, rows: list[tuple[Row, str]]) -> None:
    """Add the record of each listed client."""
    for row, pseudonym in rows:
        home = home_of(reading, row)
        record = filled(
            {
                "id": pseudonym,
                "home": _place(home),
                "town": row.read("town", read_code),
                "category": row.read("category", read_code),
                "living": row.read("living", read_living),
                "age": _age(reading, row),
                "need_tier": row.read("need", read_count),
                "languages": list(row.read("languages", read_codes) or ()),
                "gender_wish": row.read("gender_wish", _wish),
                "preferred": list(reading.find_wished(row, "preferred")),
                "refused": list(reading.find_wished(row, "refused")),
                "organisation": reading.find(Kind.ORGANISATION, row, "organisation"),
                "usual_start": row.read("usual_start", read_clock_text),
                "continuity": row.read("continuity", read_count),
                "flags": list(row.read("flags", lambda value: read_choices("flags", value)) or ()),
            }
        )
        reading.draft.add("clients", record, row)


def add_caregivers(reading: Reading, rows: list[tuple[Row, str]]) -> None:
    """Add the record of each listed caregiver; shifts come later."""
    for row, pseudonym in rows:
        wage = row.read("fen_per_hour", read_fen)
        overtime_wage = row.read("overtime_wage", read_fen)
        record = filled(
            {
                "id": pseudonym,
                "home": _place(home_of_caregiver(reading, row)),
                "organisation": reading.find(Kind.ORGANISATION, row, "organisation"),
                "qualifications": graded(row.read("qualifications", read_qualifications) or ()),
                "gender": row.read("gender", lambda value: read_choice("gender", value)),
                "languages": list(row.read("languages", read_codes) or ()),
                "mode": row.read("mode", lambda value: read_choice("mode", value)),
                "break_rule": _break(row),
                "overtime_limit": read_length(row, "overtime"),
                "day_minutes": read_length(row, "day_minutes"),
                "week_minutes": read_length(row, "week_minutes"),
                "day_minutes_limit": read_length(row, "day_minutes_limit"),
                "week_minutes_limit": read_length(row, "week_minutes_limit"),
                "days_off": row.read("days_off", read_count),
                "days_worked": row.read("days_worked", read_count),
                "rest": read_length(row, "rest"),
                "visits_per_day": row.read("visits_per_day", read_count),
                "longest_leg": read_length(row, "longest_leg"),
                "fen_per_minute": None if wage is None else round(wage / 60),
                "fen_per_km": row.read("fen_per_km", read_fen),
                "fen_per_overtime_minute": (
                    None if overtime_wage is None else round(overtime_wage / 60)
                ),
                "volunteer": row.read("volunteer", read_yes_no),
                "origin": row.read("origin", lambda value: read_choice("origin", value)),
            }
        )
        reading.draft.add("caregivers", record, row)


def graded(grades: tuple[Grade, ...]) -> list[Record]:
    """Return qualifications as a document holds them."""
    return [{"code": code, **({} if level == 1 else {"level": level})} for code, level in grades]


def home_of(reading: Reading, row: Row) -> Point | None:
    """Return where the client of a row lives; a client without a place is a fault, now noted."""
    before = len(reading.findings.faults)
    home = reading.places.of(row)
    if home is None and len(reading.findings.faults) == before:
        if row.has("address"):
            reading.findings.fault(
                row.place_of("address"), CellFault.UNKNOWN_ADDRESS, "sheets.unknown_address"
            )
        else:
            reading.findings.fault(row.place, CellFault.UNKNOWN_ADDRESS, "sheets.no_home")
    return home


def home_of_caregiver(reading: Reading, row: Row) -> Point | None:
    """Return where a caregiver begins: at home, else at the office, else amid the clients."""
    before = len(reading.findings.faults)
    home = reading.places.of(row)
    if home is not None or len(reading.findings.faults) > before:
        return home
    if row.has("address"):
        reading.findings.fault(
            row.place_of("address"), CellFault.UNKNOWN_ADDRESS, "sheets.unknown_address"
        )
        return None
    return assumed_home(reading, row)


def assumed_home(reading: Reading, row: Row) -> Point:
    """Return the office, or the middle of all clients where that is unknown; this is noted."""
    settings = reading.settings
    if settings.office_lat is not None and settings.office_lon is not None:
        reading.findings.note(row.place, Assumption.ASSUMED_HOME, "sheets.home_office")
        return settings.office_lat, settings.office_lon
    reading.findings.note(row.place, Assumption.ASSUMED_HOME, "sheets.home_middle")
    homes = [one["home"] for one in reading.draft.lists["clients"] if "home" in one]
    if not homes:
        return 0.0, 0.0  # Each client's missing home is a fault already.
    count = len(homes)
    lat, lon = (sum(float(home[key]) for home in homes) / count for key in ("lat", "lon"))
    return round(lat, 6), round(lon, 6)


def place_of(point: Point) -> Record:
    """Return a place as a document holds it."""
    return {"lat": point[0], "lon": point[1]}


def _place(point: Point | None) -> Record | None:
    return None if point is None else place_of(point)


def _age(reading: Reading, row: Row) -> int | None:
    """Return a client's age: as it stands, by the date of birth, or by the identity number."""
    told = row.read("age", read_count)
    born = row.read("birth", read_date)
    value = row.raw("identity")
    if value is not None:
        place = row.place_of("identity")
        try:
            told_by_card = read_identity(value)
            born = born or told_by_card.born
            reading.findings.note(place, Assumption.IDENTITY_DROPPED, "sheets.identity_dropped")
        except BadIdentityNumber as error:
            reading.findings.note(place, Assumption.BAD_IDENTITY_NUMBER, error.key)
    if told is not None or born is None:
        return told
    return max(0, age_on(born, reading.days[0]))


def _wish(value: Value) -> Record:
    text = text_of(value)
    word = re.sub(r"[（(].*?[)）]", "", _HARD.sub("", text)).strip()
    try:
        gender = read_choice("gender", word)
    except UnreadableCell:
        gender = read_choice("gender", re.sub(r"(性)?(护理员|护士)", "", fold(word)))
    return {"gender": gender, **({"hard": True} if _HARD.search(text) else {})}


def _break(row: Row) -> Record | None:
    minutes = read_length(row, "break_minutes")
    earliest = row.read("break_earliest", read_clock_text)
    latest = row.read("break_latest", read_clock_text)
    if not minutes:
        return None
    return {"duration": minutes, "earliest": earliest or "11:00", "latest": latest or "13:30"}
