"""The same uncoupled day for our search and for every peer, recounted by the verifier."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import mean

from benchmarks.markdown import cell
from benchmarks.named_days import independent_visits
from benchmarks.peers.by_ortools import ORTOOLS
from benchmarks.peers.by_ours import OURS, OURS_ALONE, OURS_LONG
from benchmarks.peers.by_pyvrp import PYVRP, PYVRP_ALL
from benchmarks.peers.by_vroom import VROOM
from benchmarks.peers.day import RoutingDay, routing_day
from benchmarks.peers.engine import Engine
from benchmarks.peers.roster import cost_of, legal, plan_of
from benchmarks.suite import Figure, Measurement, Settings, Suite, Table
from optimizer.domain import Scenario, Term
from optimizer.errors import UsageError
from optimizer.verification import Verdict, verify

ENGINES = (OURS, OURS_LONG, OURS_ALONE, VROOM, PYVRP, PYVRP_ALL, ORTOOLS)
CAREGIVERS = {12: 3, 200: 28, 870: 125}
"Number of caregivers by number of visits; 28 and 125 can serve everything."
SIZES = (200, 870)
SMOKE_SIZES = (12,)
SCENARIO_SEED = 1
"The day of a size is the same in all runs; seeds of a run are the engines'."
SMOKE_SECONDS = 0.6
LEGEND = (
    "Cost is the verifier's, in minutes of travel; to ours: in proportion to the mean of our "
    "seeds in a sixth of the time. Dropped: stops of the answer that broke a rule and were taken "
    "out."
)


def run(settings: Settings) -> Iterator[Measurement]:
    """Give every day to every engine, with every seed where seeds matter.

    Raises
    ------
    UsageError
        If no case is wanted, an engine is not installed, or iterations are to be counted.
    """
    seconds = SMOKE_SECONDS if settings.smoke else settings.seconds
    if seconds is None:
        raise UsageError("The peers do not count iterations; give --seconds.")
    cases = _cases(settings)
    for _, engine in cases:
        engine.prepare()
    for visits, engine in cases:
        day = routing_day(_scenario(visits))
        for seed in settings.seeds if engine.is_seeded else (None,):
            yield Measurement(
                f"{visits}/{engine.name}",
                seed,
                _figures(day, engine, seconds * engine.share, seed, settings.workers),
            )


def tables(measurements: Sequence[Measurement]) -> list[Table]:
    """Return one table of all engines, with each cost in proportion to ours."""
    ours: defaultdict[str, list[float]] = defaultdict(list)
    for m in measurements:
        if m.case.endswith(f"/{OURS.name}"):
            ours[_size(m)].append(_cost(m))
    figures = ("budget_seconds", "threads", "solve_seconds", "unserved", "dropped", "cost_minutes")
    rows = tuple(
        (
            m.case,
            cell(m.seed),
            *(cell(m.figures[name], 1) for name in figures),
            cell(_cost(m) / mean(ours[_size(m)]) if ours[_size(m)] else None, 3),
        )
        for m in measurements
    )
    heads = ("case", "seed", "given s", "threads", "took s", "unserved", "dropped", "cost (min)")
    versions = {m.case.partition("/")[2]: m.figures["version"] for m in measurements}
    notes = tuple(f"{versions[e.name]}: {e.note}" for e in ENGINES if e.name in versions)
    return [Table("The same day, side by side", (*heads, "to ours"), rows, (LEGEND, *notes))]


def _size(measurement: Measurement) -> str:
    return measurement.case.partition("/")[0]


def _cost(measurement: Measurement) -> float:
    cost = measurement.figures["cost_minutes"]
    return cost if isinstance(cost, float) else math.nan


def _scenario(visits: int) -> Scenario:
    return independent_visits(visits, CAREGIVERS[visits], SCENARIO_SEED)


def _cases(settings: Settings) -> list[tuple[int, Engine]]:
    """Return the wanted cases; a smoke run passes over what is not installed."""
    sizes = SMOKE_SIZES if settings.smoke else SIZES
    wanted = [
        (visits, engine)
        for visits in sizes
        for engine in ENGINES
        if settings.wants(f"{visits}/{engine.name}")
    ]
    if not wanted:
        known = ", ".join(engine.name for engine in ENGINES)
        raise UsageError(f"No case fits {settings.only}; it is a size of {sizes} / one of {known}.")
    if settings.smoke:
        return [(visits, engine) for visits, engine in wanted if engine.is_installed]
    for _, engine in wanted:
        engine.insist()
    return wanted


def _figures(
    day: RoutingDay, engine: Engine, budget: float, seed: int | None, workers: int
) -> dict[str, Figure]:
    """Solve once, take out what breaks a rule, and recount."""
    threads = engine.threads(workers)
    began = time.perf_counter()
    answer = engine.solve(day, budget, seed or 1, threads)
    took = time.perf_counter() - began
    orders, dropped = legal(day, answer)
    verdict = verify(day.scenario, plan_of(day, orders), day.matrices)
    tpm = day.scenario.ticks_per_minute
    fault = _fault(verdict, cost_of(day, orders))
    return {
        "version": engine.version,
        "budget_seconds": budget,
        "threads": threads,
        "solve_seconds": round(took, 3),
        "visits": day.num_visits,
        "caregivers": day.num_caregivers,
        "cost": verdict.cost,
        "cost_minutes": verdict.cost / tpm,
        "travel_minutes": verdict.quantities[Term.TRAVEL] / tpm,
        "served": verdict.served,
        "unserved": len(verdict.unserved),
        "dropped": dropped,
        "valid": fault is None,
        "fault": fault,
    }


def _fault(verdict: Verdict, cost: int) -> str | None:
    """Return why a plan does not count, if so: the engines were told of another problem."""
    if verdict.violations:
        return str(verdict.violations[0])
    if verdict.cost != cost:
        return f"the verifier counts {verdict.cost}, the engines were told {cost}"
    return None


SUITE = Suite(
    name="peers",
    purpose="Cost on an uncoupled district's day beside other routing solvers.",
    headline="cost",
    seconds=60.0,
    run=run,
    tables=tables,
)
