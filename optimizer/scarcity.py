"""All that can be proven of visits that must stay unserved: simple certificates, then points."""

from __future__ import annotations

import time

from optimizer.bound import scarcity_points
from optimizer.coverage import Coverage, Outline, certify, points_certificate
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.needs.privacy import for_engine
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.translate import from_plan

SCALE = 10_000
"So many points are a whole visit, in tables."


def prove_scarcity(
    scenario: Scenario,
    plan: Plan | None = None,
    *,
    seconds: float = 1.0,
    points_seconds: float = 0.0,
    threads: int = 1,
) -> Coverage:
    """Return the strongest proof found that visits must stay unserved, whatever anyone does.

    Parameters
    ----------
    scenario
        A scenario without faults, its visits derived.
    plan
        The best plan known: no more can be proven than it leaves out.
    seconds
        How long certificates that a person can follow are looked for (positive).
    points_seconds
        How long points are looked for after that, which prove more where it is ways and order
        that are scarce; 0: not at all.
    threads
        For the points, at least 1.
    """
    readable = certify(scenario, plan=plan, seconds=seconds)
    unserved = None if plan is None else len(scenario.visits) - _served(scenario, plan)
    if points_seconds <= 0 or readable.least_unserved == unserved:
        return readable
    data = compile_problem(for_engine(scenario))
    by_points = _by_points(data, plan, unserved, points_seconds, threads)
    return max(readable, by_points, key=lambda proof: proof.least_unserved)


def _served(scenario: Scenario, plan: Plan) -> int:
    stops = {(stop.visit, stop.carer) for route in plan.routes for stop in route.stops}
    return sum(
        all((visit.id, carer) in stops for carer in range(1, len(visit.carers) + 1))
        for visit in scenario.visits
    )


def _by_points(
    data: ProblemData, plan: Plan | None, unserved: int | None, seconds: float, threads: int
) -> Coverage:
    began = time.perf_counter()
    outline = Outline.of(data.scenario, data.matrices)
    found = scarcity_points(
        data,
        max(0.1, seconds - (time.perf_counter() - began)),
        routes=None if plan is None else from_plan(data, plan),
        unserved=unserved,
        threads=threads,
    )
    points: dict[str, int] = {}
    for task, worth in zip(data.tasks, found.points, strict=True):
        # One carer's points stand for the visit; the other's only make the limits larger.
        visit = data.scenario.visits[task.visit].id
        points[visit] = max(points.get(visit, 0), worth * SCALE // found.unit)
    caps = {
        (data.scenario.caregivers[day.caregiver].id, day.date.isoformat(), day.shift): limit
        * SCALE
        // found.unit
        for day, limit in zip(data.days, found.limits, strict=True)
    }
    certificate = points_certificate(outline, points, SCALE, caps=caps)
    return Coverage.of(data.scenario.id, () if certificate is None else (certificate,))
