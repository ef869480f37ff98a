"""Letters: who comes to a client, and when."""

from __future__ import annotations

import pytest

from optimizer.i18n import Lang
from optimizer.report.letters import letters, letters_page
from tests.report.people import NAMED
from tests.report.test_page import Outline
from tests.report.village import village_roster


def test_a_letter_tells_who_comes() -> None:
    """A visit by two carers is one visit with two names."""
    ada, cora, third = letters(village_roster(), NAMED, "en")
    assert (ada.called, ada.address) == ("Ada <Invented>", "1 Invented Road")
    (visit,) = cora.visits
    assert (visit.day, visit.start, visit.minutes) == ("Mon 2026-03-02", "10:00", 60)
    assert set(visit.caregivers.split(", ")) == {"Dora Invented", "Eva Invented"}
    assert third.open == ("washing, oral care and dressing",)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_is_sound_and_loads_nothing(lang: Lang) -> None:
    """Tags are closed, names are escaped, nothing is fetched."""
    page = letters_page(village_roster(), NAMED, lang)
    outline = Outline()
    outline.feed(page)
    assert (outline.open, outline.fetched) == ([], [])
    assert "Ada &lt;Invented&gt;" in page
    assert page.count("<section") == 3
