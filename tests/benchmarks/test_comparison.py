"""Two runs side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.comparison import compare, select_run
from optimizer.errors import UsageError


def row(case: str, cost: float | None, *, run: str = "2026-01-01T00:00:00Z", seed: int = 1) -> Any:
    """Return a row of results."""
    return {
        "suite": "day",
        "run": run,
        "commit": "abc",
        "machine": {"cpu": "x", "cores": 2},
        "budget": {"seconds": 5},
        "case": case,
        "seed": seed,
        "figures": {"cost": cost},
    }


def test_seeds_are_averaged_and_changes_counted() -> None:
    """Each case is compared by the mean over its seeds."""
    before = [row("s", 100), row("s", 300, seed=2), row("m", 50), row("l", 10)]
    after = [row("s", 100), row("m", 50), row("l", 11)]
    table = compare(before, after, "cost")
    assert table.rows[:3] == (
        ("s", "200", "100", "-50.00 %"),
        ("m", "50", "50", "+0.00 %"),
        ("l", "10", "11", "+10.00 %"),
    )
    assert table.rows[3] == ("mean change", "", "", "-13.33 %")
    assert "smaller (better) on 1, equal on 1, larger on 1" in table.notes[1]


def test_cases_of_one_run_only_are_left_out_and_counted() -> None:
    """A case that the other run lacks is not compared, and the table says so."""
    table = compare([row("s", 1), row("m", 1)], [row("s", 1)], "cost")
    assert [cells[0] for cells in table.rows] == ["s", "mean change"]
    assert table.notes[2].startswith("1 cases")


def test_runs_without_a_common_figure_cannot_be_compared() -> None:
    """Nothing in common is an error, not an empty table."""
    with pytest.raises(UsageError, match="share no case"):
        compare([row("s", None)], [row("s", 5)], "cost")


@pytest.mark.parametrize(
    ("suffix", "cost"),
    [
        ("", 3),  # the latest run
        ("#2026-01-01", 2),  # the later of that day's two
        ("#2026-01-01T08", 1),  # that very run
        ("#abc", 3),  # by commit
    ],
)
def test_a_run_is_chosen_by_moment_or_commit(suffix: str, cost: int, tmp_path: Path) -> None:
    """Without a choice the file's latest run counts."""
    runs = ("2026-01-01T08:00:00Z", "2026-01-01T09:00:00Z", "2026-01-02T08:00:00Z")
    lines = [json.dumps(row("s", n, run=run)) for n, run in enumerate(runs, 1)]
    (tmp_path / "day.jsonl").write_text("\n".join(lines))
    (chosen,) = select_run(f"{tmp_path / 'day.jsonl'}{suffix}")
    assert chosen["figures"]["cost"] == cost


@pytest.mark.parametrize(
    ("content", "suffix", "words"),
    [
        (None, "", "no file of results"),  # not there
        ("{", "", "no file of results"),  # no JSON
        ('{"a": 1}', "", "lacks case"),  # other JSON
        ("", "", "holds no run"),  # empty
        (json.dumps(row("s", 1)), "#2025", "holds no run 2025"),  # no such day
    ],
)
def test_what_is_no_run_is_refused(
    content: str | None, suffix: str, words: str, tmp_path: Path
) -> None:
    """A wrong file or run is told in one sentence."""
    path = tmp_path / "day.jsonl"
    if content is not None:
        path.write_text(content)
    with pytest.raises(UsageError, match=words):
        select_run(f"{path}{suffix}")
