"""Plans made of the proof's routes."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from optimizer.bound.column_generation import ColumnGeneration
from optimizer.bound.columns import columns_of, routes_of
from optimizer.bound.dive import dive
from optimizer.bound.lower_bound import Proof
from optimizer.bound.network import network_of
from optimizer.bound.ng_sets import ng_sets_of
from optimizer.bound.pricing import Pricing
from optimizer.domain.scenario import Scenario
from optimizer.generate import uncoupled_day
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.translate import from_plan
from optimizer.progress import Progress
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.solving import solve
from optimizer.stop import AfterIterations, WhenSet
from tests.sweeps import few
from tests.worlds.random_small import random_small

FEW = 500
"Steps of search."


def proven(scenario: Scenario) -> tuple[ProblemData, ColumnGeneration]:
    """Return a day and the proof of it with complete columns, begun with a quick plan."""
    data = compile_problem(scenario)
    network = network_of(data)
    pricing = Pricing(network, ng_sets_of(data, network))
    routes = from_plan(data, solve(scenario, iterations=500, engine="search").plan)
    generation = ColumnGeneration(pricing, columns_of(pricing, data, routes))
    generation.run(20, with_cuts=False)
    return data, generation


@pytest.mark.parametrize("seed", few(range(1, 6), 2))
def test_no_visit_is_served_twice(seed: int) -> None:
    """The routes are of different caregivers and serve nothing that another one serves."""
    data, generation = proven(uncoupled_day(40, 7, seed))
    columns = dive(generation, is_over=lambda: False)
    rows = [row for column in columns for row in column.rows]
    assert columns
    assert len(rows) == len(set(rows))
    assert len({column.route for column in columns}) == len(columns)
    routes = routes_of(generation.pricing, data, columns)
    assert sorted(routes.tasks.tolist()) == sorted(rows)


@pytest.mark.parametrize("seed", few(range(1, 6), 2))
def test_the_plan_is_good(seed: int) -> None:
    """It serves nearly all, and a few steps of search lead further from it than from nothing."""
    scenario = uncoupled_day(60, 9, seed)
    data, generation = proven(scenario)
    routes = routes_of(generation.pricing, data, dive(generation, is_over=lambda: False))
    assert len(routes.tasks) >= 0.9 * len(scenario.visits)
    search = Search(data, SearchParameters(), seed=seed)
    from_there = search.run(Budget(None, FEW), AfterIterations(FEW), start=routes)
    alone = search.run(Budget(None, FEW), AfterIterations(FEW))
    assert generation.value <= from_there.cost <= alone.cost


@pytest.mark.sweep
def test_a_dive_with_cuts_is_a_plan_as_well() -> None:
    """Where the linear program has been cut, the routes still serve nearly all, and each once."""
    scenario = uncoupled_day(40, 7, 2)
    data = compile_problem(scenario)
    network = network_of(data)
    pricing = Pricing(network, ng_sets_of(data, network))
    routes = from_plan(data, solve(scenario, iterations=500, engine="search").plan)
    generation = ColumnGeneration(pricing, columns_of(pricing, data, routes))
    generation.run(2)
    assert generation.master.cuts
    rows = [row for column in dive(generation, is_over=lambda: False) for row in column.rows]
    assert len(rows) == len(set(rows)) >= 0.9 * len(scenario.visits)


def test_the_proof_goes_on_after_a_dive() -> None:
    """Nothing stays fixed: the linear program has its value again."""
    _, generation = proven(uncoupled_day(40, 7, 1))
    before = generation.master.solve().value
    dive(generation, is_over=lambda: False)
    after = generation.master.solve().value
    # Columns found on the way can only make it cheaper.
    assert after <= before + 1e-6
    assert after >= generation.best / generation.pricing.scale - 1e-6


@pytest.mark.parametrize("seed", range(1, 13))
def test_a_plan_is_a_plan_again(seed: int) -> None:
    """A plan's routes as columns and back are the same stops in the same order, break and all."""
    scenario = random_small(seed, 8, 3)
    data = compile_problem(scenario)
    network = network_of(data)
    pricing = Pricing(network, ng_sets_of(data, network))
    plan = solve(scenario, iterations=300, engine="search").plan
    routes = from_plan(data, plan)
    again = routes_of(pricing, data, columns_of(pricing, data, routes))
    assert np.array_equal(again.ptr, routes.ptr)
    assert np.array_equal(again.tasks, routes.tasks)
    assert np.array_equal(again.care, routes.care)
    assert np.array_equal(again.pause, routes.pause)
    assert (again.starts <= routes.starts).all()


def test_too_little_proven_makes_no_plan() -> None:
    """Where the proof has hardly begun, there is nothing to make a plan of."""
    data = compile_problem(uncoupled_day(40, 7, 1))
    proof = Proof(data)
    assert proof.dive(1) is None
    proof.bound(1e-9)
    assert proof.dive(1) is None


def test_a_dive_that_is_stopped_keeps_what_it_has() -> None:
    """Told to end, it returns the routes fixed so far, and it tells how far it is."""
    scenario = uncoupled_day(40, 7, 1)
    data = compile_problem(scenario)
    proof = Proof(data, from_plan(data, solve(scenario, iterations=500, engine="search").plan))
    bound = proof.bound(20)
    event = threading.Event()
    event.set()
    heard: list[Progress] = []
    routes = proof.dive(10, observer=heard.append, stop=WhenSet(event))
    assert routes is not None
    assert len(routes.tasks) == 0
    assert heard[0].bound == bound.value
