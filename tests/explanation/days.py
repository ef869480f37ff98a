"""Small random days with a plan, worked out once for all tests of a process."""

from __future__ import annotations

from functools import cache

from optimizer.domain.plan import Plan, Unserved
from optimizer.domain.scenario import Scenario
from optimizer.explanation import Fix, Insertions, PlanState, VisitReasons, fixes, visit_reasons
from optimizer.solving import solve
from optimizer.travel import travel_matrices
from tests.worlds import law
from tests.worlds.random_small import USUAL, random_small

SEEDS = range(30)
UNDER_LAW = range(24, 30)
"Seeds of days with limits across days, which leave little to be mended."


@cache
def planned(seed: int) -> Insertions:
    """Return a small random day with the plan of a short search."""
    features = USUAL if seed in UNDER_LAW else USUAL - law.FEATURES - {"responsible"}
    scenario = random_small(seed, 7, 2 + seed % 2, features)
    plan = solve(scenario, iterations=60, engine="search", seed=1).plan
    return Insertions(PlanState.of(scenario, plan, travel_matrices(scenario)))


@cache
def reasons_of(seed: int, visit: str) -> VisitReasons:
    """Return why that plan leaves a visit out."""
    insertions = planned(seed)
    return visit_reasons(insertions, insertions.state.index.visit[visit])


@cache
def fixes_of(seed: int, visit: str) -> tuple[Fix, ...]:
    """Return what would serve a visit that that plan leaves out."""
    insertions = planned(seed)
    return tuple(fixes(insertions, insertions.state.index.visit[visit]))


def nobody(scenario: Scenario) -> Plan:
    """Return the plan that serves nobody."""
    unserved = tuple(Unserved(visit=v.id, reason="crowded_out") for v in scenario.visits)
    return Plan(scenario=scenario.id, unserved=unserved)
