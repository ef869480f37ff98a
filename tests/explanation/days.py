"""Small random days with a plan, and every way to serve one visit alone, tried by the verifier."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache

from optimizer.domain.plan import Plan, Unserved
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.explanation import Insertions, PlanState
from optimizer.explanation.writing import with_lines
from optimizer.solving import solve
from optimizer.travel import travel_matrices
from optimizer.units import MS_PER_MINUTE
from optimizer.verification import verify
from tests.worlds.random_small import LATE_STARTS, USUAL, random_small

SEEDS = range(24)


@cache
def planned(seed: int) -> Insertions:
    """Return a small random day with the plan of a short search."""
    scenario = random_small(seed, 7, 2 + seed % 2, USUAL | LATE_STARTS)
    plan = solve(scenario, iterations=60, engine="search", seed=1).plan
    return Insertions(PlanState.of(scenario, plan, travel_matrices(scenario)))


def nobody(scenario: Scenario) -> Plan:
    """Return the plan that serves nobody."""
    unserved = tuple(Unserved(visit=v.id, reason="crowded_out") for v in scenario.visits)
    return Plan(scenario=scenario.id, unserved=unserved)


def can_be_alone(scenario: Scenario, visit: Visit) -> bool:
    """Return whether a plan of this visit alone, with what begins as one, keeps every rule.

    Every choice of caregivers, days and shifts is tried with every minute of the window;
    all of these worlds count in whole minutes.
    """
    state = PlanState.of(scenario, nobody(scenario), travel_matrices(scenario))
    tasks = state.unit(visit)
    window = visit.window
    minutes = range(window.earliest, window.latest + 1, MS_PER_MINUTE)
    for keys in itertools.permutations(state.lines, len(tasks)):
        for start in map(state.ticks, minutes):
            fixed = [replace(task, earliest=start, latest=start) for task in tasks]
            changed = {key: (task,) for key, task in zip(keys, fixed, strict=True)}
            plan = with_lines(state, changed, placed={task.visit.id for task in tasks})
            if plan is not None and verify(scenario, plan, state.matrices).feasible:
                return True
    return False
