"""Duals found by subgradient ascent prove something true, and nearly all that is to be proven."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.named_days import independent_visits
from optimizer.bound import near_arcs
from optimizer.bound.ascent import ascend
from optimizer.bound.near_arcs import NearArcs
from optimizer.bound.network import network_of
from optimizer.bound.ng_sets import ng_sets_of
from optimizer.bound.pricing import Multipliers, Pricing
from optimizer.domain.scenario import Scenario
from optimizer.problem.compile import compile_problem
from optimizer.solving import solve
from tests.bound.enumeration import optimum
from tests.sweeps import few
from tests.worlds.random_small import USUAL, random_small


def pricing_of(scenario: Scenario) -> Pricing:
    """Return the pricing of a day."""
    data = compile_problem(scenario)
    network = network_of(data)
    return Pricing(network, ng_sets_of(data, network))


def near_of(pricing: Pricing) -> NearArcs:
    """Return the near arcs of a day."""
    return NearArcs(pricing.days, 1)


@pytest.mark.parametrize("seed", few(range(1, 21), 6))
def test_ascent_proves_nothing_above_the_optimum(seed: int) -> None:
    """What every start proves is at most the optimum over all routes, whatever it began with."""
    scenario = independent_visits(6, 2 + seed % 2, seed)
    pricing = pricing_of(scenario)
    best = optimum(scenario)
    duals = np.random.default_rng(seed).random(pricing.network.num_rows) * 2 * best
    starts = list(ascend(pricing, near_of(pricing), duals, float(best), is_over=lambda: False))
    assert starts
    assert all(start.priced.bound <= best * pricing.scale for start in starts)


@pytest.mark.parametrize("seed", few(range(1, 4), 1))
def test_ascent_proves_most_of_what_is_to_be_proven(seed: int) -> None:
    """Begun at nothing, it proves nine tenths of a plan's cost before any linear program."""
    scenario = independent_visits(40, 7, seed)
    plan = solve(scenario, iterations=20_000, engine="search")
    assert plan.plan.unserved == ()
    pricing = pricing_of(scenario)
    nothing = np.zeros(pricing.network.num_rows)
    starts = ascend(pricing, near_of(pricing), nothing, float(plan.cost), is_over=lambda: False)
    assert max(start.priced.bound for start in starts) >= 0.9 * plan.cost * pricing.scale


@pytest.mark.parametrize("seed", few(range(1, 21), 6))
def test_near_paths_are_paths_of_the_whole_network(seed: int) -> None:
    """No caregiver's path along near arcs is cheaper than the completion bound of all paths.

    Both in cells of one size: in rougher ones, paths begin earlier than they can.
    """
    data = compile_problem(random_small(seed, 12, 3, USUAL))
    network = network_of(data)
    network = replace(network, rough_cell=network.cell)
    pricing = Pricing(network, ng_sets_of(data, network))
    rng = np.random.default_rng(seed)
    prize = pricing.network.prize[pricing.network.bundle]
    duals = pricing.feasible((rng.random(len(prize)) * prize * pricing.scale).astype(np.int64))
    least, served = NearArcs(pricing.days, 1).cheapest(duals)
    assert (least <= 0).all()
    assert (served.sum() > 0) == (least.sum() < 0)
    assert int(duals.sum()) + int(least.sum()) >= pricing.completed(Multipliers(duals))


def test_learned_arcs_open_cheaper_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the arcs of paths that pricing found, there are cheaper ones than along one arc each."""
    monkeypatch.setattr(near_arcs, "NEAREST", 1)
    scenario = independent_visits(30, 4, 1)
    pricing = pricing_of(scenario)
    network = pricing.network
    duals = pricing.feasible(np.full(network.num_rows, 2_000 * pricing.scale, np.int64))
    nothing = np.zeros(len(network.routes), np.int64)
    priced = pricing.price(Multipliers(duals), nothing)
    assert priced is not None
    arcs = NearArcs(pricing.days, 1)
    before, _ = arcs.cheapest(duals)
    arcs.learn(priced.paths)
    after, _ = arcs.cheapest(duals)
    assert int(after.sum()) < int(before.sum())


def test_an_ascent_that_is_over_has_no_starts() -> None:
    """Told that it is over, the ascent returns at once and with nothing."""
    pricing = pricing_of(independent_visits(10, 2, 1))
    duals = np.zeros(pricing.network.num_rows)
    assert list(ascend(pricing, near_of(pricing), duals, 1.0, is_over=lambda: True)) == []
