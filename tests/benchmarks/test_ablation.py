"""The suite that switches components off."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import ablation
from benchmarks.__main__ import main
from benchmarks.ablation import COMPONENTS, SECOND_WORKER, USUAL, run, tables
from benchmarks.suite import Measurement, Settings
from benchmarks.tiny_hhcrsp import tiny_instance
from optimizer.errors import UsageError


def test_every_component_differs_from_the_full_search() -> None:
    """Each is switched off by parameters, but for the second worker."""
    changed = {name for name, parameters in COMPONENTS.items() if parameters != USUAL}
    assert changed == COMPONENTS.keys() - {SECOND_WORKER}
    assert len({parameters.as_array().tobytes() for parameters in COMPONENTS.values()}) > 10


def cases(settings: Settings) -> list[str]:
    """Return the names of the cases that are run."""
    return [measurement.case for measurement in run(settings)]


@pytest.mark.parametrize(
    ("only", "workers", "wanted"),
    [
        ("/tail-swap", 1, ["hamlet/full", "hamlet/tail-swap"]),  # one component
        ("*-swap", 1, ["hamlet/full", "hamlet/route-swap", "hamlet/tail-swap"]),  # a pattern
        ("/second", 2, ["hamlet/full", "hamlet/second-worker"]),  # one worker instead of two
    ],
)
def test_the_full_search_is_always_beside_it(
    only: str, workers: int, wanted: Sequence[str]
) -> None:
    """A component is measured against the full search of the same run."""
    assert cases(Settings(iterations=20, only=only, workers=workers, smoke=True)) == wanted


@pytest.mark.parametrize(
    ("only", "workers"),
    [
        ("/nothing", 2),  # no such component
        ("/second-worker", 1),  # there is no second one to switch off
    ],
)
def test_nothing_to_switch_off_is_a_clear_error(only: str, workers: int) -> None:
    """The sentence names a case that there is."""
    with pytest.raises(UsageError, match="zhenhai-day-l/second-worker"):
        cases(Settings(iterations=20, only=only, workers=workers, smoke=True))


def test_public_instances_are_days_too(tmp_path: Path) -> None:
    """With a folder of instances these are solved as well; an empty folder is an error."""
    settings = Settings(iterations=20, only="tiny-1/wild-steps", data=tmp_path, smoke=True)
    with pytest.raises(UsageError, match="holds no instance"):
        cases(settings)
    (tmp_path / "tiny-1.json").write_text(json.dumps(tiny_instance(1)), encoding="utf-8")
    assert cases(settings) == ["tiny-1/full", "tiny-1/wild-steps"]


def test_the_table_sets_components_against_days() -> None:
    """A cell is the mean over the seeds; a component that was not run has no row."""
    full = {"visits": 1, "unserved": 0, "cost_minutes": 1.0, "iterations": 1}
    measurements = [
        Measurement("a/full", 1, dict(full)),
        Measurement("a/blinks", 1, {"worse_percent": 1.0, "unserved": 1}),
        Measurement("a/blinks", 2, {"worse_percent": 2.0, "unserved": 2}),
        Measurement("b/full", 1, dict(full)),
        Measurement("b/tail-swap", 1, {"worse_percent": -0.5, "unserved": 0}),
    ]
    _, parts, unserved = tables(measurements)
    assert parts.columns == ("without", "a", "b")
    assert parts.rows == (("tail-swap", "-", "-0.50 %"), ("blinks", "+1.50 %", "-"))
    assert unserved.rows == (("tail-swap", "-", "0.0"), ("blinks", "1.5", "-"))


def test_a_component_costs_what_it_differs_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """Percent are of the full search's cost with the same seed."""
    costs = iter([200, 210])
    monkeypatch.setattr(ablation, "solved", lambda *_, **__: _solved(next(costs)))
    _, without = run(Settings(only="/blinks", smoke=True))
    assert without.figures["worse_percent"] == pytest.approx(5.0)


class _Result:
    def __init__(self, cost: int) -> None:
        self.cost = cost


def _solved(cost: int) -> tuple[_Result, dict[str, int]]:
    return _Result(cost), {"cost": cost}


def test_two_workers_are_the_full_search(tmp_path: Path) -> None:
    """Where no number of workers is given, the full search has two; the row says so."""
    main(["ablation", "--smoke", "--only", "/second-worker", "--out", str(tmp_path)])
    row = json.loads((tmp_path / "ablation.jsonl").read_text().splitlines()[0])
    assert row["budget"]["workers"] == 2
