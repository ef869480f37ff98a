"""Days and nights in a row, overtime of a month: kept by both engines, alike on random weeks."""

from __future__ import annotations

import datetime as dt
import random
from itertools import groupby

import pytest

from optimizer.domain.night import NightHours
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.options import Engine
from optimizer.solving import solve
from tests.verification.worlds import MONDAY, caregiver, lane, shifts, visit
from tests.worlds import law
from tests.worlds.random_small import USUAL, random_small

DAY = dt.timedelta(days=1)
BY_DAY = NightHours(start="07:00", end="22:00")
"As if every shift were one of the night."


def every_day(start: dt.date = MONDAY, **fields: int) -> Scenario:
    """Return ten days with N1 on shift and one visit of half an hour every day."""
    days = [start + n * DAY for n in range(10)]
    return lane(
        horizon=Horizon(start=start, days=10),
        caregivers=(caregiver("N1", shifts=shifts(*days), **fields),),
        visits=tuple(visit(f"V{n + 1}", "C1", 30, dates=(day,)) for n, day in enumerate(days)),
    )


def at_night(scenario: Scenario) -> Scenario:
    """Return the same, all shifts being night shifts."""
    policy = scenario.policy.model_copy(update={"night": BY_DAY})
    return scenario.model_copy(update={"policy": policy})


def runs(scenario: Scenario, engine: Engine) -> list[int]:
    """Return how long the rows of days are on which somebody works."""
    limit = {"seconds": 20.0} if engine == "cp-sat" else {"iterations": 400}
    plan = solve(scenario, engine=engine, **limit).plan
    days = sorted({(route.date - scenario.horizon.start).days for route in plan.routes})
    rows = groupby(enumerate(days), key=lambda entry: entry[1] - entry[0])
    return sorted(len(list(row)) for _, row in rows)


@pytest.mark.parametrize("engine", ["search", "cp-sat"])
@pytest.mark.parametrize(
    ("scenario", "longest", "worked"),
    [
        (every_day(consecutive_days=4), 4, 8),
        (every_day(consecutive_days=1), 1, 5),
        (every_day(consecutive_days=4, consecutive_days_worked=3), 4, 8),
        (every_day(consecutive_days=4, consecutive_days_worked=9), 4, 8),  # the first is off
        (at_night(every_day(consecutive_nights=2)), 2, 7),
        (at_night(every_day(week_nights=3)), 6, 6),  # of each of two weeks
        (at_night(every_day(week_nights=3, week_nights_worked=0, consecutive_nights=1)), 1, 5),
        (every_day(day_minutes=20, month_overtime_limit=60), 10, 6),  # ten minutes a day
    ],
)
def test_as_many_days_are_worked_as_may_be(
    scenario: Scenario, longest: int, worked: int, engine: Engine
) -> None:
    """Of visits on every day only those are left out for which a day would be too many."""
    found = runs(scenario, engine)
    assert sum(found) == worked
    assert max(found) <= longest


def test_overtime_is_shared_where_it_costs_once_more() -> None:
    """Two caregivers share overtime of a month of which half an hour each is agreed."""
    agreed = every_day(day_minutes=20, month_overtime=50)
    people = (*agreed.caregivers, agreed.caregivers[0].model_copy(update={"id": "N2"}))
    plan = solve(agreed.model_copy(update={"caregivers": people}), iterations=4_000).plan
    days = [route.caregiver for route in plan.routes]
    assert sorted(map(days.count, set(days))) == [5, 5]


@pytest.mark.parametrize("seed", [2, 3, 8, 13, 40, 58])
def test_the_search_finds_the_best_week(seed: int) -> None:
    """On small random days under limits across days both engines find the same cost."""
    world = random_small(seed, features=USUAL - law.FEATURES - {"unreachable", "longest_leg"})
    world = law.with_law(world, random.Random(seed), law.FEATURES)
    best = solve(world, engine="cp-sat", seconds=20.0)
    assert best.status == "optimal"
    assert solve(world, engine="search", iterations=10_000).cost == best.cost
