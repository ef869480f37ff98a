"""Whom an arm hires is told kind by kind, and plainly where none of them could help."""

from __future__ import annotations

import pytest

from optimizer.domain.edit import CaregiversAway, Hire
from optimizer.domain.study import Arm, Study
from optimizer.domain.visit import Requirement
from optimizer.i18n import Lang
from optimizer.report.hired_text import hired_sentences
from optimizer.report.study_text import sentences
from optimizer.shortfall import HiredInArm, prepare_study
from optimizer.shortfall.outcome import Share
from tests.report.test_study_text import outcome_of
from tests.shortfall.studies import small_day


def hired(*edits: Hire | CaregiversAway) -> HiredInArm:
    """Return whom the arm ``bad`` hires on a small day."""
    study = Study(id="small", base="zhenhai-day-s", arms=(Arm(name="bad", edits=edits),))
    (found,) = prepare_study(study, small_day()).hired
    return found


def told(found: HiredInArm, asked: tuple[str, ...], lang: Lang = "en") -> list[str]:
    """Return the sentences of an arm in which visits are left out that ask for something."""
    outcome = outcome_of({"bad": (20, None)})
    arm = outcome.arms[1]
    shares = tuple(Share(names=(one,), visits=1.0, minutes=30.0) for one in asked)
    tables = arm.tables.model_copy(update={"by_qualification": shares})
    arms = (outcome.arms[0], arm.model_copy(update={"tables": tables}))
    changed = outcome.model_copy(update={"arms": arms})
    return list(hired_sentences(changed, found, lang=lang))


def test_who_is_hired_is_told_kind_by_kind() -> None:
    """Each kind with its number, what it holds and its hours; an arm that hires nobody has none."""
    nurse = Requirement(code="N", level=1)
    found = hired(Hire(count=9), Hire(count=2, qualification=nurse))
    assert [one.count for one in found.groups] == [9, 2]
    (words,) = told(found, ("N",))
    assert "9 × " in words
    assert "2 × " in words
    assert "nurse" in words
    study = Study(
        id="small",
        base="zhenhai-day-s",
        arms=(Arm(name="away", edits=(CaregiversAway(count=2),)),),
    )
    assert prepare_study(study, small_day()).hired == ()


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "None of them could make"), ("zh", "其中无人能承担")]
)
def test_hires_who_are_of_no_use_are_told_plainly(lang: Lang, words: str) -> None:
    """Where what is left out asks for nurses, nine others do not help, and that is said."""
    found = hired(Hire(count=9))
    assert "N" not in found.serves
    assert told(found, ("N",), lang)[1].startswith(words)
    assert len(told(found, ("N", next(iter(sorted(found.serves)))), lang)) == 1


def test_towns_without_a_name_are_not_told() -> None:
    """Where neither towns nor categories are named, only the share that is not given is told."""
    outcome = outcome_of({"bad": (20, None)})
    arm = outcome.arms[1].model_copy(update={"worst_town": "-", "worst_category": "-"})
    changed = outcome.model_copy(update={"arms": (outcome.arms[0], arm)})
    for lang, words in (("en", "Of the care that is paid for"), ("zh", "已付费的护理时间中")):
        line = list(sentences(changed, lang="zh" if lang == "zh" else "en"))[2]
        assert line.startswith(words)
        assert "-" not in line
