"""`homecare replan`: proposals, calls, what is accepted, and what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.domain.client import Gender, GenderWish
from optimizer.formats import read_plan, read_scenario, write_scenario
from optimizer.verification import verify
from tests.cli.conftest import Run

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HAMLET, PLAN = SCENARIOS / "hamlet.json", SCENARIOS / "plans" / "hamlet.json"
TOLD = read_plan(PLAN)
WHO = TOLD.routes[0].caregiver
FEW = ("--iterations", "300")


def test_nothing_happened_nothing_changes(homecare: Run, tmp_path: Path) -> None:
    """The roster is written as it was."""
    out = tmp_path / "same.json"
    code, text, _ = homecare("replan", HAMLET, PLAN, "-o", out, "--lang", "en")
    assert code == 0
    assert "Nothing has to change" in text
    assert read_plan(out) == TOLD


def test_a_sick_call_ends_in_a_list_of_calls(homecare: Run, tmp_path: Path) -> None:
    """Roster and day are written, fit each other and break no rule; every call has its words."""
    plan, day = tmp_path / "plan.json", tmp_path / "day.json"
    code, text, _ = homecare(
        "replan", HAMLET, PLAN, "--absent", WHO, "-o", plan, "--day", day, *FEW, "--lang", "en"
    )
    assert code == 0
    assert verify(read_scenario(day), read_plan(plan)).feasible
    clients = {one.id: one.client for one in read_scenario(HAMLET).visits}
    for stop in TOLD.routes[0].stops:
        assert clients[stop.visit] in text


def test_a_wish_that_is_not_met_is_said_with_the_call(homecare: Run, tmp_path: Path) -> None:
    """Whoever wishes for a woman is asked before a man comes; whoever wishes for nobody is not."""
    hamlet = read_scenario(HAMLET)
    (first, *others) = dict.fromkeys(stop.visit for stop in TOLD.routes[0].stops)
    client = next(one.client for one in hamlet.visits if one.id == first)
    wish = GenderWish(gender=Gender.FEMALE)
    people = tuple(
        one.model_copy(update={"gender": Gender.FEMALE if one.id == WHO else Gender.MALE})
        for one in hamlet.caregivers
    )
    clients = tuple(
        one.model_copy(update={"gender_wish": wish if one.id == client else None})
        for one in hamlet.clients
    )
    day = tmp_path / "day.json"
    write_scenario(hamlet.model_copy(update={"caregivers": people, "clients": clients}), day)
    asked = ("replan", day, PLAN, "--absent", WHO, *FEW)
    _, text, _ = homecare(*asked, "--lang", "en")
    said = [line for line in text.splitlines() if "A woman is wished for" in line]
    assert said
    assert all(client in line for line in said)
    assert others
    assert "该服务对象希望由女护理员上门" in homecare(*asked, "--lang", "zh")[1]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_json_tells_every_change(homecare: Run, lang: str) -> None:
    """What is said is in the language asked for; codes are the same."""
    code, out, _ = homecare("replan", HAMLET, PLAN, "--absent", WHO, *FEW, "--json", "--lang", lang)
    answer = json.loads(out)
    assert code == 0
    changed = {one["visit"] for one in answer["proposals"][0]["changes"]}
    assert changed >= {stop.visit for stop in TOLD.routes[0].stops}
    assert answer["chosen"]["plan"]["format"] == "homecare-plan"


def test_groups_are_refused(homecare: Run) -> None:
    """With every group refused nobody else comes: the visits of the absent are left out."""
    asked = ("replan", HAMLET, PLAN, "--absent", WHO, *FEW, "--json")
    first = json.loads(homecare(*asked)[1])["chosen"]
    groups = sorted({str(one["group"]) for one in first["changes"]})
    refused = json.loads(homecare(*asked, *(x for g in groups for x in ("--refuse", g)))[1])
    kinds = {one["kind"] for one in refused["chosen"]["changes"]}
    assert kinds <= {"left_out", "shifted"}
    lost = set(refused["chosen"]["lost"])
    assert lost >= {stop.visit for stop in TOLD.routes[0].stops}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--late", "G1"), 2),  # no minutes
        (("--now", "25:77"), 2),  # no time
        (("--absent", "G999", "--cancel", "V999"), 3),  # nobody and nothing of that name
        (("--absent", WHO, "--absent", WHO), 3),  # said twice
        (("--absent", WHO, "--proposal", "9"), 2),  # not so many proposals
        (("--absent", WHO, "--accept", "1", "--refuse", "1"), 2),  # both
        (("--absent", WHO, "--accept", "99"), 2),  # no such group
    ],
)
def test_what_cannot_be_is_refused(homecare: Run, arguments: tuple[str, ...], code: int) -> None:
    """The exit code says whether the call or the input is wrong."""
    found, out, error = homecare("replan", HAMLET, PLAN, *arguments, *FEW)
    assert (found, out) == (code, "")
    assert error


def test_the_list_of_calls_is_a_workbook_with_names(homecare: Run, tmp_path: Path) -> None:
    """Each call to a client and a caregiver has its row, by name and telephone."""
    from python_calamine import load_workbook

    book, people = tmp_path / "calls.xlsx", tmp_path / "people.csv"
    client = next(one.client for one in read_scenario(HAMLET).visits
                  if one.id == TOLD.routes[0].stops[0].visit)  # fmt: skip
    people.write_text(f"kind,id,name,phone\nclient,{client},Ada Invented,555-0100\n", "utf-8")
    code, text, _ = homecare(
        "replan", HAMLET, PLAN, "--absent", WHO, "-o", book, "--people", people,
        "--json", "--lang", "en", *FEW,
    )  # fmt: skip
    assert code == 0
    chosen = json.loads(text)["chosen"]
    sheets = load_workbook(str(book))
    assert sheets.sheet_names == ["Calls to clients", "Calls to caregivers", "Without a call"]
    clients = sheets.get_sheet_by_name("Calls to clients").to_python()[1:]
    calls = [one for one in chosen["changes"] if one["say"]]
    assert [row[8] for row in clients] == [one["visit"] for one in calls]
    named = next(row for row in clients if row[2] == client)
    assert (named[1], named[3]) == ("Ada Invented", "555-0100")
    assert "Ada Invented" in str(named[6])
    carers = sheets.get_sheet_by_name("Calls to caregivers").to_python()[1:]
    assert [row[2] for row in carers] == [one["caregiver"] for one in chosen["caregivers"]]


def test_people_may_be_typed_by_name(homecare: Run, tmp_path: Path) -> None:
    """With a names file the name does what the pseudonym does; a shared name is refused."""
    people = tmp_path / "people.csv"
    people.write_text(
        f"kind,id,name\ncaregiver,{WHO},王芳\nclient,C1,Ada\nclient,C2,Ada\n", "utf-8"
    )
    by_id = homecare("replan", HAMLET, PLAN, "--absent", WHO, "--json", *FEW)
    by_name = homecare("replan", HAMLET, PLAN, "--absent", "王芳", "--people", people, "--json",
                       *FEW)  # fmt: skip
    assert by_name == by_id
    code, out, error = homecare("replan", HAMLET, PLAN, "--refuses", "Ada=王芳", "--people", people,
                                "--lang", "en", *FEW)  # fmt: skip
    assert (code, out) == (2, "")
    assert "Ada (C1, C2)" in error


def test_a_scenario_that_cannot_be_written_is_refused_before_anything_is(
    homecare: Run, tmp_path: Path
) -> None:
    """A page is no scenario: no roster is written either."""
    who, mended = TOLD.routes[0].caregiver, tmp_path / "mended.json"
    asked = ("--absent", who, "-o", mended, "--day", tmp_path / "day.html")
    code, _, error = homecare("replan", HAMLET, PLAN, *asked)
    assert (code, ".json" in error, mended.exists()) == (2, True, False)


def test_a_roster_of_several_days_asks_which_one(homecare: Run, tmp_path: Path) -> None:
    """Whoever is sick on the second day is not taken off the first one by silence."""
    hamlet = read_scenario(HAMLET)
    days = tmp_path / "days.json"
    horizon = hamlet.horizon.model_copy(update={"days": 2})
    write_scenario(hamlet.model_copy(update={"horizon": horizon}), days)
    code, _, error = homecare("replan", days, PLAN, "--absent", WHO, *FEW)
    assert (code, "--date" in error) == (2, True)
    first = hamlet.horizon.start.isoformat()
    assert homecare("replan", days, PLAN, "--absent", WHO, "--date", first, *FEW)[0] == 0
