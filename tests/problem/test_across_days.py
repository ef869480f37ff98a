"""Limits across days are written down where shifts could break them, and nowhere else."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.domain.night import NightHours
from optimizer.domain.policy import Weights
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.problem import layout as at
from optimizer.problem.across_days import NO_LIMIT
from optimizer.problem.compile import compile_problem
from tests.verification.worlds import MONDAY, caregiver, lane, shifts

DAY = dt.timedelta(days=1)
LAST = dt.date(2025, 3, 30)
"A Sunday, the last day but one of March."


def days(*dates: dt.date, start: dt.date = MONDAY, **fields: int | None) -> Scenario:
    """Return the lane over ten days with N1 alone, on shift from 08:00 to 17:00 on these dates."""
    person = caregiver("N1", shifts=shifts(*dates), **fields)
    return lane(horizon=Horizon(start=start, days=10), caregivers=(person,))


@pytest.mark.parametrize(
    ("most", "before", "limit"),
    [
        (None, 9, NO_LIMIT),
        (3, 0, NO_LIMIT),  # three shifts in a row, three may be worked
        (2, 0, 2),
        (4, 1, NO_LIMIT),
        (3, 1, 3),
    ],
)
def test_days_in_a_row(most: int | None, before: int, limit: int) -> None:
    """The limit is there if the shifts in a row, with the days before, are more."""
    dates = (MONDAY, MONDAY + DAY, MONDAY + 2 * DAY, MONDAY + 4 * DAY)
    arrays = compile_problem(
        days(*dates, consecutive_days=most, consecutive_days_worked=before)
    ).arrays
    assert arrays.streak[0].tolist() == [limit, before, NO_LIMIT, 0, NO_LIMIT, NO_LIMIT]
    if limit < NO_LIMIT:
        assert arrays.calendar.tolist() == [[0, 1, 2, -1, 3, -1, -1, -1, -1, -1]]
    else:
        assert arrays.calendar.shape == (1, 1)


@pytest.mark.parametrize(
    ("weight", "preferred", "counted"),
    [(0, 1, NO_LIMIT), (1, 1, 1), (1, 2, 2), (1, 3, NO_LIMIT)],
)
def test_days_in_a_row_that_cost(weight: int, preferred: int, counted: int) -> None:
    """Days in a row are counted if they weigh something and the shifts in a row are more."""
    world = days(MONDAY, MONDAY + DAY, MONDAY + 2 * DAY)
    policy = world.policy.model_copy(
        update={
            "weights": Weights(streaks=weight),
            "preferred_consecutive_days": preferred,
        }
    )
    arrays = compile_problem(world.model_copy(update={"policy": policy})).arrays
    assert arrays.streak[0, at.ENOUGH_DAYS] == counted
    assert (arrays.calendar.shape == (1, 1)) == (counted == NO_LIMIT)


@pytest.mark.parametrize(
    ("most", "worked", "left"),
    [
        (None, 6, [NO_LIMIT] * 2),
        (2, 0, [NO_LIMIT] * 2),
        (1, 0, [1, NO_LIMIT]),
        (2, 3, [0, NO_LIMIT]),
    ],
)
def test_nights_of_a_week(most: int | None, worked: int, left: list[int]) -> None:
    """Nights that may be worked still, of the first week those before it taken off."""
    world = days(
        LAST - DAY, LAST, LAST + DAY, start=LAST - DAY, week_nights=most, week_nights_worked=worked
    )
    policy = world.policy.model_copy(update={"night": NightHours(start="07:00", end="20:00")})
    arrays = compile_problem(world.model_copy(update={"policy": policy})).arrays
    assert arrays.week_limit[:, at.NIGHTS].tolist() == left
    assert arrays.route[:, at.NIGHT].tolist() == [1, 1, 1]
    assert compile_problem(world).arrays.route[:, at.NIGHT].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("worked", "soft", "hard", "limits"),
    [
        (0, 60, 120, [[3600, 7200], [3600, 7200]]),
        (90, 60, 120, [[0, 1800], [3600, 7200]]),  # what was before is of March alone
        (200, None, 120, [[NO_LIMIT, 0], [NO_LIMIT, 7200]]),
        (0, 360, 240, [[NO_LIMIT, 14400], [NO_LIMIT, 14400]]),  # 6 hours of overtime at most
    ],
)
def test_overtime_of_months(
    worked: int, soft: int | None, hard: int, limits: list[list[int]]
) -> None:
    """Two shifts of nine hours in each month leave six hours of overtime above six hours a day."""
    dates = (LAST, LAST + DAY, LAST + 2 * DAY, LAST + 3 * DAY)
    world = days(
        *dates,
        start=LAST,
        day_minutes=360,
        month_overtime=soft,
        month_overtime_limit=hard,
        month_overtime_worked=worked,
    )
    arrays = compile_problem(world).arrays
    assert arrays.month_limit.tolist() == limits
    assert arrays.route[:, at.MONTH].tolist() == [0, 0, 1, 1]


def test_limits_that_cannot_be_reached_are_left_out() -> None:
    """Nine hours of shift are an hour of overtime at most, on each of two days."""
    world = days(MONDAY, MONDAY + DAY, day_minutes=480, month_overtime_limit=120)
    assert compile_problem(world).arrays.month_limit.shape == (0, 2)
    assert compile_problem(days(MONDAY, month_overtime_limit=0)).arrays.month_limit.shape == (0, 2)
