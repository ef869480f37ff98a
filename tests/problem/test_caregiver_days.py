"""Shifts become routes: order, limits, nights' rest and breaks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimizer.domain.caregiver import BreakRule, Shift
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.problem import layout as at
from optimizer.problem.across_days import NO_LIMIT
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import CaregiverDay, ProblemData
from tests.verification.worlds import MONDAY, TUESDAY, caregiver, lane

SUNDAY, WEDNESDAY = MONDAY - dt.timedelta(days=1), TUESDAY + dt.timedelta(days=1)


def one(*times: tuple[dt.date, str, str], start: dt.date = MONDAY, **fields: Any) -> Scenario:
    """Return the lane over three days with N1 alone, on these shifts."""
    shifts = tuple(Shift(date=day, start=begin, end=end) for day, begin, end in times)
    return lane(
        horizon=Horizon(start=start, days=3), caregivers=(caregiver("N1", shifts=shifts, **fields),)
    )


def compiled(scenario: Scenario) -> ProblemData:
    """Compile the scenario."""
    return compile_problem(scenario)


def hours(data: ProblemData, *columns: int) -> list[list[float]]:
    """Return columns of all routes in hours."""
    table: list[list[float]] = (data.arrays.route[:, list(columns)] / 3600).tolist()
    return table


def test_routes_are_shifts_in_order_of_time() -> None:
    """Shifts are numbered per day by their start; those outside the horizon are left out."""
    data = compiled(
        one(
            (TUESDAY, "08:00", "12:00"),
            (MONDAY, "14:00", "18:00"),
            (MONDAY, "08:00", "12:00"),
            (SUNDAY, "08:00", "12:00"),
        )
    )
    assert data.days == (
        CaregiverDay(0, MONDAY, 0),
        CaregiverDay(0, MONDAY, 1),
        CaregiverDay(0, TUESDAY, 0),
    )
    assert data.arrays.route[:, [at.DATE, at.DAY, at.WEEK]].tolist() == [
        [0, 0, 0],
        [0, 0, 0],
        [1, 1, 0],
    ]


def test_a_week_begins_on_monday() -> None:
    """Sunday and Monday belong to two calendar weeks."""
    data = compiled(one((SUNDAY, "08:00", "9:00"), (MONDAY, "08:00", "9:00"), start=SUNDAY))
    assert data.arrays.route[:, at.WEEK].tolist() == [0, 1]


def test_overtime_ends_where_the_next_shift_begins() -> None:
    """An hour of overtime is permitted, half of it lies in the next shift."""
    data = compiled(one((MONDAY, "08:00", "12:00"), (MONDAY, "12:30", "18:00"), overtime_limit=60))
    assert hours(data, at.OPEN, at.CLOSE, at.CLOSE_HARD) == [[8, 12, 12.5], [12.5, 18, 19]]


@pytest.mark.parametrize(
    ("evening", "morning", "overtime", "can_bind"),
    [
        ("20:00", "07:00", 0, False),  # eleven hours exactly
        ("20:00", "07:00", 60, True),  # overtime would cut the rest
        ("19:30", "06:29", 0, True),
    ],
)
def test_a_night_ties_the_shifts_around_it_where_rest_can_bind(
    evening: str, morning: str, overtime: int, can_bind: bool
) -> None:
    """Shifts keep their hours; a pair tells by how much the departure exceeds coming back."""
    data = compiled(
        one((MONDAY, "08:00", evening), (TUESDAY, morning, "12:00"), overtime_limit=overtime)
    )
    gap = (11 - 24) * 60 * 60
    assert data.arrays.rest.tolist() == ([[0, 1, gap]] if can_bind else [])
    assert hours(data, at.OPEN, at.CLOSE_HARD)[1][1] == 12 + overtime / 60


def test_a_long_rest_ties_shifts_that_are_two_nights_apart() -> None:
    """Forty hours of rest after Monday evening reach into Wednesday, whoever works on Tuesday."""
    shifts = [(day, "08:00", "20:00") for day in (MONDAY, TUESDAY, WEDNESDAY)]
    data = compiled(one(*shifts, rest=40 * 60))
    assert data.arrays.rest[:, :2].tolist() == [[0, 1], [0, 2], [1, 2]]


@pytest.mark.parametrize(
    ("shift", "rule", "fitted"),
    [
        (("08:00", "17:00"), (30, "11:30", "13:00"), [11.5, 13, 0.5]),  # fits as it is
        (("12:00", "18:00"), (30, "11:30", "13:00"), [12, 13, 0.5]),  # not before the shift
        (("07:00", "13:00"), (30, "11:30", "13:00"), [11.5, 12.5, 0.5]),  # ends with the shift
        (("07:00", "12:59"), (30, "11:30", "13:00"), [0, 0, 0]),  # shorter than six hours
        (("06:00", "12:00"), (31, "11:30", "13:00"), [0, 0, 0]),  # no room before the end
        (("06:00", "12:00"), (30, "11:30", "13:00"), [11.5, 11.5, 0.5]),  # just room
        (("13:01", "20:00"), (30, "11:30", "13:00"), [0, 0, 0]),  # begins too late
    ],
)
def test_a_break_is_asked_for_where_it_fits(
    shift: tuple[str, str], rule: tuple[int, str, str], fitted: list[float]
) -> None:
    """Its earliest and latest begin lie inside the shift; all three are 0 where it does not."""
    duration, earliest, latest = rule
    pause = BreakRule(duration=duration, earliest=earliest, latest=latest)
    data = compiled(one((MONDAY, *shift), break_rule=pause))
    assert hours(data, at.BREAK_FROM, at.BREAK_TO, at.BREAK_LENGTH) == [fitted]


def test_limits_of_days_and_weeks() -> None:
    """Soft and hard limits are in ticks, stops are counted, what is not given is far away."""
    world = one(
        (MONDAY, "08:00", "17:00"),
        (TUESDAY, "08:00", "17:00"),
        day_minutes=300,
        day_minutes_limit=360,
        week_minutes_limit=600,
        visits_per_day=4,
    )
    arrays = compiled(world).arrays
    assert arrays.day_limit.tolist() == [[18_000, 21_600, 4]] * 2
    assert arrays.week_limit.tolist() == [[NO_LIMIT, 36_000, NO_LIMIT, NO_LIMIT]]
    assert arrays.route[:, at.LIMITED].tolist() == [1, 1]
    assert compiled(lane()).arrays.route[:, at.LIMITED].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("days_off", "days_worked", "left"),
    [
        (0, 6, [NO_LIMIT, NO_LIMIT]),  # no day off is due
        (1, 5, [NO_LIMIT, NO_LIMIT]),  # of the first week there is one shift left, and one day
        (1, 6, [0, NO_LIMIT]),  # the first week is full
        (3, 6, [0, NO_LIMIT]),  # more than full
        (6, 0, [NO_LIMIT, 1]),  # two shifts of the second week, one day
    ],
)
def test_days_that_may_be_worked(days_off: int, days_worked: int, left: list[int]) -> None:
    """Each calendar week has so many days left; where shifts are as few, nothing is counted."""
    times = [(day, "08:00", "17:00") for day in (SUNDAY, MONDAY, TUESDAY)]
    world = one(*times, start=SUNDAY, days_off=days_off, days_worked=days_worked)
    assert compiled(world).arrays.week_limit[:, at.DAYS].tolist() == left
