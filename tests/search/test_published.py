"""A published roster is a promise: nobody is called for comfort, and everybody for care."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimizer.domain.plan import Plan
from optimizer.domain.policy import Policy, Priority, Term, Weights
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import StartWindow, Visit
from optimizer.exact.model import solve_exact
from optimizer.formats import read_scenario
from optimizer.solving import solve
from optimizer.verification import verify
from tests.search.test_late_starts import SCENARIOS
from tests.verification.worlds import caregiver, lane, roster, route, visit
from tests.worlds.random_small import USUAL, random_small

PRICED = frozenset(
    {"balance", "prices", "published", "staff_used", "thousandths", "wage", "waiting", "weights"}
    | {"worst_lateness"}
)
"Features that change weights, prices or the published roster, which are the usual ones here."


def places(plan: Plan) -> set[tuple[str, int, str, dt.date, int]]:
    """Return who makes which visit when."""
    return {
        (stop.visit, stop.carer, tour.caregiver, tour.date, stop.start)
        for tour in plan.routes
        for stop in tour.stops
    }


def replanned(scenario: Scenario, plan: Plan, **options: Any) -> Any:
    """Return what becomes of a published plan when nothing has happened."""
    published = scenario.model_copy(update={"published": plan})
    return solve(published, **{"iterations": 400, "engine": "search", **options})


@pytest.mark.parametrize(
    "days", [range(20), pytest.param(range(20, 200), marks=pytest.mark.sweep)], ids=["few", "many"]
)
def test_rosters_stay_as_they_were_published(days: range) -> None:
    """The engine's own roster of a small random day, published, is given back to the minute."""
    moved = []
    for seed in days:
        drawn = random_small(seed, features=USUAL - PRICED)
        scenario = drawn.model_copy(update={"policy": Policy(), "ticks_per_minute": 60})
        first = solve(scenario, iterations=2_000, engine="search").plan
        again = replanned(scenario, first)
        if again.cost_breakdown[Term.DISRUPTION] or places(again.plan) != places(first):
            moved.append(seed)
    assert moved == []


def fixed(name: str, client: str, start: str | None, minutes: int = 30, **fields: Any) -> Visit:
    """Return a visit that may begin at one time only, or from 08:00 to 16:00."""
    window = StartWindow(earliest=start or "08:00", latest=start or "16:00")
    return visit(name, client, minutes, **{"window": window, **fields})


SLEEPY = (
    # One visit in the morning, the next one is fixed for six hours later.
    (
        (fixed("V1", "C1", None), fixed("V2", "C2", "15:00")),
        roster(route("N1", ("V1", "C1", "09:00", 30), ("V2", "C2", "15:00", 30))),
    ),
    # One does everything and waits for hours in between, the other one has nothing.
    (
        tuple(fixed(f"V{n}", f"C{n}", None, 90) for n in (1, 2, 3)),
        roster(
            route(
                "N1",
                ("V1", "C1", "08:10", 90),
                ("V2", "C2", "11:30", 90),
                ("V3", "C3", "15:00", 90),
            )
        ),
    ),
    # Both travel twice to the same places and wait in between.
    (
        (
            *(fixed(f"V{n}", "C1", None) for n in (1, 2)),
            *(fixed(f"V{n}", "C3", "15:30") for n in (3, 4)),
        ),
        roster(
            route("N1", ("V1", "C1", "08:30", 30), ("V3", "C3", "15:30", 30)),
            route("N2", ("V2", "C1", "08:30", 30), ("V4", "C3", "15:30", 30)),
        ),
    ),
)


@pytest.mark.parametrize("engine", ["search", "cp-sat"])
@pytest.mark.parametrize(("visits", "plan"), SLEEPY)
def test_a_sleepy_roster_causes_no_call(visits: tuple[Visit, ...], plan: Plan, engine: str) -> None:
    """Rosters that wait for hours or overburden one caregiver stand as they are published."""
    scenario = lane(visits=visits, policy=Policy())
    assert verify(scenario, plan).violations == ()
    options = {"engine": engine} if engine == "search" else {"engine": engine, "iterations": None}
    again = replanned(scenario, plan, **options)
    assert again.cost_breakdown[Term.DISRUPTION] == 0
    tolerance = scenario.policy.disruption_tolerance
    was = {place[:4]: place[4] for place in places(plan)}
    now = {place[:4]: place[4] for place in places(again.plan)}
    assert was.keys() == now.keys()
    assert all(abs(now[name] - was[name]) <= tolerance for name in was)


@pytest.mark.parametrize(
    "name", ["hamlet", "zhenhai-day-s", pytest.param("zhenhai-day-m", marks=pytest.mark.sweep)]
)
def test_shipped_days_stay_as_published(name: str) -> None:
    """Nothing on a shipped day changes by planning it once more."""
    scenario = read_scenario(SCENARIOS / f"{name}.json")
    first = solve(scenario, iterations=5_000, engine="search").plan
    again = replanned(scenario, first)
    assert again.cost_breakdown[Term.DISRUPTION] == 0
    assert places(again.plan) == places(first)


def test_a_call_outweighs_the_comfort_of_a_day_and_no_visit() -> None:
    """Twelve hours idle, two above the fair share and half an hour too long weigh less than a call.

    Three calls weigh less than a flexible visit that is left out.
    """
    weights = Weights()
    comfort = weights.waiting * 12 * 60 + weights.balance * 120 + weights.overtime * 30
    assert comfort + 3 * weights.preference < weights.disruption
    assert 3 * weights.disruption < weights.unserved.flexible
    assert weights.unserved.flexible < weights.unserved.essential < weights.unserved.critical


def test_a_visit_left_out_is_worth_the_calls_that_it_takes() -> None:
    """A flexible visit that fits only if another one is moved and handed over is served."""
    scenario = lane(
        caregivers=(caregiver("N1"), caregiver("N2")),
        visits=(
            visit("V1", "C1", 60),
            fixed("V2", "C2", "09:00", priority=Priority.FLEXIBLE),
            fixed("V3", "C3", "09:00"),
        ),
        policy=Policy(),
        published=roster(
            route("N1", ("V1", "C1", "08:30", 60)),
            route("N2", ("V3", "C3", "09:00", 30)),
        ),
    )
    result = solve(scenario, iterations=400, engine="search")
    assert result.plan.unserved == ()
    assert result.cost_breakdown[Term.DISRUPTION] == Weights().disruption * 60
    assert result.cost == solve_exact(scenario, seconds=20).cost
