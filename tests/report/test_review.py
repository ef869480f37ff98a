"""The booklet that a head nurse signs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimizer.i18n import LANGUAGES, Lang, sentence
from optimizer.needs import Book, default_book
from optimizer.needs.conditions import ANY, Test
from optimizer.needs.sign_off import Approval
from optimizer.report import review_wording
from optimizer.report.review import booklet, review_page, review_text
from tests.needs.worlds import all_tests
from tests.report.test_page import Outline

DAY = dt.date(2026, 3, 3)
BOOK = default_book()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_is_in_the_booklet(lang: Lang) -> None:
    """Every rule, contraindication, impossible pair, alert and service stands in it once."""
    made = booklet(BOOK, DAY, lang=lang)
    rules = BOOK.rules
    assert [[entry.code for entry in chapter.entries] for chapter in made.chapters] == [
        [one.id for one in rules.rules],
        [one.id for one in rules.contraindications],
        [one.id for one in rules.impossible],
        [*rules.alerts, *BOOK.catalogue.alerts],
        list(BOOK.catalogue.services),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_has_an_example_and_a_place_to_sign(lang: Lang) -> None:
    """Each rule says when it holds and shows what follows; nobody has signed it."""
    rules = booklet(BOOK, DAY, lang=lang).chapters[0].entries
    example = sentence(lang, "review.example", known="|", follows="").partition("|")[0]
    assert all(any(line.startswith(example) for line in entry.lines) for entry in rules)
    assert all(entry.to_sign and not entry.signed for entry in rules)
    text = review_text(booklet(BOOK, DAY, lang=lang), lang=lang)
    signed = len(rules) + len(BOOK.rules.contraindications) + len(BOOK.catalogue.services)
    assert text.count(sentence(lang, "review.sign_here")) == signed + 1  # and one for all


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_the_same_and_loads_nothing(lang: Lang) -> None:
    """The page to be printed is well formed, stands alone, and holds every line of the text."""
    made = booklet(BOOK, DAY, lang=lang)
    page = review_page(made, lang=lang)
    outline = Outline()
    outline.feed(page)
    assert (outline.open, outline.fetched) == ([], [])
    assert "://" not in page
    for chapter in made.chapters:
        for entry in chapter.entries:
            assert f"<span>{entry.code}</span>" in page


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"night": "any"}, "care at night: something is recorded"),
        ({"night": "suction"}, "care at night: suction"),
        ({"none_of": [{"family": "any", "present": "night"}]},
         "not: family: somebody, every night"),
        (
            {"none_of": [{"device": "stoma"}, {"device": "picc"}]},
            "none of: device: stoma, device: PICC line",
        ),
        ({"wound": "any", "min_size_cm": 5}, "a wound of any kind, 5 cm or longer"),
        ({"item": "eating", "at_most": 2}, "eating: 0–2 of 4 points"),
        ({"item": "bladder", "at_least": 4}, "bladder control: 4 of 4 points"),
        ({"condition": "hip_fracture", "undated": True},
         "condition: hip fracture or joint surgery, no date recorded"),
        ({"risk_events": 2, "kind": "fall", "within_days": 30},
         "risk events, 2 or more: fall, within 30 days"),
    ],
)  # fmt: skip
def test_what_a_test_asks_is_said(asked: dict[str, Any], words: str) -> None:
    """Tests are read as sentences, with what narrows them down."""
    assert review_wording.asked("en", BOOK, Test.model_validate(asked)) == words


def test_codes_have_words() -> None:
    """No code that a test of the package asks for is shown as it is."""
    rules, services = BOOK.rules, BOOK.catalogue.services.values()
    asked = [test for rule in rules.rules for test in rule.when]
    asked += [test for rule in rules.rules for add in rule.adds for test in add.when]
    asked += [test for rule in rules.contraindications for test in rule.when]
    asked += [test for rule in rules.impossible for test in rule.when]
    asked += [test for service in services for test in service.two_carers]
    asked += [test for row in BOOK.catalogue.two_carers for test in row.when]
    codes = {
        code
        for test in all_tests(asked)
        for code in (getattr(test, test.asks), test.kind, test.site)
        if isinstance(code, str) and code != ANY
    }
    assert codes - set(rules.words) == set()


def test_a_signature_is_shown() -> None:
    """Signed rules name the office and the day instead of a place to sign."""
    approval = Approval(
        by="head nurse", on=dt.date(2026, 2, 1), version=BOOK.rules.version, entries=("R01",)
    )
    book = Book(BOOK.catalogue, BOOK.rules.model_copy(update={"approvals": (approval,)}))
    first, second, *_ = booklet(book, DAY, lang="en").chapters[0].entries
    assert first.signed == f"signed by head nurse on 2026-02-01, version {BOOK.rules.version}"
    assert second.signed == ""
    text = review_text(booklet(book, DAY, lang="en"), lang="en")
    assert text.count(first.signed) == 2  # at the head as well
