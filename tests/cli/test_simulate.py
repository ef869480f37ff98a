"""``homecare simulate``: a question by options, a study in a file, and what is no question."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from optimizer.commands.inline_study import Question, inline_study
from optimizer.domain.edit import AddOrganisation, Hire
from optimizer.formats import read_scenario
from optimizer.prepare import prepare
from optimizer.shortfall import check_study
from tests.cli.conftest import Run

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SMALL = SCENARIOS / "zhenhai-day-s.json"
MIDDLE = SCENARIOS / "zhenhai-day-m.json"
QUICK = ("--executor", "here", "--iterations", "20", "--replications", "2")


@pytest.fixture
def study_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a small study, with whatever is different."""

    def write(**different: Any) -> Path:
        document = {
            "id": "small",
            "base": "zhenhai-day-s",
            "question": {"zh": "少四成人会怎样？", "en": "What if four in ten are away?"},
            "arms": [{"name": "away", "edits": [{"kind": "caregivers_away", "percent": 40}]}],
            "replications": 2,
            "effort": {
                "iterations": 20, "long_iterations": 40, "long_every": 2, "certificates": 1,
            },
            **different,
        }  # fmt: skip
        path = tmp_path / "study.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write


def test_a_question_is_answered_in_both_languages(homecare: Run) -> None:
    """Three sentences, a number with its range, a table of arms, causes, what is assumed."""
    code, out, _ = homecare("simulate", SMALL, "--away", "50%", *QUICK)
    out = " ".join(out.split())
    assert code == 0
    assert "As it is, " in out
    assert "50% of the caregivers are away" in out
    assert "2 drawn days are too few to tell a range" in out
    assert "homecare simulate --list-shocks" in out
    varied = ("--vary", "--draw", "uniform")
    code, out, _ = homecare("simulate", SMALL, "--away", "50%", *QUICK, *varied, "--lang", "zh")
    assert code == 0
    assert "按现状" in out
    assert "护理员中有 50% 不在岗" in out
    assert "在其范围内均匀抽取" in out
    assert "还逐项变动了各个假设" in out


def test_an_answer_for_programs(homecare: Run) -> None:
    """One document, with the scenario as it is first."""
    code, out, _ = homecare(
        "simulate", SMALL, "--away", "3", "--town", "luotuo", "--seed", "7", *QUICK, "--json"
    )
    outcome = json.loads(out)
    assert code == 0
    assert [arm["arm"] for arm in outcome["arms"]] == ["base", "asked"]
    assert outcome["study"]["seed"] == 7
    assert outcome["arms"][1]["caregivers"] < outcome["arms"][0]["caregivers"]


def test_a_study_is_kept_and_gone_on_with(
    homecare: Run, study_file: Callable[..., Path], tmp_path: Path
) -> None:
    """The second run finds every day there, and says the same; another study is refused."""
    folder = tmp_path / "kept"
    call = ("simulate", SMALL, study_file(), "-o", folder, "--executor", "here")
    code, out, _ = homecare(*call)
    assert code == 0
    assert "Question: What if four in ten are away?" in out
    assert str(folder) in out.replace("\n", "")
    again, same, _ = homecare(*call)
    assert (again, same) == (0, out)
    code, _, err = homecare(*call, "--seed", "9")
    assert code == 2
    assert err


def test_a_study_that_does_not_fit_is_refused(
    homecare: Run, study_file: Callable[..., Path]
) -> None:
    """All faults with their places and in the reader's language, exit 3, and nothing has run."""
    arms = [{"name": "x", "edits": [{"kind": "drop_organisation", "organisation": "O2"}]},
            {"name": "y", "follows": "x", "edits": [{"kind": "demand", "percent": 5,
                                                    "of": {"town": "ningbo"}}]}]  # fmt: skip
    code, out, err = homecare("simulate", SMALL, study_file(arms=arms), "--lang", "zh")
    assert code == 3
    assert out == ""
    assert "arms[0].edits[0].organisation" in err
    assert "arms[1].edits[0].of.town" in err
    assert "骆驼" in err or "luotuo" in err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "No scenario is given"),  # nothing at all
        ((SMALL,), 2, "Give either a study or options"),  # nothing is asked
        ((SMALL, "--origin", "local", "--demand", "+6%"), 2, "--origin filters nothing"),
        ((SMALL, "--drop-organisation", "O", "--town", "x"), 2, "--town filters nothing"),
        ((SMALL, "--grade", "C", "--hire", "2"), 2, "--grade filters nothing"),  # who is meant
        ((SMALL, "--hire-grade", "N", "--away", "2"), 2, "--hire-grade says who is hired"),
        ((SMALL, "--hire-town", "luotuo", "--away", "2"), 2, "it goes with --hire"),
        ((SMALL, "--add-organisation", "ORG9"), 2, "would have nobody"),  # no caregivers
        ((SMALL, "--more-caregivers", "3"), 2, "write it like +6%"),  # no share
        ((SMALL, "--more-caregivers", "-5%"), 3, "arms[0].edits[0].percent"),  # fewer
        ((SMALL, "--away", "half"), 2, "write it like 50%"),  # no number
        ((SMALL, "--demand", "6"), 2, "write it like +6%"),  # no share
        ((SMALL, "--grade", "C/x", "--away", "2"), 2, "write it like N or C/2"),  # no level
        ((SMALL, "--shock", "typhoon:slower"), 2, "write it like spring_festival"),  # no value
        ((SMALL, "--away", "120%"), 3, "arms[0].edits[0].percent"),  # more than all
        ((SMALL, "--shock", "earthquake"), 3, "arms[0].shocks[0].kind"),  # none of the list
        ((SMALL, "--shock", "typhoon:speed=3"), 3, "arms[0].shocks[0].speed"),  # no parameter
        ((SMALL, "--drop-organisation", "O2"), 3, "has no organisations"),  # nobody's
        ((SMALL, "--rule-off", "gravity"), 3, "arms[0].edits[0].rule"),  # no rule
        ((MIDDLE, "--drop-organisation", "O2"), 3, "ORG1"),  # told which there are
    ],
)
def test_what_is_no_question(
    homecare: Run, arguments: tuple[object, ...], code: int, words: str
) -> None:
    """Refused before anything runs, with a remedy."""
    found, out, err = homecare("simulate", *arguments)
    assert (found, out) == (code, "")
    assert words in err


