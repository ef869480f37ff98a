"""What somebody waits for who starts the command: help, and a small day solved in all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.markdown import cell
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.errors import UsageError
from optimizer.formats import write_scenario
from optimizer.generate import RECIPES, generate_scenario

REPETITIONS = 5
WARM_ITERATIONS = "50"
CASES = ("help", "solve-warm")


def run(settings: Settings) -> Iterator[Measurement]:
    """Start the command several times and take the median.

    The first solve is not counted: it may have to compile the kernels.

    Raises
    ------
    UsageError
        If the command is not installed or no case is wanted.
    """
    cases = [case for case in CASES if settings.wants(case)]
    if not cases:
        raise UsageError(f"Nothing fits {settings.only}; there are {', '.join(CASES)}.")
    command = _command()
    repetitions = 1 if settings.smoke else REPETITIONS
    with tempfile.TemporaryDirectory() as scratch:
        for case in cases:
            if case == "help":
                arguments = [*command, "--help"]
            else:
                arguments = [*command, *_solve_arguments(Path(scratch), settings.smoke)]
                _seconds(arguments)
            times = sorted(_seconds(arguments) for _ in range(repetitions))
            figures = {
                "seconds": round(median(times), 4),
                "fastest": round(times[0], 4),
                "slowest": round(times[-1], 4),
                "repetitions": repetitions,
            }
            yield Measurement(case, None, dict(figures))


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table of medians."""
    figures = ("seconds", "fastest", "slowest", "repetitions")
    rows = tuple((m.case, *(cell(m.figures[name], 3) for name in figures)) for m in measurements)
    return [Table("Seconds in all", ("case", "median", "fastest", "slowest", "times"), rows)]


def _command() -> list[str]:
    """Return the installed command of this very Python."""
    found = shutil.which("homecare", path=str(Path(sys.executable).parent))
    if found is None:
        raise UsageError("The command homecare is not installed beside this Python; run make.")
    return [found]


def _solve_arguments(scratch: Path, smoke: bool) -> list[str]:
    path = scratch / "day.json"
    write_scenario(generate_scenario(RECIPES["hamlet" if smoke else "zhenhai-day-s"], 1), path)
    # A small day goes to the exact model by itself; the kernels are what is measured here.
    engine = ["--engine", "search"]
    return ["solve", str(path), "--json", "--iterations", WARM_ITERATIONS, *engine]


def _seconds(arguments: list[str]) -> float:
    """Return how long a command takes from start to end.

    Raises
    ------
    UsageError
        If it fails.
    """
    begun = time.perf_counter()
    answer = subprocess.run(
        arguments, capture_output=True, text=True, check=False, env=os.environ | {"NO_COLOR": "1"}
    )
    took = time.perf_counter() - begun
    if answer.returncode:
        raise UsageError(f"{' '.join(arguments)} failed: {answer.stderr.strip()}")
    return took


SUITE = Suite(
    name="startup",
    purpose="Seconds from starting the command to its end: help, and a small day solved.",
    headline="seconds",
    seconds=None,
    run=run,
    tables=tables,
)
