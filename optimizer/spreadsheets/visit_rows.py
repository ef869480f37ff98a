"""Rows of visits and weekly needs, as visits; and the people of lists that hold nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from optimizer.domain.policy import Priority
from optimizer.formats.names import Kind, Name
from optimizer.spreadsheets.clock_cells import Window
from optimizer.spreadsheets.codes import Assumption, CellFault
from optimizer.spreadsheets.draft import Record
from optimizer.spreadsheets.people_rows import (
    assumed_home,
    enter,
    filled,
    graded,
    home_of,
    place_of,
    read_clock_text,
    read_length,
)
from optimizer.spreadsheets.reading_state import Reading
from optimizer.spreadsheets.rows import Row
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.shift_rows import shift_on, span_of
from optimizer.spreadsheets.unreadable import UnreadableCell
from optimizer.spreadsheets.visit_days import VisitDays, days_of_row
from optimizer.spreadsheets.visit_times import Times, times_of
from optimizer.spreadsheets.word_cells import (
    Grade,
    read_carers,
    read_choice,
    read_code,
    read_number,
    read_qualifications,
    read_services,
    read_yes_no,
    service_named,
    text_of,
)
from optimizer.spreadsheets.words import fold, meanings
from optimizer.units import format_clock

_ID = re.compile(r"[^\s/]{1,60}")
_CRITICAL, _ESSENTIAL = 3, 7
"Last numbers of the two higher priorities where these are numbered from 1 to 10."


def add_visits(reading: Reading) -> None:
    """Add the visits of all rows."""
    seen: dict[str, str] = {}
    for turn, row in enumerate(reading.active("visits")):
        client = _client(reading, row)
        number = _own_number(reading, row, seen)
        services = _services(row)
        times = times_of(reading, row, services)
        days = days_of_row(reading, row, turn)
        parts = _parts(reading, row, services, times)
        if client is None or number is None or times is None or days is None or parts is None:
            continue
        for pseudonym, series, day, window in _each(number, times, days):
            record = {"id": pseudonym, "client": client, **parts}
            record["window"] = {
                "earliest": format_clock(window[0]), "latest": format_clock(window[1])
            }  # fmt: skip
            if times.preferred_until is not None:
                record["preferred_until"] = format_clock(times.preferred_until)
            if day is not None:
                record["dates"] = [day.isoformat()]
            if series is not None:
                record["series"] = record.get("series", series)
            reading.draft.add("visits", record, row)


def enter_flat(reading: Reading) -> None:
    """Enter and add the clients, caregivers and shifts that only a list of visits names."""
    rows = reading.active("visits")
    if "clients" not in reading.rows:
        for row in rows:
            _enter_client(reading, row)
    if "caregivers" not in reading.rows:
        for row in rows:
            _enter_caregiver(reading, row)
            _add_skills(reading, row)
        for row in rows:
            _add_planned_shift(reading, row)


def _enter_client(reading: Reading, row: Row) -> None:
    key = _client_key(row)
    if not key or reading.directories[Kind.CLIENT].find(key) is not None:
        return
    if not row.has("client") and not row.has("client_id"):
        pseudonym: str | None = _enter_address(reading, row, key)
    else:
        pseudonym = enter(reading, Kind.CLIENT, row, prefix="client")
    home = home_of(reading, row)
    if pseudonym is not None:
        told = {
            "id": pseudonym,
            "home": None if home is None else place_of(home),
            "town": row.read("town", read_code),
            "preferred": list(_listed(reading, row, "preferred")),
        }
        reading.draft.lists["clients"].append(filled(told))
        reading.draft.rows[f"clients[{len(reading.draft.lists['clients']) - 1}]"] = row


def _enter_address(reading: Reading, row: Row, address: str) -> str:
    """Enter a client of whom a list only tells the address."""
    directory = reading.directories[Kind.CLIENT]
    pseudonym = directory.enter("", address, address, row.place_of("address"))
    reading.names.append(Name(Kind.CLIENT, pseudonym, address=address))
    return pseudonym


def _enter_caregiver(reading: Reading, row: Row) -> None:
    name = row.read("planned", text_of)
    directory = reading.directories[Kind.CAREGIVER]
    if name is None or directory.find(name) is not None:
        return
    has_digit = any(sign.isdecimal() for sign in name)
    number, called = (name, "") if has_digit else ("", name)
    pseudonym = directory.enter(number, called, "", row.place_of("planned"))
    source = number if number != pseudonym else ""
    reading.names.append(Name(Kind.CAREGIVER, pseudonym, name=called, source_id=source))
    record = filled(
        {
            "id": pseudonym,
            "home": place_of(assumed_home(reading, row)),
            "qualifications": graded(row.read("planned_skills", read_qualifications) or ()),
            "mode": row.read("transport", lambda value: read_choice("mode", value)),
        }
    )
    reading.draft.lists["caregivers"].append(record)
    reading.draft.rows[f"caregivers[{len(reading.draft.lists['caregivers']) - 1}]"] = row


def _add_skills(reading: Reading, row: Row) -> None:
    """Take it that a planned caregiver holds what the visit asks for, where no column tells."""
    caregiver = _planned(reading, row)
    needed = row.read("qualifications", read_qualifications)
    if caregiver is None or not needed or row.has("planned_skills"):
        return
    record = next(one for one in reading.draft.lists["caregivers"] if one["id"] == caregiver)
    levels = {one["code"]: one.get("level", 1) for one in record.get("qualifications", ())}
    for code, level in needed:
        levels[code] = max(level, levels.get(code, 1))
    record["qualifications"] = graded(tuple(levels.items()))
    reading.findings.note(row.place, Assumption.ASSUMED_SKILLS, "sheets.assumed_skills")


def _add_planned_shift(reading: Reading, row: Row) -> None:
    """Add the shift of the planned caregiver, where a list of visits tells it."""
    caregiver = _planned(reading, row)
    if caregiver is None or not row.has("planned_start"):
        return
    span = span_of(row, "planned_start", "planned_end")
    days = days_of_row(reading, row, 0)
    ids = [one["id"] for one in reading.draft.lists["caregivers"]]
    if span is None or days is None or caregiver not in ids:
        return
    for day in days.days:
        reading.draft.add_shift(ids.index(caregiver), shift_on(day, span), row)


def _client_key(row: Row) -> str:
    for name in ("client_id", "client", "address"):
        text = row.read(name, text_of)
        if text:
            return text
    return ""


def _client(reading: Reading, row: Row) -> str | None:
    fields = ("client_id", "client") if "clients" in reading.rows else (
        "client_id", "client", "address"
    )  # fmt: skip
    for name in fields:
        if row.has(name):
            return reading.find(Kind.CLIENT, row, name)
    row.insist("client", "client_id")
    return None


def _listed(reading: Reading, row: Row, field: str) -> tuple[str, ...]:
    return reading.find_all(Kind.CAREGIVER, row, field) if row.has(field) else ()


def _planned(reading: Reading, row: Row) -> str | None:
    return reading.find(Kind.CAREGIVER, row, "planned") if row.has("planned") else None


def _own_number(reading: Reading, row: Row, seen: dict[str, str]) -> str | None:
    """Return the row's number, or one made for it; None if another row has it, now noted."""
    told = row.read("id", text_of)
    if told is None or not _ID.fullmatch(told):
        made = len(seen) + 1
        while (number := f"V{made:04d}") in seen:
            made += 1
    else:
        number = told
    if number in seen:
        reading.findings.fault(
            row.place_of("id"), CellFault.REPEATED_ROW, "sheets.repeated_number", other=seen[number]
        )
        return None
    seen[number] = row.place_of("id")
    return number


