"""``homecare solve`` with an engine that answers at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.formats import read_plan, read_scenario, write_scenario
from optimizer.progress import Observer, Progress
from optimizer.stop import WhenSet
from tests.cli.conftest import FakeEngine, Run

SCENARIOS = Path(__file__).parents[2] / "scenarios"
KEYS = {
    "status",
    "cost",
    "cost_breakdown",
    "served",
    "unserved",
    "unserved_visits",
    "violations",
    "iterations",
    "seconds",
    "seed",
    "termination",
    "lower_bound",
    "gap",
    "gap_is_loose",
}


def test_json_is_one_document_with_all_keys(
    homecare: Run, village_file: Path, engine: FakeEngine
) -> None:
    """Standard output holds one JSON document; its numbers fit together."""
    code, out, _ = homecare("solve", village_file, "--seed", 7, "--json")
    document = json.loads(out)
    assert code == 0
    assert document.keys() >= KEYS
    assert (document["served"], document["unserved"], document["seed"]) == (3, 1, 7)
    assert document["cost"] == sum(document["cost_breakdown"].values())
    assert list(document["cost_breakdown"]) == [term.value for term in Term]
    assert "hhcrsp" not in document


def test_unserved_visits_carry_their_reason(
    homecare: Run, village_file: Path, engine: FakeEngine
) -> None:
    """Each unserved visit is listed with code and sentence."""
    _, out, _ = homecare("solve", village_file, "--json", "--lang", "zh")
    (row,) = json.loads(out)["unserved_visits"]
    assert (row["visit"], row["client"], row["reason"]) == ("V0004", "C0003", "crowded_out")
    assert "未找到有空的人" in row["sentence"]


def test_people_read_a_roster(homecare: Run, village_file: Path, engine: FakeEngine) -> None:
    """Without --json the roster is told in words."""
    code, out, err = homecare("solve", village_file)
    assert code == 0
    assert "3 of 4 visits served" in out
    assert err == ""


def test_the_engine_is_made_ready_before_the_clock_starts(
    homecare: Run, village_file: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one compilation is announced on standard error, also where there is no terminal."""
    asked_when_ready: list[bool] = []

    def make_ready(*, proof: bool, observer: Observer) -> None:
        assert proof
        observer(Progress("compile"))
        asked_when_ready.append(bool(engine.asked))

    monkeypatch.setattr("optimizer.commands.searching.make_ready", make_ready)
    code, out, err = homecare("solve", village_file, "--json")
    assert (code, asked_when_ready) == (0, [False])
    assert "Compiling the engine, once" in err
    assert json.loads(out)["served"] == 3


