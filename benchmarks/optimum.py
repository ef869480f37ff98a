"""Small random days and weeks: how often the search finds what is proven to be the optimum."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from benchmarks.markdown import cell
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from optimizer.domain.scenario import Scenario
from optimizer.exact.model import solve_exact
from optimizer.solving import solve
from tests.worlds.random_small import USUAL, random_small
from tests.worlds.random_week import random_week

DAYS = 500
SMOKE_DAYS = 3
ITERATIONS = 10_000
FIRST = 1000
"Number of the first day; the days are consecutive, none is left out."
UNNATURAL = frozenset({"unreachable", "longest_leg"})
"Features under which a visit may be servable only between two others; measured apart."


def run(settings: Settings) -> Iterator[Measurement]:
    """Solve every day by search and exactly, without and with unnatural features; then weeks."""
    days = SMOKE_DAYS if settings.smoke else DAYS
    cases: dict[str, Callable[[int], Scenario]] = {
        "usual": lambda number: random_small(number, features=USUAL - UNNATURAL),
        "every feature": lambda number: random_small(number, features=USUAL),
        "weeks": random_week,
    }
    for name, make in cases.items():
        if not settings.wants(name):
            continue
        for seed in settings.seeds:
            yield Measurement(name, seed, _figures(days, make, seed, settings.iterations))


def _figures(
    days: int, make: Callable[[int], Scenario], seed: int, iterations: int | None
) -> dict[str, Figure]:
    equal = proven = 0
    missed: list[str] = []
    searching = proving = 0.0
    for number in range(FIRST, FIRST + days):
        scenario = make(number)
        began = time.perf_counter()
        exact = solve_exact(scenario, seconds=20, workers=1)
        proving += time.perf_counter() - began
        began = time.perf_counter()
        found = solve(scenario, iterations=iterations or ITERATIONS, seed=seed, engine="search")
        searching += time.perf_counter() - began
        proven += exact.proven
        equal += exact.proven and found.cost == exact.cost
        if found.cost != exact.cost:
            missed.append(str(number))
    return {
        "days": days,
        "proven": proven,
        "equal": equal,
        "missed": " ".join(missed),
        "search_seconds": round(searching, 1),
        "exact_seconds": round(proving, 1),
        "valid": proven == days,
    }


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one row per set of features and seed."""
    names = ("days", "proven", "equal", "missed", "search_seconds", "exact_seconds")
    rows = tuple(
        (m.case, cell(m.seed), *(str(m.figures[name]) for name in names)) for m in measurements
    )
    heads = ("features", "seed", "days", "proven", "equal", "missed days", "search s", "exact s")
    return [Table("Search against proven optimum", heads, rows)]


SUITE = Suite(
    name="optimum",
    purpose="Share of small random days and weeks on which the search equals the proven optimum.",
    headline="equal",
    seconds=0.0,
    run=run,
    tables=tables,
)