def _services(row: Row) -> tuple[str, ...]:
    services = row.read("services", read_services) or ()
    title = row.read("title", text_of)
    if not services and title is not None and fold(title) not in meanings("moments"):
        named = service_named(title)
        services = () if named is None else (named,)
    return services


def _parts(
    reading: Reading, row: Row, services: tuple[str, ...], times: Times | None
) -> Record | None:
    """Return what all visits of a row have in common; None where a cell has a fault."""
    before = len(reading.findings.faults)
    carers = row.read("carers", read_carers) or 1
    needed = row.read("qualifications", read_qualifications) or ()
    shortest = read_length(row, "shortest")
    pinned = list(reading.find_all(Kind.CAREGIVER, row, "pinned"))
    pinned_start = row.read("pinned_start", read_clock_text)
    parts = filled(
        {
            "services": list(services),
            "priority": row.read("priority", lambda value: _priority(reading, row, value)),
            "mandatory": row.read("mandatory", read_yes_no),
            "payer": row.read("payer", read_code),
            "series": row.read("series", read_code),
            "pin": filled({"caregivers": pinned, "start": pinned_start}) or None,
        }
    )
    _note_planned(reading, row)
    if times is None or times.minutes is None or len(reading.findings.faults) > before:
        return None
    return {**parts, "carers": [_carer(times.minutes, shortest, needed)] * carers}


