"""``homecare pattern``."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from optimizer.formats import read_scenario, write_plan, write_scenario
from tests.cli.conftest import Run
from tests.pattern.test_pattern import roster
from tests.pattern.weeks import MONDAY, weeks

NEXT = MONDAY + dt.timedelta(days=7)


@pytest.fixture
def office(tmp_path: Path, homecare: Run) -> Path:
    """A folder with two weeks, a roster of the first and the pattern learned from it."""
    first = weeks()
    write_scenario(first, tmp_path / "first.json")
    write_plan(roster(first), tmp_path / "plan.json")
    write_scenario(weeks(NEXT), tmp_path / "second.json")
    code, out, _ = homecare(
        "pattern", "learn", tmp_path / "first.json", tmp_path / "plan.json",
        "-o", tmp_path / "pattern.json",
    )  # fmt: skip
    assert code == 0
    assert "4 appointments" in out
    return tmp_path


def spoilt(office: Path, **changes: Any) -> Path:
    """Write a changed pattern; `slot` changes the first slot, all else the document."""
    content = json.loads((office / "pattern.json").read_text(encoding="utf-8"))
    content["slots"][0] |= changes.pop("slot", {})
    path = office / "spoilt.json"
    path.write_text(json.dumps(content | changes), encoding="utf-8")
    return path


def test_the_next_week_is_laid_out_and_kept(homecare: Run, office: Path) -> None:
    """The search keeps to the pattern, and nothing deviates."""
    begun, plan = office / "begun.json", office / "second-plan.json"
    code, out, _ = homecare(
        "pattern", "lay-out", office / "second.json", office / "pattern.json", "-o", begun
    )
    assert code == 0
    assert "4 of 4 visits" in out
    scenario = read_scenario(begun)
    assert scenario.published is not None
    assert scenario.policy.weights.disruption == 60
    assert homecare("solve", begun, "-o", plan, "--iterations", "200")[0] == 0
    question = ("pattern", "deviations", office / "second.json", plan, office / "pattern.json")
    code, out, _ = homecare(*question, "--lang", "zh")
    assert code == 0
    assert "各次上门服务均与固定排班一致" in out
    document = json.loads(homecare(*question, "--json")[1])
    assert document["weeks"][0]["kept"] == 4
    assert document["deviations"] == []


def test_a_deviation_is_told_with_its_reason(homecare: Run, office: Path) -> None:
    """In words in both languages and as JSON."""
    away = weeks(NEXT, away=[("G1", 0)])
    write_scenario(away, office / "away.json")
    write_plan(roster(away, C1_0309="G2"), office / "other.json")
    question = ("pattern", "deviations", office / "away.json", office / "other.json",
                office / "pattern.json")  # fmt: skip
    _, out, _ = homecare(*question)
    assert "3 of 4 visits kept (75 %)" in " ".join(out.split())
    assert "G1 is not on shift then" in out
    assert "G1 此时不当班" in homecare(*question, "--lang", "zh")[1]
    (one,) = json.loads(homecare(*question, "--json")[1])["deviations"]
    assert (one["visit"], one["cause"], one["made"]["caregivers"]) == (
        "C1-0309", "no_shift", ["G2"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"monday": "2026-03-03"}, ["monday", "Monday"]),
        ({"slot": {"week": 2}}, ["slots[0].week", "cycle of 1"]),
        ({"slot": {"seen": 3}}, ["slots[0].seen", "3 of 1"]),
        ({"slot": {"client": "C9", "caregivers": ["G8", "G9"]}}, ["C9", "G8", "G9"]),
        ({"slot": {"weekday": 8}}, ["slots[0].weekday"]),
        ({"slots": []}, ["slots"]),
        ({"cycle": 0, "monday": "soon"}, ["cycle", "monday"]),
    ],
)
def test_faults_are_told_all_at_once(
    homecare: Run, office: Path, changes: dict[str, Any], words: list[str]
) -> None:
    """Each with its place; nothing is written."""
    begun = office / "begun.json"
    code, _, err = homecare(
        "pattern", "lay-out", office / "second.json", spoilt(office, **changes), "-o", begun
    )
    assert code == 3
    assert all(word in err for word in words)
    assert not begun.exists()


def test_the_same_slot_twice_is_a_fault(homecare: Run, office: Path) -> None:
    """A copied line would claim two visits."""
    content = json.loads((office / "pattern.json").read_text(encoding="utf-8"))
    path = spoilt(office, slots=[*content["slots"], content["slots"][1]])
    code, _, err = homecare(
        "pattern", "lay-out", office / "second.json", path, "-o", office / "begun.json"
    )
    assert (code, "slots[4]" in err) == (3, True)


def test_people_may_have_left(homecare: Run, office: Path) -> None:
    """Their visits go to others where it is said so; a strange pattern is refused all the same."""
    begun = office / "begun.json"
    path = spoilt(office, slot={"caregivers": ["G9"]})
    laying = ("pattern", "lay-out", office / "second.json", path, "-o", begun)
    assert homecare(*laying)[0] == 3
    assert homecare(*laying, "--leave-out-gone")[0] == 0
    published = read_scenario(begun).published
    assert published is not None
    assert len(published.routes) == 3
    content = json.loads((office / "pattern.json").read_text(encoding="utf-8"))
    strange = spoilt(office, slots=[slot | {"client": "X"} for slot in content["slots"]])
    code, _, err = homecare(
        "pattern", "lay-out", office / "second.json", strange, "-o", begun, "--leave-out-gone"
    )
    assert (code, "another district" in err) == (2, True)


def test_a_pattern_needs_whole_weeks(homecare: Run, office: Path) -> None:
    """A cycle of two weeks is not learned from one, and a pattern is no table."""
    learn = ("pattern", "learn", office / "first.json", office / "plan.json", "-o")
    code, _, err = homecare(*learn, office / "x.json", "--cycle", "2")
    assert (code, "14" in err) == (2, True)
    assert homecare(*learn, office / "x.csv")[0] == 2


def test_the_next_week_is_told_what_was_before(homecare: Run, office: Path) -> None:
    """Who came, who was left out; an earlier period is refused, and nothing is written."""
    out_file = office / "told.json"
    write_plan(roster(weeks(), C2_0303="nobody"), office / "cut.json")
    asked = ("carry-over", office / "first.json", office / "cut.json")
    code, out, _ = homecare(*asked, office / "second.json", "-o", out_file)
    assert code == 0
    assert "visits missed by 1 client" in " ".join(out.split())
    told = read_scenario(out_file)
    assert [client.missed for client in told.clients] == [0, 1]
    assert [(one.client, one.caregiver, one.visits) for one in told.history] == [("C1", "G1", 3)]
    code, _, err = homecare(*asked, office / "first.json", "-o", office / "none.json")
    assert (code, "later" in err) == (2, True)
    assert not (office / "none.json").exists()
