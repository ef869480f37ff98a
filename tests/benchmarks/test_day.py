"""The suite of a district's days."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import day
from benchmarks.__main__ import main
from benchmarks.day import cost_at, tables
from benchmarks.named_days import SCARCE
from benchmarks.suite import Measurement


def measurement(case: str, seconds: float, unserved: int = 0) -> Measurement:
    """Return what a run of so many seconds may have measured."""
    figures = {
        "visits": 200,
        "caregivers": 20,
        "unserved": unserved,
        "unserved_critical": 0,
        "unserved_essential": unserved,
        "load": 0.5,
        "cost": 6000,
        "cost_minutes": 100.0,
        "iterations": 1,
        "solve_seconds": seconds,
        "curve": [[0.1, 60_000], [4.0, 12_000], [7.0, 6_000]],
        "status": "feasible",
    }
    return Measurement(case, 1, figures)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("second", "cost"),
    [
        (0.0, None),  # nothing yet
        (0.1, 60_000),  # the first roster
        (5, 12_000),  # between two improvements
        (300, 6_000),  # long after the last one
    ],
)
def test_the_curve_is_read_at_any_second(second: float, cost: int | None) -> None:
    """What counts is the last improvement before."""
    assert cost_at([[0.1, 60_000], [4.0, 12_000], [7.0, 6_000]], second) == cost


def test_a_run_says_nothing_about_later_marks() -> None:
    """A run of ten seconds fills the first two marks only."""
    _, curves = tables([measurement("uncoupled-200", 10.0)])
    assert curves.rows == (("uncoupled-200", "1", "200.0", "100.0", "-", "-", "-"),)


def test_scarce_days_are_also_shown_as_means() -> None:
    """Five days are judged together; other days have no mean."""
    scarce = [measurement(name, 10.0, unserved) for unserved, name in enumerate(SCARCE)]
    days, _ = tables(scarce)
    assert days.rows[-1][:7] == ("mean", "", "200.0", "20.0", "0.0", "2.0", "2.0")
    days, _ = tables([measurement("uncoupled-200", 10.0), *scarce])
    assert days.rows[-1][0] == "scarce-200-5"


def test_scarce_days_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--scarce` runs these days instead of the usual ones."""
    assert main(["day", "--scarce", "--smoke", "--out", str(tmp_path)]) == 0
    (row,) = [json.loads(line) for line in (tmp_path / "day.jsonl").read_text().splitlines()]
    assert (row["case"], row["figures"]["caregivers"]) == ("scarce-20", 2)
    figures = row["figures"]
    assert figures["unserved"] > 0
    assert figures["unserved_critical"] + figures["unserved_essential"] <= figures["unserved"]
    assert main(["day", "--scarce", "--only", "zhenhai"]) == 2
    assert "scarce-200-1" in capsys.readouterr().err
    assert set(SCARCE).isdisjoint(day.CASES)
