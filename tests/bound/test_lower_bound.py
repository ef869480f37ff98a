"""The bound is never above the optimum, and as high as its formulation allows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy import int64

from optimizer.bound import dual_weights, lower_bound, most_saved, proven_again
from optimizer.bound.column import Column
from optimizer.bound.column_generation import ColumnGeneration
from optimizer.bound.columns import columns_of
from optimizer.bound.network import network_of
from optimizer.bound.ng_sets import ng_sets_of
from optimizer.bound.pricing import Multipliers, Pricing
from optimizer.domain.policy import Policy, UnservedWeights, Weights
from optimizer.domain.scenario import Scenario
from optimizer.exact.model import solve_exact
from optimizer.generate import uncoupled_day
from optimizer.problem.compile import compile_problem
from optimizer.problem.translate import from_plan
from optimizer.solving import solve
from optimizer.stop import WhenSet
from tests.bound.enumeration import linear_optimum, optimum
from tests.bound.plain import figures
from tests.sweeps import few
from tests.worlds.random_small import USUAL, random_small

ROOT = Path(__file__).parents[2]


def small(seed: int) -> Scenario:
    """Return a day of six visits for two or three caregivers, now and then too many."""
    return uncoupled_day(6, 2 + seed % 2, seed)


@pytest.mark.parametrize("first", few(range(1, 41, 10), 1))
def test_never_above_the_best_of_all_routes(first: int) -> None:
    """On days written out route by route, the bound is at most the optimum."""
    for seed in range(first, first + 10):
        assert lower_bound(compile_problem(small(seed)), 30).value <= optimum(small(seed))


@pytest.mark.parametrize("seed", few(range(1, 21), 6))
def test_as_high_as_the_linear_program_over_all_routes(seed: int) -> None:
    """Without cuts the bound is the linear program over every route there is, rounded up."""
    scenario = small(seed)
    data = compile_problem(scenario)
    network = network_of(data)
    generation = ColumnGeneration(Pricing(network, ng_sets_of(data, network)))
    bound = generation.run(30, with_cuts=False)
    assert bound.exhausted
    assert bound.value == pytest.approx(linear_optimum(scenario), abs=1.01)


@pytest.mark.parametrize("first", few(range(1, 101, 20), 1))
def test_never_above_the_proven_optimum(first: int) -> None:
    """With every rule and term there is, the bound is at most what CP-SAT proves best."""
    for seed in range(first, first + 20):
        scenario = random_small(seed, 3 + seed % 5, 2 + seed % 3, USUAL)
        exact = solve_exact(scenario, seconds=30, workers=1)
        assert exact.proven
        assert exact.cost is not None
        assert lower_bound(compile_problem(scenario), 30).value <= exact.cost, seed


@pytest.mark.parametrize("seed", few(range(1, 6), 2))
def test_valid_at_any_moment(seed: int) -> None:
    """Stopped after any round, what is proven so far only rises and holds for every plan."""
    scenario = uncoupled_day(25, 4, seed)
    data = compile_problem(scenario)
    plan = solve(scenario, iterations=3_000, engine="search")
    bound = lower_bound(data, 30)
    values = [value for _, value in bound.curve]
    assert len(values) > 3
    assert values == sorted(values)
    assert values[-1] == bound.value <= plan.cost


@pytest.mark.parametrize("seed", few(range(1, 6), 2))
def test_a_plan_only_makes_it_faster(seed: int) -> None:
    """Begun from a plan's routes, the finished bound is the same one."""
    scenario = uncoupled_day(20, 4, seed)
    data = compile_problem(scenario)
    plan = solve(scenario, iterations=3_000, engine="search")
    routes = from_plan(data, plan.plan)
    with_plan = _without_cuts(scenario, routes=True)
    assert with_plan == pytest.approx(_without_cuts(scenario, routes=False), abs=1)
    assert lower_bound(data, 30, routes=routes, known_cost=plan.cost).value <= plan.cost


def _without_cuts(scenario: Scenario, *, routes: bool) -> int:
    data = compile_problem(scenario)
    network = network_of(data)
    pricing = Pricing(network, ng_sets_of(data, network))
    columns: tuple[Column, ...] = ()
    if routes:
        plan = solve(scenario, iterations=3_000, engine="search").plan
        columns = tuple(columns_of(pricing, data, from_plan(data, plan)))
        assert columns
    return ColumnGeneration(pricing, columns).run(30, with_cuts=False).value


