"""Calendars of a roster."""

from __future__ import annotations

import io
import zipfile

from icalendar import Calendar

from optimizer.report.audience import EVERYBODY, Audience
from optimizer.report.calendars import calendar, calendars
from tests.report.people import NAMED, NAMES
from tests.report.village import village_roster


def events(raw: bytes) -> list[dict[str, str]]:
    """Return summary, start, end, place and notes of each event, by start."""
    found = [
        {
            "summary": str(event["summary"]),
            "start": event.decoded("dtstart").isoformat(),
            "end": event.decoded("dtend").isoformat(),
            "location": str(event.get("location", "")),
            "description": str(event.get("description", "")),
            "uid": str(event["uid"]),
        }
        for event in Calendar.from_ical(raw).walk("VEVENT")
    ]
    return sorted(found, key=lambda event: event["start"])


def test_each_stop_is_an_event() -> None:
    """Times are universal: half past eight in Shanghai is half past midnight."""
    told = events(calendar(village_roster(), NAMED, "en"))
    assert len(told) == 4
    assert len({event["uid"] for event in told}) == 4
    ada = next(event for event in told if "Ada" in event["summary"])
    assert ada["start"] == "2026-03-02T00:30:00+00:00"
    assert ada["end"] == "2026-03-02T01:00:00+00:00"
    assert ada["location"] == "1 Invented Road"
    assert ada["summary"].startswith("Dora Invented · Ada <Invented>: washing")
    assert ada["description"].splitlines() == ["0574-0000001", "ring twice", "there is a dog"]


def test_an_archive_has_one_calendar_for_each_caregiver() -> None:
    """Each holds the stops of one caregiver, whose name need not be told there."""
    raw = calendars(village_roster(), NAMED, "en")
    assert raw == calendars(village_roster(), NAMED, "en")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.namelist() == ["G0001.ics", "G0002.ics"]
        told = events(archive.read("G0001.ics"))
    assert [event["start"][11:16] for event in told] == ["00:30", "02:00"]
    assert all("Dora" not in event["summary"] for event in told)


def test_pseudonyms_and_one_caregiver() -> None:
    """Without a names file nobody is named; with a choice of caregivers others are left out."""
    assert b"Invented" not in calendar(village_roster(), EVERYBODY, "en")
    only = Audience(NAMES, frozenset({"G0002"}))
    assert len(events(calendar(village_roster(), only, "en"))) == 2
