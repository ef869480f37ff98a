"""``homecare convert``."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path

from optimizer.formats import parse_vroom
from optimizer.formats.registry import open_problem
from tests.cli.conftest import Run
from tests.formats.test_vroom import matrix_day


def test_scenarios_are_packed_and_unpacked(
    homecare: Run, village_file: Path, tmp_path: Path
) -> None:
    """From json to gz to xz to json: the scenario stays the same."""
    steps = [tmp_path / name for name in ("a.json", "b.json.gz", "c.json.xz", "d.json")]
    source = village_file
    for target in steps:
        assert homecare("convert", source, target)[0] == 0
        source = target
    assert steps[3].read_bytes() == steps[0].read_bytes()
    assert gzip.decompress(steps[1].read_bytes()) == steps[0].read_bytes()
    assert lzma.decompress(steps[2].read_bytes()) == steps[0].read_bytes()


def test_a_plan_becomes_table_and_page(
    homecare: Run, village_file: Path, plan_file: Path, tmp_path: Path
) -> None:
    """With its scenario a plan can be written in every form."""
    for name in ("plan.csv", "plan.html", "plan.svg"):
        target = tmp_path / name
        code, _, _ = homecare("convert", plan_file, target, "--scenario", village_file)
        assert code == 0
        assert "V0001" in target.read_text(encoding="utf-8")


def test_a_plan_is_packed_without_its_scenario(
    homecare: Run, plan_file: Path, tmp_path: Path
) -> None:
    """A plan stays a plan; for JSON no scenario is needed."""
    code, out, _ = homecare("convert", plan_file, tmp_path / "plan.json.gz", "--json")
    assert code == 0
    assert json.loads(out)["read"] == "plan"
    packed = gzip.decompress((tmp_path / "plan.json.gz").read_bytes())
    assert json.loads(packed)["scenario"] == "village"


def test_a_table_needs_the_scenario(homecare: Run, plan_file: Path, tmp_path: Path) -> None:
    """Without it the command cannot work: exit 2."""
    code, _, err = homecare("convert", plan_file, tmp_path / "plan.csv")
    assert code == 2
    assert "--scenario" in err


def test_a_scenario_is_no_page(homecare: Run, village_file: Path, tmp_path: Path) -> None:
    """Only plans can be drawn: exit 2."""
    assert homecare("convert", village_file, tmp_path / "day.html")[0] == 2


def test_an_instance_becomes_a_scenario(homecare: Run, tmp_path: Path) -> None:
    """A benchmark instance is written as a scenario that can be read again."""
    instance = Path(__file__).parents[1] / "formats" / "data" / "hhcrsp" / "tiny-1.json"
    target = tmp_path / "day.json"
    code, out, _ = homecare("convert", instance, target, "--json")
    assert (code, json.loads(out)["read"]) == (0, "instance")
    assert json.loads(target.read_text())["format"] == "homecare-scenario"


def test_a_vroom_problem_becomes_a_scenario(homecare: Run, tmp_path: Path) -> None:
    """A routing problem in VROOM's JSON is written as a scenario that can be read again."""
    problem, target = tmp_path / "problem.json", tmp_path / "day.json"
    day = matrix_day()
    for job in day["jobs"]:
        job["service"] = 600
    problem.write_text(json.dumps(day), encoding="utf-8")
    code, out, _ = homecare("convert", problem, target, "--json")
    assert (code, json.loads(out)["read"]) == (0, "vroom")
    assert open_problem(target).scenario.visits == parse_vroom(json.dumps(day)).scenario.visits


def test_a_problem_that_would_be_no_scenario_is_not_written(homecare: Run, tmp_path: Path) -> None:
    """A job of no minutes can be solved, but no scenario may hold it: exit 3."""
    problem, target = tmp_path / "problem.json", tmp_path / "day.json"
    problem.write_text(json.dumps(matrix_day()), encoding="utf-8")
    code, _, err = homecare("convert", problem, target)
    assert (code, target.exists()) == (3, False)
    assert "visits[0].carers[0].minutes" in err


def test_a_plan_of_a_vroom_problem_becomes_its_output(homecare: Run, tmp_path: Path) -> None:
    """With the problem beside it a plan is written in VROOM's form, and with no other."""
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(json.dumps(matrix_day()), encoding="utf-8")
    unserved = [{"visit": visit, "reason": "crowded_out"} for visit in ("1414", "1515")]
    plan.write_text(
        json.dumps({"format": "homecare-plan", "scenario": "vroom", "unserved": unserved}),
        encoding="utf-8",
    )
    target = tmp_path / "solution.vroom.json"
    assert homecare("convert", plan, target, "--scenario", problem)[0] == 0
    assert json.loads(target.read_text())["summary"]["unassigned"] == 2
    code, _, err = homecare("convert", plan, tmp_path / "s.hhcrsp.json", "--scenario", problem)
    assert (code, "only plans of benchmark instances" in err) == (2, True)
