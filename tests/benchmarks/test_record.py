"""Rows say when, from which commit and on which machine they were measured."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.record import Run, append, read
from benchmarks.suite import Measurement, Settings


def test_a_row_has_everything_that_makes_it_repeatable() -> None:
    """Date, commit, machine, budget, seed and figures are in the row."""
    run = Run.begin("day", Settings(seconds=5.0, workers=2))
    row = run.row(Measurement("s", 3, {"cost": 7}))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["run"])
    assert re.fullmatch(r"[0-9a-f]{10}\+?|unknown", row["commit"])
    assert row["machine"].keys() == {"cpu", "cores", "system", "python"}
    assert row["budget"] == {"seconds": 5.0, "iterations": None, "workers": 2}
    assert (row["suite"], row["case"], row["seed"]) == ("day", "s", 3)
    assert row["figures"] == {"cost": 7}


def test_rows_are_added_and_never_replaced(tmp_path: Path) -> None:
    """What was measured before stays in the file."""
    path = tmp_path / "new" / "day.jsonl"
    rows = [Run.begin("day", Settings()).row(Measurement("s", n, {})) for n in (1, 2)]
    for row in rows:
        append(path, row)
    assert read(path) == rows
