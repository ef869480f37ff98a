"""A roster as a page and as a picture."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from optimizer.domain.plan import Plan
from optimizer.i18n import LANGUAGES, Lang, sentence
from optimizer.needs import default_book
from optimizer.prepare import prepare
from optimizer.report.page import page_policy, roster_page, roster_picture
from optimizer.report.roster import Roster
from optimizer.report.verdict_document import verdict_document
from optimizer.verification import verify
from tests.report.elders import elders
from tests.report.people import NAMED

VOID = {"meta", "br", "img", "input", "link", "hr"}


class Outline(HTMLParser):
    """Checks that tags are closed in order and gathers what would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the tag, and what it would load."""
        if tag not in VOID:
            self.open.append(tag)
        self.fetched += [
            f"{tag} {name}={value}"
            for name, value in attrs
            if name in {"src", "href", "xlink:href", "srcset", "action", "data"}
            and not (value or "").startswith("#")
        ]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A closed tag stays closed."""

    def handle_endtag(self, tag: str) -> None:
        """The innermost open tag is the one that is closed."""
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_loads_nothing(roster: Roster) -> None:
    """Every tag is closed, no attribute points outside, and the page forbids it itself."""
    page = roster_page(roster, lang="en")
    outline = Outline()
    outline.feed(page)
    assert outline.open == []
    assert outline.fetched == []
    assert "default-src 'none'" in page
    assert "unsafe" not in page
    assert not re.search(r"https?://|@import|url\((?!#)", page)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_languages_are_on_the_page(roster: Roster, lang: str) -> None:
    """The page begins in one language and holds the other one, too."""
    page = roster_page(roster, lang="zh" if lang == "zh" else "en")
    assert f'<body data-lang="{lang}">' in page
    assert "Somebody could come, but nobody was found with room for it on this roster." in page
    assert "有护理员能承担，但在本排班表中未找到有空的人。" in page


def test_the_page_shows_everything(roster: Roster) -> None:
    """Every visit, caregiver and client is named."""
    page = roster_page(roster, lang="en")
    for one in (*roster.visits, *roster.caregivers, *roster.clients):
        assert one in page


def test_a_strict_policy_lets_the_page_run(roster: Roster) -> None:
    """Style and script are known by their digests, and nothing stands in attributes."""
    page = roster_page(roster, lang="zh")
    for element in ("style", "script"):
        (text,) = re.findall(f"<{element}>(.*?)</{element}>", page, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in page_policy()
    assert f'content="{page_policy()}"' in page
    assert not re.search(r"<[^>]*\s(?:style|on\w+)=", page.split("<script", maxsplit=1)[0])


def test_names_are_told_to_whom_they_are_given(roster: Roster) -> None:
    """With a names file the page says names and telephones, escaped; without it neither."""
    page = roster_page(roster, lang="en", audience=NAMED)
    assert "Dora Invented" in page
    assert "0574-0000001" in page
    assert "<Invented>" not in page
    assert "Invented" not in roster_page(roster, lang="en")


def test_ids_cannot_smuggle_markup(roster: Roster) -> None:
    """An id with angle brackets is shown, not run."""
    evil = "<script>alert(1)</script>".replace("/", "")
    visits = (
        *roster.scenario.visits[:3],
        roster.scenario.visits[3].model_copy(update={"id": evil}),
    )
    scenario = roster.scenario.model_copy(update={"visits": visits})
    page = roster_page(replace(roster, scenario=scenario), lang="en")
    assert evil not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_same_roster_gives_the_same_page(roster: Roster) -> None:
    """No date of making, no random number: equal bytes."""
    assert roster_page(roster, lang="en") == roster_page(roster, lang="en")


def test_an_empty_plan_has_a_page(roster: Roster) -> None:
    """Without routes there are no drawings, but all other parts."""
    plan = roster.plan.model_copy(update={"routes": ()})
    page = roster_page(replace(roster, plan=plan), lang="en")
    assert 'id="day-' not in page
    assert "0 / 4" in page


@pytest.fixture(scope="module")
def alarmed() -> Roster:
    """A roster of two clients with alerts, on which nobody is visited."""
    prepared = prepare(elders())
    plan = Plan(scenario="elders", routes=())
    verdict = verify(prepared.scenario, plan, prepared.matrices)
    return Roster.of_verdict(prepared, plan, verdict)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_alerts_stand_at_the_head(alarmed: Roster, lang: Lang) -> None:
    """Urgent and serious alerts say before the drawings what is to be done; notices do not."""
    page = roster_page(alarmed, lang=lang)
    unsafe = default_book().rules.alerts["unsafe_at_home"]
    assert unsafe.do is not None
    for words in (unsafe.en, unsafe.zh, unsafe.do.en, unsafe.do.zh):
        assert words in page
    assert page.index(unsafe.en) < page.index(sentence(lang, "page.weighed"))
    assert default_book().rules.alerts["insulin_kind_missing"].en not in page


def test_a_page_without_alerts_has_no_list_of_them(roster: Roster) -> None:
    """Without health records nothing is said of alerts."""
    assert sentence("en", "page.alerts") not in roster_page(roster, lang="en")


def test_alerts_in_answers_name_no_rule(alarmed: Roster) -> None:
    """What the service answers of a roster holds alert, severity and what to do, and no reason."""
    document = verdict_document(alarmed, lang="en")
    assert [(row["client"], row["alert"], row["severity"]) for row in document["alerts"]] == [
        ("C0002", "unsafe_at_home", "urgent")
    ]
    assert "R11A" not in str(document)


def test_the_picture_is_xml_with_both_drawings(roster: Roster) -> None:
    """The SVG stands alone: rows of the Gantt and lines of the map in one file."""
    root = ElementTree.fromstring(roster_picture(roster, lang="en"))  # noqa: S314 (our own)
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f".//{space}g[@class='row']")) == 2
    assert len(root.findall(f".//{space}polyline")) == 2


def test_a_plan_without_routes_has_no_picture(roster: Roster) -> None:
    """There is nothing to draw."""
    plan = roster.plan.model_copy(update={"routes": ()})
    with pytest.raises(ValueError, match="without routes"):
        roster_picture(replace(roster, plan=plan), lang="en")
