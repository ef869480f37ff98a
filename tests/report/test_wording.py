"""Numbers and codes in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from optimizer.domain.policy import Term
from optimizer.i18n import LANGUAGES, Lang
from optimizer.report import wording
from optimizer.report.roster import Roster
from optimizer.units import MS_PER_MINUTE


def counted(roster: Roster, cost: int, amounts: Mapping[Term, int]) -> Roster:
    """Return the roster with a cost made up, and amounts that are breakdown and quantities."""
    verdict = replace(roster.verdict, cost=cost, cost_breakdown=amounts, quantities=amounts)
    return replace(roster, verdict=verdict)


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, "0 min"),  # nothing
        (1_400, "1 s"),  # less than a minute
        (59 * MS_PER_MINUTE, "59 min"),  # less than an hour
        (60 * MS_PER_MINUTE, "1 h"),  # exactly an hour
        (195 * MS_PER_MINUTE + 31_000, "3 h 16 min"),  # rounded to minutes
    ],
)
def test_durations_are_hours_and_minutes(ms: int, words: str) -> None:
    """Durations are said in the unit that suits their length."""
    assert wording.duration("en", ms) == words


def test_clock_shows_the_minute_that_has_begun() -> None:
    """Seconds are not shown: 07:30:59 is still 07:30."""
    assert wording.clock(7 * 3_600_000 + 30 * MS_PER_MINUTE + 59_000) == "07:30"


def test_only_terms_that_count_are_listed(roster: Roster) -> None:
    """The village pays for one unserved visit and for travel."""
    lines = wording.cost_lines("en", roster)
    assert [(line.term, line.minutes) for line in lines] == [
        (Term.UNSERVED, 6_000.0),
        (Term.TRAVEL, 195.0),
    ]
    assert lines[1].words == "All journeys together take 3 h 15 min."


def worded(roster: Roster, lang: Lang, term: Term) -> str:
    """Return the sentence of a plan that pays for one term only."""
    only = dict.fromkeys(Term, 0) | {term: 12_000}
    changed = counted(roster, 12_000, only)
    return next(line.words for line in wording.cost_lines(lang, changed) if line.term is term)


def test_every_term_can_be_worded(roster: Roster) -> None:
    """Each term's sentence takes the field that its unit gives."""
    sentences = [worded(roster, lang, term) for lang in LANGUAGES for term in Term]
    assert [words for words in sentences if not any(map(str.isdigit, words))] == []


def test_money_is_yuan(roster: Roster) -> None:
    """A quantity of fen-ticks is shown in yuan: 60 ticks per minute, 100 fen per yuan."""
    only = dict.fromkeys(Term, 0) | {Term.WAGE: 60 * 1_250}
    changed = counted(roster, 1, only)
    words = [line.words for line in wording.cost_lines("en", changed) if line.term is Term.WAGE]
    assert words == ["Wages and mileage: 12.50 yuan."]


def test_an_unknown_reason_is_shown_as_it_is() -> None:
    """A plan made elsewhere may carry reasons of its own; none is said by a dash."""
    assert "strike" in wording.reason("en", "strike")
    assert "other" in wording.reason("en", "other")
    assert wording.reason("zh", "") == "–"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("part", "seconds", "advised"),
    [
        (0.9, 4.0, None),  # a tenth may be saved: said plainly
        (0.75, 4.0, None),  # just close enough
        (0.1, 4.0, 60),  # the proof has hardly begun
        (0.1, 100.0, 240),  # so it has after a longer run: twice as long, in whole minutes
    ],
)
def test_a_loose_gap_is_said_with_its_reason(
    roster: Roster, lang: Lang, part: float, seconds: float, advised: int | None
) -> None:
    """What a proof at its beginning gives is no verdict on the roster."""
    assert roster.result is not None
    bound = int(part * roster.cost)
    made = replace(roster.result, lower_bound=bound, seconds=seconds)
    last = wording.making(lang, replace(roster, result=made))[-1]
    beginning = {"en": "still at its beginning", "zh": "尚在起步"}[lang]
    assert (beginning in last) is (advised is not None)
    assert advised is None or f"--seconds {advised}" in last
    assert made.gap_is_loose is (advised is not None)
