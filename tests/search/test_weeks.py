"""On several days the search is led to few caregivers per client, and counts as ever."""

from __future__ import annotations

from collections import defaultdict
from statistics import mean

import pytest

from optimizer.domain.plan import Plan
from optimizer.generate import weeks_of_daily_care
from optimizer.needs import derive
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.translate import to_plan
from optimizer.search.budget import Budget
from optimizer.search.parameters import WHERE_CAREGIVERS_RETURN, SearchParameters
from optimizer.search.search import Search, SearchResult
from optimizer.stop import AfterIterations
from optimizer.verification import verify


@pytest.fixture(scope="module")
def week() -> ProblemData:
    """A week of 24 clients with series, and 9 caregivers."""
    return compile_problem(derive(weeks_of_daily_care(24, 9, 7, 1)).scenario)


def solved(week: ProblemData, steps: int, *, recount: bool = False) -> SearchResult:
    """Search a week for so many steps."""
    search = Search(week, SearchParameters(), seed=1, recount=recount)
    return search.run(Budget(None, steps), AfterIterations(steps))


def plan_of(week: ProblemData, found: SearchResult) -> Plan:
    """Return what was found as a plan."""
    return to_plan(week, found.routes, lambda _: "")


def caregivers_per_client(week: ProblemData, plan: Plan) -> float:
    """Return how many caregivers a client sees, on average."""
    client = {visit.id: visit.client for visit in week.scenario.visits}
    seen = defaultdict(set)
    for route in plan.routes:
        for stop in route.stops:
            seen[client[stop.visit]].add(route.caregiver)
    return mean(map(len, seen.values()))


def test_the_cost_of_a_week_is_the_verifiers(week: ProblemData) -> None:
    """What leads to few caregivers is no cost: recounted at every step, and by the verifier."""
    found = solved(week, 120, recount=True)
    verdict = verify(week.scenario, plan_of(week, found))
    assert verdict.feasible
    assert found.cost == verdict.cost


def test_slope_and_rare_exchanges_lead_to_fewer_caregivers(
    week: ProblemData, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With equal steps a client sees fewer caregivers than without them, at no higher cost."""
    led = solved(week, 6_000)
    monkeypatch.setattr(
        "optimizer.search.parameters.WHERE_CAREGIVERS_RETURN", dict.fromkeys((), 0.0)
    )
    plain = solved(week, 6_000)
    fewer, more = (caregivers_per_client(week, plan_of(week, one)) for one in (led, plain))
    assert fewer < more
    assert led.cost < plain.cost


def test_one_day_is_searched_as_ever(week: ProblemData) -> None:
    """Only on several days are exchanges rare; on one day, parameters stay what they are."""
    usual = SearchParameters()
    assert usual.fitted(100) == usual
    assert usual.fitted(100, returning=True).slope == WHERE_CAREGIVERS_RETURN["slope"]
    assert week.num_tasks > usual.few
