"""``homecare explain``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from optimizer.shortfall import Hire, hires
from tests.cli.conftest import Run


def test_an_empty_roster_has_room(homecare: Run, village_file: Path, empty_plan_file: Path) -> None:
    """What fits is said to fit, and what nobody could do is told apart."""
    code, out, _ = homecare("explain", village_file, empty_plan_file, "--json")
    document = json.loads(out)
    assert code == 0
    assert [row["visit"] for row in document["unserved"]] == ["V0001", "V0002", "V0003", "V0004"]
    assert {row["standing"] for row in document["unserved"]} <= {"fits", "proven", "crowded_out"}
    assert document["unserved"][0]["standing"] == "fits"
    assert document["unserved"][0]["openings"][0]["caregiver"] in {"G0001", "G0002"}


def test_both_languages_are_spoken(
    homecare: Run, village_file: Path, empty_plan_file: Path
) -> None:
    """The same statement in English and Chinese."""
    _, out, _ = homecare("explain", village_file, empty_plan_file, "--visit", "V0001")
    assert "This visit still fits" in out
    _, out, _ = homecare(
        "explain", village_file, empty_plan_file, "--visit", "V0001", "--lang", "zh"
    )
    assert "仍排得上" in out


def test_a_served_visit_is_asked_who_else(
    homecare: Run, village_file: Path, plan_file: Path
) -> None:
    """`--visit` of a served visit tells the stop and the other caregiver; a broken plan is said."""
    code, out, err = homecare("explain", village_file, plan_file, "--visit", "V0001", "--json")
    (stop,) = json.loads(out)["stops"]
    assert code == 0
    assert (stop["visit"], stop["caregiver"]) == ("V0001", "G0001")
    assert len(stop["options"]) + len(stop["barred"]) == 1
    assert "breaks rules" in err


def test_an_unknown_visit_is_a_wrong_use(
    homecare: Run, village_file: Path, empty_plan_file: Path
) -> None:
    """Exit 2, with the ids that come near."""
    code, _, err = homecare("explain", village_file, empty_plan_file, "--visit", "V001")
    assert code == 2
    assert "V0001" in err


def test_a_plan_of_another_scenario_is_refused(
    homecare: Run, village_file: Path, tmp_path: Path
) -> None:
    """Exit 3 for a plan that names what the scenario does not have."""
    other = tmp_path / "other.json"
    other.write_text(
        json.dumps({"scenario": "else", "unserved": [{"visit": "X", "reason": "travel"}]}),
        encoding="utf-8",
    )
    code, out, _ = homecare("explain", village_file, other)
    assert (code, out) == (3, "")


def test_planning_anew_is_told_apart(
    homecare: Run, village_file: Path, empty_plan_file: Path
) -> None:
    """`--replan` adds what everybody planned anew would allow, in words and as a document."""
    asked = ("explain", village_file, empty_plan_file, "--visit", "V0001", "--replan", "1")
    _, out, _ = homecare(*asked)
    assert "With everybody planned again" in out
    _, out, _ = homecare(*asked, "--json")
    (row,) = json.loads(out)["unserved"]
    assert row["replan"]["found"] is True
    assert row["replan"]["fix"] is None


def test_the_price_of_a_rule(homecare: Run, village_file: Path, empty_plan_file: Path) -> None:
    """`--price-of` answers with a difference per term and says that it is found by searching."""
    asked = ("explain", village_file, empty_plan_file, "--price-of", "overtime", "--seconds", "1")
    code, out, _ = homecare(*asked, "--json")
    document = json.loads(out)
    assert code == 0
    assert document["difference"] == sum(document["terms"].values()) <= 0
    _, out, _ = homecare(*asked)
    assert "search" in out


@pytest.mark.sweep
def test_one_caregiver_more(
    homecare: Run, village_file: Path, empty_plan_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--one-more` ranks hires; only one question is asked at a time."""
    answers: list[tuple[Hire, ...]] = []

    def once(*asked: Any, **limits: Any) -> tuple[Hire, ...]:
        answers[:] = answers or [hires(*asked, **limits)]
        return answers[0]

    monkeypatch.setattr("optimizer.commands.what_if.hires", once)
    asked = ("explain", village_file, empty_plan_file, "--one-more", "--seconds", "2")
    code, out, _ = homecare(*asked, "--json")
    assert code == 0
    found = json.loads(out)["hires"]
    assert found
    assert all(hire["at_most"] >= 0 for hire in found)
    for lang, words in (("en", "dual value"), ("zh", "对偶值")):
        code, out, _ = homecare(*asked, "--lang", lang)
        assert code == 0
        assert words in out
    code, _, err = homecare(*asked, "--price-of", "break")
    assert code == 2
    assert "exclude" in err


def test_a_broken_plan_has_no_prices(homecare: Run, village_file: Path, plan_file: Path) -> None:
    """Exit 2 for a plan that breaks rules."""
    code, _, err = homecare("explain", village_file, plan_file, "--one-more")
    assert code == 2
    assert "breaks rules" in err
