"""Needs in a person's words."""

from __future__ import annotations

import pytest

from optimizer.domain.visit import Requirement, Trace
from optimizer.i18n import LANGUAGES, Lang
from optimizer.needs import default_book, derive
from optimizer.needs.gaps import Gap
from optimizer.report import needs_wording
from optimizer.report.needs_text import needs_text
from tests.report.elders import elders


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_service_rule_and_alert_has_words(lang: Lang) -> None:
    """Nothing of the package's own catalogue and rules is shown as a bare code."""
    book = default_book()
    for code in book.catalogue.services:
        assert needs_wording.service(lang, book, code) != code
    for rule in book.rules.rules:
        (words,) = needs_wording.reasons(lang, book, (Trace(rule=rule.id),))
        assert (rule.zh if lang == "zh" else rule.en) in words
    for code, alert in book.rules.alerts.items():
        assert (alert.zh if lang == "zh" else alert.en) in needs_wording.alert(lang, alert)
        assert code not in needs_wording.alert(lang, alert)


@pytest.mark.parametrize(
    ("need", "words"),
    [
        (Requirement(code="N"), "a nurse"),
        (Requirement(code="N", level=3), "a nurse, level 3"),
        (Requirement(code="C", level=2), "a care worker of grade 4 or better"),
        (Requirement(code="PHYSIO", level=3), "PHYSIO, level 3"),  # a district's own code
    ],
)
def test_a_qualification_is_named(need: Requirement, words: str) -> None:
    """Known codes have words, a level is told as the grade on the certificate."""
    assert needs_wording.qualification("en", need) == words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everybody_and_the_sum_are_told(lang: Lang) -> None:
    """Each client has a paragraph, and the last lines are about all."""
    needs = derive(elders())
    text = needs_text(needs, needs.clients, lang=lang)
    assert [text.count(f"\n{one.client}  ") for one in needs.clients[1:]] == [1]
    assert text.startswith("C0001  ")
    total = text.rpartition("\n\n")[2].splitlines()[0]
    assert str(sum(len(one.visits) for one in needs.clients)) in total


def test_gaps_are_never_added_up() -> None:
    """Money is needed less paid for, people is paid for less given; two sentences."""
    gap = Gap(needed=600, entitled=300, served=240)
    assert (gap.in_money, gap.in_people) == (300, 60)
    _, money, people = needs_wording.gap("en", gap)
    assert "5 h" in money
    assert "1 h" in people
