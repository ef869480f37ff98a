"""``homecare demo`` with an engine that answers at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.generate import RECIPES, Recipe, generate_scenario
from tests.cli.conftest import FakeEngine, Run


@pytest.fixture
def lazy_engine(engine: FakeEngine) -> FakeEngine:
    """An engine that serves nobody."""
    engine.plan = Plan(scenario="hamlet")
    return engine


def test_three_files_are_written(homecare: Run, tmp_path: Path, lazy_engine: FakeEngine) -> None:
    """Plan, table and page lie in the folder, which is made."""
    folder = tmp_path / "new" / "demo"
    code, out, _ = homecare("demo", "-o", folder, "--recipe", "hamlet")
    assert code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "plan.csv",
        "plan.json",
        "roster.html",
    ]
    assert "Everything took" in out


def test_a_districts_day_is_planned_for_twenty_seconds(
    homecare: Run, tmp_path: Path, lazy_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without arguments the large day is meant."""
    recipes: list[Recipe] = []

    def generated(recipe: Recipe, seed: int) -> Scenario:
        recipes.append(recipe)
        return generate_scenario(RECIPES["hamlet"], seed)

    monkeypatch.setattr("optimizer.commands.solve.generate_scenario", generated)
    assert homecare("demo", "-o", tmp_path, "--json")[0] == 0
    assert recipes == [RECIPES["zhenhai-day-l"]]
    assert recipes[0].clients == 870
    assert lazy_engine.asked["seconds"] == 20.0


def test_an_unknown_recipe_is_bad_usage(homecare: Run, tmp_path: Path) -> None:
    """As for `generate`."""
    assert homecare("demo", "-o", tmp_path, "--recipe", "nowhere")[0] == 2
