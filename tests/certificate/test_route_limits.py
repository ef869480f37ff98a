"""The most that routes can collect of many stops, and the search for dual weights."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.certificate import Form, Relaxation, UnservedProof, certify, objections
from optimizer.certificate import route_limits as limits
from optimizer.certificate.labels import most_weight
from optimizer.certificate.route_limits import most_of_routes
from optimizer.certificate.routes import RouteCaps
from optimizer.certificate.weights_search import weighed
from optimizer.domain.scenario import Scenario
from optimizer.generate import uncoupled_day
from optimizer.solving import solve
from tests.certificate.oracle import fewest_unserved
from tests.verification.worlds import caregiver, lane, visit
from tests.worlds.random_small import random_small


def _counted(relaxation: Relaxation) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(sorted(RouteCaps(relaxation).counted.values()), np.int64)


@pytest.mark.parametrize("seed", range(12))
def test_ng_routes_collect_no_less_than_any_route(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the weights, ng-routes never give less than labels that remember every stop."""
    monkeypatch.setattr(limits, "FEW", 0)
    monkeypatch.setattr(limits, "FEW_LABELS", 1)
    relaxation = Relaxation.of(random_small(seed, 10, 3))
    stops = _counted(relaxation)
    weights = np.random.default_rng(seed).integers(0, 20, len(stops))
    days = range(len(relaxation.days))
    exact = {day: most_weight(relaxation, day, stops, weights) for day in days}
    for known in (dict.fromkeys(days, 0), exact):
        found = most_of_routes(relaxation, stops, weights, known)
        assert all(found[day] >= exact[day] for day in days)
        assert all(found[day] <= max(known[day], int(weights.sum())) for day in days)


def test_ng_routes_are_exact_where_nothing_can_be_made_twice() -> None:
    """Stops whose windows leave no time to come back are counted once, so the limit is exact."""
    visits = tuple(
        visit(f"V{n}", f"C{n % 3 + 1}", 30, window={"earliest": clock, "latest": clock})
        for n, clock in enumerate(("08:00", "09:00", "10:00", "11:00"), 1)
    )
    relaxation = Relaxation.of(lane(caregivers=(caregiver("N1"),), visits=visits))
    stops, weights = _counted(relaxation), np.array([3, 5, 7, 11])
    exact = most_weight(relaxation, 0, stops, weights)
    found = limits._by_ng_routes(relaxation, stops, weights, {0: 0})
    assert found == {0: exact} == {0: 18}


@pytest.mark.parametrize("seed", range(16))
def test_never_more_than_the_exact_model_leaves_out(seed: int) -> None:
    """Of small days with every rule, couplings and two carers, no plan leaves fewer out."""
    scenario = random_small(seed, 8, 2)
    relaxation = Relaxation.of(scenario)
    found = weighed(relaxation, 5.0)
    if found is None:
        return
    assert found.least_unserved <= fewest_unserved(scenario)
    assert objections(scenario, UnservedProof.of(scenario.id, [found])) == ()


@pytest.mark.parametrize(
    "scenario",
    [
        lane(caregivers=(), visits=(visit("V1", "C1", 30),)),
        lane(caregivers=(caregiver("N1"),), visits=()),
    ],
    ids=["no-caregivers", "no-visits"],
)
def test_days_without_anybody_prove_nothing_by_weights(scenario: Scenario) -> None:
    """Where nobody works, visits stay for another reason; where nothing is to do, none stay."""
    found = weighed(Relaxation.of(scenario), 1.0)
    assert found is None or found.least_unserved == len(scenario.visits)


def test_scarce_qualifications_are_proven_by_their_own_visits() -> None:
    """What few shifts may make is looked at by itself: the certificate speaks of those visits."""
    scenario = uncoupled_day(60, 9, 4, scarce=0.3)
    plan = solve(scenario, iterations=2_000, engine="search").plan
    found = weighed(Relaxation.of(scenario), 20.0, plan=plan, unserved=len(plan.unserved))
    assert found is not None
    assert found.form is Form.DUAL_WEIGHTS
    assert certify(scenario, plan=plan, seconds=0.01).least_unserved <= found.least_unserved
    assert 0 < found.least_unserved <= len(plan.unserved)
    assert len(found.visits) < len(scenario.visits)
    assert objections(scenario, UnservedProof.of(scenario.id, [found])) == ()
