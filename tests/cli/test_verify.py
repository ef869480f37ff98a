"""``homecare verify``."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_a_broken_plan_is_told_by_the_exit_code(
    homecare: Run, village_file: Path, plan_file: Path
) -> None:
    """The village's plan breaks rules: exit 4, each with rule, place and detail."""
    code, out, _ = homecare("verify", village_file, plan_file, "--json")
    document = json.loads(out)
    assert code == 4
    assert document["feasible"] is False
    assert document["violations"]
    assert document["violations"][0].keys() == {
        "rule", "caregiver", "visit", "date", "amount", "place", "detail",
    }  # fmt: skip


def test_a_clean_plan_is_feasible(homecare: Run, village_file: Path, empty_plan_file: Path) -> None:
    """A plan that serves nobody breaks no rule and costs what is unserved."""
    code, out, _ = homecare("verify", village_file, empty_plan_file, "--json")
    document = json.loads(out)
    assert (code, document["feasible"], document["violations"]) == (0, True, [])
    assert document["cost"] == sum(document["cost_breakdown"].values()) > 0
    assert (document["served"], document["unserved"]) == (0, 4)


def test_people_read_a_judgement(
    homecare: Run, village_file: Path, plan_file: Path, empty_plan_file: Path
) -> None:
    """The last line says whether the plan keeps every rule, in either language."""
    _, out, _ = homecare("verify", village_file, empty_plan_file, "--lang", "en")
    assert out.rstrip().endswith("The roster keeps every rule.")
    _, out, _ = homecare("verify", village_file, plan_file, "--lang", "zh")
    assert "排班表违反规则" in out.rstrip().splitlines()[-1]


def test_a_plan_that_was_made_for_another_scenario_is_judged_with_a_warning(
    homecare: Run, village_file: Path, tmp_path: Path
) -> None:
    """It names nothing unknown, so it is judged, but not in silence."""
    unserved = [{"visit": f"V000{n}", "reason": "crowded_out"} for n in range(1, 5)]
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"scenario": "town", "unserved": unserved}), encoding="utf-8")
    code, out, err = homecare("verify", village_file, other, "--lang", "en")
    assert (code, "The roster keeps every rule." in out) == (0, True)
    assert "is town, but the scenario is village; is this the right plan?" in err


def test_the_plan_of_another_scenario_is_one_sentence(
    homecare: Run, village_file: Path, tmp_path: Path
) -> None:
    """A plan of another scenario is refused once, instead of each visit being told unknown."""
    unserved = [{"visit": f"X{n}", "reason": "crowded_out"} for n in range(60)]
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"scenario": "town", "unserved": unserved}), encoding="utf-8")
    code, out, err = homecare("verify", village_file, other)
    assert (code, out) == (3, "")
    assert err.splitlines()[0] == "other.json: 1 fault"
    assert err.splitlines()[1].startswith("  scenario: is town, and the plan names visits")
