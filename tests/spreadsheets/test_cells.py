"""Cells are understood in the many ways people write them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.spreadsheets.clock_cells import read_clock, read_minutes, read_window
from optimizer.spreadsheets.day_cells import Recurrence, read_date, read_frequency, read_weekdays
from optimizer.spreadsheets.place_cells import read_degrees, read_point
from optimizer.spreadsheets.unreadable import UnreadableCell
from optimizer.spreadsheets.word_cells import (
    read_number,
    read_qualifications,
    read_services,
    read_yes_no,
)
from optimizer.units import MS_PER_MINUTE, format_clock

EIGHT_THIRTY = datetime.datetime.fromisoformat("2026-03-02T08:30")
HALF_PAST_EIGHT = [
    "8:30", "08:30", "08:30:00", "0830", "830", "8.30", "８：３０", "8点半", "上午8点半",
    "早上8点30分", "8h30", "8:30 AM", "kl 8.30", "2026-03-02T08:30", "2026-03-02 08:30:00", 830.0,
    0.3541666, datetime.time(8, 30), datetime.time(8, 29, 59, 994_000),
    datetime.timedelta(hours=8, minutes=30), EIGHT_THIRTY,
]  # fmt: skip


@pytest.mark.parametrize("value", HALF_PAST_EIGHT)
def test_half_past_eight(value: Any) -> None:
    """Each of these is the same time of the day."""
    assert format_clock(read_clock(value)) == "08:30"


@pytest.mark.parametrize(
    ("value", "clock"),
    [
        ("下午2点", "14:00"),
        ("晚上7点一刻", "19:15"),
        ("中午12点", "12:00"),
        ("凌晨12点", "00:00"),
        ("12:15 am", "00:15"),
        ("2 pm", "14:00"),
        ("24:00", "24:00"),
        ("次日1:00", "01:00+1"),
        ("01:30+1", "01:30+1"),
        (8.0, "08:00"),
    ],
)
def test_other_times(value: Any, clock: str) -> None:
    """Parts of the day, the end of the day and the night are told apart."""
    assert format_clock(read_clock(value)) == clock


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("8:00-9:00", ("08:00", "09:00")),
        ("上午8点-10点", ("08:00", "10:00")),
        ("下午2点-4点", ("14:00", "16:00")),
        ("8点半至10点", ("08:30", "10:00")),
        ("2pm to 4pm", ("14:00", "16:00")),
        ("上午", ("08:00", "11:30")),
        ("Lunch", ("11:00", "13:00")),
        ("kväll", ("17:00", "20:00")),
        ("9:00", ("09:00", "09:00")),
    ],
)
def test_windows(value: str, span: tuple[str, str]) -> None:
    """Spans, words and single times are windows."""
    window = read_window(value)
    assert isinstance(window, tuple)
    assert tuple(map(format_clock, window)) == span


@pytest.mark.parametrize(
    ("value", "minutes"),
    [
        (30.0, 30), ("30", 30), ("PT30M", 30), ("PT1H30M", 90), ("1小时30分", 90), ("1.5小时", 90),
        ("1,5 h", 90), ("45 min", 45), ("0:45", 45), ("半小时", 30), ("一个半小时", 90),
        ("2 tim", 120),
        (datetime.time(0, 45), 45), (datetime.timedelta(minutes=20), 20), ("90分钟", 90),
    ],
)  # fmt: skip
def test_lengths(value: Any, minutes: int) -> None:
    """Lengths of time in numbers, words and ISO form."""
    assert read_minutes(value) == minutes * MS_PER_MINUTE


@pytest.mark.parametrize(
    "value",
    ["2026-03-02", "2026/3/2", "2026.3.2", "2026年3月2日", "20260302", 46_083.0, "02.03.2026",
     "2026-03-02 08:00:00", datetime.date(2026, 3, 2), EIGHT_THIRTY],
)  # fmt: skip
def test_dates(value: Any) -> None:
    """Each of these is the second of March."""
    assert read_date(value) == datetime.date(2026, 3, 2)


def test_a_date_without_a_year_takes_that_of_the_plan() -> None:
    """Only where the year is known."""
    assert read_date("3月2日", year=2026) == datetime.date(2026, 3, 2)
    with pytest.raises(UnreadableCell):
        read_date("3月2日")


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("周一、周三", (1, 3)), ("星期一", (1,)), ("一三五", (1, 3, 5)),
        ("周一至周五", (1, 2, 3, 4, 5)),
        ("工作日", (1, 2, 3, 4, 5)), ("mån", (1,)), ("Mon-Wed", (1, 2, 3)),
        ("fre-mån", (1, 5, 6, 7)),
        ("1,3,5", (1, 3, 5)), (3.0, (3,)), ("Tuesdays", (2,)), ("每天", (1, 2, 3, 4, 5, 6, 7)),
    ],
)  # fmt: skip
def test_days_of_the_week(value: Any, days: tuple[int, ...]) -> None:
    """In three languages, as lists, spans and groups."""
    assert read_weekdays(value) == days


@pytest.mark.parametrize(
    ("value", "recurrence"),
    [
        ("每周3次", Recurrence(days=3)), ("每周三次", Recurrence(days=3)),
        ("3/week", Recurrence(days=3)),
        ("twice a week", Recurrence(days=2)), ("隔天", Recurrence(every=2)),
        ("daily", Recurrence(days=7)), ("每天2次", Recurrence(days=7, times=2)),
        ("Varje vecka, mån", Recurrence(weekdays=(1,))),
        ("varannan vecka, ons", Recurrence(weekdays=(3,), weeks=2)),
        ("两周一次", Recurrence(days=1, weeks=2)), ("每月2次", Recurrence(days=2, weeks=4)),
        ("每周一、三、五", Recurrence(weekdays=(1, 3, 5))),
        ("Mon, Thu", Recurrence(weekdays=(1, 4))),
        (3.0, Recurrence(days=3)), ("2 ggr/vecka", Recurrence(days=2)),
        ("every 3 days", Recurrence(every=3)), ("weekly", Recurrence(days=1)),
    ],
)  # fmt: skip
def test_frequencies(value: Any, recurrence: Recurrence) -> None:
    """How often is told by counts, by days and by words."""
    assert read_frequency(value) == recurrence


def test_words_have_codes() -> None:
    """Qualifications and services are known by name in three languages, others become codes."""
    assert read_qualifications("四级；护士、usk") == (("C", 2), ("N", 1))
    assert read_qualifications("C/3, 急救证") == (("C", 3), ("急救证", 1))
    assert read_services("助浴、Städ; 聊聊 天") == ("HYG_BATH", "CLEAN_HOME", "聊聊_天")
    assert (read_yes_no("是"), read_yes_no("Nej"), read_yes_no("√")) == (True, False, True)


READERS: list[Callable[[Any], object]] = [
    read_clock, read_window, read_minutes, read_date, read_weekdays, read_frequency, read_number,
    read_qualifications, read_services, read_yes_no, read_degrees, read_point,
]  # fmt: skip
SIGNS = "0123456789:.,-/~ 上午下周一每次天点半分小时hPTMam年月日两；、'°()%+=１２\n甲X"


@given(st.one_of(st.text(SIGNS, max_size=10), st.floats(-1e9, 1e9), st.dates(), st.timedeltas()))
def test_any_cell_is_read_or_refused(value: Any) -> None:
    """Whatever stands in a cell, a reader returns something or says what is wrong."""
    for read in READERS:
        told: object = None
        try:
            told = read(value)
        except UnreadableCell as refused:
            told = refused.sentence
        assert told is not None


def test_numbers_of_two_worlds() -> None:
    """Decimal commas, separated thousands, signs of money."""
    assert [read_number(each) for each in ("3,5", "1,200", "￥30", "２９.９５", 7.0)] == [
        3.5, 1200.0, 30.0, 29.95, 7.0
    ]  # fmt: skip


def test_coordinates_in_one_cell() -> None:
    """Which is which is told where it can be: a longitude of China is beyond 90."""
    assert read_point("121.71,29.95") == (29.95, 121.71)
    assert read_point("59.33; 18.05") == (59.33, 18.05)
    assert read_degrees("""29°57'12"N""") == pytest.approx(29.9533, abs=1e-4)
