"""Days and nights in a row, nights of a week, overtime of a month: the smallest breach is found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimizer.domain.caregiver import Shift
from optimizer.domain.night import NightHours
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Rule, Term
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.units import parse_clock
from optimizer.verification import verify
from tests.verification.worlds import (
    MIN,
    MONDAY,
    TICKS,
    breaches,
    lane,
    roster,
    route,
    shifts,
    with_caregiver,
)

DAY = dt.timedelta(days=1)
APRIL = dt.date(2025, 3, 31)
"A Monday, and the last day of March."


def days(*dates: dt.date, start: dt.date = MONDAY, night: bool = False, **fields: Any) -> Scenario:
    """Return the lane over three weeks, N1 on the given days; with `night` these are nights."""
    world = lane(horizon=Horizon(start=start, days=21))
    hours = NightHours(start="06:00", end="22:00") if night else NightHours()
    policy = world.policy.model_copy(update={"night": hours})
    long = shifts(*dates, start="06:00", end="22:00")
    return with_caregiver(world.model_copy(update={"policy": policy}), "N1", shifts=long, **fields)


def plan_of(*dates: dt.date) -> Plan:
    """Return a plan of V1 (30 min), V2 (60 min) and V3 (45 min) on these days, one on each."""
    stops = (("V1", "C1", "09:00", 30), ("V2", "C2", "09:00", 60), ("V3", "C3", "09:00", 45))
    routes = [route("N1", stop, day=day) for stop, day in zip(stops, dates, strict=False)]
    return roster(*routes, unserved=tuple(stop[0] for stop in stops[len(dates) :]))


def found(world: Scenario, *dates: dt.date) -> list[tuple[Rule, str, int | None]]:
    """Return the breaches of a plan on these days."""
    return breaches(world, plan_of(*dates))


THREE = tuple(MONDAY + n * DAY for n in range(5, 8))
"Saturday, Sunday and Monday."
GAPPED = (MONDAY, MONDAY + DAY, MONDAY + 3 * DAY)


@pytest.mark.parametrize(
    ("dates", "most", "before", "over"),
    [
        (THREE, 3, 0, None),
        (THREE, 2, 0, 1),  # over the end of a week
        (THREE, 1, 0, 2),
        (THREE, 2, 9, 1),  # what was before leads to the first day planned alone
        (GAPPED, 2, 0, None),  # a day off in between
        (GAPPED, 2, 1, 1),  # three in a row with the day before
        (GAPPED, 3, 1, None),
        (GAPPED[1:], 1, 9, None),  # the first day planned is off
        (GAPPED[:1], 2, 5, 4),  # too many already, and one more
    ],
)
def test_days_in_a_row(
    dates: tuple[dt.date, ...], most: int, before: int, over: int | None
) -> None:
    """So many days in a row may be worked, those before the first one planned counted."""
    world = days(*dates, consecutive_days=most, consecutive_days_worked=before)
    breach = found(world, *dates)
    assert [(rule, amount) for rule, _, amount in breach] == (
        [] if over is None else [(Rule.CONSECUTIVE_DAYS, over)]
    )


@pytest.mark.parametrize(
    ("fields", "over"),
    [
        ({"consecutive_nights": 2}, 1),
        ({"consecutive_nights": 3}, None),
        ({"consecutive_nights": 3, "consecutive_nights_worked": 2}, None),  # not before Saturday
        ({"week_nights": 1}, 1),  # Saturday and Sunday; Monday is of the next week
        ({"week_nights": 2}, None),
        ({"week_nights": 0}, 2),
    ],
)
def test_nights(fields: dict[str, Any], over: int | None) -> None:
    """So many nights of a week and in a row may be worked; by day the limits do not count."""
    breach = found(days(*THREE, night=True, **fields), *THREE)
    assert {rule for rule, _, _ in breach} == (set() if over is None else {Rule.NIGHTS})
    assert over is None or breach[0][2] == over
    assert found(days(*THREE, **fields), *THREE) == []


def test_nights_worked_before_count_in_the_first_week() -> None:
    """Two nights of the week are over: a third is one too many, one of the next week is not."""
    start = MONDAY + 5 * DAY
    world = days(start, THREE[2], start=start, night=True, week_nights=2, week_nights_worked=2)
    assert found(world, start) == [(Rule.NIGHTS, "routes[0]", 1)]
    assert found(world, THREE[2]) == []


def test_rest_is_longer_after_a_night() -> None:
    """From 09:40 to 08:40 of the next day lie 23 hours: too few after a night, enough otherwise."""
    two = (MONDAY, MONDAY + DAY)
    longer: dict[str, Any] = {"rest_after_night": 24 * 60 * MIN}
    assert found(days(*two, **longer), *two) == []
    breach = found(days(*two, night=True, **longer), *two)
    assert [rule for rule, _, _ in breach] == [Rule.REST]
    shorter: dict[str, Any] = {"rest": 24 * 60 * MIN, "rest_after_night": 60 * MIN}
    assert [rule for rule, _, _ in found(days(*two, night=True, **shorter), *two)] == [Rule.REST]


def test_rest_before_the_first_day_is_longer_after_a_night() -> None:
    """Who came home at 07:00+1 from a night has not rested 26 hours by 08:50 of the day after."""
    fields: dict[str, Any] = {
        "last_return": parse_clock("07:00+1"),
        "rest_after_night": 26 * 60 * MIN,
    }
    second = MONDAY + DAY
    assert found(days(second, consecutive_nights_worked=0, **fields), second) == []
    breach = found(days(second, consecutive_nights_worked=1, **fields), second)
    assert [rule for rule, _, _ in breach] == [Rule.REST]


@pytest.mark.parametrize(
    ("dates", "worked", "limit", "over"),
    [
        ((APRIL, APRIL + DAY), 0, 50, None),  # 20 minutes of March and 50 of April
        ((APRIL, APRIL + DAY), 0, 49, 1),
        ((APRIL, APRIL + DAY), 30, 50, None),  # 50 of March, with what was before
        ((APRIL, APRIL + DAY), 31, 50, 1),
        ((APRIL + DAY, APRIL + 2 * DAY), 99, 70, None),  # 20 and 50, what was before is of March
        ((APRIL + DAY, APRIL + 2 * DAY), 0, 69, 1),
    ],
)
def test_overtime_of_a_month(
    dates: tuple[dt.date, ...], worked: int, limit: int, over: int | None
) -> None:
    """Work above the daily minutes adds up to so much in a calendar month."""
    world = days(
        *dates,
        start=APRIL,
        day_minutes=10 * MIN,
        month_overtime_limit=limit * MIN,
        month_overtime_worked=worked * MIN,
    )
    breach = found(world, *dates)
    assert [(rule, amount) for rule, _, amount in breach] == (
        [] if over is None else [(Rule.MONTH_OVERTIME, over * TICKS)]
    )


def test_what_is_over_the_limit_before_breaks_nothing_without_overtime() -> None:
    """Who has worked too much overtime already may still work without any."""
    fields: dict[str, Any] = {"month_overtime_limit": 60 * MIN, "month_overtime_worked": 99 * MIN}
    start = APRIL - DAY
    assert found(days(APRIL, start=start, day_minutes=30 * MIN, **fields), APRIL) == []
    breach = found(days(APRIL, start=start, day_minutes=29 * MIN, **fields), APRIL)
    assert breach == [(Rule.MONTH_OVERTIME, "routes[0]", 40 * TICKS)]


@pytest.mark.parametrize(
    ("worked", "soft", "dearer"),
    [
        (0, 70, 0),  # 20 and 50 minutes of one month
        (0, 69, 1),
        (30, 60, 40),
        (99, 60, 70),  # of a month that is full all that is planned counts
    ],
)
def test_overtime_above_that_of_a_month_counts_once_more(
    worked: int, soft: int, dearer: int
) -> None:
    """Overtime of days above what is agreed for the month is overtime once more."""
    dates = (MONDAY, MONDAY + DAY)
    plan = plan_of(*dates)
    world = days(*dates, day_minutes=10 * MIN, month_overtime_worked=worked * MIN)
    plain = verify(world, plan).cost_breakdown[Term.OVERTIME]
    agreed = verify(with_caregiver(world, "N1", month_overtime=soft * MIN), plan)
    assert agreed.cost_breakdown[Term.OVERTIME] - plain == 4 * dearer * TICKS


@pytest.mark.parametrize(
    ("start", "end", "night"),
    [
        ("08:00", "17:00", False),
        ("14:00", "23:59", False),  # a minute short of two hours
        ("14:00", "24:00", True),
        ("22:00", "06:00+1", True),
        ("00:00", "02:00", True),  # of the night before
        ("04:01", "12:00", False),
        ("05:00", "23:00", True),  # an hour of either night
    ],
)
def test_night_shifts(start: str, end: str, night: bool) -> None:
    """A shift of which two hours lie between 22:00 and 06:00 is a night shift."""
    assert NightHours().is_night(Shift(date=MONDAY, start=start, end=end)) is night


def test_what_is_said_of_a_shift_counts_more_than_its_hours() -> None:
    """A shift by day may be said to be one of the night, and the other way round."""
    by_day = Shift(date=MONDAY, start="08:00", end="17:00", night=True)
    at_night = Shift(date=MONDAY, start="22:00", end="06:00+1", night=False)
    assert NightHours().is_night(by_day)
    assert not NightHours().is_night(at_night)
