"""Minutes per day and week, days off, rest, visits per day: each smallest breach is found."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.domain.caregiver import Shift
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Rule
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import StartWindow
from optimizer.units import parse_clock
from tests.verification.worlds import (
    MIN,
    MONDAY,
    TICKS,
    TUESDAY,
    WEDNESDAY,
    breaches,
    clean,
    lane,
    roster,
    route,
    shifts,
    with_caregiver,
    with_visit,
)

DAY = dt.timedelta(days=1)


def days(*dates: dt.date, **fields: object) -> Scenario:
    """Return the lane over a fortnight, N1 working 06:00–22:00 on the given days."""
    world = lane(horizon=Horizon(start=MONDAY, days=14))
    long = shifts(*dates, start="06:00", end="22:00")
    return with_caregiver(world, "N1", shifts=long, **fields)


@pytest.mark.parametrize(
    ("limit", "over"),
    [
        (105, None),  # 30 + 15 + 60 of work, the limit exactly
        (104, 1),  # one minute too many
        (0, 105),  # everything is too much
    ],
)
def test_day_minutes(limit: int, over: int | None) -> None:
    """Work is care and travel between visits, without the ways from and to home."""
    found = breaches(with_caregiver(lane(), "N1", day_minutes_limit=limit * MIN), clean())
    assert found == ([] if over is None else [(Rule.DAY_MINUTES, "routes[0]", over * TICKS)])


def test_day_minutes_adds_the_shifts_of_a_day() -> None:
    """Two routes of one day are worked by the same person."""
    halves = (
        Shift(date=MONDAY, start="08:00", end="10:00"),
        Shift(date=MONDAY, start="12:00", end="15:00"),
    )
    world = with_caregiver(lane(), "N1", shifts=halves, day_minutes_limit=80 * MIN)
    plan = roster(
        route("N1", ("V1", "C1", "08:10", 30)),
        route("N1", ("V2", "C2", "12:30", 60), shift=1),
        unserved=("V3",),
    )
    # 30 + 60 minutes of care on one day, ten above the limit; the ways home are no work.
    assert breaches(world, plan) == [(Rule.DAY_MINUTES, "routes[1]", 10 * TICKS)]


def two_days(first: dt.date, second: dt.date) -> Plan:
    """Return a plan of V1 (30 min) on the first day and V2 (60 min) on the second."""
    return roster(
        route("N1", ("V1", "C1", "09:00", 30), day=first),
        route("N1", ("V2", "C2", "09:00", 60), day=second),
        unserved=("V3",),
    )


@pytest.mark.parametrize(
    ("second", "over"),
    [
        (TUESDAY, 10),  # 30 + 60 in one week, ten above 80
        (MONDAY + 6 * DAY, 10),  # Sunday belongs to the week
        (MONDAY + 7 * DAY, None),  # the next Monday does not
    ],
)
def test_week_minutes(second: dt.date, over: int | None) -> None:
    """Work of a calendar week, Monday to Sunday, stays within the limit."""
    world = days(MONDAY, second, week_minutes_limit=80 * MIN)
    found = breaches(world, two_days(MONDAY, second))
    assert found == ([] if over is None else [(Rule.WEEK_MINUTES, "routes[1]", over * TICKS)])


SUNDAY = MONDAY + 6 * DAY


@pytest.mark.parametrize(
    ("second", "days_off", "over"),
    [
        (TUESDAY, 5, None),  # two days worked, five off exactly
        (TUESDAY, 6, 1),  # one day worked too many
        (TUESDAY, 7, 2),  # none may be worked
        (SUNDAY, 6, 1),  # Sunday belongs to the week
        (SUNDAY + DAY, 6, None),  # the next Monday does not
    ],
)
def test_days_off(second: dt.date, days_off: int, over: int | None) -> None:
    """On so many days of a calendar week, Monday to Sunday, no route begins."""
    found = breaches(days(MONDAY, second, days_off=days_off), two_days(MONDAY, second))
    assert found == ([] if over is None else [(Rule.DAYS_OFF, "routes[1]", over)])


def test_two_shifts_of_a_day_are_one_day_worked() -> None:
    """Who may work on one day of the week may work all shifts of it."""
    halves = shifts(MONDAY, end="12:00") + shifts(MONDAY, start="12:00")
    plan = roster(
        route("N1", ("V1", "C1", "09:00", 30)),
        route("N1", ("V2", "C2", "14:00", 60), shift=1),
        unserved=("V3",),
    )
    assert breaches(with_caregiver(lane(), "N1", shifts=halves, days_off=6), plan) == []


@pytest.mark.parametrize(
    ("worked", "second", "over"),
    [
        (5, None, None),  # five days before and one now
        (6, None, 1),  # six before and one now
        (5, SUNDAY, 1),  # five before and two now
        (6, SUNDAY + DAY, 1),  # of the next week nothing has been worked
        (5, SUNDAY + DAY, None),  # six days of this week and one of the next
    ],
)
def test_days_worked_before_count_in_the_first_week(
    worked: int, second: dt.date | None, over: int | None
) -> None:
    """Days worked before the first one planned count in its calendar week alone."""
    first = SUNDAY - DAY
    world = days(first, SUNDAY, SUNDAY + DAY, days_off=1, days_worked=worked)
    world = world.model_copy(update={"horizon": Horizon(start=first, days=3)})
    plan = (
        roster(route("N1", ("V1", "C1", "09:00", 30), day=first), unserved=("V2", "V3"))
        if second is None
        else two_days(first, second)
    )
    place = "routes[1]" if second == SUNDAY else "routes[0]"
    assert breaches(world, plan) == ([] if over is None else [(Rule.DAYS_OFF, place, over)])


def test_a_night_is_worked_on_the_day_on_which_it_begins() -> None:
    """A shift from Monday evening to Tuesday noon leaves Tuesday free."""
    night = (Shift(date=MONDAY, start="22:00", end="12:00+1"),)
    window = StartWindow(earliest="22:00", latest="11:00+1")
    world = with_caregiver(days(MONDAY), "N1", shifts=night, days_off=6)
    world = with_visit(with_visit(world, "V1", window=window), "V2", window=window)
    stops = (("V1", "C1", "23:00", 30), ("V2", "C2", "09:00+1", 60))
    assert breaches(world, roster(route("N1", *stops), unserved=("V3",))) == []


@pytest.mark.parametrize(
    ("rest_hours", "day", "short"),
    [
        (14, TUESDAY, None),  # back 18:00, out 08:00: fourteen hours exactly
        (15, TUESDAY, 60),  # an hour short
        (38, WEDNESDAY, None),  # the next worked day is the day after: 38 hours
        (39, WEDNESDAY, 60),  # an hour short
    ],
)
def test_rest(rest_hours: int, day: dt.date, short: int | None) -> None:
    """Between coming back and leaving on the next worked day lies the caregiver's rest."""
    world = days(MONDAY, day, rest=rest_hours * 60 * MIN)
    plan = roster(
        route("N1", ("V1", "C1", "15:15", 30), ("V2", "C2", "16:00", 60)),
        route("N1", ("V3", "C3", "08:30", 45), day=day),
    )
    # V2 ends 17:00; its way home of 20 minutes ends 17:20, written as 18:00.
    first = plan.routes[0].model_copy(update={"back": 18 * 60 * MIN})
    plan = plan.model_copy(update={"routes": (first, plan.routes[1])})
    expected = [] if short is None else [(Rule.REST, "routes[1].departure", short * TICKS)]
    assert breaches(world, plan) == expected


