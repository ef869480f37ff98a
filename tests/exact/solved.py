"""A scenario solved and checked, and its plan in words that a row of a table can hold."""

from __future__ import annotations

from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.exact.model import ExactResult, solve_exact
from optimizer.units import format_clock
from optimizer.verification import verify


def proven(scenario: Scenario) -> tuple[ExactResult, Plan]:
    """Solve to proven optimality; the verifier finds no breach and the same cost."""
    result = solve_exact(scenario, seconds=20, workers=1)
    assert result.plan is not None
    verdict = verify(scenario, result.plan)
    assert [str(violation) for violation in verdict.violations] == []
    assert (result.proven, result.cost, result.lower_bound) == (True, verdict.cost, verdict.cost)
    return result, result.plan


def minutes(result: ExactResult) -> float:
    """Return the cost in minutes of travel, for scenarios of 60 ticks per minute."""
    assert result.cost is not None
    return result.cost / 60


def words(plan: Plan) -> set[str]:
    """Say of each route ``V1 V2``, of each stop ``N1: V1`` and ``V1 08:10``, in no order."""
    said = {" ".join(sorted(stop.visit for stop in route.stops)) for route in plan.routes}
    for route in plan.routes:
        for stop in route.stops:
            said |= {
                f"{route.caregiver}: {stop.visit}",
                f"{stop.visit} {format_clock(stop.start)}",
                f"{stop.visit} on {route.date:%a}",
            }
    return said | {f"no {unserved.visit}" for unserved in plan.unserved}
