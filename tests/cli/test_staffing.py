"""``homecare staffing``: what it refuses, says and writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import optimizer.commands.staffing as command
from optimizer.domain import Scenario
from optimizer.formats import read_plan, read_scenario, write_scenario
from optimizer.generate import uncoupled_day
from optimizer.shortfall.staffing import Effort, Staffing, kinds_of
from optimizer.shortfall.staffing import staffing as ask
from optimizer.shortfall.staffing.futures import allowed
from optimizer.travel import travel_matrices
from optimizer.verification import verify
from tests.certificate.recheck_hires import judge
from tests.cli.conftest import Run
from tests.shortfall.staffing.test_staffing import SMALL, scarce

_ANSWERS: dict[tuple[object, ...], Staffing] = {}


def quick(scenario: Scenario, **options: Any) -> Staffing:
    """Answer with little effort, and the same question only once."""
    asked = (options[name] for name in ("cover", "budget", "fen_per_hour"))
    key = scenario.id, len(scenario.caregivers), *asked
    if key not in _ANSWERS:
        _ANSWERS[key] = ask(scenario, **{**options, "effort": SMALL})
    return _ANSWERS[key]


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scarce day as a file; questions about it are answered with little effort."""
    monkeypatch.setattr(command, "staffing", quick)
    path = tmp_path / "scarce.json"
    write_scenario(scarce(), path)
    return path


def test_the_small_effort_is_small() -> None:
    """What tests do is less than what is done for people."""
    assert SMALL.base < Effort().base
    assert Effort.of(1_500).base == 10 * Effort().base


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--cover", "0"), "percent"),  # nothing asked
        (("--cover", "101"), "percent"),  # more than there is
        (("--cover", "nan"), "percent"),  # no number
        (("--cover", "98", "--budget", "100"), "both"),  # two goals
        (("--budget", "0"), "yuan"),  # no money
        (("--budget", "100"), "--wage"),  # the scenario tells no wage
        (("--wage", "0"), "wage"),  # nobody works for nothing
    ],
)
def test_questions_that_cannot_be_answered(
    homecare: Run, day: Path, options: tuple[str, ...], word: str
) -> None:
    """Each is a wrong use that says why, before anything is searched."""
    code, out, err = homecare("staffing", day, *options)
    assert code == 2
    assert out == ""
    assert word in err


def test_a_day_without_visits_is_a_wrong_use(homecare: Run, day: Path, tmp_path: Path) -> None:
    """There is nothing to make."""
    empty = tmp_path / "empty.json"
    nobody = scarce().model_copy(update={"visits": (), "couplings": ()})
    write_scenario(nobody, empty)
    code, _, err = homecare("staffing", empty)
    assert code == 2
    assert "no visits" in err


def test_found_and_proven_stand_side_by_side(homecare: Run, day: Path, tmp_path: Path) -> None:
    """People read sentences and tables; the folder holds what others check."""
    folder = tmp_path / "answer"
    code, out, _ = homecare("staffing", day, "--wage", "30", "-o", folder)
    assert code == 0
    assert "found" in out
    assert "proven" in out
    plan = read_plan(folder / "plan-with-hires.json")
    assert verify(read_scenario(folder / "day-with-hires.json"), plan).feasible
    assert judge(json.loads((folder / "proofs.json").read_text(encoding="utf-8")))
    page = (folder / "staffing.html").read_text(encoding="utf-8")
    assert "<polyline" in page
    assert "Whom to hire" in page
    assert "src=" not in page
    files = (folder / "day.json", folder / "plan.json", folder / "audit.json")
    code, out, _ = homecare("audit", *files)
    assert code == 0
    assert "proofs about further caregivers" in out


def test_machines_get_one_document(homecare: Run, day: Path) -> None:
    """The same answer in Chinese words and plain figures."""
    code, out, _ = homecare("staffing", day, "--cover", "90", "--json", "--lang", "zh")
    document = json.loads(out)
    assert code == 0
    assert document["goal"] == 1
    assert document["reached"] == (document["unserved"] <= 1)
    assert document["fen"] is None
    assert any("找到的结果" in words for words in document["sentences"])


