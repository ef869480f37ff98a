"""Clock times against real time."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.domain.clock_changes import ClockChange, Clocks

HOUR = 60 * 60_000


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", (2, 3)),  # put forward
        ("Europe/Berlin", "2026-10-25", (3, 2)),  # put back
        ("America/New_York", "2026-03-08", (2, 3)),
        ("Australia/Lord_Howe", "2026-04-05", (2, 1.5)),  # by half an hour
        ("Africa/Cairo", "2026-04-24", (0, 1)),  # at midnight
        ("Europe/Berlin", "2026-03-28", None),
        ("Asia/Shanghai", "2026-03-29", None),  # never
        ("Nowhere/Else", "2026-03-29", None),  # unknown here
    ],
)
def test_when_clocks_are_changed(zone: str, day: str, hours: tuple[float, float] | None) -> None:
    """A change of clocks is found with what they show before it and after it."""
    found = Clocks(zone).change_on(dt.date.fromisoformat(day))
    expected = None if hours is None else ClockChange(*(int(hour * HOUR) for hour in hours))
    assert found == expected


@pytest.mark.parametrize(
    ("change", "clock", "is_skipped"),
    [
        (ClockChange(2 * HOUR, 3 * HOUR), 2 * HOUR, True),
        (ClockChange(2 * HOUR, 3 * HOUR), 3 * HOUR, False),
        (ClockChange(2 * HOUR, 3 * HOUR), 2 * HOUR - 1, False),
        (ClockChange(3 * HOUR, 2 * HOUR), 2 * HOUR + 1, False),  # shown twice, not never
    ],
)
def test_times_that_no_clock_shows(change: ClockChange, clock: int, is_skipped: bool) -> None:
    """The hour that is left out holds no time, its end does."""
    assert change.skips(clock) is is_skipped


def test_the_offset_changes_with_the_clocks() -> None:
    """In Berlin local time is one hour ahead of UTC in winter, two hours in summer."""
    clocks, day = Clocks("Europe/Berlin"), dt.date(2026, 3, 29)
    assert [clocks.offset(day, hour * HOUR) // HOUR for hour in (0, 1, 3, 24)] == [1, 1, 2, 2]
    assert clocks.offset(day - dt.timedelta(days=1), 30 * HOUR) == 2 * HOUR
