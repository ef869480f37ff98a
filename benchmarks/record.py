"""Dated rows: what was measured, when, from which commit and on which machine."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.suite import Measurement, Settings
from optimizer.errors import UsageError

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a suite.

    Attributes
    ----------
    suite
        Name of the suite.
    at
        Moment of the start, UTC, as ``2026-01-31T08:00:00Z``.
    commit
        Short commit, with ``+`` behind it if the code differed from the commit.
    machine
        Processor, cores, operating system and Python.
    budget
        ``seconds``, ``iterations`` and ``workers`` per solve.
    """

    suite: str
    at: str
    commit: str
    machine: dict[str, str | int]
    budget: dict[str, float | int | None]

    @classmethod
    def begin(cls, suite: str, settings: Settings) -> Run:
        """Return the run that begins now."""
        return cls(
            suite=suite,
            at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            commit=commit(),
            machine=machine(),
            budget={
                "seconds": settings.seconds,
                "iterations": settings.iterations,
                "workers": settings.workers,
            },
        )

    def row(self, measurement: Measurement) -> dict[str, Any]:
        """Return a measurement as the row that is kept."""
        return {
            "suite": self.suite,
            "run": self.at,
            "commit": self.commit,
            "machine": self.machine,
            "budget": self.budget,
            "case": measurement.case,
            "seed": measurement.seed,
            "figures": measurement.figures,
        }

    def heading(self) -> str:
        """Return the run in words, as a Markdown heading with two lines below."""
        machine = ", ".join(str(value) for value in self.machine.values())
        budget = ", ".join(f"{k} {v}" for k, v in self.budget.items() if v is not None)
        return (
            f"## {self.suite}, {self.at}\n\n"
            f"Commit {self.commit}; {budget or 'no budget'}.  \nMachine: {machine}.\n"
        )


def commit() -> str:
    """Return the short commit of the code, ``unknown`` outside a repository."""
    try:
        head = _git("rev-parse", "--short=10", "HEAD")
        changed = _git("status", "--porcelain", "--", "optimizer", "benchmarks/*.py")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head + ("+" if changed else "")


def machine() -> dict[str, str | int]:
    """Return processor, usable cores, operating system and Python of this machine."""
    return {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else _cores(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def append(path: Path, row: dict[str, Any]) -> None:
    """Add a row to a file of JSON lines, which is made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def read(path: Path) -> list[dict[str, Any]]:
    """Return all rows of a file of JSON lines.

    Raises
    ------
    UsageError
        If the file is not there or is no such file.
    """
    try:
        with path.open(encoding="utf-8") as file:
            rows = [json.loads(line) for line in file if line.strip()]
    except (OSError, json.JSONDecodeError) as error:
        raise UsageError(f"{path} is no file of results: {error}") from error
    if not all(isinstance(row, dict) and {"case", "figures", "run"} <= row.keys() for row in rows):
        raise UsageError(f"{path} is no file of results: a row lacks case, figures or run.")
    return rows


def _git(*arguments: str) -> str:
    answer = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


def _cores() -> int:
    return os.cpu_count() or 1


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or platform.machine())
