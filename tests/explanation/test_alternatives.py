"""Who else could make a stop, at what cost, by the verifier's figures."""

from __future__ import annotations

import pytest

from optimizer.explanation import alternatives
from optimizer.verification import verify
from tests.explanation.days import SEEDS, planned


@pytest.mark.parametrize("seed", SEEDS)
def test_differences_are_the_verifiers(seed: int) -> None:
    """Total and terms equal the difference of two verdicts; the other caregiver really comes."""
    state = planned(seed).state
    before = verify(state.scenario, state.plan)
    for route in state.plan.routes:
        for stop in route.stops:
            for option in alternatives(state, stop.visit, stop.carer).options:
                after = verify(state.scenario, option.plan)
                assert after.feasible
                assert after.unserved == before.unserved
                assert option.difference == after.cost - before.cost == sum(option.terms.values())
                who = [r.caregiver for r in option.plan.routes for s in r.stops
                       if (s.visit, s.carer) == (stop.visit, stop.carer)]  # fmt: skip
                assert who == [option.caregiver] != [route.caregiver]


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_is_an_option_or_barred(seed: int) -> None:
    """Each other caregiver turns up once, the cheapest option first."""
    state = planned(seed).state
    others = len(state.scenario.caregivers) - 1
    for route in state.plan.routes:
        for stop in route.stops:
            found = alternatives(state, stop.visit, stop.carer)
            if found.can_leave:
                assert len(found.options) + len(found.barred) == others
            costs = [option.difference for option in found.options]
            assert costs == sorted(costs)
            assert all(one.obstacle is not None for one in found.barred)


def test_an_unknown_stop_is_an_error() -> None:
    """A visit that the plan does not serve has no alternatives."""
    state = planned(0).state
    with pytest.raises(KeyError):
        alternatives(state, state.plan.unserved[0].visit, 1)
