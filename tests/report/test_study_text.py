"""The sentences of a study: what is told of which arm, in whole visits."""

from __future__ import annotations

from typing import Literal

import pytest

from optimizer.domain.edit import Hire
from optimizer.domain.study import Arm
from optimizer.i18n import say
from optimizer.report.study_text import sentences, study_text, whole
from optimizer.shortfall import Figure, Outcome
from tests.report.test_study_page import DAYS


def outcome_of(arms: dict[str, tuple[float, str | None]]) -> Outcome:
    """Return an outcome: by arm how many visits fail, and which arm it follows; 1 as it is."""
    base, like, _ = DAYS.arms
    imagined = tuple(
        like.model_copy(
            update={"arm": name, "unserved": _figure(mean), "against_base": _figure(mean - 1)}
        )
        for name, (mean, _) in arms.items()
    )
    asked = tuple(
        Arm(name=name, follows=follows, edits=(Hire(count=number),))
        for number, (name, (_, follows)) in enumerate(arms.items(), 1)
    )
    study = DAYS.study.model_copy(update={"arms": asked})
    return DAYS.model_copy(update={"arms": (base, *imagined), "study": study})


def _figure(mean: float) -> Figure:
    of = {"mean": mean, "low": mean - 1, "high": mean + 1, "p50": mean, "plain": mean}
    return DAYS.arms[0].unserved.model_copy(update=of)


def _told(outcome: Outcome, lang: Literal["en", "zh"] = "en") -> list[str]:
    return list(sentences(outcome, lang=lang))


@pytest.mark.parametrize(
    ("mean", "words"),
    [
        (0.0, "0"),  # nothing is nothing
        (0.3, "fewer than 1"),  # not nothing
        (0.5, "1"),  # half a visit is one
        (-0.8, "0"),  # corrected below nothing
        (1234.4, "1,234"),  # thousands apart
    ],
)
def test_visits_are_whole(mean: float, words: str) -> None:
    """A mean is told as somebody counts."""
    assert whole("en", mean) == words


def test_what_helps_is_told_of_what_was_tried_against_it() -> None:
    """The milder arm is no remedy; the one that follows the worst is."""
    outcome = outcome_of({"mild": (4, None), "bad": (20, None), "helped": (9, "bad")})
    told = _told(outcome)
    assert "20 of 112 visits" in told[1]
    assert "this helps most" in told[2]
    assert "then 9 visits a day" in told[2]
    assert told[3].startswith("The figure: 19 more visits a day fail")
    assert "18" in told[3]


def test_where_nothing_helps_it_is_told_whom_it_hits() -> None:
    """A remedy that brings less than a visit back is none."""
    outcome = outcome_of({"bad": (20, None), "idle": (19.8, "bad")})
    assert _told(outcome)[2].startswith("Hit hardest: Luotuo")
    assert _told(outcome, "zh")[2].startswith("受影响最大的是：骆驼")


def test_fewer_is_told_as_fewer() -> None:
    """An arm in which less fails than as it is has a figure without a minus."""
    outcome = outcome_of({"better": (0, None)})
    assert _told(outcome)[3].startswith("The figure: 1 fewer visits a day fail")


def test_what_was_mended_is_told_once() -> None:
    """Of an arm that follows another one it is the same and more, so it is left out."""
    outcome = outcome_of({"bad": (20, None), "helped": (9, "bad")})
    repairs = [
        say("study.repaired", arm=name, repair=say("repair.history", count=3))
        for name in ("bad", "helped")
    ]
    told = [str(part) for part in study_text(outcome, repairs, lang="en")]
    (mended,) = [line for line in told if line.startswith("Mended")]
    assert "3 acquaintances" in mended
