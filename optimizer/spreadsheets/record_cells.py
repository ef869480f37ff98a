"""A scenario's records as cells of our own workbook: the way back of reading it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from optimizer.formats.names import Kind, Names
from optimizer.i18n import Lang
from optimizer.needs import default_book
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.word_cells import joined
from optimizer.spreadsheets.words import document
from optimizer.units import MS_PER_DAY, parse_clock

Cells = dict[str, Value | None]
"Cells of a row by field."
Record = Mapping[str, Any]
"A record as a document holds it, without what is the default."


def word(section: str, code: str, lang: Lang) -> str:
    """Return the word for a code: in Chinese the first that is listed, in English the code."""
    words = document("words")[section].get(code)
    return code if lang == "en" or not words else str(words[0])


def clock_cell(text: str | None) -> Value | None:
    """Return a time as spreadsheets keep it; as text where it lies beyond its day."""
    if text is None:
        return None
    ms = parse_clock(text)
    if ms >= MS_PER_DAY or ms % 1000:
        return text
    seconds = ms // 1000
    return datetime.time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def date_cell(text: str) -> datetime.date:
    """Return a date as spreadsheets keep it."""
    return datetime.date.fromisoformat(text)


def number_cell(value: float | None) -> Value | None:
    """Return a number as a workbook keeps it: with fifteen to sixteen digits."""
    return None if value is None else float(f"{value:.15g}")


class Wording:
    """How people and services are written in one workbook.

    Parameters
    ----------
    names
        Who is behind the pseudonyms.
    lang
        Language of words and services.
    """

    def __init__(self, names: Names, lang: Lang) -> None:
        self.names = names
        self.lang: Lang = lang
        self._count = Counter((entry.kind, entry.name) for entry in names if entry.name)

    def person(self, kind: Kind, pseudonym: str) -> str:
        """Return a name that nobody else has, else the pseudonym."""
        name = self.names.get(kind, pseudonym).name
        return name if name and self._count[kind, name] == 1 else pseudonym

    def people(self, kind: Kind, pseudonyms: Iterable[str]) -> str | None:
        """Return a list of people."""
        return joined(self.person(kind, one) for one in pseudonyms) or None

    def services(self, codes: Iterable[str]) -> str | None:
        """Return services by their names in the catalogue, others by code."""
        catalogue = default_book().catalogue.services
        named = (getattr(catalogue[one], self.lang) if one in catalogue else one for one in codes)
        return joined(named) or None


def client_cells(record: Record, wording: Wording) -> Cells:
    """Return the cells of a client."""
    told = wording.names.get(Kind.CLIENT, record["id"])
    wish = record.get("gender_wish")
    return {
        "id": record["id"],
        "name": told.name or None,
        "town": record.get("town"),
        "address": told.address or None,
        "lat": number_cell(record["home"]["lat"]),
        "lon": number_cell(record["home"]["lon"]),
        "phone": told.phone or None,
        "contact": told.contact or None,
        "contact_phone": told.contact_phone or None,
        "door": told.door or None,
        "caution": told.caution or None,
        "age": record.get("age"),
        "category": record.get("category"),
        "living": _optional("living", record.get("living"), wording.lang),
        "need": record.get("need_tier"),
        "languages": joined(record.get("languages", ())) or None,
        "gender_wish": None if wish is None else _wish(wish, wording.lang),
        "preferred": wording.people(Kind.CAREGIVER, record.get("preferred", ())),
        "refused": wording.people(Kind.CAREGIVER, record.get("refused", ())),
        "organisation": _organisation(record, wording),
        "usual_start": clock_cell(record.get("usual_start")),
        "continuity": record.get("continuity"),
        "flags": joined(word("flags", one, wording.lang) for one in record.get("flags", ()))
        or None,
    }


def caregiver_cells(record: Record, wording: Wording) -> Cells:
    """Return the cells of a caregiver; shifts have a table of their own."""
    told = wording.names.get(Kind.CAREGIVER, record["id"])
    pause = record.get("break_rule", {})
    wage = record.get("fen_per_minute")
    return {
        "id": record["id"],
        "name": told.name or None,
        "phone": told.phone or None,
        "address": told.address or None,
        "lat": number_cell(record["home"]["lat"]),
        "lon": number_cell(record["home"]["lon"]),
        "organisation": _organisation(record, wording),
        "qualifications": grades_cell(record.get("qualifications", ())),
        "gender": _optional("gender", record.get("gender"), wording.lang),
        "languages": joined(record.get("languages", ())) or None,
        "mode": _optional("mode", record.get("mode"), wording.lang),
        "break_minutes": pause.get("duration"),
        "break_earliest": clock_cell(pause.get("earliest")),
        "break_latest": clock_cell(pause.get("latest")),
        "day_minutes": _hours(record.get("day_minutes")),
        "week_minutes": _hours(record.get("week_minutes")),
        "day_minutes_limit": _hours(record.get("day_minutes_limit")),
        "week_minutes_limit": _hours(record.get("week_minutes_limit")),
        "days_off": record.get("days_off"),
        "days_worked": record.get("days_worked"),
        "rest": _hours(record.get("rest")),
        "overtime": record.get("overtime_limit"),
        "visits_per_day": record.get("visits_per_day"),
        "longest_leg": record.get("longest_leg"),
        "fen_per_hour": None if wage is None else number_cell(wage * 60 / 100),
        "fen_per_km": _yuan(record.get("fen_per_km")),
        "overtime_wage": _yuan(_by_hour(record.get("fen_per_overtime_minute"))),
        "volunteer": _yes(record.get("volunteer"), wording.lang),
        "origin": _optional("origin", record.get("origin"), wording.lang),
    }


def shift_cells(caregiver: str, shift: Record, wording: Wording) -> Cells:
    """Return the cells of a shift."""
    return {
        "caregiver": wording.person(Kind.CAREGIVER, caregiver),
        "date": date_cell(shift["date"]),
        "start": clock_cell(shift["start"]),
        "end": clock_cell(shift["end"]),
    }


def visit_cells(record: Record, wording: Wording) -> Cells:
    """Return the cells of a visit."""
    carer = record["carers"][0]
    dates = record.get("dates", ())
    pin = record.get("pin", {})
    pinned = [one for one in pin.get("caregivers", ()) if one is not None]
    return {
        "id": record["id"],
        "client": wording.person(Kind.CLIENT, record["client"]),
        "date": date_cell(dates[0]) if len(dates) == 1 else None,
        "window_start": clock_cell(record["window"]["earliest"]),
        "window_end": clock_cell(record["window"]["latest"]),
        "preferred_until": clock_cell(record.get("preferred_until")),
        "minutes": number_cell(carer["minutes"]),
        "shortest": number_cell(carer.get("shortest")),
        "carers": len(record["carers"]),
        "services": wording.services(record.get("services", ())),
        "qualifications": grades_cell(carer.get("qualifications", ())),
        "priority": word("priority", record.get("priority", "essential"), wording.lang),
        "mandatory": _yes(record.get("mandatory"), wording.lang),
        "payer": record.get("payer"),
        "series": record.get("series"),
        "pinned": wording.people(Kind.CAREGIVER, pinned),
        "pinned_start": clock_cell(pin.get("start")),
    }


def organisation_cells(record: Record, wording: Wording) -> Cells:
    """Return the cells of an organisation."""
    told = wording.names.get(Kind.ORGANISATION, record["id"])
    lending = record.get("lending")
    return {
        "id": record["id"],
        "name": told.name or None,
        "phone": told.phone or None,
        "lending": None if lending is None else _yuan(lending["fen_per_hour"]),
    }


def contract_cells(record: Record, wording: Wording) -> Cells:
    """Return the cells of a contract."""
    return {
        "id": record["id"],
        "purchaser": record["purchaser"],
        "organisation": wording.person(Kind.ORGANISATION, record["organisation"]),
        "towns": joined(record.get("towns", ())) or None,
        "services": wording.services(record.get("services", ())),
        "start": date_cell(record["start"]),
        "end": date_cell(record["end"]),
        "cap_hours": _hours(record.get("cap")),
        "cap_visits": record.get("cap_visits"),
        "cap_yuan": _yuan(record.get("cap_fen")),
        "used_hours": _hours(record.get("used")),
        "used_visits": record.get("used_visits"),
        "used_yuan": _yuan(record.get("used_fen")),
        "owed_hours": _hours(record.get("owed")),
        "yuan_per_hour": _yuan(record.get("fen_per_hour")),
        "min_share": record.get("min_share"),
        "funding": joined(record.get("funding", ())) or None,
    }


def grades_cell(grades: Iterable[Record]) -> str | None:
    """Return qualifications as ``C/2; N``."""
    return (
        joined(
            one["code"] + (f"/{one['level']}" if one.get("level", 1) > 1 else "") for one in grades
        )
        or None
    )


def _organisation(record: Record, wording: Wording) -> str | None:
    organisation = record.get("organisation")
    return None if organisation is None else wording.person(Kind.ORGANISATION, organisation)


def _wish(wish: Record, lang: Lang) -> str:
    gender = word("gender", wish["gender"], lang)
    if not wish.get("hard"):
        return gender
    return f"{gender} (must)" if lang == "en" else f"{gender}（必须）"


def _optional(section: str, code: str | None, lang: Lang) -> str | None:
    return None if code is None else word(section, code, lang)


def _yes(is_so: bool | None, lang: Lang) -> str | None:
    if not is_so:
        return None
    return "yes" if lang == "en" else "是"


def _hours(minutes: float | None) -> Value | None:
    return None if minutes is None else number_cell(minutes / 60)


def _by_hour(fen_per_minute: int | None) -> int | None:
    return None if fen_per_minute is None else fen_per_minute * 60


def _yuan(fen: int | None) -> Value | None:
    return None if fen is None else number_cell(fen / 100)
