"""Tasks that begin as one: slots change no route, no prices prove too much, and more is proven."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy import int64

from optimizer.bound.column_generation import ColumnGeneration
from optimizer.bound.columns import columns_of
from optimizer.bound.network import network_of
from optimizer.bound.ng_sets import ng_sets_of
from optimizer.bound.pricing import Multipliers, Pricing
from optimizer.domain.scenario import Scenario
from optimizer.exact.model import solve_exact
from optimizer.problem.compile import compile_problem
from optimizer.problem.translate import from_plan
from tests.sweeps import few
from tests.worlds.random_small import random_small

FEATURES = frozenset(
    {"together", "two_carers", "two_shifts", "breaks", "lateness", "shortest", "history"}
)


def tied_day(seed: int) -> Scenario:
    """Return a small day, most often with visits of two carers or visits at one time."""
    return random_small(seed, 5, 3, FEATURES)


def pricing_of(day: Scenario) -> Pricing:
    """Return the pricing of a day."""
    data = compile_problem(day)
    network = network_of(data)
    return Pricing(network, ng_sets_of(data, network))


def random_multipliers(pricing: Pricing, rng: np.random.Generator) -> Multipliers:
    """Return duals and prices of moments as no linear program would find them."""
    network, scale = pricing.network, pricing.scale
    moments = len(network.moments)
    return Multipliers(
        pricing.feasible((rng.random(network.num_rows) * 6_000 * scale).astype(int64)),
        moments=(rng.uniform(-1, 1, moments) * 3_000 * scale).astype(int64),
        sharing=(rng.random((len(network.routes), moments)) * 1_500 * scale).astype(int64),
    )


@pytest.mark.parametrize("seed", few(range(1, 41), 8))
def test_slots_alone_change_no_route(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without prices, the cheapest routes of a day are the same with and without slots."""
    day = tied_day(seed)
    split = pricing_of(day)
    monkeypatch.setattr("optimizer.bound.network.slots_of", lambda _: None)
    whole = pricing_of(day)
    rng = np.random.default_rng(seed)
    nothing = np.zeros(len(whole.network.routes), int64)
    assert len(whole.network.moments) == 0
    for _ in range(8):
        at = Multipliers(random_multipliers(split, rng).duals)
        found, expected = split.price(at, nothing), whole.price(at, nothing)
        assert found is not None
        assert expected is not None
        assert found.reduced_costs.tolist() == expected.reduced_costs.tolist()


@pytest.mark.parametrize("seed", few(range(1, 61), 12))
def test_no_prices_prove_more_than_the_optimum(seed: int) -> None:
    """Any prices of moments and of sharing stay below what CP-SAT proves best; so do the best."""
    day = tied_day(seed)
    exact = solve_exact(day, seconds=30, workers=1)
    assert exact.proven
    assert exact.cost is not None
    pricing = pricing_of(day)
    rng = np.random.default_rng(seed)
    nothing = np.zeros(len(pricing.network.routes), int64)
    for _ in range(10):
        at = random_multipliers(pricing, rng)
        assert pricing.completed(at) <= exact.cost * pricing.scale
        priced = pricing.price(at, nothing)
        assert priced is not None
        assert priced.bound <= exact.cost * pricing.scale
    assert ColumnGeneration(pricing).run(30).value <= exact.cost


@pytest.mark.parametrize("seed", few(range(1, 61), 12))
def test_plans_keep_what_the_linear_program_demands(seed: int) -> None:
    """The columns of a best plan pay nothing for moments together and violate no sharing row."""
    day = tied_day(seed)
    exact = solve_exact(day, seconds=30, workers=1)
    assert exact.plan is not None
    data, pricing = compile_problem(day), pricing_of(day)
    columns = columns_of(pricing, data, from_plan(data, exact.plan))
    moments = pricing.network.moments
    assert not moments.coefficients(columns).sum(axis=0).any()
    assert not moments.violated(columns, np.ones(len(columns)))
    rows = [(v, h) for v in range(data.num_routes) for h in range(len(moments))]
    assert (moments.sharing_coefficients(columns, rows).sum(axis=0) <= 0).all()


def bounds(days: Sequence[Scenario]) -> list[int]:
    """Return what is proven of each day."""
    return [ColumnGeneration(pricing_of(day)).run(30).value for day in days]


def test_more_is_proven_of_two_who_begin_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slots lower no bound of ten days by much, and raise those of some."""
    days = [tied_day(seed) for seed in range(1, 11)]
    split = bounds(days)
    monkeypatch.setattr("optimizer.bound.network.slots_of", lambda _: None)
    whole = bounds(days)
    assert sum(split) > sum(whole)
    assert any(one > other for one, other in zip(split, whole, strict=True))
