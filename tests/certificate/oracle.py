"""What small days leave out at least, from the exact model with nothing else in its objective."""

from __future__ import annotations

from ortools.sat.python import cp_model

from optimizer.domain.scenario import Scenario
from optimizer.exact.model import build_model
from optimizer.exact.terms import unserved
from optimizer.exact.variables import Variables
from optimizer.exact.world import World

SECONDS = 20.0


def fewest_unserved(scenario: Scenario) -> int:
    """Return how many visits every plan that keeps all rules leaves out at least."""
    variables, _ = build_model(World.of(scenario))
    served = cp_model.LinearExpr.sum(list(variables.served))
    return _least(variables, len(variables.served) - served)


def least_weight(scenario: Scenario) -> int:
    """Return what the visits left out of any plan cost at least, in ticks of travel."""
    variables, _ = build_model(World.of(scenario))
    return _least(variables, unserved(variables))


def _least(variables: Variables, quantity: cp_model.LinearExprT) -> int:
    variables.model.minimize(quantity)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = SECONDS
    status = solver.solve(variables.model)
    assert status == cp_model.OPTIMAL
    return round(solver.objective_value)
