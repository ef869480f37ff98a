"""`homecare move`, `retime`, `compare` and `recommend` on the shipped hamlet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.formats import read_plan, read_scenario
from optimizer.units import format_clock
from optimizer.verification import verify
from tests.cli.conftest import Run

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HAMLET, PLAN = SCENARIOS / "hamlet.json", SCENARIOS / "plans" / "hamlet.json"
TOLD, DAY = read_plan(PLAN), read_scenario(HAMLET)
VISIT = next(
    stop.visit
    for route in TOLD.routes
    for stop in route.stops
    if len(next(one for one in DAY.visits if one.id == stop.visit).carers) == 1
)


def test_a_visit_is_taken_off_recommended_and_given_back(homecare: Run, tmp_path: Path) -> None:
    """The roster without it is compared with the first; the first suggestion can be carried out."""
    off, back = tmp_path / "off.json", tmp_path / "back.json"
    assert homecare("move", HAMLET, PLAN, "--visit", VISIT, "--off", "-o", off)[0] == 0
    compared = json.loads(homecare("compare", HAMLET, PLAN, off, "--json")[1])
    assert [one["kind"] for one in compared["changes"] if one["visit"] == VISIT] == ["left_out"]
    code, out, _ = homecare("recommend", HAMLET, off, "--visit", VISIT, "--json")
    first = json.loads(out)["suggestions"][0]
    assert code == 0
    who, at = first["caregiver"], first["start"]
    code, out, _ = homecare(
        "move", HAMLET, off, "--visit", VISIT, "--to", who, "--at", at, "-o", back, "--json"
    )
    assert code == 0
    made = json.loads(out)
    assert made["difference"] - made["terms"]["unserved"] == first["difference"]
    assert verify(DAY, read_plan(back)).feasible


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_answers_are_read_in_either_language(homecare: Run, tmp_path: Path, lang: str) -> None:
    """Text of all four commands names the visit or the terms."""
    off = tmp_path / "off.json"
    asked = ("--lang", lang)
    assert VISIT in homecare("move", HAMLET, PLAN, "--visit", VISIT, "--off", "-o", off, *asked)[1]
    assert VISIT in homecare("recommend", HAMLET, off, "--visit", VISIT, *asked)[1]
    assert VISIT in homecare("compare", HAMLET, PLAN, off, *asked)[1]
    assert homecare("retime", HAMLET, PLAN, *asked)[0] == 0


def test_broken_rules_are_told(homecare: Run) -> None:
    """The exit code is that of `verify`; the sentence is in the language asked for."""
    codes = set()
    windows = {one.id: one.window for one in DAY.visits}
    for route in TOLD.routes:
        visit = route.stops[-1].visit
        late = format_clock(windows[visit].latest + 5 * 60_000)
        asked = ("--visit", visit, "--to", route.caregiver, "--at", late, "--json")
        code, out, _ = homecare("move", HAMLET, PLAN, *asked)
        codes.add(code)
        if code == 4:
            assert json.loads(out)["broken"]
    assert codes <= {2, 4}
    assert 4 in codes


def test_a_new_visit_is_recommended_for(homecare: Run, tmp_path: Path) -> None:
    """Its file is checked like the scenario's own visits."""
    like = next(one for one in DAY.visits if one.id == VISIT)
    new = tmp_path / "new.json"
    visit = like.model_copy(update={"id": "NEW", "pin": None})
    new.write_text(json.dumps({"visit": visit.model_dump(mode="json", exclude_none=True)}))
    code, out, _ = homecare("recommend", HAMLET, PLAN, "--visit", new, "--json")
    assert code == 0
    assert json.loads(out)["visit"] == "NEW"
    strange = visit.model_copy(update={"client": "C999"})
    new.write_text(json.dumps({"visit": strange.model_dump(mode="json", exclude_none=True)}))
    assert homecare("recommend", HAMLET, PLAN, "--visit", new)[0] == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("move", "--visit", VISIT),  # nothing to do
        ("move", "--visit", VISIT, "--off", "--swap", VISIT),  # two things
        ("move", "--visit", "V999", "--off"),  # no such visit
        ("move", "--visit", VISIT, "--to", "G999"),  # nobody of that name
        ("move", "--visit", VISIT, "--to", "G1", "--at", "25:99"),  # no time
        ("recommend", "--visit", VISIT),  # made already
        ("recommend", "--visit", "V999"),  # neither visit nor file
    ],
)
def test_what_cannot_be_is_refused(homecare: Run, arguments: tuple[str, ...]) -> None:
    """With the exit code of a wrong use, and a line that says why."""
    name, *rest = arguments
    code, out, error = homecare(name, HAMLET, PLAN, *rest)
    assert (code, out) == (2, "")
    assert error