@pytest.mark.parametrize(
    ("returned", "short"),
    [
        ("21:00", None),  # out at 08:00: eleven hours exactly
        ("21:10", 10),
        ("01:00+1", 240),  # after midnight, on the first day planned itself
    ],
)
def test_rest_before_the_first_day(returned: str, short: int | None) -> None:
    """The first departure keeps the rest from the last return before the days planned."""
    world = with_caregiver(lane(), "N1", last_return=parse_clock(returned))
    expected = [] if short is None else [(Rule.REST, "routes[0].departure", short * TICKS)]
    assert breaches(world, clean()) == expected


def test_rest_does_not_ask_between_shifts_of_one_day() -> None:
    """Rest is asked for between days, not between the shifts of a day."""
    halves = (
        Shift(date=MONDAY, start="08:00", end="10:00"),
        Shift(date=MONDAY, start="10:00", end="15:00"),
    )
    world = with_caregiver(lane(), "N1", shifts=halves)
    plan = roster(
        route("N1", ("V1", "C1", "08:10", 30)),
        route("N1", ("V2", "C2", "10:30", 60), shift=1),
        unserved=("V3",),
    )
    assert breaches(world, plan) == []


@pytest.mark.parametrize(
    ("cap", "over"),
    [
        (2, None),  # two stops, two allowed
        (1, 1),  # one too many
        (0, 2),  # none allowed
    ],
)
def test_visits_per_day(cap: int, over: int | None) -> None:
    """A caregiver has at most so many stops on a day."""
    found = breaches(with_caregiver(lane(), "N1", visits_per_day=cap), clean())
    assert found == ([] if over is None else [(Rule.VISITS_PER_DAY, "routes[0]", over)])
