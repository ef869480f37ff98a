"""Generated weeks: sound, with care on every day, and the same for the same seed."""

from __future__ import annotations

from collections import Counter
from datetime import date

from optimizer.formats import check_scenario
from optimizer.generate import RECIPES, generate_scenario, over_days, weeks_of_daily_care
from optimizer.needs import derive


def test_a_fortnight_of_daily_care_is_sound() -> None:
    """It has no fault and no warning, every day has care, and baths have a choice of days."""
    made = weeks_of_daily_care(30, 12, 14, 3)
    findings = check_scenario(made)
    assert findings.faults == ()
    assert made == weeks_of_daily_care(30, 12, 14, 3)
    visits = derive(made).scenario.visits
    assert len({day for visit in visits for day in visit.dates}) == 14
    baths = [visit for visit in visits if str(visit.series).endswith("-bath")]
    assert baths
    assert all(len(visit.dates) > 1 for visit in baths)


def test_caregivers_have_two_days_off_and_change_between_early_and_late() -> None:
    """In each week everybody works five days at one time of day, in the next at the other."""
    for person in weeks_of_daily_care(3, 9, 14, 1).caregivers:
        weeks = [
            [shift.start for shift in person.shifts if shift.date.isocalendar().week == week]
            for week in (10, 11)
        ]
        assert [len(week) for week in weeks] == [5, 5]
        assert len({*weeks[0]}) == len({*weeks[1]}) == 1
        assert weeks[0][0] != weeks[1][0]


def test_a_nurse_is_early_and_another_late_on_every_day_of_the_fortnight() -> None:
    """Nobody's visit lacks a nurse on shift by an accident of days off and turns."""
    made = weeks_of_daily_care(3, 41, 14, 1)
    starts: dict[date, set[int]] = {day: set() for day in made.horizon.dates()}
    for person in made.caregivers:
        if any(held.code == "N" for held in person.qualifications):
            for shift in person.shifts:
                starts[shift.date].add(shift.start)
    assert {len(found) for found in starts.values()} == {2}


def test_days_off_of_a_week_go_round_among_those_of_one_kind() -> None:
    """The three nurses of the middle-sized week are never off two at a time."""
    week = generate_scenario(RECIPES["zhenhai-week-m"], 1)
    nurses = [
        {shift.date for shift in one.shifts}
        for one in week.caregivers
        if any(held.code == "N" for held in one.qualifications)
    ]
    on_duty = Counter(day for days in nurses for day in days)
    assert len(nurses) == 3
    assert min(on_duty[day] for day in week.horizon.dates()) == 2


def test_a_generated_day_becomes_a_week() -> None:
    """The people of the day over seven days: five shifts a person, and care by their records."""
    day = generate_scenario(RECIPES["zhenhai-day-s"], 1)
    week = over_days(day, "week-s", 7)
    assert check_scenario(week).faults == ()
    assert len(week.clients) == len(day.clients)
    worked = [len({shift.date for shift in one.shifts}) for one in week.caregivers]
    assert set(worked) == {5}
    days = Counter(visit.dates[0] for visit in derive(week).scenario.visits)
    assert set(days) == set(week.horizon.dates())
    assert len(derive(week).scenario.visits) > 5 * len(derive(day).scenario.visits)
