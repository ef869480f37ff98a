"""More workers against one: quality at equal time, and the same plan each time it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from benchmarks.markdown import cell, percent
from benchmarks.named_days import named_day
from benchmarks.solved import solved
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.domain import Scenario
from optimizer.errors import UsageError
from optimizer.formats import format_plan
from optimizer.search.warm_up import warm_up
from optimizer.solving import solve

CASES = ("zhenhai-day-l", "uncoupled-200")
SMOKE_CASES = ("hamlet",)
ITERATIONS = 20_000
"Steps of each repeated run where `--iterations` does not say."
REPEATS = 3


def run(settings: Settings) -> Iterator[Measurement]:
    """Solve every day with one worker and with several, for quality and for sameness.

    Raises
    ------
    UsageError
        If no day is wanted.
    """
    cases = [c for c in (SMOKE_CASES if settings.smoke else CASES) if settings.wants(c)]
    if not cases:
        raise UsageError(f"No day fits {settings.only}; there are {', '.join(CASES)}.")
    warm_up()
    for case in cases:
        scenario = named_day(case)
        for seed in settings.seeds:
            yield from _measure(case, scenario, seed, settings)


def _measure(case: str, scenario: Scenario, seed: int, settings: Settings) -> Iterator[Measurement]:
    numbers = sorted({1, settings.workers})
    repeats = 2 if settings.smoke else REPEATS
    plans = _repeated(scenario, seed, numbers, settings.iterations or ITERATIONS, repeats)
    alone: int | None = None
    for place, workers in enumerate(numbers):
        result, figures = solved(scenario, settings, seed, workers=workers, engine="search")
        alone = result.cost if alone is None else alone
        same = len({each[place] for each in plans}) == 1
        figures |= {
            "workers": workers,
            "change_percent": round(100 * (result.cost / alone - 1), 4) if alone else None,
            "repeats": repeats,
            "identical": same,
            "valid": bool(figures["valid"]) and same,
        }
        if not same:
            figures["fault"] = f"{repeats} runs of the same search gave different plans"
        yield Measurement(f"{case}/{workers}", seed, figures)


def _repeated(
    scenario: Scenario, seed: int, numbers: Sequence[int], iterations: int, repeats: int
) -> list[list[str]]:
    """Return, for each repetition, the plan of each number of workers as its file holds it.

    Every repetition has a process of its own, as nothing that differs between processes (the
    order of sets, addresses) may show in a plan.
    """
    planned = partial(_plans, scenario, seed, numbers)
    fresh = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh, max_tasks_per_child=1) as pool:
        return list(pool.map(planned, [iterations] * repeats))


def _plans(scenario: Scenario, seed: int, numbers: Sequence[int], iterations: int) -> list[str]:
    search = partial(solve, scenario, iterations=iterations, seed=seed, engine="search")
    return [format_plan(search(workers=workers).plan) for workers in numbers]


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one row per day, seed and number of workers."""
    rows = tuple(
        (
            m.case.partition("/")[0],
            cell(m.seed),
            *(cell(m.figures[name], 1) for name in ("workers", "cost_minutes")),
            percent(change if isinstance(change := m.figures["change_percent"], float) else None),
            *(cell(m.figures[name], 1) for name in ("unserved", "iterations", "identical")),
        )
        for m in measurements
    )
    columns = ("day", "seed", "workers", "cost (min)", "change", "unserved", "iterations")
    note = (
        f"Identical: {REPEATS} runs, each in a process of its own, gave the same plan to the byte."
    )
    return [Table("Workers", (*columns, "identical"), rows, (note,))]


SUITE = Suite(
    name="workers",
    purpose="Cost with several workers against one at equal time, and whether runs repeat.",
    headline="cost",
    seconds=10.0,
    run=run,
    tables=tables,
    workers=2,
)
