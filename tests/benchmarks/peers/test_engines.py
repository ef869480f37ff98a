"""Each engine understands the day it is told."""

from __future__ import annotations

import pytest

from benchmarks.named_days import independent_visits
from benchmarks.peers.day import RoutingDay, routing_day
from benchmarks.peers.engine import Engine
from benchmarks.peers.roster import cost_of, legal
from benchmarks.peers.suite import ENGINES
from optimizer.solving import solve

SECONDS = 0.3
OPTIONAL = [
    pytest.param(
        engine,
        id=engine.name,
        marks=pytest.mark.skipif(not engine.is_installed, reason=f"no {engine.package} here"),
    )
    for engine in ENGINES
]


def best_cost(day: RoutingDay) -> int:
    """Return the cost of a tiny day's proven optimum."""
    found = solve(day.scenario, seconds=20, engine="cp-sat")
    assert found.lower_bound == found.cost
    return found.cost


@pytest.fixture(scope="module")
def ample() -> tuple[RoutingDay, int]:
    """Return a day on which everything can be served, and what it costs at least."""
    day = routing_day(independent_visits(12, 6, 6))
    return day, best_cost(day)


@pytest.fixture(scope="module")
def scarce() -> tuple[RoutingDay, int]:
    """Return a day on which a choice is to be made, and what it costs at least."""
    day = routing_day(independent_visits(12, 2, 1))
    return day, best_cost(day)


def answer(engine: Engine, day: RoutingDay) -> tuple[int, int, int]:
    """Return an engine's cost, visits served, and stops dropped."""
    orders, dropped = legal(day, engine.solve(day, SECONDS, 1, engine.threads(1)))
    return cost_of(day, orders), sum(map(len, orders)), dropped


@pytest.mark.parametrize("engine", OPTIONAL)
def test_an_ample_day_is_served_for_little_more_than_the_optimum(
    engine: Engine, ample: tuple[RoutingDay, int]
) -> None:
    """Windows, shifts, skills, modes and homes arrive as they are: no stop has to go."""
    day, least = ample
    assert not day.may.all()
    assert len(set(day.mode)) == 2
    cost, served, dropped = answer(engine, day)
    assert (served, dropped) == (12, 0)
    assert least <= cost <= 1.05 * least


@pytest.mark.parametrize("engine", OPTIONAL)
def test_a_scarce_day_is_weighed_by_prizes(engine: Engine, scarce: tuple[RoutingDay, int]) -> None:
    """Whoever can weigh prizes leaves out what costs least; nobody beats the optimum.

    PyVRP's penalties for broken rules do not reach the prizes, so it may break rules instead.
    """
    day, least = scarce
    cost, served, dropped = answer(engine, day)
    assert served < 12
    assert cost >= least
    if engine.package != "pyvrp":
        assert dropped == 0
        assert cost <= 1.05 * least
