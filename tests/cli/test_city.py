"""``homecare city``: a roster in parts, verified as a whole, and what cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.formats import read_plan, read_scenario, write_scenario
from optimizer.needs import derive
from optimizer.verification import verify
from tests.cli.conftest import Run

SMALL = Path(__file__).parents[2] / "scenarios" / "zhenhai-day-s.json"
QUICK = ("--iterations", "90", "--visits-per-part", "9", "--workers", "1")


def test_a_city_is_solved_and_written(homecare: Run, tmp_path: Path) -> None:
    """The plan that is written is the one that was verified; rounds and sentences tell of it."""
    plan, page = tmp_path / "plan.json", tmp_path / "roster.html"
    code, out, _ = homecare("city", SMALL, *QUICK, "-o", plan, "-o", page)
    assert code == 0
    assert "The whole roster was verified" in out
    assert "Round 1: 3 parts" in out
    assert page.stat().st_size > 1_000
    scenario = derive(read_scenario(SMALL)).scenario
    assert verify(scenario, read_plan(plan)).feasible


def test_an_answer_for_programs(homecare: Run) -> None:
    """Counts add up, and the last round is no worse than the first."""
    code, out, _ = homecare("city", SMALL, *QUICK, "--json", "--lang", "zh")
    told = json.loads(out)
    assert code == 0
    assert told["served"] + told["unserved"] == told["visits"] > 0
    assert len(told["unserved_visits"]) == told["unserved"]
    assert told["verified"] == "whole"
    assert told["rounds"][0]["parts"] == 3


def test_beyond_a_size_parts_are_verified(
    homecare: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then plans alone are written, and the answer says what was verified."""
    monkeypatch.setattr("optimizer.commands.city.LARGEST_WHOLE", 10)
    plan = tmp_path / "plan.json"
    code, out, _ = homecare("city", SMALL, *QUICK, "-o", plan)
    assert code == 0
    assert "Each part was verified" in out
    assert read_plan(plan).scenario == "zhenhai-day-s"
    code, _, err = homecare("city", SMALL, *QUICK, "-o", tmp_path / "roster.html")
    assert code == 2
    assert "only plans" in err


def test_two_limits_are_refused(homecare: Run) -> None:
    """Seconds and steps end a city alike; one of them is enough."""
    code, _, err = homecare("city", SMALL, "--seconds", "1", "--iterations", "5")
    assert code == 2
    assert "one of the two" in err


def test_nobody_to_send_is_told(homecare: Run, tmp_path: Path) -> None:
    """A day without caregivers has an empty roster and says so by its exit code."""
    scenario = read_scenario(SMALL)
    empty = scenario.model_copy(update={"caregivers": (), "history": ()})
    path = tmp_path / "nobody.json"
    write_scenario(empty, path)
    code, _, err = homecare("city", path, *QUICK)
    assert code in {3, 5}, err
