"""Two runs side by side, case by case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.markdown import cell, percent
from benchmarks.record import read
from benchmarks.suite import Table
from optimizer.errors import UsageError


def select_run(which: str) -> list[dict[str, Any]]:
    """Return the rows of one run.

    Parameters
    ----------
    which
        ``FILE`` for the file's latest run, or ``FILE#RUN`` where RUN is the beginning of
        a run's moment (``2026-01-31``) or of its commit; of several the latest counts.

    Raises
    ------
    UsageError
        If there is no such file or run.
    """
    name, _, wanted = which.partition("#")
    rows = read(Path(name))
    runs = {row["run"] for row in rows if _fits(row, wanted)}
    if not runs:
        raise UsageError(f"{name} holds no run {wanted or 'at all'}.")
    return [row for row in rows if row["run"] == max(runs)]


def compare(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]], figure: str
) -> Table:
    """Return a table of two runs, by the mean of `figure` over each case's seeds.

    Parameters
    ----------
    before, after
        Rows of the two runs.
    figure
        Name of the figure to compare; smaller is better.

    Raises
    ------
    UsageError
        If the two have no case with that figure in common.
    """
    old, new = _means(before, figure), _means(after, figure)
    cases = [case for case in old if case in new]
    if not cases:
        raise UsageError(f"The two runs share no case with the figure {figure}.")
    changes = {case: 100 * (new[case] / old[case] - 1) for case in cases if old[case]}
    rows = [
        (case, cell(old[case], 3), cell(new[case], 3), percent(changes.get(case))) for case in cases
    ]
    better = sum(new[case] < old[case] for case in cases)
    worse = sum(new[case] > old[case] for case in cases)
    if changes:
        rows.append(("mean change", "", "", percent(mean(changes.values()))))
    equal = len(cases) - better - worse
    left_out = len(old.keys() ^ new.keys())
    notes = [
        f"A: {_origin(before)}.  \nB: {_origin(after)}.",
        f"B is smaller (better) on {better}, equal on {equal}, larger on {worse} cases.",
    ]
    if left_out:
        notes.append(f"{left_out} cases are in only one of the two and are left out.")
    return Table(f"{figure}, B against A", ("case", "A", "B", "change"), tuple(rows), tuple(notes))


def _fits(row: dict[str, Any], wanted: str) -> bool:
    return row["run"].startswith(wanted) or str(row.get("commit", "")).startswith(wanted)


def _means(rows: Sequence[dict[str, Any]], figure: str) -> dict[str, float]:
    values: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        value = row["figures"].get(figure)
        if isinstance(value, int | float):
            values[row["case"]].append(value)
    return {case: mean(numbers) for case, numbers in values.items()}


def _origin(rows: Sequence[dict[str, Any]]) -> str:
    row = rows[0]
    budget = ", ".join(f"{k} {v}" for k, v in row.get("budget", {}).items() if v is not None)
    machine = row.get("machine", {})
    return (
        f"{row['run']}, commit {row.get('commit')}, {budget or 'no budget'}, "
        f"{machine.get('cpu')} x {machine.get('cores')}"
    )
