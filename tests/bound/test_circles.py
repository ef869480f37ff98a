"""Circles of caregivers: whoever is new to a client pays once, and no prices prove too much."""

from __future__ import annotations

import numpy as np
import pytest
from numpy import int64

from optimizer.bound.column_generation import ColumnGeneration
from optimizer.bound.cuts import Cut
from optimizer.bound.kernels.labelling import EXACT, ONLY_BOUND, QUICK
from optimizer.bound.network import network_of
from optimizer.bound.ng_sets import ng_sets_of
from optimizer.bound.pricing import MOST_LABELS, Multipliers, Pricing
from optimizer.domain.scenario import Scenario
from optimizer.exact.model import solve_exact
from optimizer.generate import uncoupled_day
from optimizer.problem.compile import compile_problem
from tests.bound.enumeration import cheapest_routes
from tests.sweeps import few
from tests.worlds.random_small import random_small

FLAT = 1
"Caregivers of a client who cost nothing."


def few_clients(day: Scenario, clients: int) -> Scenario:
    """Return the day with all visits at its first clients, whom many caregivers cost something."""
    visits = tuple(
        visit.model_copy(update={"client": day.clients[number % clients].id})
        for number, visit in enumerate(day.visits)
    )
    weights = day.policy.weights.model_copy(update={"continuity": 15, "balance": 0})
    policy = day.policy.model_copy(update={"weights": weights, "continuity_flat": FLAT})
    return day.model_copy(update={"visits": visits, "policy": policy})


def pricing_of(day: Scenario) -> Pricing:
    """Return the pricing of a day."""
    data = compile_problem(day)
    network = network_of(data)
    return Pricing(network, ng_sets_of(data, network))


@pytest.mark.parametrize("seed", few(range(1, 31), 6))
def test_new_carers_pay_once(seed: int) -> None:
    """The cheapest route after duals, cuts and circles is that of all routes written out.

    With less effort no more is proven.
    """
    day = few_clients(uncoupled_day(6, 2 + seed % 2, seed), 2)
    pricing, routes = pricing_of(day), cheapest_routes(day)
    rng = np.random.default_rng(seed)
    scale, nothing = pricing.scale, np.zeros(len(routes), int64)
    assert pricing.network.circles.count() == 2
    for _ in range(20):
        duals = pricing.feasible((rng.random(6) * rng.integers(100, 4_000) * scale).astype(int64))
        cuts: tuple[tuple[Cut, int], ...] = tuple(
            (
                tuple(sorted(rng.choice(6, 3, replace=False).tolist())),
                int(rng.integers(900 * scale)),
            )
            for _ in range(rng.choice((0, 3, 255)))
        )
        circles = rng.integers(0, 2_000 * scale, 2)
        at = Multipliers(duals, cuts, circles)
        found = pricing.price(at, nothing)
        assert found is not None
        for effort, most_labels in ((ONLY_BOUND, 9), (QUICK, MOST_LABELS), (EXACT, 2)):
            weaker = pricing.price(at, nothing, effort=effort, most_labels=most_labels)
            assert weaker is not None
            assert (weaker.reduced_costs <= found.reduced_costs).all()
        if len(cuts) > 250:
            # One of the circles has no bit left: then every stop pays its share.
            continue
        for v, of_one in enumerate(routes):
            best = 0
            for served, cost in of_one.items():
                pays = sum(price * (len(served & set(cut)) // 2) for cut, price in cuts)
                pays += sum(int(circles[client]) for client in {k % 2 for k in served})
                best = min(best, cost * scale - int(duals[list(served)].sum()) + pays)
            assert found.reduced_costs[v] == best


@pytest.mark.parametrize("seed", few(range(1, 41), 8))
def test_no_prices_prove_more_than_the_optimum(seed: int) -> None:
    """Random duals and prices of circles stay below what CP-SAT proves best; so do the best ones.

    Caregivers with two shifts, visits of two carers and carers already known are among them.
    """
    features = {"two_shifts", "together", "two_carers", "history", "shortest"}
    day = few_clients(random_small(seed, 5, 3, features), 2)
    exact = solve_exact(day, seconds=30, workers=1)
    assert exact.proven
    assert exact.cost is not None
    pricing = pricing_of(day)
    network = pricing.network
    rng = np.random.default_rng(seed)
    last = network.circles.last_steps()
    for _ in range(10):
        at = Multipliers(
            pricing.feasible((rng.random(network.num_rows) * 6_000 * pricing.scale).astype(int64)),
            circles=(rng.random(len(last)) * 1.5 * last * pricing.scale).astype(int64),
        )
        assert pricing.completed(at) <= exact.cost * pricing.scale
        priced = pricing.price(at, np.zeros(len(network.routes), int64))
        assert priced is not None
        assert priced.bound <= exact.cost * pricing.scale
    assert ColumnGeneration(pricing).run(30).value <= exact.cost


def test_the_price_of_many_carers_is_proven() -> None:
    """Three visits of a client at one time need three carers: the bound is the optimum.

    With circle prices of the first step, which costs nothing here, less is proven.
    """
    day = few_clients(uncoupled_day(3, 3, 1), 1)
    first = day.visits[0]
    at_once = first.window.model_copy(update={"latest": first.window.earliest})
    as_first = {"window": at_once, "carers": first.carers, "preferred_until": None}
    as_lead = {name: getattr(day.caregivers[0], name) for name in ("shifts", "qualifications")}
    day = day.model_copy(
        update={
            "visits": tuple(visit.model_copy(update=as_first) for visit in day.visits),
            "caregivers": tuple(one.model_copy(update=as_lead) for one in day.caregivers),
        }
    )
    exact = solve_exact(day, seconds=30, workers=1)
    found = ColumnGeneration(pricing_of(day)).run(30)
    assert found.value == exact.cost
    first_steps = Multipliers(found.multipliers.duals, found.multipliers.cuts)
    weaker = pricing_of(day).price(first_steps, np.zeros(3, int64))
    assert weaker is not None
    assert weaker.bound < found.value * pricing_of(day).scale
