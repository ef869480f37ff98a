"""The day in the numbers that the peers are told."""

from __future__ import annotations

import pytest

from benchmarks.named_days import independent_visits
from benchmarks.peers.day import RoutingDay, routing_day
from benchmarks.peers.roster import cost_of, plan_of
from optimizer.matching import ScenarioIndex, reasons_against
from optimizer.verification import verify


@pytest.fixture(scope="module")
def day() -> RoutingDay:
    """Return a day with every qualification, both modes and all shifts."""
    return routing_day(independent_visits(40, 12, 3))


def test_leaving_everything_out_costs_the_prizes(day: RoutingDay) -> None:
    """A prize is what the verifier charges for the visit when nobody makes it."""
    nobody: list[list[int]] = [[] for _ in range(day.num_caregivers)]
    verdict = verify(day.scenario, plan_of(day, nobody))
    assert verdict.cost == day.prize.sum() == cost_of(day, nobody)


def test_may_is_what_matching_says(day: RoutingDay) -> None:
    """A pair is open to the peers exactly if there is no reason against it."""
    scenario = day.scenario
    index = ScenarioIndex.of(scenario)
    date = scenario.horizon.start
    assert day.may.tolist() == [
        [not reasons_against(index, visit, 1, person, date) for person in scenario.caregivers]
        for visit in scenario.visits
    ]
    assert 0 < day.may.sum() < day.may.size
