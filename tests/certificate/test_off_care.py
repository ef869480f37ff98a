"""The least travel and waiting that some stops ask for: never more than a roster has."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.certificate import Relaxation
from optimizer.certificate.least import Least, least_for
from optimizer.certificate.off_care import full_care, least_off_care
from optimizer.certificate.off_care_by_routes import off_care_by_routes
from optimizer.domain import Term
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import StartWindow
from optimizer.needs import derive
from optimizer.solving import solve
from optimizer.units import to_ticks
from optimizer.verification import verify
from tests.sweeps import few
from tests.verification.worlds import caregiver, lane, visit
from tests.worlds.random_week import random_week


def off_care_of(scenario: Scenario, plan: Plan) -> tuple[int, int]:
    """Return the ticks between leaving home and coming back that are care, and that are not."""
    tpm = scenario.ticks_per_minute
    work = sum(to_ticks(route.back - route.departure, tpm) for route in plan.routes)
    stops = [stop for route in plan.routes for stop in route.stops]
    care = sum(to_ticks(stop.end - stop.start, tpm) for stop in stops)
    return care, work - care


@pytest.mark.parametrize("seeds", few([range(n, n + 8) for n in range(0, 160, 8)], 1))
def test_no_roster_has_less_than_is_needed(seeds: range) -> None:
    """Of random weeks, travel, time off care and care share of a plan keep what is proven."""
    tight = 0
    for seed in seeds:
        scenario = derive(random_week(seed)).scenario
        plan = solve(scenario, iterations=150, seed=1, proof=0.0).plan
        least = least_for(scenario, plan)
        care, off = off_care_of(scenario, plan)
        routed = off_care_by_routes(Relaxation.of(scenario), plan, 1.0)
        travel = verify(scenario, plan).quantities[Term.TRAVEL]
        assert least.travel <= travel, seed
        assert max(least.off_care, routed) <= off, seed
        assert care <= least.care, seed
        share = least.most_care_share
        assert (share is None) == (not plan.routes), seed
        assert share is None or care <= share * (care + off), seed
        tight += least.travel == travel
    assert tight > 0


def test_a_lane_is_measured_exactly() -> None:
    """One caregiver visits the three clients on one way out and back: 10, 15, 25 and 30 minutes."""
    world = lane(caregivers=(caregiver("N1"),))
    relaxation = Relaxation.of(world)
    stops = np.arange(3)
    assert full_care(relaxation).tolist() == [30 * 60, 60 * 60, 45 * 60]
    by_circles = least_off_care(relaxation, stops, waits=False)
    assert by_circles <= 80 * 60  # the assignment may go in circles, so it can be less
    plan = solve(world, iterations=200, seed=1, proof=0.0).plan
    assert off_care_by_routes(relaxation, plan, 1.0) == 80 * 60 == off_care_of(world, plan)[1]


def test_unavoidable_waiting_counts() -> None:
    """Between a visit that begins by nine and one from two o'clock lie hours, whoever plans."""
    early = visit("V1", "C1", 60, window=StartWindow(earliest="08:30", latest="09:00"))
    late = visit("V2", "C2", 60, window=StartWindow(earliest="14:00", latest="15:00"))
    relaxation = Relaxation.of(lane(caregivers=(caregiver("N1"),), visits=(early, late)))
    # 10 minutes out, 10:00 to 14:00 (of which 15 on the way), 20 back.
    assert least_off_care(relaxation, np.arange(2), waits=True) == (10 + 240 + 20) * 60
    assert least_off_care(relaxation, np.arange(2), waits=False) == (10 + 15 + 20) * 60


def test_nothing_made_takes_no_time() -> None:
    """Without stops nothing is needed, and no share is told."""
    relaxation = Relaxation.of(lane())
    assert least_off_care(relaxation, np.zeros(0, np.int64), waits=True) == 0
    assert off_care_by_routes(relaxation, Plan(scenario="lane"), 1.0) == 0
    assert Least(0, {}).most_care_share is None
