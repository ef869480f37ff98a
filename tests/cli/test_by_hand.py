"""`homecare move`, `retime`, `compare` and `recommend` on the shipped hamlet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.formats import read_plan, read_scenario, write_scenario
from optimizer.units import format_clock
from optimizer.verification import verify
from tests.cli.conftest import Run
from tests.replan.fortnight import FORTNIGHT, NEW

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


def test_an_id_that_is_nearly_right_is_asked_about(homecare: Run) -> None:
    """Small letters, or a number that is one off, name the visit that may be meant."""
    code, _, error = homecare("move", HAMLET, PLAN, "--visit", VISIT.lower(), "--off")
    assert (code, f"{VISIT}?" in error) == (2, True)
    code, _, error = homecare("recommend", HAMLET, PLAN, "--visit", VISIT.lower())
    assert (code, f"{VISIT}?" in error) == (2, True)


def test_a_time_that_is_none_names_its_option(homecare: Run) -> None:
    """One sentence, with how it is written."""
    asked = ("--visit", VISIT, "--to", "G002", "--at", "25:99")
    error = homecare("move", HAMLET, PLAN, *asked)[2]
    assert "--at 25:99" in error
    assert "--at 09:30" in error


@pytest.mark.parametrize(
    "arguments",
    [
        ("move", "--visit", VISIT),  # nothing to do
        ("move", "--visit", VISIT, "--off", "--swap", VISIT),  # two things
        ("move", "--visit", "V999", "--off"),  # no such visit
        ("move", "--visit", VISIT, "--to", "G999"),  # nobody of that name
        ("move", "--visit", VISIT, "--to", "G1", "--at", "25:99"),  # no time
        ("move", "--off"),  # of what
        ("move", "--visit", VISIT, "--pin", "--at", "09:00"),  # a time without a carer
        ("move", "--visit", VISIT, "--unpin"),  # nothing is fixed
        ("move", "--visit", VISIT, "--off", "--date", "2026-03-02"),  # a day without a shift
        ("move", "--visit", VISIT, "--shift", "G1=08:00-12:00"),  # a visit and a shift
        ("move", "--shift", "G1=noon"),  # no hours
        ("move", "--shift", "G1/x=08:00-12:00"),  # no number
        ("move", "--shift", "G1=08:00-12:00", "--date", "soon"),  # no day
        ("recommend",),  # for what
        ("recommend", "--visit", VISIT, "--series", "S1"),  # two questions
        ("recommend", "--series", "S1"),  # neither series nor file
        ("recommend", "--series", "S1", "--now", "09:00"),  # not of a series
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


def test_a_visit_is_fixed_and_let_go(homecare: Run, tmp_path: Path) -> None:
    """The scenario with the pin is written, and planned freely again without it."""
    pinned, free = tmp_path / "pinned.json", tmp_path / "free.json"
    code, out, _ = homecare("move", HAMLET, PLAN, "--visit", VISIT, "--pin", "--day", pinned)
    assert code == 0
    assert VISIT in out
    assert [one.id for one in read_scenario(pinned).visits if one.pin] == [
        *[one.id for one in DAY.visits if one.pin or one.id == VISIT]
    ]
    assert homecare("move", pinned, PLAN, "--visit", VISIT, "--unpin", "--day", free)[0] == 0
    assert read_scenario(free).visits == DAY.visits
    # Without a file for it, the change of the scenario is told and not kept.
    assert "--day" in homecare("move", HAMLET, PLAN, "--visit", VISIT, "--pin")[2]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_shift_gets_other_hours(homecare: Run, tmp_path: Path, lang: str) -> None:
    """Scenario and roster are written together and verified; unknown people are refused."""
    who, day, plan = TOLD.routes[0].caregiver, tmp_path / "day.json", tmp_path / "plan.json"
    asked = ("--shift", f"{who}=06:00-20:00", "--day", day, "-o", plan, "--lang", lang)
    code, out, _ = homecare("move", HAMLET, PLAN, *asked)
    assert code == 0
    assert "06:00" in out
    assert verify(read_scenario(day), read_plan(plan)).feasible
    assert homecare("move", HAMLET, PLAN, "--shift", "G999=08:00-12:00")[0] == 3


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_series_is_recommended_and_taken(homecare: Run, tmp_path: Path, lang: str) -> None:
    """The ways are told with their weekdays; the one taken is written with its scenario."""
    base, plan, new = tmp_path / "base.json", tmp_path / "plan.json", tmp_path / "bath.json"
    write_scenario(FORTNIGHT, base)
    new.write_text(json.dumps(NEW.model_dump(mode="json", exclude_none=True)))
    with_it, day = tmp_path / "with.json", tmp_path / "day.json"
    asked = ("--series", new, "--take", 2, "-o", with_it, "--day", day, "--lang", lang)
    code, out, error = homecare("recommend", base, PLAN, *asked)
    assert code == 0, error
    assert "BATH" in out
    made = verify(read_scenario(day), read_plan(with_it))
    assert made.feasible
    assert not [visit for visit in made.unserved if visit.startswith("BATH")]
    assert homecare("move", day, with_it, "--visit", "BATH-2", "--off", "-o", plan)[0] == 0
    code, out, _ = homecare("recommend", day, plan, "--series", "BATH", "--json")
    assert code == 0
    assert [one["visit"] for one in json.loads(out)["suggestions"][0]["visits"]] == ["BATH-2"]
    code, _, error = homecare("recommend", day, with_it, "--series", "BATH")
    assert (code, "BATH" in error) == (2, True)
    assert homecare("recommend", base, PLAN, "--series", new, "--take", 99)[0] == 2
    assert homecare("recommend", HAMLET, PLAN, "--series", new)[0] == 3


def test_other_days_of_a_visit_are_told(homecare: Run, tmp_path: Path) -> None:
    """A visit that may be made on two days has the other one told, with its cost."""
    base, new = tmp_path / "base.json", tmp_path / "new.json"
    write_scenario(FORTNIGHT, base)
    days = [day.isoformat() for day in FORTNIGHT.horizon.dates()[:2]]
    visit = {**NEW.visit.model_dump(mode="json", exclude_none=True), "dates": days}
    new.write_text(json.dumps({"visit": visit}))
    code, out, _ = homecare("recommend", base, PLAN, "--visit", new, "--json")
    assert code == 0
    first = json.loads(out)["suggestions"][0]
    assert sorted([first["date"], *(one["date"] for one in first["other_days"])]) == days
    assert first["other_days"][0]["difference"] >= first["difference"]
    assert days[1] in homecare("recommend", base, PLAN, "--visit", new)[1]
