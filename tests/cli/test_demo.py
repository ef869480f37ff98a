"""``homecare demo`` with an engine that answers at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.domain.plan import Plan
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
    homecare: Run, tmp_path: Path, lazy_engine: FakeEngine
) -> None:
    """Without arguments the large day is meant."""
    code, out, _ = homecare("demo", "-o", tmp_path, "--json")
    assert code == 0
    assert json.loads(out)["scenario"] == "zhenhai-day-l"
    assert lazy_engine.asked["seconds"] == 20.0
    assert len(lazy_engine.asked["scenario"].clients) == 870


def test_an_unknown_recipe_is_bad_usage(homecare: Run, tmp_path: Path) -> None:
    """As for `generate`."""
    assert homecare("demo", "-o", tmp_path, "--recipe", "nowhere")[0] == 2
