"""``homecare labour-rules``: which law a scenario is under, and putting it under another one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.formats import read_scenario, write_scenario
from tests.cli.conftest import Run
from tests.pattern.weeks import weeks

GERMANY = Path("scenarios/rules/labour-germany.toml")


@pytest.fixture
def week(tmp_path: Path) -> Path:
    """A week that names no law, of two caregivers of whom one is a volunteer."""
    scenario = weeks()
    first, second = scenario.caregivers
    people = (first, second.model_copy(update={"volunteer": True}))
    path = tmp_path / "week.json"
    write_scenario(scenario.model_copy(update={"caregivers": people}), path)
    return path


def test_a_week_is_under_the_law_of_china(homecare: Run, week: Path) -> None:
    """Each figure is told with its article and for whom it is stricter, in both languages."""
    code, out, _ = homecare("labour-rules", week)
    assert code == 0
    assert "Working time by the law of China" in out
    assert "names no law" in out
    assert "most overtime a month: 36 h\n    劳动法 第四十一条" in out
    assert "stricter than the caregivers' own figure for 1 of 1" in out
    assert "1 volunteer under no law." in out
    _, out, _ = homecare("labour-rules", week, "--lang", "zh")
    assert "中国工时法规" in out
    assert "每周休息日：1" in out


def test_another_law_is_written_into_it(homecare: Run, week: Path, tmp_path: Path) -> None:
    """The scenario then carries the rules of the file, and is under them."""
    made = tmp_path / "made.json"
    code, out, _ = homecare("labour-rules", week, GERMANY, "-o", made)
    assert code == 0
    assert "Germany" in out
    assert "night: 23:00–06:00, 2 h 1 min" in out
    law = read_scenario(made).labour_rules
    assert law is not None
    assert law.id == "germany"
    _, out, _ = homecare("labour-rules", made, "--json")
    document = json.loads(out)
    assert document["is_default"] is False
    assert document["rules"]["rest"] == {"minutes": 660, "source": "§ 5 Abs. 1 ArbZG"}
    assert document["stricter"]["days_off"] == 1


def test_a_single_day_that_names_no_law_is_under_none(homecare: Run, village_file: Path) -> None:
    """It is told so, and has no rules."""
    code, out, _ = homecare("labour-rules", village_file)
    assert code == 0
    assert "under no law" in out
    assert json.loads(homecare("labour-rules", village_file, "--json")[1])["rules"] is None


def test_a_law_without_a_place_is_refused(homecare: Run, week: Path, tmp_path: Path) -> None:
    """Rules to be written need a file to write, and a file to write needs rules."""
    assert homecare("labour-rules", week, GERMANY)[0] == 2
    assert homecare("labour-rules", week, "-o", tmp_path / "made.json")[0] == 2


def test_a_law_with_faults_is_refused(homecare: Run, week: Path, tmp_path: Path) -> None:
    """All of them are told, in the language asked for."""
    bad = tmp_path / "bad.toml"
    bad.write_text('id = "x"\nen = "X"\nday_of = 1\n', encoding="utf-8")
    code, _, err = homecare("labour-rules", week, bad, "-o", tmp_path / "m.json", "--lang", "zh")
    assert code == 3
    assert "bad.toml：错误 2 处" in err
