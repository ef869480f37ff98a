"""All routes of a small day without couplings, written down from its definition.

Shares nothing with the bound: it walks over visits in every order, from the records and the
travel matrix, and puts the cheapest routes together over all sets of visits.
"""

from __future__ import annotations

from itertools import permutations

from ortools.linear_solver import pywraplp

from optimizer.domain.scenario import Scenario
from optimizer.exact.prices import price_unserved
from optimizer.exact.world import HOME, World


def cheapest_routes(scenario: Scenario) -> list[dict[frozenset[int], int]]:
    """Return, per caregiver-day, the cost of the cheapest order of every set of visits."""
    world = World.of(scenario)
    return [
        {
            frozenset(order): cost
            for size in range(1, len(world.tasks) + 1)
            for order, cost in _best_orders(world, r, size).items()
        }
        for r in range(len(world.days))
    ]


def _best_orders(world: World, r: int, size: int) -> dict[tuple[int, ...], int]:
    best: dict[tuple[int, ...], int] = {}
    may = [k for k in range(len(world.tasks)) if not world.reasons[r, k]]
    for order in permutations(may, size):
        cost = _cost(world, r, order)
        key = tuple(sorted(order))
        if cost is not None and cost < best.get(key, cost + 1):
            best[key] = cost
    return best


def _cost(world: World, r: int, order: tuple[int, ...]) -> int | None:
    """Return travel of a route that serves the tasks in this order, None if it cannot."""
    day = world.days[r]
    clock, place, cost = day.opens, HOME, 0
    for k in order:
        task = world.tasks[k]
        leg = world.travel(r, place, k)
        start = max(clock + leg, world.ticks(task.visit.window.earliest))
        if start > world.ticks(task.visit.window.latest):
            return None
        clock, place, cost = start + task.full, k, cost + leg
    leg = world.travel(r, place, HOME)
    return cost + leg if clock + leg <= day.latest_back else None


def optimum(scenario: Scenario) -> int:
    """Return the least cost of any plan, in ticks of travel."""
    world = World.of(scenario)
    prizes = [price_unserved(world, visit) for visit in scenario.visits]
    best = {frozenset[int](): 0}
    for routes in cheapest_routes(scenario):
        further = dict(best)
        for served, cost in best.items():
            for route, price in routes.items():
                if not served & route:
                    both = served | route
                    further[both] = min(further.get(both, cost + price), cost + price)
        best = further
    return min(
        cost + sum(p for k, p in enumerate(prizes) if k not in served)
        for served, cost in best.items()
    )


def linear_optimum(scenario: Scenario) -> float:
    """Return the least cost of any mixture of routes, in ticks of travel."""
    world = World.of(scenario)
    solver = pywraplp.Solver.CreateSolver("GLOP")
    infinity = solver.infinity()
    objective = solver.Objective()
    objective.SetMinimization()
    visits = [solver.Constraint(1, infinity) for _ in scenario.visits]
    for line, visit in zip(visits, scenario.visits, strict=True):
        out = solver.NumVar(0, infinity, "")
        objective.SetCoefficient(out, price_unserved(world, visit))
        line.SetCoefficient(out, 1)
    for routes in cheapest_routes(scenario):
        once = solver.Constraint(-infinity, 1)
        for served, cost in routes.items():
            used = solver.NumVar(0, infinity, "")
            objective.SetCoefficient(used, cost)
            once.SetCoefficient(used, 1)
            for k in served:
                visits[k].SetCoefficient(used, 1)
    assert solver.Solve() == pywraplp.Solver.OPTIMAL
    return float(objective.Value())
