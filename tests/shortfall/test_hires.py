"""One caregiver more: estimated for all, tried for some, ranked."""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks.named_days import named_day
from optimizer.bound import lower_bound, proven_again
from optimizer.explanation import PlanState
from optimizer.generate import uncoupled_day
from optimizer.problem.compile import compile_problem
from optimizer.problem.translate import from_plan
from optimizer.shortfall import Hire, hires
from optimizer.shortfall.dual_values import dual_values
from optimizer.shortfall.hires import SHORT_LIST
from optimizer.solving import solve
from optimizer.travel import travel_matrices
from optimizer.verification import verify


@cache
def _scarce() -> PlanState:
    scenario = uncoupled_day(20, 3, 1, scarce=0.3)
    plan = solve(scenario, iterations=200, engine="search").plan
    return PlanState.of(scenario, plan, travel_matrices(scenario))


@pytest.fixture(scope="module")
def found() -> tuple[Hire, ...]:
    """Who could be hired for a scarce day."""
    return hires(_scarce(), seconds=2)


def test_hires_are_ranked_and_verified(found: tuple[Hire, ...]) -> None:
    """Those tried come first by what they save; their plans are clean and none costs more."""
    state = _scarce()
    tried = [one for one in found if one.difference is not None]
    assert tried
    assert found[: len(tried)] == tuple(tried)
    savings = [one.difference or 0 for one in tried]
    assert savings == sorted(savings)
    for one in tried:
        assert one.plan is not None
        after = verify(one.scenario, one.plan)
        assert after.feasible
        assert (one.difference or 0) <= 0
        assert len(one.scenario.caregivers) == len(state.scenario.caregivers) + 1


def test_what_fits_into_an_empty_day_is_unserved_now(found: tuple[Hire, ...]) -> None:
    """The estimate names visits that the plan leaves out, each once."""
    left = {one.visit for one in _scarce().plan.unserved}
    for hire in found:
        assert len(set(hire.visits)) == len(hire.visits)
        assert set(hire.visits) <= left


def _town() -> PlanState:
    """Return a small day of three towns with five qualifications."""
    scenario = named_day("zhenhai-day-s")
    plan = solve(scenario, iterations=300, engine="search").plan
    return PlanState.of(scenario, plan, travel_matrices(scenario))


@pytest.mark.sweep
def test_dual_prices_choose_whom_to_try() -> None:
    """Those tried are the five whom the bound lets save most; each is told with that figure."""
    found = hires(_town(), seconds=3)
    most = [one.at_most for one in found]
    assert None not in most
    tried = [one.at_most or 0 for one in found if one.difference is not None]
    others = [one.at_most or 0 for one in found if one.difference is None]
    assert len(tried) == min(SHORT_LIST, len(found))
    assert min(tried) >= max(others, default=0)
    assert others == sorted(others, reverse=True)


def test_a_hire_saves_no_more_than_the_bound_can_fall(found: tuple[Hire, ...]) -> None:
    """With the gap of the plan added, no hire is found to save more than the dual value says."""
    state = _scarce()
    data = compile_problem(state.scenario, state.matrices)
    proven = lower_bound(data, 30, routes=from_plan(data, state.plan))
    now = verify(state.scenario, state.plan, state.matrices).cost
    for hire in found:
        if hire.plan is not None:
            assert hire.at_most is not None
            after = verify(hire.scenario, hire.plan, state.matrices).cost
            # Cuts count in the bound and not in the dual value.
            assert now - after <= now - proven_again(data, proven.multipliers) + hire.at_most + 60


def test_without_a_bound_hires_are_ranked_by_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a day too large for a bound no figure of it is told, and the best estimates are tried."""
    state = _scarce()
    monkeypatch.setattr("optimizer.shortfall.dual_values.PAIRS_PER_SECOND", 0)
    assert dual_values(state, state.scenario.caregivers, seconds=10) is None
    found = hires(state, seconds=1)
    assert all(one.at_most is None for one in found)
    tried = [one.worth for one in found if one.difference is not None]
    others = [one.worth for one in found if one.difference is None]
    assert tried
    assert min(tried) >= max(others, default=0)


def test_nobody_to_hire_needs_no_bound() -> None:
    """Where nobody is imagined, nothing is proven."""
    assert dual_values(_scarce(), (), seconds=10) is None


def test_the_dual_prices_of_several_days_are_added() -> None:
    """Somebody who works on two days may save on both; nobody is said to save less than nothing."""
    state = _scarce()
    person = state.scenario.caregivers[0]
    idle = person.model_copy(update={"shifts": ()})
    values = dual_values(state, (person, idle), seconds=5)
    assert values is not None
    assert values[0] >= 0
    assert values[1] == 0
