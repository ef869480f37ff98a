"""Facts about the scenario files that come with the project."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from optimizer.domain.scenario import Scenario
from optimizer.formats import check_scenario, format_scenario, read_plan, read_scenario
from optimizer.generate import RECIPES, summary
from optimizer.verification import verify
from tests.generate.days import generated

FOLDER = Path(__file__).parents[2] / "scenarios"
CATALOGUE = json.loads((FOLDER / "catalogue.json").read_text(encoding="utf-8"))
FILES = {row["name"]: FOLDER / row["file"] for row in CATALOGUE}


LARGE = ("zhenhai-day-xl", "zhenhai-week-l", "month-m")
GENERATED = [
    pytest.param(name, marks=pytest.mark.sweep) if name in LARGE else name for name in RECIPES
]
"What takes long of the largest scenarios is left to the sweeps."


@cache
def _read(name: str) -> Scenario:
    return read_scenario(FILES[name])


@pytest.mark.parametrize("name", GENERATED)
def test_shipped_files_are_what_recipe_and_seed_make(name: str) -> None:
    """Every file can be generated again, to the byte."""
    made = generated(name, RECIPES[name].seed)
    kept = _read(name)
    assert kept == made
    assert format_scenario(kept) == format_scenario(made)


@pytest.mark.parametrize("name", GENERATED)
def test_shipped_files_have_no_faults_and_no_warnings(name: str) -> None:
    """Nothing about a shipped file is wrong or suspicious."""
    findings = check_scenario(_read(name))
    assert findings.faults == ()
    assert findings.warnings == ()


def test_the_catalogue_names_the_recipes_in_order() -> None:
    """Each recipe has its row."""
    assert [row["name"] for row in CATALOGUE] == list(RECIPES)


@pytest.mark.parametrize("name", GENERATED)
def test_the_catalogue_tells_the_truth(name: str) -> None:
    """Its rows have the counts of the files."""
    (row,) = [row for row in CATALOGUE if row["name"] == name]
    assert row == summary(RECIPES[name], _read(name))


def test_every_scenario_file_is_in_the_catalogue() -> None:
    """Nothing lies in the folder unexplained, and nothing is missing."""
    found = {path for path in FOLDER.glob("*.json*") if path.name != "catalogue.json"}
    assert found == set(FILES.values())


@pytest.mark.parametrize("name", RECIPES)
def test_files_stay_small(name: str) -> None:
    """No file is larger than 1.5 MB."""
    assert FILES[name].stat().st_size < 1_500_000


def test_the_hamlet_costs_what_its_page_works_out() -> None:
    """The hand-made plan breaks no rule, serves all and costs 424 minutes."""
    verdict = verify(_read("hamlet"), read_plan(FOLDER / "plans" / "hamlet.json"))
    minutes = {term: cost / 60 for term, cost in verdict.cost_breakdown.items() if cost}
    assert verdict.violations == ()
    assert verdict.unserved == ()
    assert minutes == {
        "travel": 110,
        "shortened": 120,
        "lateness": 10,
        "waiting": 100,
        "balance": 84,
    }
