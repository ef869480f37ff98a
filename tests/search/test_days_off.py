"""Days off of a calendar week: kept by both engines, and alike on random weeks."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from optimizer.domain.labour import LabourRules
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.options import Engine
from optimizer.solving import solve
from tests.verification.worlds import MONDAY, caregiver, lane, shifts, visit
from tests.worlds import weeks
from tests.worlds.random_small import USUAL, random_small

DAY = dt.timedelta(days=1)


def every_day(start: dt.date = MONDAY, **fields: int) -> Scenario:
    """Return a fortnight with N1 on shift and one visit every day."""
    days = [start + n * DAY for n in range(14)]
    return lane(
        horizon=Horizon(start=start, days=14),
        caregivers=(caregiver("N1", shifts=shifts(*days), **fields),),
        visits=tuple(visit(f"V{n + 1}", "C1", 30, dates=(day,)) for n, day in enumerate(days)),
    )


def lawless(scenario: Scenario) -> Scenario:
    """Return the same under a law that asks nothing."""
    return scenario.model_copy(update={"labour_rules": LabourRules(id="none", en="None", zh="无")})


def worked(scenario: Scenario, engine: Engine) -> list[dt.date]:
    """Return the days on which somebody works."""
    limit = {"seconds": 20.0} if engine == "cp-sat" else {"iterations": 300}
    return sorted({route.date for route in solve(scenario, engine=engine, **limit).plan.routes})


@pytest.mark.parametrize("engine", ["search", "cp-sat"])
@pytest.mark.parametrize(
    ("scenario", "first", "second", "third"),
    [
        (lawless(every_day()), 7, 7, 0),  # no day off is due
        (every_day(), 6, 6, 0),  # the law of China gives one
        (lawless(every_day(days_off=1)), 6, 6, 0),
        (every_day(days_off=7), 0, 0, 0),
        (every_day(MONDAY + 4 * DAY, days_off=2, days_worked=4), 1, 5, 4),  # begins on a Friday
        (every_day(MONDAY + 4 * DAY, days_off=5), 2, 2, 2),  # nothing is known of days before
    ],
)
def test_each_calendar_week_has_its_days_off(
    scenario: Scenario, first: int, second: int, third: int, engine: Engine
) -> None:
    """Of visits on every day those of so many days of each week are left out, and no more."""
    days = worked(scenario, engine)
    counts = [sum(0 <= (day - MONDAY).days - 7 * n < 7 for day in days) for n in range(3)]
    assert counts == [first, second, third]


def test_another_caregiver_takes_the_days_off() -> None:
    """With a second caregiver everybody is visited, each works on five days at most."""
    shared = every_day(days_off=2)
    people = (*shared.caregivers, shared.caregivers[0].model_copy(update={"id": "N2"}))
    plan = solve(shared.model_copy(update={"caregivers": people}), iterations=2_000).plan
    assert plan.unserved == ()
    days = [(route.caregiver, route.date.isocalendar().week) for route in plan.routes]
    assert max(days.count(one) for one in set(days)) <= 5


@pytest.mark.parametrize("seed", [154, 159, 178, 198, 204, 213])  # in all of these it binds
def test_the_search_finds_the_best_week(seed: int) -> None:
    """On small random days with few days left in the week both engines find the same cost."""
    world = random_small(seed, features=USUAL - {"days_off"})
    world = weeks.with_weeks(world, random.Random(seed), {"days_off"})
    best = solve(world, engine="cp-sat", seconds=20.0)
    assert best.status == "optimal"
    assert solve(world, engine="search", iterations=10_000).cost == best.cost
