"""Which days of four weeks a service falls on."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise, product

from optimizer.needs.cycle import DAYS, choose_days, day_of_cycle, phase_of, preferred_days

PHASES = range(DAYS)


def test_a_cycle_begins_on_a_monday() -> None:
    """Day 0 is a Monday, the same one for everybody, and comes again after 28 days."""
    first = next(
        day for n in range(DAYS) if day_of_cycle(day := dt.date(2026, 8, 3) + dt.timedelta(n)) == 0
    )
    assert first.isoweekday() == 1
    assert [day_of_cycle(first + dt.timedelta(n)) for n in (0, 1, 27, 28)] == [0, 1, 27, 0]


def test_phase_is_the_same_everywhere() -> None:
    """A client's phase follows from the id alone, and 400 clients fill all 28 days."""
    assert phase_of("C0001") == 2_208_956_028
    assert len({phase_of(f"C{n:04d}") % DAYS for n in range(400)}) == DAYS


def test_every_day_comes_once() -> None:
    """The order of preference names each day once, whatever the phase and the shift."""
    for phase in PHASES:
        for shift in range(7):
            assert sorted(preferred_days(phase, shift)) == list(range(DAYS))


def test_fewer_days_are_a_part_of_more() -> None:
    """Who gets more never loses a day."""
    for phase, min_days in product(PHASES, (0, 2, 3, 14)):
        for count in range(DAYS):
            few = choose_days(phase, count, min_days=min_days)
            more = choose_days(phase, count + 1, min_days=min_days)
            assert more[:count] == few


def test_days_are_spread_over_weeks() -> None:
    """So many days a week are so many in each of the four weeks, on the same weekdays."""
    for phase in PHASES:
        for per_week in range(1, 8):
            days = choose_days(phase, 4 * per_week)
            weekdays = {day % 7 for day in days}
            assert len(weekdays) == per_week
            assert sorted(days) == sorted(7 * week + day for week in range(4) for day in weekdays)


def test_distance_is_kept_where_it_can_be() -> None:
    """Once or twice a week leaves three days between, also from one cycle to the next."""
    for phase in PHASES:
        for count in (1, 2, 4, 8):
            days = sorted(choose_days(phase, count, min_days=3))
            around = [*days, days[0] + DAYS]
            assert all(b - a >= 3 for a, b in pairwise(around))
        assert len(choose_days(phase, 28, min_days=3)) == 28  # the number comes first


def test_fixed_weekdays_come_first() -> None:
    """Monday, Wednesday and Friday are 12 days; a thirteenth falls on another weekday."""
    for phase in PHASES:
        days = choose_days(phase, 13, weekdays=(1, 3, 5))
        assert {day % 7 + 1 for day in days[:12]} == {1, 3, 5}
        assert days[12] % 7 + 1 not in (1, 3, 5)


def test_barred_weekdays_stay_free() -> None:
    """On barred weekdays there is nothing, be it fewer days than wanted."""
    for phase in PHASES:
        days = choose_days(phase, 28, barred=(1, 3, 5))
        assert len(days) == 16
        assert {day % 7 + 1 for day in days} == {2, 4, 6, 7}


def test_tiring_weekdays_are_chosen_last() -> None:
    """Up to 16 days keep away from three weekdays; of more the others are a part, in one order."""
    for phase in PHASES:
        few, more = (choose_days(phase, count, tiring=(1, 3, 5)) for count in (16, 28))
        assert {day % 7 + 1 for day in few} == {2, 4, 6, 7}
        assert more == choose_days(phase, 28)
        assert few == tuple(day for day in more if day in few)


def test_shift_moves_the_days() -> None:
    """A shifted service falls on other weekdays than the client's usual ones."""
    usual = {day % 7 for day in choose_days(5, 4)}
    assert {day % 7 for day in choose_days(5, 4, shift=2)} == {(day + 2) % 7 for day in usual}
