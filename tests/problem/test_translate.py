"""Plans become routes and come back as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.domain.plan import Plan, Unserved
from optimizer.formats import read_plan, read_scenario
from optimizer.problem.compile import compile_problem
from optimizer.problem.translate import from_plan, to_plan
from optimizer.search.parameters import SearchParameters
from optimizer.search.worker import Worker
from tests.verification.worlds import clean, lane, roster, route
from tests.worlds.random_small import USUAL, random_small

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def crowded(visit: int) -> str:
    """Give the same reason for every visit."""
    return "crowded_out"


def test_the_shipped_plan_of_the_hamlet_comes_back() -> None:
    """Departures, arrivals, starts, the break and the ways home are those of the file."""
    data = compile_problem(read_scenario(SCENARIOS / "hamlet.json"))
    plan = read_plan(SCENARIOS / "plans" / "hamlet.json")
    assert to_plan(data, from_plan(data, plan), crowded) == plan


@pytest.mark.parametrize("case", range(1, 41))
def test_routes_survive_the_way_to_a_plan_and_back(case: int) -> None:
    """Plan to routes to plan is the identity, for whatever the search has constructed."""
    data = compile_problem(random_small(case, 7, 3, USUAL))
    worker = Worker(data, SearchParameters(), case, 0)
    worker.construct()
    plan = to_plan(data, worker.best_routes(), crowded)
    assert to_plan(data, from_plan(data, plan), crowded) == plan


def test_a_clean_plan_of_the_lane_comes_back() -> None:
    """Two routes without breaks; nobody is unserved."""
    data = compile_problem(lane())
    back = to_plan(data, from_plan(data, clean()), crowded)
    assert [(r.caregiver, [s.visit for s in r.stops]) for r in back.routes] == [
        ("N1", ["V1", "V2"]),
        ("N2", ["V3"]),
    ]
    assert back.unserved == ()


@pytest.mark.parametrize(
    "plan",
    [
        roster(route("N9", ("V3", "C3", "08:30", 45))),  # a caregiver who has left
        roster(route("N1", ("V9", "C3", "08:30", 45))),  # a visit called off
        roster(route("N1", ("V3", "C3", "08:30", 45, 2))),  # a second carer no longer needed
        roster(route("N1", ("V3", "C3", "08:30", 45), shift=1)),  # a shift given up
        Plan(scenario="lane"),  # nothing at all
    ],
)
def test_what_the_scenario_does_not_know_is_left_out(plan: Plan) -> None:
    """Such stops vanish, and their visits are unserved."""
    data = compile_problem(lane())
    routes = from_plan(data, plan)
    assert routes.tasks.tolist() == []
    assert routes.ptr.tolist() == [0, 0, 0]
    assert to_plan(data, routes, crowded).unserved == tuple(
        Unserved(visit=f"V{n}", reason="crowded_out") for n in (1, 2, 3)
    )


def test_care_is_full_or_shortest() -> None:
    """Care of any other length is taken for shortened care."""
    world = lane()
    need = world.visits[2].carers[0].model_copy(update={"shortest": 30 * 60_000})
    third = world.visits[2].model_copy(update={"carers": (need,)})
    data = compile_problem(world.model_copy(update={"visits": (*world.visits[:2], third)}))
    cares = [
        from_plan(data, roster(route("N2", ("V3", "C3", "08:30", minutes)))).care.tolist()
        for minutes in (45, 44, 30, 20)
    ]
    assert cares == [[2700], [1800], [1800], [1800]]