def test_shocks_are_listed(homecare: Run) -> None:
    """With parameters and basis, for people and for programs."""
    code, out, _ = homecare("simulate", "--list-shocks")
    assert code == 0
    assert "spring_festival" in out
    assert "sick_together" in out
    _, out, _ = homecare("simulate", "--list-shocks", "--json", "--lang", "zh")
    shocks = {one["kind"]: one for one in json.loads(out)["shocks"]}
    assert shocks["typhoon"]["name"] == "台风"
    assert shocks["spring_festival"]["parameters"][0]["default"] == "39"


def test_options_are_a_study() -> None:
    """What is typed is what is imagined; parameters of shocks keep their kind."""
    study = inline_study(
        Question(
            drop_organisation=["ORG2"],
            away="50%",
            demand="-6.5%",
            hire=2,
            entitlement="+20%",
            price="＋".replace("＋", "+") + "10%",
            rule_off=["break"],
            shock=["typhoon:slower=20%,outdoor=ERRAND;ESCORT_OUT,instead=car", "heat:start=11:30"],
            origin="outside",
            town="luotuo",
            grade="C/2",
            hire_grade="N",
            hire_town="guisi",
        ),
        read_scenario(SMALL),
    )
    (arm,) = study.arms
    kinds = [edit.kind for edit in arm.edits]
    assert kinds == ["drop_organisation", "caregivers_away", "demand", "entitlement", "price",
                     "hire", "rule_off"]  # fmt: skip
    away = arm.edits[1].model_dump(mode="json", exclude_defaults=True)
    assert away == {
        "percent": 50,
        "of": {"origin": "outside", "town": "luotuo", "qualification": "C", "level": 2},
    }
    hired = arm.edits[5].model_dump(mode="json", exclude_defaults=True)
    assert hired == {"count": 2, "town": "guisi", "qualification": {"code": "N"}}
    typhoon, heat = (shock.model_dump(mode="json", exclude_defaults=True) for shock in arm.shocks)
    assert typhoon == {"slower": 20, "instead": "car", "outdoor": ["ERRAND", "ESCORT_OUT"]}
    assert heat == {"start": "11:30"}


def test_a_new_organisation_hires_its_own() -> None:
    """It may do everything on the days planned where there are contracts, and lends to all."""
    asked = Question(add_organisation="ORG9", hire=3, more_caregivers="+10%", clients_away="5%",
                     longer_shifts=60, travel="+30%", wage="+10%", town="luotuo")  # fmt: skip
    study = inline_study(asked, read_scenario(MIDDLE))
    kinds = [edit.kind for edit in study.arms[0].edits]
    assert kinds == ["add_organisation", "more_caregivers", "clients_away", "shift_hours",
                     "travel_time", "wage", "hire"]  # fmt: skip
    new, hired = study.arms[0].edits[0], study.arms[0].edits[-1]
    assert isinstance(new, AddOrganisation)
    assert isinstance(hired, Hire)
    (contract,) = new.contracts
    assert (contract.organisation, contract.services, contract.towns) == ("ORG9", (), ())
    assert hired.organisation == new.organisation.id
    assert check_study(study, prepare(read_scenario(MIDDLE))).faults == ()
    bare = read_scenario(SMALL).model_copy(update={"contracts": ()})
    (edit, *_) = inline_study(Question(add_organisation="ORG9", hire=1), bare).arms[0].edits
    assert isinstance(edit, AddOrganisation)
    assert edit.contracts == ()


def test_reports_are_written(
    homecare: Run,
    study_file: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page and tables are written, and a name of another form is refused before anything runs."""
    page, book = tmp_path / "study.html", tmp_path / "study.xlsx"
    code, out, _ = homecare(
        "simulate", SMALL, study_file(), "--executor", "here", "--report", page, "--report", book
    )
    assert code == 0
    assert "What if four in ten are away?" in page.read_text(encoding="utf-8")
    assert book.read_bytes().startswith(b"PK")
    assert str(book) in "".join(out.split())
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    code, _, err = homecare("simulate", SMALL, study_file(), "--report", "s.parquet.zip")
    assert code == 2
    assert "homecare-optimizer[parquet]" in err
    code, _, err = homecare("simulate", SMALL, study_file(), "--report", tmp_path / "study.pdf")
    assert code == 2
    assert ".html" in err
