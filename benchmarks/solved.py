"""One solve of a day: its result and the figures that every suite keeps of it."""

from __future__ import annotations

import os
from collections import Counter

from benchmarks.suite import Figure, Settings
from optimizer.domain import Priority, Scenario
from optimizer.options import Engine
from optimizer.result import Result
from optimizer.search.parameters import SearchParameters
from optimizer.solving import solve
from optimizer.verification import verify


def solved(
    scenario: Scenario,
    settings: Settings,
    seed: int,
    *,
    workers: int | None = None,
    parameters: SearchParameters | None = None,
    engine: Engine = "auto",
) -> tuple[Result, dict[str, Figure]]:
    """Solve a day within the budget of the settings.

    Parameters
    ----------
    scenario
        The day.
    settings
        Give the budget, and the workers unless `workers` does.
    seed
        Seed of the engine.
    workers
        Threads, or None for those of the settings.
    parameters
        Parameters of the search, or None for the usual ones.
    engine
        Who solves; see `solve`.

    Returns
    -------
    result
        What the solve returned.
    figures
        Size, cost and effort; ``valid`` is the verifier's word on plan and cost.
    """
    result = solve(
        scenario,
        seconds=settings.seconds,
        iterations=settings.iterations,
        seed=seed,
        workers=workers or settings.workers,
        parameters=parameters,
        engine=engine,
        proof=0.0,
    )
    verdict = verify(scenario, result.plan)
    priority = {visit.id: visit.priority for visit in scenario.visits}
    left_out = Counter(priority[visit] for visit in verdict.unserved)
    return result, {
        "visits": len(scenario.visits),
        "caregivers": len(scenario.caregivers),
        "cost": result.cost,
        "cost_minutes": result.cost / scenario.ticks_per_minute,
        "served": result.served,
        "unserved": result.unserved,
        "unserved_critical": left_out[Priority.CRITICAL],
        "unserved_essential": left_out[Priority.ESSENTIAL],
        "iterations": result.iterations,
        "solve_seconds": round(result.seconds, 3),
        "load": round(os.getloadavg()[0], 2),
        "valid": verdict.feasible and verdict.cost == result.cost,
    }
