"""On several days the search is led to few caregivers per client, and counts as ever."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from statistics import mean
from typing import Any

import pytest

from optimizer import solve
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
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


def _two_days() -> Scenario:
    """Return a day far from most clients and a day near them; A and B lie 7 hours apart on either.

    Everything else has its day, so that only the two of them can move.
    """
    days = [dt.date(2026, 3, 2), dt.date(2026, 3, 3)]

    def place(number: int) -> dict[str, float]:
        far = 0.1 if number and number % 2 == 0 else 0.0
        return {"lat": 29.95, "lon": 121.7 + far + 0.001 * number}

    def visit(name: str, client: int, minutes: int, window: tuple[str, str], on: Any) -> Any:
        return {
            "id": name, "client": f"C{client}", "carers": [{"minutes": minutes}],
            "window": {"earliest": window[0], "latest": window[1]}, "dates": on,
        }  # fmt: skip

    def person(name: str, lon: float, day: dt.date) -> Any:
        shift = {"date": day, "start": "07:00", "end": "19:00"}
        return {"id": name, "home": {"lat": 29.95, "lon": lon}, "shifts": [shift], "mode": "ebike"}

    return Scenario.model_validate(
        {
            "id": "two-days",
            "horizon": {"start": days[0], "days": 2},
            "clients": [{"id": f"C{n}", "home": place(n)} for n in range(40)],
            "caregivers": [
                person(f"G{n}", 121.7 + 0.1 * (1 - n % 2), days[n % 2]) for n in range(8)
            ],
            "visits": [
                visit("A", 0, 20, ("08:00", "09:00"), days),
                visit("B", 0, 20, ("15:00", "18:00"), days),
                *(visit(f"V{n}", n, 60, ("08:00", "17:00"), [days[n % 2]]) for n in range(1, 40)),
            ],
            "couplings": [
                {"kind": "after", "first": "A", "second": "B", "min_gap": 420, "max_gap": 600}
            ],
        }
    )


def test_visits_tied_by_hours_move_to_another_day_together() -> None:
    """From a roster with both on the dear day the search takes both to the cheap one."""
    scenario = _two_days()
    dear, cheap = scenario.horizon.dates()
    held = tuple(
        visit.model_copy(update={"dates": (dear,)}) if visit.id in {"A", "B"} else visit
        for visit in scenario.visits
    )
    before = solve(
        scenario.model_copy(update={"visits": held}), iterations=1500, engine="search"
    )  # fmt: skip
    after = solve(scenario, iterations=1500, engine="search", start=before.plan)

    def days_of(plan: Plan) -> list[dt.date]:
        return [r.date for r in plan.routes for stop in r.stops if stop.visit in {"A", "B"}]

    assert days_of(before.plan) == [dear, dear]
    assert days_of(after.plan) == [cheap, cheap]
    assert after.cost < before.cost
