"""Days of 100 to 10,000 visits with time in proportion: quality, seconds, memory, growth."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from statistics import linear_regression

from benchmarks.markdown import cell
from benchmarks.memory import peak_megabytes
from benchmarks.named_days import independent_visits
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from optimizer.domain import UnservedReason
from optimizer.errors import UsageError
from optimizer.problem import compile_problem, to_plan
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.search.warm_up import warm_up
from optimizer.stop import AfterIterations, AfterSeconds, FirstOf, StoppingCriterion
from optimizer.verification import verify

SIZES = (100, 300, 1_000, 3_000, 10_000)
SMOKE_SIZES = (30, 60)
VISITS_PER_CAREGIVER = 7
BUDGET_PER = 1_000
"`--seconds` and `--iterations` are those of so many visits; others have them in proportion."
SCENARIO_SEED = 1

COLUMNS = {
    "caregivers": "caregivers",
    "compile_seconds": "compile (s)",
    "first_plan_seconds": "first plan (s)",
    "search_seconds": "search (s)",
    "verify_seconds": "verify (s)",
    "iterations": "iterations",
    "milliseconds_per_iteration": "ms/iteration",
    "cost_minutes": "cost (min)",
    "cost_minutes_per_visit": "cost/visit",
    "unserved": "unserved",
    "peak_megabytes": "peak (MB)",
}
GROWTH = {
    "compile_seconds": "seconds to compile",
    "first_plan_seconds": "to a first plan",
    "milliseconds_per_iteration": "per iteration",
    "verify_seconds": "to verify",
    "peak_megabytes": "peak memory",
}
NOTE = (
    f"The search has its budget per {BUDGET_PER:,} visits; ms/iteration is one worker's time, "
    "from the first plan on."
)


def run(settings: Settings) -> Iterator[Measurement]:
    """Plan a day of every size, each in a process of its own so that peaks are separate.

    Raises
    ------
    UsageError
        If no size is wanted.
    """
    sizes = SMOKE_SIZES if settings.smoke else SIZES
    wanted = [visits for visits in sizes if settings.wants(_case(visits))]
    if not wanted:
        names = ", ".join(map(_case, sizes))
        raise UsageError(f"No size fits {settings.only}; there are {names}.")
    # Once for all: whoever compiles kernels would have that in its memory.
    warm_up()
    for visits in wanted:
        for seed in settings.seeds:
            yield Measurement(_case(visits), seed, _alone(visits, seed, settings))


def _case(visits: int) -> str:
    return f"uncoupled-{visits}"


def _alone(visits: int, seed: int, settings: Settings) -> dict[str, Figure]:
    """Return the figures of a size from a new process; that it broke down is one of them."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(planned, visits, seed, settings).result()
        except BrokenProcessPool:
            return {
                "visits": visits,
                "valid": False,
                "fault": "the process was ended, as happens where memory runs out",
            }


def planned(visits: int, seed: int, settings: Settings) -> dict[str, Figure]:
    """Plan a day of so many visits in this process, and return its figures.

    Parameters
    ----------
    visits
        Size of the day, at least 1.
    seed
        Seed of the search; the day itself is always the same one.
    settings
        Budget per `BUDGET_PER` visits, and workers.
    """
    warm_up()
    scenario = independent_visits(visits, round(visits / VISITS_PER_CAREGIVER), SCENARIO_SEED)
    share = visits / BUDGET_PER
    began = time.perf_counter()
    data = compile_problem(scenario)
    compiled = time.perf_counter()
    seconds = None if settings.seconds is None else settings.seconds * share
    iterations = None if settings.iterations is None else math.ceil(settings.iterations * share)
    stops: list[StoppingCriterion] = []
    if seconds is not None:
        stops.append(AfterSeconds(seconds))
    if iterations is not None:
        stops.append(AfterIterations(iterations))
    search = Search(data, SearchParameters(), seed=seed, workers=settings.workers)
    found = search.run(Budget(seconds, iterations), FirstOf(tuple(stops)), began=compiled)
    searched = time.perf_counter()
    plan = to_plan(data, found.routes, lambda _: UnservedReason.NOBODY_FOUND)
    verdict = verify(scenario, plan, data.matrices)
    verified = time.perf_counter()
    first = found.curve[0][0]
    walked = (searched - compiled - first) * settings.workers * 1000
    return {
        "visits": visits,
        "caregivers": len(scenario.caregivers),
        "cost": verdict.cost,
        "cost_minutes": verdict.cost / scenario.ticks_per_minute,
        "cost_minutes_per_visit": round(verdict.cost / scenario.ticks_per_minute / visits, 4),
        "unserved": len(verdict.unserved),
        "iterations": found.iterations,
        "milliseconds_per_iteration": round(walked / max(1, found.iterations), 5),
        "compile_seconds": round(compiled - began, 4),
        "first_plan_seconds": round(first, 4),
        "search_seconds": round(searched - compiled, 4),
        "verify_seconds": round(verified - searched, 4),
        "peak_megabytes": round(peak_megabytes(), 1),
        "curve": [[round(second, 3), cost] for second, cost in found.curve],
        "valid": verdict.feasible and verdict.cost == found.cost,
    }


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one row per size and seed, and below how the figures grow with the size."""
    rows = tuple(
        (
            cell(m.figures["visits"]),
            cell(m.seed),
            *(_rounded(m.figures.get(name), name) for name in COLUMNS),
        )
        for m in measurements
    )
    powers = [
        f"{what} {exponent:.2f}"
        for name, what in GROWTH.items()
        if (exponent := growth(measurements, name)) is not None
    ]
    notes = [NOTE]
    if powers:
        notes.append(f"Exponents of growth over the visits: {', '.join(powers)}.")
    return [Table("Sizes", ("visits", "seed", *COLUMNS.values()), rows, tuple(notes))]


def growth(measurements: Sequence[Measurement], name: str) -> float | None:
    """Return the exponent with which a figure grows: the slope of its logarithm over the visits'.

    Measurements without the figure are left out; with fewer than two sizes there is no slope.
    """
    points = [
        (math.log(visits), math.log(figure))
        for m in measurements
        if isinstance(visits := m.figures["visits"], int)
        and isinstance(figure := m.figures.get(name), float)
        and figure > 0
    ]
    if len({x for x, _ in points}) < 2:
        return None
    return linear_regression(*zip(*points, strict=True)).slope


def _rounded(figure: Figure, name: str) -> str:
    digits = {"peak_megabytes": 0, "cost_minutes": 0, "milliseconds_per_iteration": 3}
    return cell(figure, digits.get(name, 2))


SUITE = Suite(
    name="scale",
    purpose="Cost per visit, seconds and memory from 100 to 10,000 visits, and how they grow.",
    headline="cost_minutes_per_visit",
    seconds=30.0,
    run=run,
    tables=tables,
)
