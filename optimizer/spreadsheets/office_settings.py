"""What holds for a whole workbook: days, datum, the office, and what counts by default."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from optimizer.spreadsheets.clock_cells import read_clock, read_minutes
from optimizer.spreadsheets.codes import CellFault
from optimizer.spreadsheets.datum import Datum
from optimizer.spreadsheets.day_cells import read_date
from optimizer.spreadsheets.place_cells import read_degrees
from optimizer.spreadsheets.rows import Row
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.unreadable import UnreadableCell
from optimizer.spreadsheets.word_cells import read_choice, read_code, read_count, text_of
from optimizer.spreadsheets.words import document, fold
from optimizer.units import MS_PER_MINUTE

TEMPLATE_VERSION = 1
VERSION_KEY, MORE_KEY = "_version", "_more"
"Settings of our own workbook that nobody fills in: its version, and what no sheet shows."


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """Settings of a workbook; None where it does not say.

    Attributes
    ----------
    id, time_zone
        Of the scenario.
    start, days
        The days that are planned.
    datum
        Of all coordinates.
    office_name, office_phone
        As printed.
    office_lat, office_lon
        Where caregivers without a home begin, in degrees.
    earliest, latest
        Starts of visits without a time of day, in milliseconds since midnight.
    minutes
        Length of visits of which nothing says it, in milliseconds.
    version
        Of our own workbook; None of any other.
    more
        Parts of the scenario that no sheet shows.
    places
        The cell of each setting.
    """

    id: str | None = None
    time_zone: str | None = None
    start: date | None = None
    days: int | None = None
    datum: Datum | None = None
    office_name: str | None = None
    office_phone: str | None = None
    office_lat: float | None = None
    office_lon: float | None = None
    earliest: int = 8 * 60 * MS_PER_MINUTE
    latest: int = 17 * 60 * MS_PER_MINUTE
    minutes: int | None = None
    version: int | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


def read_settings(rows: Iterable[Row]) -> OfficeSettings:
    """Return the settings in the rows of a sheet; what is not known there is passed over."""
    found: dict[str, Any] = {}
    places: dict[str, str] = {}
    more = ""
    for row in rows:
        key = row.read("key", text_of)
        if key == MORE_KEY:
            # The signs at both ends keep blanks there.
            more += str(row.raw("value") or "").removeprefix("|").removesuffix("|")
            continue
        name = VERSION_KEY if key == VERSION_KEY else setting_named(key or "")
        if name is None:
            continue
        value = row.read("value", READERS[name])
        if value is not None:
            found[name.removeprefix("_")] = value
            places[name] = row.place_of("value")
        if name == VERSION_KEY and value is not None and value > TEMPLATE_VERSION:
            row.findings.fault(
                row.place_of("value"), CellFault.NEWER_TEMPLATE, "sheets.newer_template"
            )
    settings = OfficeSettings(**found, places=places)
    return replace(settings, more=_parsed(more)) if more else settings


def setting_named(text: str) -> str | None:
    """Return the setting that a key names, if it is one."""
    return _by_key().get(fold(text))


@cache
def _by_key() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, told in document("words")["settings"].items():
        for word in (name, told["zh"], told["en"], *told["like"]):
            found.setdefault(fold(word), name)
    return found


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        parsed = json.loads(text)
    except ValueError:
        return {}  # Somebody has edited a hidden row; the visible ones count.
    return parsed if isinstance(parsed, dict) else {}


def _days(value: Value) -> int:
    days = read_count(value)
    if not 1 <= days <= 31:
        raise UnreadableCell(CellFault.BAD_NUMBER, "sheets.too_many_days", value=days)
    return days


READERS: Mapping[str, Callable[[Value], Any]] = {
    "id": read_code,
    "time_zone": text_of,
    "start": read_date,
    "days": _days,
    "datum": lambda value: Datum(read_choice("datum", value)),
    "office_name": text_of,
    "office_phone": text_of,
    "office_lat": read_degrees,
    "office_lon": read_degrees,
    "earliest": read_clock,
    "latest": read_clock,
    "minutes": read_minutes,
    VERSION_KEY: read_count,
}
