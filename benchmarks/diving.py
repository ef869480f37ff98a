"""Plans made of the proof's routes against search alone, at equal total time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial

from benchmarks.markdown import cell, percent
from benchmarks.named_days import SCARCE, independent_visits, named_day
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from optimizer.bound.lower_bound import Proof
from optimizer.bound.warm_up import warm_up as warm_up_bound
from optimizer.domain import Scenario
from optimizer.errors import UsageError
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search, SearchResult
from optimizer.search.warm_up import warm_up
from optimizer.stop import AfterSeconds

DAYS = {
    "uncoupled-100": partial(independent_visits, 100, 15, 1),
    **{f"uncoupled-200-{seed}": partial(independent_visits, 200, 29, seed) for seed in (1, 2, 3)},
    "uncoupled-400": partial(independent_visits, 400, 58, 1),
    **{name: partial(named_day, name) for name in SCARCE[:3]},
    **{name: partial(named_day, name) for name in ("zhenhai-day-s", "zhenhai-day-m")},
}
"Ten days, most of a size at which a search leaves something to gain."
SMOKE_DAYS = {"uncoupled-20": partial(independent_visits, 20, 4, 1)}
SECONDS, SMOKE_SECONDS = 60.0, 1.0
FIRST, PROOF, DIVE = 0.1, 0.2, 0.2
"Shares of the time: search for a first plan, proof, and dive at most; the rest is search."


def run(settings: Settings) -> Iterator[Measurement]:
    """Plan every day by search alone and with a dive.

    Raises
    ------
    UsageError
        If no day is wanted.
    """
    days = SMOKE_DAYS if settings.smoke else DAYS
    wanted = [name for name in days if settings.wants(name)]
    if not wanted:
        raise UsageError(f"No day fits {settings.only}; there are {', '.join(DAYS)}.")
    warm_up()
    warm_up_bound()
    seconds = SMOKE_SECONDS if settings.smoke else settings.seconds or SECONDS
    for name in wanted:
        for seed in settings.seeds:
            yield Measurement(name, seed, _compared(days[name](), settings, seed, seconds))


def _compared(
    scenario: Scenario, settings: Settings, seed: int, seconds: float
) -> dict[str, Figure]:
    data = compile_problem(scenario)
    alone = _searched(data, seed, settings.workers, seconds)
    beside = _searched(data, seed, settings.workers, (1 - PROOF) * seconds)
    began = time.perf_counter()
    first = _searched(data, seed, settings.workers, FIRST * seconds)
    proof = Proof(data, first.routes, threads=settings.workers)
    bound = proof.bound(PROOF * seconds, known_cost=first.cost)
    dived = time.perf_counter()
    routes = proof.dive(DIVE * seconds)
    ended = time.perf_counter()
    left = max(0.1, seconds - (ended - began))
    found = _searched(data, seed, settings.workers, left, routes or first.routes)
    ticks = scenario.ticks_per_minute
    return {
        "visits": len(scenario.visits),
        "bound_minutes": round(bound.value / ticks, 1),
        "alone_minutes": round(alone.cost / ticks, 1),
        "alone_unserved": _left_out(data, alone.routes),
        "beside_minutes": round(beside.cost / ticks, 1),
        "beside_unserved": _left_out(data, beside.routes),
        "dived": routes is not None,
        "dive_seconds": round(ended - dived, 1),
        "dive_unserved": None if routes is None else _left_out(data, routes),
        "with_minutes": round(found.cost / ticks, 1),
        "with_unserved": _left_out(data, found.routes),
        "change_percent": round(100 * (found.cost / max(1, beside.cost) - 1), 2),
        "valid": bound.value <= min(alone.cost, beside.cost, found.cost),
    }


def _searched(
    data: ProblemData, seed: int, workers: int, seconds: float, start: Routes | None = None
) -> SearchResult:
    search = Search(data, SearchParameters(), seed=seed, workers=workers)
    return search.run(Budget(seconds, None), AfterSeconds(seconds), start=start)


def _left_out(data: ProblemData, routes: Routes) -> int:
    served = {data.tasks[k].visit for k in routes.tasks.tolist()}
    return len(data.scenario.visits) - len(served)


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one row per day and seed, and the mean change."""
    names = (
        *("alone_minutes", "alone_unserved", "beside_minutes", "beside_unserved"),
        *("dived", "dive_seconds", "dive_unserved", "with_minutes", "with_unserved"),
    )
    rows = [
        (
            m.case,
            cell(m.seed),
            *(cell(m.figures[name], 1) for name in names),
            percent(_change(m)),
        )
        for m in measurements
    ]
    mean = sum(_change(m) for m in measurements) / max(1, len(measurements))
    note = (
        f"Equal time in all. Beside: search that leaves {PROOF:.0%} of it to a proof, which the "
        f"change is against; on average {percent(mean)}. Alone: search that proves nothing."
    )
    columns = ("day", "seed", *names, "change")
    return [Table("Search alone, beside a proof, and with a dive", columns, tuple(rows), (note,))]


def _change(measurement: Measurement) -> float:
    change = measurement.figures["change_percent"]
    return change if isinstance(change, float) else 0.0


SUITE = Suite(
    name="diving",
    purpose="Plans made of the proof's routes against search alone, at equal total time.",
    headline="with_minutes",
    seconds=SECONDS,
    run=run,
    tables=tables,
    workers=2,
)