@pytest.mark.parametrize("seed", few(range(1, 31), 8))
def test_any_duals_prove_something_true(seed: int) -> None:
    """Duals drawn at random, with random cuts, never prove more than the optimum."""
    scenario = small(seed)
    data = compile_problem(scenario)
    network = network_of(data)
    pricing = Pricing(network, ng_sets_of(data, network))
    rng = np.random.default_rng(seed)
    rows = network.num_rows
    all_rows = rows + len(network.routes)
    best = optimum(scenario)
    nothing = np.zeros(len(network.routes), int64)
    for _ in range(20):
        duals = pricing.feasible(
            (rng.random(rows) * rng.integers(1, 4_000) * pricing.scale).astype(int64)
        )
        cuts = tuple(
            (
                tuple(rng.choice(all_rows, rng.choice((3, 5)), replace=False).tolist()),
                int(rng.integers(0, 600) * pricing.scale),
            )
            for _ in range(rng.integers(0, 6))
        )
        found = pricing.price(Multipliers(duals, cuts), nothing)
        assert found is not None
        assert found.bound <= best * pricing.scale
        assert pricing.completed(Multipliers(duals)) <= best * pricing.scale


@pytest.mark.parametrize("seed", few(range(1, 16), 5))
def test_old_duals_prove_a_changed_day(seed: int) -> None:
    """With a caregiver gone, the duals of the full day still prove a bound of the new one."""
    scenario = uncoupled_day(6, 3, seed)
    known = lower_bound(compile_problem(scenario), 30)
    changed = scenario.model_copy(update={"caregivers": scenario.caregivers[1:]})
    again = proven_again(compile_problem(changed), known.multipliers)
    assert again <= optimum(changed)
    assert proven_again(compile_problem(scenario), known.multipliers) <= known.value


@pytest.mark.parametrize("seed", few(range(1, 16), 5))
def test_nobody_saves_more_than_is_said(seed: int) -> None:
    """The optimum with one caregiver more is at least the bound without, less what is said."""
    full = uncoupled_day(6, 3, seed)
    without = full.model_copy(update={"caregivers": full.caregivers[:-1]})
    bound = lower_bound(compile_problem(without), 30)
    data = compile_problem(full)
    (saved,) = most_saved(data, bound.multipliers, [data.num_routes - 1])
    proven = proven_again(compile_problem(without), bound.multipliers)
    assert saved >= 0
    assert optimum(full) >= proven - saved - 1


@pytest.mark.parametrize("seed", few(range(1, 31), 8))
def test_dual_weights_never_prove_too_much(seed: int) -> None:
    """No plan leaves fewer visits out than the dual weights say, and often none leaves out more."""
    scenario = uncoupled_day(7, 2, seed, scarce=0.0).model_copy(update={"policy": COUNTING})
    found = dual_weights(compile_problem(scenario), 30)
    best = optimum(scenario)
    assert found.least_unserved * 60 <= best
    assert all(weight <= found.unit for weight in found.weights)


COUNTING = Policy(
    weights=Weights(
        unserved=UnservedWeights(critical=1, essential=1, flexible=1, per_minute=0), travel=0
    )
)


@pytest.mark.parametrize("many", few([False, True], 1))
def test_kernels_as_plain_python(*, many: bool) -> None:
    """Without the compiler, with every index checked, the figures are the same."""
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.bound.plain", *["many"] * many],
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout) == figures(many=many)


def test_proving_ends_when_told() -> None:
    """Told to end while it is on its way, the proof ends with what it has by then."""
    data = compile_problem(uncoupled_day(120, 18, 1))
    event = threading.Event()
    bound = lower_bound(data, 600, stop=WhenSet(event), observer=lambda _: event.set())
    assert event.is_set()
    assert not bound.exhausted


def test_a_day_too_large_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where laying out the day would take the time, nothing is proven, and that is said."""
    monkeypatch.setattr(sys.modules["optimizer.bound.lower_bound"], "MOST_PAIRS", 10)
    assert lower_bound(compile_problem(small(1)), 60).value == 0
