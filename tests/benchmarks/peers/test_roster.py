"""From a solver's order of visits to a plan that the verifier can judge."""

from __future__ import annotations

import random

import numpy as np
import pytest

from benchmarks.named_days import independent_visits
from benchmarks.peers.day import RoutingDay, routing_day
from benchmarks.peers.roster import cost_of, legal, plan_of
from optimizer.verification import verify


@pytest.fixture(scope="module")
def day() -> RoutingDay:
    """Return a day on which most random orders break some rule."""
    return routing_day(independent_visits(40, 12, 3))


@pytest.mark.parametrize("seed", range(20))
def test_what_is_legal_breaks_no_rule_and_costs_what_it_should(day: RoutingDay, seed: int) -> None:
    """Whatever order comes in, the verifier finds no fault in what is left and agrees on cost."""
    rng = random.Random(seed)
    orders = [rng.sample(range(day.num_visits), 10) for _ in range(day.num_caregivers)]
    kept, dropped = legal(day, orders)
    verdict = verify(day.scenario, plan_of(day, kept))
    assert verdict.violations == ()
    assert verdict.cost == cost_of(day, kept)
    assert verdict.served == sum(map(len, kept)) == sum(map(len, orders)) - dropped
    assert dropped > 0


def test_legal_orders_stay_as_they_are(day: RoutingDay) -> None:
    """What has been made legal once loses nothing the second time."""
    rng = random.Random(1)
    orders = [rng.sample(range(day.num_visits), 10) for _ in range(day.num_caregivers)]
    kept, _ = legal(day, orders)
    assert legal(day, kept) == (kept, 0)


def test_each_kind_of_breach_is_dropped(day: RoutingDay) -> None:
    """A visit that somebody may not make, made twice, or made too late."""
    inside = (day.earliest > day.opens[0] + 3600) & (day.earliest + day.care < day.closes[0] - 3600)
    lawful = int(np.argmax(day.may[:, 0] & inside))
    unlawful = int(np.argmin(day.may[:, 0] | ~inside))
    assert legal(day, [[unlawful]]) == ([[]], 1)
    assert legal(day, [[lawful, lawful]]) == ([[lawful]], 1)
    easy = np.flatnonzero(day.may[:, 0] & inside).tolist()
    late = next([a, b] for a in easy for b in easy if day.earliest[a] > day.latest[b])
    assert legal(day, [late]) == ([late[:1]], 1)


def test_coming_home_late_is_a_breach(day: RoutingDay) -> None:
    """A stop after which the caregiver is not back within the shift is dropped."""
    after = day.earliest + day.care
    caregiver, visit = next(
        (g, k)
        for g in range(day.num_caregivers)
        for k in range(day.num_visits)
        if day.may[k, g] and after[k] > day.closes[g]
    )
    orders = [[visit] if g == caregiver else [] for g in range(day.num_caregivers)]
    assert legal(day, orders) == ([[] for _ in orders], 1)
