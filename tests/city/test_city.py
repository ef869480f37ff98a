"""A city solved in parts: one roster that the verifier accepts as a whole."""

from __future__ import annotations

import threading
from functools import cache

import pytest

from optimizer.city import City, solve_city
from optimizer.city.parts import parts_of
from optimizer.domain.scenario import Scenario
from optimizer.errors import UsageError
from optimizer.generate import coupled_day, uncoupled_day
from optimizer.parallel import InlineExecutor
from optimizer.verification import verify


@cache
def scarce() -> Scenario:
    """Return a day on which three in ten caregivers are missing, of visits that are not tied."""
    day = uncoupled_day(60, 9, 1, scarce=0.3)
    weights = day.policy.weights.model_copy(update={"balance": 0})
    return day.model_copy(update={"policy": day.policy.model_copy(update={"weights": weights})})


@pytest.fixture(scope="module")
def city() -> City:
    """The same in three parts."""
    return solve_city(scarce(), InlineExecutor(), iterations=600, visits_per_part=20)


def test_the_whole_roster_is_clean(city: City) -> None:
    """What was solved in parts breaks no rule of the whole, and costs what the parts cost."""
    verdict = verify(scarce(), city.plan)
    assert verdict.feasible
    assert verdict.cost == city.cost
    assert set(verdict.unserved) == set(city.unserved)


def test_the_best_round_counts(city: City) -> None:
    """Three rounds with other cuts; the roster returned is the cheapest of theirs."""
    assert [one.parts for one in city.rounds] == [3, 4, 4]
    assert city.cost == min(one.cost for one in city.rounds)


def test_a_city_repeats(city: City) -> None:
    """With steps, the executor decides nothing."""
    again = solve_city(scarce(), InlineExecutor(4), iterations=600, visits_per_part=20)
    assert again.plan == city.plan


def test_ties_between_visits_stay_in_one_part() -> None:
    """Coupled visits of one client are solved together, and the whole is clean."""
    day = coupled_day(60, 10, 1)
    made = solve_city(day, InlineExecutor(), iterations=300, visits_per_part=20)
    assert verify(day, made.plan).feasible


def test_parts_share_nobody_and_no_money() -> None:
    """Every record is in one part, and caps of a contract add up to no more than the whole's."""
    from benchmarks.named_days import named_day

    day = named_day("zhenhai-day-m")
    capped = tuple(one.model_copy(update={"cap": 6_000_001}) for one in day.contracts)
    day = day.model_copy(update={"contracts": capped})
    parts = parts_of(
        day,
        [number % 3 for number in range(len(day.clients))],
        [number % 3 for number in range(len(day.caregivers))],
        3,
    )
    for name in ("clients", "caregivers", "visits", "couplings"):
        assert sum(len(getattr(part, name)) for part in parts) == len(getattr(day, name))
    for number, contract in enumerate(day.contracts):
        caps = [part.contracts[number].cap or 0 for part in parts]
        assert sum(caps) <= (contract.cap or 0)


def test_one_part_is_one_round() -> None:
    """A day that fits one process is not cut."""
    made = solve_city(scarce(), InlineExecutor(), iterations=100)
    assert [one.parts for one in made.rounds] == [1]


def test_stopped_at_once_there_is_no_roster() -> None:
    """Without a round that is whole nothing is claimed."""
    stop = threading.Event()
    stop.set()
    with pytest.raises(UsageError):
        solve_city(scarce(), InlineExecutor(), iterations=600, visits_per_part=20, stop=stop)


@pytest.mark.parametrize("limits", [{}, {"seconds": 1.0, "iterations": 1}])
def test_one_limit_is_given(limits: dict[str, float]) -> None:
    """Neither none nor two."""
    with pytest.raises(UsageError, match="Either"):
        solve_city(scarce(), InlineExecutor(), **limits)  # type: ignore[arg-type]
