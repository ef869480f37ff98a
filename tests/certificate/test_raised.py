"""A lower bound raised by certificates: never above the optimum, and above what it was."""

from __future__ import annotations

import pytest

from optimizer.bound.cost_bound import CostBound, by_cheapest_legs
from optimizer.bound.lower_bound import Proof
from optimizer.certificate import Certificate, Form, VisitAmount, certify
from optimizer.certificate.raised import raised
from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import StartWindow
from optimizer.exact.model import solve_exact
from optimizer.problem.compile import compile_problem
from optimizer.solving import solve
from tests.sweeps import few
from tests.verification.worlds import caregiver, lane
from tests.worlds.random_small import USUAL, random_small


def bounds_of(scenario: Scenario) -> tuple[CostBound, CostBound]:
    """Return the bound of the cheapest legs and that of column generation."""
    data = compile_problem(scenario)
    proof = Proof(data)
    return by_cheapest_legs(data), proof.cost_bound(proof.bound(20))


def raised_of(scenario: Scenario, bound: CostBound) -> int:
    """Return a bound raised by all that is certified of a scenario."""
    ids = [visit.id for visit in scenario.visits]
    prices = dict(zip(ids, bound.reduced_prices, strict=True))
    return raised(bound.value, prices, certify(scenario, seconds=5).parts)


def crowded(seed: int) -> Scenario:
    """Return a small random day on which one or two caregivers cannot serve everybody."""
    return random_small(seed, 3 + seed % 4, 1 + seed % 2, USUAL)


@pytest.mark.parametrize("first", few(range(0, 300, 10), 2))
def test_never_above_the_optimum(first: int) -> None:
    """Of random days with all features no bound exceeds the optimum, raised or not."""
    for seed in range(first, first + 10):
        scenario = crowded(seed)
        exact = solve_exact(scenario, seconds=30, workers=1)
        assert exact.proven
        assert exact.cost is not None
        for bound in bounds_of(scenario):
            assert bound.value <= raised_of(scenario, bound) <= exact.cost, seed


@pytest.mark.parametrize("first", few(range(0, 300, 10), 2))
def test_reduced_prices_add_up_to_no_more_than_a_plan_costs(first: int) -> None:
    """A plan costs at least the bound and the reduced prices of what it leaves out."""
    for seed in range(first, first + 10):
        scenario = crowded(seed)
        found = solve(scenario, iterations=30, engine="search")
        left = set(found.verdict.unserved)
        for bound in bounds_of(scenario):
            pairs = zip(scenario.visits, bound.reduced_prices, strict=True)
            prices = [price for visit, price in pairs if visit.id in left]
            assert min(bound.reduced_prices) >= 0
            assert bound.value + sum(prices) <= found.cost, seed


def at_once() -> Scenario:
    """Return the lane with one caregiver and three visits at ten, each of another priority."""
    scenario = lane(caregivers=(caregiver("N1"),))
    ten = StartWindow(earliest="10:00", latest="10:00")
    visits = tuple(
        visit.model_copy(update={"window": ten, "priority": priority})
        for visit, priority in zip(scenario.visits, Priority, strict=True)
    )
    return scenario.model_copy(update={"visits": visits})


def test_what_must_stay_unserved_counts_by_its_priority() -> None:
    """Two of three must go, and the two of the least priority are what that costs at least."""
    scenario = at_once()
    best = solve_exact(scenario, seconds=20, workers=1)
    assert best.cost is not None
    for bound in bounds_of(scenario):
        found = raised_of(scenario, bound)
        assert (4_000 + 20_000) * scenario.ticks_per_minute < found <= best.cost
        assert best.cost - found < 0.01 * best.cost


def test_a_roster_with_visits_proven_unservable_has_a_small_gap() -> None:
    """The gap of a result knows the certificate that stands beside it (issue 16)."""
    found = solve(at_once(), seconds=1, engine="search")
    assert found.least_unserved == found.unserved == 2
    assert found.gap is not None
    assert found.gap < 0.01


def test_a_certificate_counts_the_cheapest_that_make_up_for_what_is_missing() -> None:
    """Of amounts 3, 2 and 2 with 4 missing, two have to go: the two cheapest, at 5 and 7."""
    part = Certificate(
        form=Form.HOURS,
        least_unserved=2,
        least_weight=0,
        visits=tuple(
            VisitAmount(visit=name, amount=amount)
            for name, amount in (("A", 3), ("B", 2), ("C", 2))
        ),
        caregivers=({"caregiver": "N1", "date": "2025-03-03", "amount": 3},),
    )
    assert raised(10, {"A": 50, "B": 5, "C": 7}, (part,)) == 22
    assert raised(10, {}, (part,)) == 10
    assert raised(10, {"A": 50, "B": 5, "C": 7}, ()) == 10
