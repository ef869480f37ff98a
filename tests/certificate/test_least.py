"""What any roster needs that serves the same visits: never more than a roster has."""

from __future__ import annotations

from itertools import combinations

import pytest

from optimizer.certificate.least import _cover, least_for
from optimizer.domain import Term
from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Horizon
from optimizer.generate import weeks_of_daily_care
from optimizer.generate.draw import stream
from optimizer.needs import derive
from optimizer.solving import solve
from optimizer.verification import verify
from tests.verification.worlds import MONDAY, lane


def test_a_week_never_has_less_than_is_needed() -> None:
    """Of every client and of travel, a solved week has at least what is proven."""
    scenario = derive(weeks_of_daily_care(12, 8, 7, 1)).scenario
    result = solve(scenario, iterations=400, seed=1)
    least = least_for(scenario, result.plan)
    client = {visit.id: visit.client for visit in scenario.visits}
    seen: dict[str, set[str]] = {}
    for route in result.plan.routes:
        for stop in route.stops:
            seen.setdefault(client[stop.visit], set()).add(route.caregiver)
    assert seen.keys() == least.caregivers.keys()
    assert all(len(seen[one]) >= fewest for one, fewest in least.caregivers.items())
    assert max(least.caregivers.values()) > 1
    assert 0 < least.travel <= verify(scenario, result.plan).quantities[Term.TRAVEL]


@pytest.mark.parametrize("days", [1, 2])
def test_a_result_tells_them_of_several_days_only(days: int) -> None:
    """Of a single day nothing is said, of two days what its plan asks for."""
    world = lane()
    result = solve(
        world.model_copy(update={"horizon": Horizon(start=MONDAY, days=days)}), seconds=0.3, seed=1
    )
    assert (result.least is None) == (days == 1)


def test_nothing_served_needs_nobody() -> None:
    """An empty plan has no client and no way."""
    least = least_for(lane(), Plan(scenario="lane"))
    assert (least.travel, dict(least.caregivers)) == (0, {})


@pytest.mark.parametrize("seed", range(30))
def test_the_fewest_are_found_exactly(seed: int) -> None:
    """Of random sets of up to eight people, no smaller team has somebody for each."""
    rng = stream(seed, "cover")
    sets = [rng.randint(1, 255) & rng.randint(1, 255) or 1 for _ in range(rng.randint(1, 9))]
    best = next(
        size
        for size in range(1, 9)
        if any(
            all(one & sum(team) for one in sets)
            for team in combinations([1 << bit for bit in range(8)], size)
        )
    )
    assert _cover(set(sets)) == best
