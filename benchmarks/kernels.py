"""The compiled search loop alone: time and instructions per step and per insertion priced."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.instructions import NO_COUNTER, Counter, find_counter, plain_output
from benchmarks.kernel_loop import Stretch, at_work, go_on, write_problem
from benchmarks.markdown import cell
from benchmarks.named_days import named_day
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from optimizer.errors import UsageError
from optimizer.problem import ProblemData, compile_problem

CASES = (
    "coupled-100",
    "pairs-100",
    "uncoupled-200",
    "scarce-200-1",
    "zhenhai-day-m",
    "zhenhai-day-l",
    "zhenhai-day-xl",
    "uncoupled-3000",
    "daily-7",
)
"""On `pairs-100` every insertion places two tasks, on the uncoupled days every one places one;
`daily-7` is a week."""
SMOKE_CASES = ("hamlet",)
STEPS = 5_000
REPETITIONS = 5
SMOKE = "A smoke run counts no instructions."

COLUMNS = {
    "insertions_per_iteration": "insertions/step",
    "nanoseconds_per_iteration": "ns/step",
    "nanoseconds_per_insertion": "ns/insertion",
    "instructions_per_iteration": "instructions/step",
    "instructions_per_insertion": "instructions/insertion",
}

ENVIRONMENT = {
    # The same machine code everywhere, and none that a simulated processor does not know.
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "",
    # Nothing beside the loop that could differ from run to run.
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
}


def run(settings: Settings) -> Iterator[Measurement]:
    """Time the loop of every case, and count its instructions where a counter is installed.

    Raises
    ------
    UsageError
        If no case is wanted, or the counted process fails.
    """
    cases = [c for c in (SMOKE_CASES if settings.smoke else CASES) if settings.wants(c)]
    if not cases:
        raise UsageError(f"No case fits {settings.only}; there are {', '.join(CASES)}.")
    counter = None if settings.smoke else find_counter()
    steps = settings.iterations or STEPS
    for case in cases:
        scenario = named_day(case)
        data = compile_problem(scenario)
        for seed in settings.seeds:
            figures: dict[str, Figure] = {
                "visits": len(scenario.visits),
                "caregivers": len(scenario.caregivers),
                **_timed(data, seed, steps),
                "counter": counter.name if counter else None,
            }
            if counter:
                figures |= _counted(counter, data, seed, steps)
            else:
                figures |= _per_stretch("instructions", None, Stretch(0, 0))
                figures["uncounted"] = SMOKE if settings.smoke else NO_COUNTER
            yield Measurement(case, seed, figures)


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table, with a note on what counted the instructions."""
    rows = tuple(
        (m.case, cell(m.seed), cell(m.figures["visits"]), *(_rounded(m, name) for name in COLUMNS))
        for m in measurements
    )
    columns = ("case", "seed", "visits", *COLUMNS.values())
    notes = sorted({_how_counted(m) for m in measurements})
    return [Table("The search loop", columns, rows, tuple(notes))]


def _timed(data: ProblemData, seed: int, steps: int) -> dict[str, Figure]:
    """Return the fastest of several stretches that do exactly the same."""
    fastest = sys.maxsize
    for _ in range(REPETITIONS):
        worker = at_work(data, seed)
        began = time.perf_counter_ns()
        stretch = go_on(worker, steps)
        fastest = min(fastest, time.perf_counter_ns() - began)
    return {
        "iterations": stretch.iterations,
        "insertions": stretch.insertions,
        "insertions_per_iteration": round(stretch.insertions / stretch.iterations, 3),
        **_per_stretch("nanoseconds", fastest, stretch),
    }


def _counted(counter: Counter, data: ProblemData, seed: int, steps: int) -> dict[str, Figure]:
    """Return the instructions of a stretch in a process of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        problem = Path(scratch) / "problem"
        write_problem(data, problem)
        loop = (sys.executable, "-m", "benchmarks.kernel_loop", str(problem), str(seed))
        # Compiling under a counter would take an hour.
        plain_output((*loop, "0"), ENVIRONMENT)
        counted = counter.count((*loop, str(steps)), (*loop, "0"), ENVIRONMENT)
    return _per_stretch("instructions", counted.instructions, Stretch(**json.loads(counted.output)))


def _per_stretch(what: str, amount: int | None, stretch: Stretch) -> dict[str, Figure]:
    """Return an amount per step and per insertion."""
    per = {"iteration": stretch.iterations, "insertion": stretch.insertions}
    return {
        f"{what}_per_{name}": None if amount is None else round(amount / max(1, number), 1)
        for name, number in per.items()
    }


def _how_counted(measurement: Measurement) -> str:
    counter = measurement.figures["counter"]
    return (
        f"Instructions counted by {counter}." if counter else str(measurement.figures["uncounted"])
    )


def _rounded(measurement: Measurement, name: str) -> str:
    return cell(measurement.figures[name], 2 if name == "insertions_per_iteration" else 0)


SUITE = Suite(
    name="kernels",
    purpose="Nanoseconds and instructions per step of the search loop and per insertion priced.",
    headline="instructions_per_insertion",
    seconds=None,
    run=run,
    tables=tables,
)
