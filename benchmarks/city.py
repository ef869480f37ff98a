"""A city in parts: against the undivided search where both are possible, and beyond."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.markdown import cell, percent
from benchmarks.named_days import independent_visits
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from optimizer.city import City, solve_city
from optimizer.domain import Scenario, UnservedReason
from optimizer.errors import UsageError
from optimizer.parallel import Executor, InlineExecutor, ProcessExecutor
from optimizer.problem import compile_problem, to_plan
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.search.warm_up import warm_up
from optimizer.stop import AfterSeconds
from optimizer.verification import verify

SIZES = (3_000, 10_000, 30_000, 100_000)
SMOKE_SIZES = (60,)
LARGEST_WHOLE = 10_000
"Visits up to which the undivided day is solved beside it, and verified whole."
VISITS_PER_CAREGIVER = 7
SCARCE = 0.3
SECONDS = 15.0
"Processor seconds of the search for each thousand visits."
SAMPLE_SECONDS = 1.0
PRELOAD = ("optimizer.shortfall.preload",)


def run(settings: Settings) -> Iterator[Measurement]:
    """Solve days of each size in parts, and undivided where that is possible.

    Raises
    ------
    UsageError
        If no size is wanted.
    """
    sizes = SMOKE_SIZES if settings.smoke else SIZES
    wanted = [size for size in sizes if settings.wants(_name(size))]
    if not wanted:
        raise UsageError(f"No city fits {settings.only}; there are {list(map(_name, sizes))}.")
    warm_up()
    for size in wanted:
        scarce = SCARCE if settings.scarce else 0.0
        city = independent_visits(size, round(size / VISITS_PER_CAREGIVER), 1, scarce=scarce)
        yield _measured(city, size, settings)


def _name(size: int) -> str:
    """Return what a city is called, such as ``city-3k``, which is no part of ``city-30k``."""
    return f"city-{size / 1_000:g}k"


def _measured(scenario: Scenario, size: int, settings: Settings) -> Measurement:
    per = 0.5 if settings.smoke else settings.seconds or SECONDS
    seconds = max(0.5, per * size / 1_000)
    began = time.perf_counter()
    with _executor(0 if settings.smoke else settings.workers) as executor, _memory() as peak:
        made = solve_city(
            scenario, executor, seconds=seconds, visits_per_part=20 if settings.smoke else 1_000
        )
    figures: dict[str, Figure] = {
        "visits": size,
        "caregivers": len(scenario.caregivers),
        "parts": made.rounds[0].parts,
        "minutes": round((time.perf_counter() - began) / 60, 2),
        "processor_seconds": seconds,
        "megabytes": round(peak[0]),
        "cost_per_visit": round(made.cost / scenario.ticks_per_minute / size, 3),
        "unserved": len(made.unserved),
        "rounds": ", ".join(f"{one.unserved}" for one in made.rounds),
        "valid": True,
    }
    if size <= LARGEST_WHOLE:
        figures |= _against(scenario, made, seconds)
    figures["load"] = round(os.getloadavg()[0], 1)
    return Measurement(_name(size), None, figures)


def _against(scenario: Scenario, made: City, seconds: float) -> dict[str, Figure]:
    """Return what the undivided search finds in the same processor time."""
    data = compile_problem(scenario)
    verdict = verify(scenario, made.plan, data.matrices)
    found = Search(data, SearchParameters(), seed=1, workers=1).run(
        Budget(seconds, None), AfterSeconds(seconds)
    )
    plan = to_plan(data, found.routes, lambda _: UnservedReason.NOBODY_FOUND)
    whole = verify(scenario, plan, data.matrices)
    return {
        "whole_cost_per_visit": round(
            whole.cost / scenario.ticks_per_minute / len(scenario.visits), 3
        ),
        "whole_unserved": len(whole.unserved),
        "loss_percent": round(100 * (verdict.cost / max(1, whole.cost) - 1), 2),
        "valid": verdict.feasible and verdict.cost == made.cost,
    }


@contextmanager
def _executor(workers: int) -> Iterator[Executor]:
    executor = ProcessExecutor(workers, preload=PRELOAD) if workers else InlineExecutor()
    try:
        yield executor
    finally:
        executor.close()


@contextmanager
def _memory() -> Iterator[list[float]]:
    """Give a list that holds, in the end, the most megabytes that all processes had at once."""
    peak = [_megabytes()]
    is_over = threading.Event()

    def sample() -> None:
        while not is_over.wait(SAMPLE_SECONDS):
            peak[0] = max(peak[0], _megabytes())

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        is_over.set()
        thread.join()


def _megabytes() -> float:
    """Return the memory of this process and its group, what is shared counted once."""
    group, total = os.getpgrp(), 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            if os.getpgid(int(folder.name)) == group:
                lines = (folder / "smaps_rollup").read_text(encoding="utf-8").splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1_024


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table of all sizes."""
    names = (
        *("visits", "caregivers", "parts", "minutes", "megabytes", "cost_per_visit", "unserved"),
        *("rounds", "whole_cost_per_visit", "whole_unserved"),
    )
    rows = tuple(
        (
            m.case,
            *(cell(m.figures.get(name)) for name in names),
            percent(loss if isinstance(loss := m.figures.get("loss_percent"), float) else None),
        )
        for m in measurements
    )
    columns = ("city", *(name.replace("_", " ") for name in names), "loss")
    notes = (
        "Whole: the undivided search in the same processor time. Rounds: unserved after each.",
        "A city is invalid if the verifier finds a breach, or another cost, in the whole.",
    )
    return [Table("A city in parts", columns, rows, notes)]


SUITE = Suite(
    name="city",
    purpose="Days of 3,000 to 100,000 visits solved in parts: minutes, memory, loss by dividing.",
    headline="cost_per_visit",
    seconds=SECONDS,
    run=run,
    tables=tables,
    workers=2,
)