def _carer(minutes: float, shortest: float | None, needed: Iterable[Grade]) -> Record:
    return filled(
        {"minutes": minutes, "shortest": shortest, "qualifications": graded(tuple(needed))}
    )


def _note_planned(reading: Reading, row: Row) -> None:
    """Take a caregiver who is planned for somebody as one whom they know."""
    caregiver, client = _planned(reading, row), _client(reading, row)
    if caregiver is None or client is None:
        return
    reading.findings.note(
        row.place_of("planned"), Assumption.PLANNED_AS_HISTORY, "sheets.planned_as_history"
    )
    entry = {"client": client, "caregiver": caregiver}
    if entry not in reading.draft.lists["history"]:
        reading.draft.lists["history"].append(entry)


def _priority(reading: Reading, row: Row, value: Value) -> str:
    """Return a priority by its word, or by its number from 1, the highest, to 10."""
    try:
        return read_choice("priority", value)
    except UnreadableCell:
        try:
            number = read_number(value)
        except UnreadableCell:
            number = 0.0
        if not 1 <= number <= 10:
            raise
    reading.findings.note(
        row.place_of("priority"), Assumption.NUMBERED_PRIORITY, "sheets.numbered_priority"
    )
    if number <= _CRITICAL:
        return Priority.CRITICAL
    return Priority.ESSENTIAL if number <= _ESSENTIAL else Priority.FLEXIBLE


def _each(
    number: str, times: Times, days: VisitDays
) -> Iterable[tuple[str, str | None, date | None, Window]]:
    """Yield pseudonym, series, day and window of each visit of a row."""
    windows = _windows_of(times, days.times)
    if not days.is_recurrent:
        dates: tuple[date | None, ...] = days.days or (None,)
    else:
        dates = days.days
    is_single = not days.is_recurrent and len(windows) == 1
    for day in dates:
        for turn, window in enumerate(windows, 1):
            pseudonym = number
            if not is_single and day is not None:
                pseudonym += f"-{day:%m%d}"
            if len(windows) > 1:
                pseudonym += f"-{turn}"
            yield pseudonym, None if is_single else number, day, window


def _windows_of(times: Times, count: int) -> tuple[Window, ...]:
    """Return a window for each time of a day; one for all is cut into equal parts."""
    if len(times.windows) > 1 or count <= 1:
        return times.windows
    ((earliest, latest),) = times.windows
    minute = 60_000
    part = (latest - earliest) // count // minute * minute
    return tuple((earliest + turn * part, earliest + (turn + 1) * part) for turn in range(count))