def test_a_day_that_is_imagined_is_asked_about(homecare: Run, day: Path, tmp_path: Path) -> None:
    """Some are away by lot, whose grade may be hired; question and what was mended are told."""
    folder, path, ample = tmp_path / "answer", tmp_path / "ample.json", uncoupled_day(12, 4, 1)
    write_scenario(ample, path)
    asked = ("staffing", path, "--away", "50%", "--no-proof", "--cover", "90", "--wage", "30")
    code, out, _ = homecare(*asked, "--json", "-o", folder)
    document = json.loads(out)
    left = read_scenario(folder / "day.json")
    assert code == 0
    assert document["question"] == "What if: 50% of the caregivers are away?"
    assert isinstance(document["repairs"], list)
    assert len(left.caregivers) == len(ample.caregivers) // 2
    everybody = kinds_of(left, travel_matrices(left), like=ample.caregivers)
    assert len(document["kinds"]) == len(everybody)
    _, out, _ = homecare(*asked, "--lang", "zh")
    assert "如果" in out
    assert "随机抽取" in out
    code, _, err = homecare("staffing", day, "--origin", "local")
    assert (code, "filters nothing" in err) == (2, True)
    code, _, err = homecare("staffing", day, "--away", "120%")
    assert (code, "arms[0].edits[0].percent" in err) == (3, True)


def test_when_time_is_over_what_is_found_is_the_answer(homecare: Run, day: Path) -> None:
    """A limit that has passed ends the search at once, with an answer that claims nothing."""
    code, out, _ = homecare("staffing", day, "--seconds", "0.01", "--json", "--cover", "91")
    document = json.loads(out)
    assert code == 0
    assert document["proven_too_few"] is None
    assert document["hires"] == 0


def test_a_false_proof_in_a_record_is_found_out(homecare: Run, day: Path, tmp_path: Path) -> None:
    """The audit fails on the line about hires, and on no other."""
    folder = tmp_path / "answer"
    homecare("staffing", day, "--wage", "30", "-o", folder)
    path = folder / "audit.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["hires"]["parts"][0]["least_unserved"] += 5
    path.write_text(json.dumps(record), encoding="utf-8")
    code, out, _ = homecare("audit", folder / "day.json", folder / "plan.json", path)
    assert code == 4
    assert out.count("FAILED") == 1


def test_plenty_needs_nobody(homecare: Run, day: Path, tmp_path: Path) -> None:
    """Where all visits are made today, none are needed."""
    path = tmp_path / "plenty.json"
    write_scenario(uncoupled_day(8, 6, 1), path)
    code, out, _ = homecare("staffing", path)
    assert code == 0
    assert "no further caregiver is needed" in " ".join(out.split())


def test_an_answer_is_tried_on_drawn_days(
    homecare: Run, day: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the hires more days reach the share than without, and each day is told."""
    monkeypatch.setattr("optimizer.shortfall.staffing.futures.STEPS", 400)
    asked = ("staffing", day, "--no-proof", "--futures", "4", "--cover", "90")
    code, out, _ = homecare(*asked, "--json")
    assert code == 0
    told = json.loads(out)["futures"]
    assert told["drawn"] == 4
    pairs = list(zip(told["unserved"], told["unserved_without"], strict=True))
    assert all(left <= before for left, before in pairs)
    assert any(left < before for left, before in pairs)
    assert told["reached"] == sum(
        left <= most for left, most in zip(told["unserved"], told["allowed"], strict=True)
    )
    _, out, _ = homecare(*asked, "--lang", "zh")
    assert "增加这些人后有" in "".join(out.split())
    _, out, _ = homecare("staffing", day, "--no-proof", "--cover", "90", "--json")
    assert json.loads(out)["futures"] is None


@pytest.mark.parametrize(
    ("visits", "share", "left"), [(112, 98, 2), (100, 98, 2), (107, 100, 0), (10, 99.9, 0)]
)
def test_a_share_of_a_day_is_in_whole_visits(visits: int, share: float, left: int) -> None:
    """Never a visit more is left out than the share permits."""
    assert allowed(visits, share) == left