def test_the_exact_model_needs_no_kernels(
    homecare: Run, village_file: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the other engine nothing is compiled."""
    monkeypatch.delattr("optimizer.commands.searching.make_ready")
    code, _, err = homecare("solve", village_file, "--engine", "cp-sat")
    assert (code, err) == (0, "")


def test_arguments_reach_the_engine(
    homecare: Run, village_file: Path, plan_file: Path, engine: FakeEngine
) -> None:
    """Seconds, iterations, workers, engine and the plan to begin from are handed on."""
    homecare(
        "solve", village_file, "--seconds", 3, "--iterations", 9, "--workers", 2,
        "--engine", "search", "--start", plan_file, "--patience", 5,
    )  # fmt: skip
    asked = engine.asked
    assert (asked["seconds"], asked["iterations"], asked["workers"]) == (3.0, 9, 2)
    assert asked["engine"] == "search"
    assert isinstance(asked["start"], Plan)
    assert asked["patience"] == 5.0


def test_without_a_limit_half_a_minute_is_spent(
    homecare: Run, village_file: Path, engine: FakeEngine
) -> None:
    """Neither seconds nor iterations: 30 s, ended early by Ctrl-C only."""
    homecare("solve", village_file)
    assert engine.asked["seconds"] == 30.0
    assert isinstance(engine.asked["stop"], WhenSet)


def test_iterations_alone_set_no_time_limit(
    homecare: Run, village_file: Path, engine: FakeEngine
) -> None:
    """A time limit would make the outcome depend on the machine."""
    homecare("solve", village_file, "--iterations", 100)
    assert engine.asked["seconds"] is None


def test_every_form_is_written(
    homecare: Run, village_file: Path, tmp_path: Path, engine: FakeEngine
) -> None:
    """The names' endings decide: plan, packed plan, table, page and picture."""
    names = ["a.json", "b.json.gz", "c.json.xz", "d.svg"]
    outputs = [part for name in names for part in ("-o", tmp_path / name)]
    extra = ["--csv", tmp_path / "e.csv", "--html", tmp_path / "f.html"]
    code, out, _ = homecare("solve", village_file, *outputs, *extra)
    assert code == 0
    for name in [*names, "e.csv", "f.html"]:
        assert (tmp_path / name).stat().st_size > 0
        assert name in out.replace("\n", "")
    assert json.loads((tmp_path / "a.json").read_text())["format"] == "homecare-plan"
    assert (tmp_path / "b.json.gz").read_bytes()[:2] == b"\x1f\x8b"
    assert (tmp_path / "f.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_nothing_served_is_told_by_the_exit_code(
    homecare: Run, village_file: Path, tmp_path: Path, engine: FakeEngine
) -> None:
    """An empty roster for a scenario with visits: exit 5, and the plan is written."""
    engine.plan = Plan(scenario="village")
    code, _, err = homecare("solve", village_file, "-o", tmp_path / "p.json")
    assert code == 5
    assert "No visit could be served." in err
    assert (tmp_path / "p.json").exists()


def test_unwritable_outputs_are_refused_before_the_work(
    homecare: Run, village_file: Path, tmp_path: Path, engine: FakeEngine
) -> None:
    """Wrong ending, missing folder, a folder's name, a form for other problems: exit 2."""
    for name in ("plan.txt", "nowhere/plan.json", "plan.hhcrsp.json"):
        code, _, err = homecare("solve", village_file, "-o", tmp_path / name)
        assert (code, len(err.strip().splitlines())) == (2, 1), name
    (tmp_path / "folder.json").mkdir()
    assert homecare("solve", village_file, "-o", tmp_path / "folder.json")[0] == 2
    assert engine.asked == {}


def test_a_benchmark_instance_has_the_benchmarks_cost(
    homecare: Run, tmp_path: Path, engine: FakeEngine
) -> None:
    """For an instance of the public benchmark its cost and solution format are offered."""
    instance = Path(__file__).parents[1] / "formats" / "data" / "hhcrsp" / "tiny-1.json"
    engine.plan = Plan(scenario="tiny-1")
    code, out, _ = homecare("solve", instance, "--json", "-o", tmp_path / "s.hhcrsp.json")
    document = json.loads(out)
    assert code == 5
    assert document["hhcrsp"].keys() == {
        "cost",
        "distance",
        "total_tardiness",
        "max_tardiness",
        "total_waiting",
        "max_idle",
        "total_extra_time",
        "plain_sum",
    }
    assert "routes" in json.loads((tmp_path / "s.hhcrsp.json").read_text())


def test_a_plan_to_begin_from_may_name_what_is_gone(homecare: Run, tmp_path: Path) -> None:
    """A cancelled visit and a caregiver who has left are left out, and that is told."""
    day = read_scenario(SCENARIOS / "hamlet.json")
    told = read_plan(SCENARIOS / "plans" / "hamlet.json")
    gone, first = told.routes[0].caregiver, told.routes[1].stops[0].visit
    ties = tuple(tie for tie in day.couplings if first not in (tie.first, tie.second))
    fewer = day.model_copy(
        update={
            "visits": tuple(one for one in day.visits if one.id != first),
            "caregivers": tuple(one for one in day.caregivers if one.id != gone),
            "couplings": ties,
            "published": None,
        }
    )
    scenario = tmp_path / "day.json"
    write_scenario(fewer, scenario)
    code, _, said = homecare(
        "solve", scenario, "--start", SCENARIOS / "plans" / "hamlet.json", "--iterations", 50,
        "--engine", "search", "-o", tmp_path / "plan.json", "--lang", "en",
    )  # fmt: skip
    assert code in (0, 5)
    assert "does not have" in said
