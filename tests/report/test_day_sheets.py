"""Day sheets: a page for each caregiver's day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimizer.i18n import Lang
from optimizer.report.audience import EVERYBODY, Audience
from optimizer.report.day_sheets import day_sheets, day_sheets_page
from optimizer.report.roster import Roster
from tests.report.people import NAMED, NAMES
from tests.report.test_page import Outline
from tests.report.village import village_roster


@pytest.fixture(scope="module")
def roster() -> Roster:
    """The village's roster, its first client infectious and alone."""
    made = village_roster()
    scenario = made.scenario
    first = scenario.clients[0].model_copy(update={"flags": ("infectious", "alone")})
    clients = (first, *scenario.clients[1:])
    return replace(made, scenario=scenario.model_copy(update={"clients": clients}))


def test_a_sheet_tells_the_whole_day(roster: Roster) -> None:
    """Shift, way, break after the first stop, and of each stop who, what, with whom, beware."""
    first, second = day_sheets(roster, NAMED, "en")
    assert (first.caregiver, first.day, first.shift) == (
        "Dora Invented", "Mon 2026-03-02", "07:00–12:00"
    )  # fmt: skip
    assert (first.leaves, first.back, first.pause, first.pause_after) == (
        "08:20", "12:10", "09:10–09:30", 1
    )  # fmt: skip
    ada, cora = first.stops
    assert (ada.called, ada.client, ada.start, ada.end, ada.travel) == (
        "Ada <Invented>", "C0001", "08:30", "09:00", 10
    )  # fmt: skip
    assert ada.services == ("washing, oral care and dressing",)
    assert ada.cautions == (
        "infectious: protect yourself and others", "lives alone", "there is a dog"
    )  # fmt: skip
    assert (cora.partner, second.stops[1].partner) == ("Eva Invented", "Dora Invented")
    assert second.stops[0].called == "C0003"


def test_without_names_there_are_pseudonyms(roster: Roster) -> None:
    """Nothing of a person is on the page, and it can still be used."""
    page = day_sheets_page(roster, EVERYBODY, "en")
    assert "Invented" not in page
    assert "G0001" in page
    assert "C0001" in page


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_is_sound_and_loads_nothing(roster: Roster, lang: Lang) -> None:
    """Tags are closed, names are escaped, and the office's telephone stands on each sheet."""
    page = day_sheets_page(roster, NAMED, lang)
    outline = Outline()
    outline.feed(page)
    assert (outline.open, outline.fetched) == ([], [])
    assert "Ada &lt;Invented&gt;" in page
    assert page.count("0574-0000009") == 2
    assert page.count("<section") == 2


def test_sheets_of_one_caregiver(roster: Roster) -> None:
    """Who is not wanted is not printed."""
    only = Audience(NAMES, frozenset({"G0002"}))
    assert [sheet.caregiver for sheet in day_sheets(roster, only, "en")] == ["Eva Invented"]


def test_a_long_day_is_set_smaller(roster: Roster) -> None:
    """As long as the stops have room the letters are large, and then smaller and smaller."""
    sheet = day_sheets(roster, NAMED, "en")[0]
    sizes = [replace(sheet, stops=sheet.stops[:1] * n).density for n in range(1, 30)]
    assert list(dict.fromkeys(sizes)) == ["wide", "dense", "packed", "full"]


def test_what_is_short_is_set_large(roster: Roster) -> None:
    """Without names and addresses the letters are larger for as many stops."""
    named, plain = (day_sheets(roster, one, "en")[0] for one in (NAMED, EVERYBODY))
    sizes = [replace(one, stops=one.stops[:1] * 8).density for one in (named, plain)]
    assert sizes == ["packed", "dense"]


def test_the_sketch_numbers_the_stops(roster: Roster) -> None:
    """Home is a square, stops carry their numbers, and all lie on the sketch."""
    sketch = day_sheets(roster, NAMED, "en")[0].sketch
    assert sketch is not None
    assert [mark.label for mark in sketch.marks] == ["", "1", "2"]
    assert all(0 < mark.x < sketch.width and 0 < mark.y < sketch.height for mark in sketch.marks)
