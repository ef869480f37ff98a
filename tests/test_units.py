"""Clock texts, minutes and ticks at the border between people and engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.units import (
    LATEST_CLOCK,
    MS_PER_DAY,
    MS_PER_MINUTE,
    format_clock,
    format_minutes,
    parse_clock,
    parse_minutes,
    to_ms,
    to_ticks,
)


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("00:00", 0),  # midnight
        ("8:05", 485 * MS_PER_MINUTE),  # one digit will do for the hour
        ("08:30:15", 510 * MS_PER_MINUTE + 15_000),  # seconds
        ("08:30:15.5", 510 * MS_PER_MINUTE + 15_500),  # a tenth
        ("08:30:15.005", 510 * MS_PER_MINUTE + 15_005),  # milliseconds
        ("24:00", MS_PER_DAY),  # the end of the day
        ("01:30+1", MS_PER_DAY + 90 * MS_PER_MINUTE),  # the next day
        (12_345, 12_345),  # milliseconds already
    ],
)
def test_clock_texts_are_read(text: str | int, ms: int) -> None:
    """A clock text means milliseconds since midnight."""
    assert parse_clock(text) == ms


@pytest.mark.parametrize(
    "text",
    [
        "24:01",  # the next day
        "08:60",  # no such minute
        "0830",  # no colon
        "08:30 ",  # a blank
        "-1:00",  # before midnight
        "08:30:15.0005",  # less than a millisecond
        -1,  # before midnight
        LATEST_CLOCK + 1,  # more than a year later
        "01:30+0",  # no later day
        8.5,  # hours are no clock text
        True,  # no number at all
        None,  # nothing
    ],
)
def test_other_texts_are_refused(text: object) -> None:
    """What is no clock time of one day is refused."""
    with pytest.raises(ValueError, match=r"clock time|outside its day"):
        parse_clock(text)


@given(st.integers(0, LATEST_CLOCK))
def test_clock_texts_come_back(ms: int) -> None:
    """Writing and reading a clock time is the identity."""
    assert parse_clock(format_clock(ms)) == ms


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "00:00"),  # no seconds where there are none
        (61_000, "00:01:01"),  # no thousandths where there are none
        (1, "00:00:00.001"),  # to the millisecond
        (MS_PER_DAY, "24:00"),  # the end of the day
        (MS_PER_DAY + 60_000, "00:01+1"),  # the next day
    ],
)
def test_clock_texts_are_short(ms: int, text: str) -> None:
    """Seconds and thousandths are written only where there are some."""
    assert format_clock(ms) == text


@given(st.integers(0, 100_000 * MS_PER_MINUTE))
def test_minutes_come_back(ms: int) -> None:
    """Writing and reading a duration is the identity, to the millisecond."""
    assert parse_minutes(format_minutes(ms)) == ms


@pytest.mark.parametrize("value", [-0.1, 100_000.1, "30", True, None, float("nan")])
def test_other_durations_are_refused(value: object) -> None:
    """Negative, huge and non-numeric durations are refused."""
    with pytest.raises(ValueError, match="number of minutes"):
        parse_minutes(value)


def test_whole_minutes_are_whole_numbers() -> None:
    """Ninety seconds are 1.5 minutes, sixty are 1 and no 1.0."""
    assert (format_minutes(90_000), repr(format_minutes(60_000))) == (1.5, "1")


@pytest.mark.parametrize(
    ("ms", "tpm", "ticks"),
    [
        (60_000, 60, 60),  # a minute in seconds
        (60_000, 1000, 1000),  # a minute in thousandths
        (1, 60, 1),  # rounded up
        (1_001, 60, 2),  # rounded up
        (60, 1000, 1),  # exact
        (61, 1000, 2),  # rounded up
        (-1_500, 60, -1),  # rounded towards later
        (0, 60, 0),  # nothing
    ],
)
def test_ticks_are_rounded_up(ms: int, tpm: int, ticks: int) -> None:
    """A duration that is no whole number of ticks is rounded up."""
    assert to_ticks(ms, tpm) == ticks


@given(st.integers(-(10**9), 10**9), st.sampled_from([60, 1000]))
def test_ticks_come_back(ticks: int, tpm: int) -> None:
    """From ticks to milliseconds and back nothing is lost."""
    assert to_ticks(to_ms(ticks, tpm), tpm) == ticks
