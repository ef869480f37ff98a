"""What must stay unserved, by all the ways there are of proving it."""

from __future__ import annotations

import pytest

from optimizer.certificate import objections
from optimizer.certificate.scarcity import prove_scarcity
from optimizer.generate import uncoupled_day
from optimizer.solving import solve
from tests.bound.enumeration import optimum
from tests.bound.test_lower_bound import COUNTING


@pytest.mark.parametrize("seed", range(1, 9))
def test_never_more_than_a_plan_leaves_out(seed: int) -> None:
    """However it is proven, no plan leaves fewer out, and points can be checked again."""
    scenario = uncoupled_day(7, 1, seed).model_copy(update={"policy": COUNTING})
    proof = prove_scarcity(scenario, seconds=0.2, weights_seconds=5)
    assert proof.least_unserved * 60 <= optimum(scenario)
    assert list(objections(scenario, proof)) == []


def test_points_prove_no_less_than_sentences() -> None:
    """Points prove no less than sentences do, and no more than a plan leaves out."""
    scenario = uncoupled_day(60, 9, 4, scarce=0.3)
    plan = solve(scenario, iterations=5_000, engine="search").plan
    readable = prove_scarcity(scenario, plan, seconds=0.01)
    both = prove_scarcity(scenario, plan, seconds=0.01, weights_seconds=20)
    assert readable.least_unserved <= both.least_unserved <= len(plan.unserved)
    assert both.least_unserved > 0
