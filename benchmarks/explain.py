"""How long it takes to say why visits are left out, and how often a change that helps is found."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from benchmarks.markdown import cell
from benchmarks.named_days import named_day
from benchmarks.suite import Measurement, Settings, Suite, Table
from optimizer.domain import Scenario
from optimizer.errors import UsageError
from optimizer.explain import Board, Places, Standing, fixes, unserved_visits, visit_reasons
from optimizer.solve import solve
from optimizer.travel import travel_matrices
from optimizer.verify import verify

DAYS = ("zhenhai-day-s", "zhenhai-day-m", "zhenhai-day-l", "scarce-200-1")
SMOKE = ("scarce-20",)
ITERATIONS = 5_000
REPETITIONS = 3
FIGURES = ("visits", "unserved", "proven", "crowded_out", "milliseconds", "fixes", "fix_seconds")


def run(settings: Settings) -> Iterator[Measurement]:
    """Plan every day with every seed and explain what the plan leaves out.

    Raises
    ------
    UsageError
        If no case is wanted.
    """
    days = [name for name in (SMOKE if settings.smoke else DAYS) if settings.wants(name)]
    if not days:
        raise UsageError(f"Nothing fits {settings.only}; there are {', '.join(DAYS)}.")
    iterations = settings.iterations or (100 if settings.smoke else ITERATIONS)
    for name in days:
        for seed in settings.seeds:
            yield _measured(name, named_day(name), iterations, seed)


def _measured(name: str, scenario: Scenario, iterations: int, seed: int) -> Measurement:
    plan = solve(scenario, iterations=iterations, seed=seed, engine="search").plan
    roads = travel_matrices(scenario)
    times = []
    for _ in range(REPETITIONS):
        begun = time.perf_counter()
        places = Places(Board.of(scenario, plan, roads))
        left = unserved_visits(places.board)
        found = [visit_reasons(places, visit) for visit in left]
        times.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    helps = [fixes(places, visit) for visit in left]
    seconds = time.perf_counter() - begun
    verdicts = [(fix.visit, verify(fix.scenario, fix.plan)) for some in helps for fix in some]
    return Measurement(
        name,
        seed,
        {
            "visits": len(scenario.visits),
            "unserved": len(left),
            "proven": sum(one.standing is Standing.PROVEN for one in found),
            "crowded_out": sum(one.standing is Standing.CROWDED_OUT for one in found),
            "milliseconds": round(1000 * min(times), 1),
            "fixes": sum(bool(some) for some in helps),
            "verified": len(verdicts),
            "fix_seconds": round(seconds, 2),
            "valid": all(v.feasible and visit not in v.unserved for visit, v in verdicts),
        },
    )


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table of reasons and fixes."""
    columns = ("day", "visits", "unserved", "proven", "crowded out", "ms", "fixes", "fixes (s)")
    rows = tuple((m.case, *(cell(m.figures[name], 2) for name in FIGURES)) for m in measurements)
    note = "ms: all reasons of a plan, without fixes; fixes: visits for which a change was found."
    return [Table("Why visits are left out", columns, rows, (note,))]


SUITE = Suite(
    name="explain",
    purpose="Milliseconds to explain the visits that a plan leaves out; fixes found and verified.",
    headline="milliseconds",
    seconds=None,
    run=run,
    tables=tables,
)
