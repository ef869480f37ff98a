"""The price of a stop: by service, by the day and hour that were agreed, by town."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.domain.client import Client, ServicePrice
from optimizer.domain.contract import Contract, Surcharge
from optimizer.domain.tariff import Tariff, may_coincide, surcharges_of, tariff_of
from optimizer.domain.visit import StartWindow, Visit
from tests.verification.worlds import place, visit

FRIDAY = dt.date(2026, 3, 6)
SATURDAY, SUNDAY, MONDAY = (FRIDAY + dt.timedelta(days=n) for n in (1, 2, 3))
HALF_HOUR = 30 * 60_000
NIGHT = {"start": "22:00", "end": "06:00"}
EVENING = {"start": "18:00", "end": "24:00"}


def surcharge(**fields: object) -> Surcharge:
    """Return a surcharge of 50 % where its fields say nothing else."""
    return Surcharge.model_validate({"kind": "dear", "percent": 50, **fields})


def contract(*surcharges: Surcharge, **fields: object) -> Contract:
    """Return a contract at 30 yuan an hour."""
    given = {"id": "K1", "purchaser": "P", "organisation": "O1", "start": FRIDAY, "end": MONDAY}
    return Contract.model_validate(
        {**given, "fen_per_hour": 3_000, "surcharges": surcharges, **fields}
    )


def between(earliest: str, latest: str, *services: str) -> Visit:
    """Return a visit of half an hour that may begin between two times."""
    made = visit("V1", "C1", 30, services=services)
    return made.model_copy(update={"window": StartWindow(earliest=earliest, latest=latest)})


def client(town: str = "T1") -> Client:
    """Return a client of a town."""
    return Client(id="C1", home=place(1), town=town)


@pytest.mark.parametrize(
    ("fields", "window", "day", "carried"),
    [
        (NIGHT, ("22:00", "22:00"), FRIDAY, True),  # the first minute
        (NIGHT, ("21:59", "22:30"), FRIDAY, False),  # it may begin before
        (NIGHT, ("05:00", "05:59"), FRIDAY, True),  # a night that began the day before
        (NIGHT, ("05:00", "06:00"), FRIDAY, False),  # it may begin by day
        (NIGHT, ("23:30", "00:30+1"), FRIDAY, True),  # over midnight
        (NIGHT, ("01:00+1", "02:00+1"), FRIDAY, True),  # of the evening's roster
        (NIGHT, ("23:30", "06:30+1"), FRIDAY, False),
        (NIGHT, ("05:00", "23:00"), FRIDAY, False),  # two nights and the day between
        (EVENING, ("23:59", "23:59"), FRIDAY, True),
        (EVENING, ("23:59", "00:00+1"), FRIDAY, False),
        ({"weekdays": (6, 7)}, ("08:00", "09:00"), FRIDAY, False),
        ({"weekdays": (6, 7)}, ("08:00", "09:00"), SATURDAY, True),
        ({"weekdays": (6, 7)}, ("00:00+1", "01:00+1"), FRIDAY, True),  # on Saturday
        ({"weekdays": (6, 7)}, ("00:00+1", "01:00+1"), SUNDAY, False),  # on Monday
        ({"weekdays": (6, 7)}, ("23:30", "00:30+1"), FRIDAY, False),  # half of it
        ({"weekdays": (6, 7)}, ("23:30", "00:30+1"), SATURDAY, True),
        ({"dates": (MONDAY,)}, ("08:00", "09:00"), MONDAY, True),  # a holiday
        ({"dates": (MONDAY,), "weekdays": (7,)}, ("23:30", "00:30+1"), SUNDAY, True),
        ({**NIGHT, "weekdays": (6,)}, ("02:00+1", "03:00+1"), FRIDAY, True),
        ({**NIGHT, "weekdays": (6,)}, ("02:00", "03:00"), SUNDAY, False),  # by the calendar
        ({"towns": ("T1", "T2")}, ("08:00", "09:00"), FRIDAY, True),
        ({"towns": ("T2",)}, ("08:00", "09:00"), FRIDAY, False),
        ({"services": ("wash",)}, ("08:00", "09:00"), FRIDAY, True),
        ({"services": ("meal",)}, ("08:00", "09:00"), FRIDAY, False),
    ],
)
def test_a_visit_carries_a_surcharge_where_it_cannot_be_otherwise(
    fields: dict[str, object], window: tuple[str, str], day: dt.date, carried: bool
) -> None:
    """What was agreed counts: the whole window lies in the hours, on such days, in the town."""
    dear = contract(surcharge(**fields))
    found = surcharges_of(dear, client(), between(*window, "wash"), day)
    assert bool(found) == carried


WASH = ServicePrice(service="wash", fen_per_hour=4_001, fen_per_time=333)
MEAL = ServicePrice(service="meal", fen_per_time=1_000)


@pytest.mark.parametrize(
    ("services", "carer", "surcharges", "fen"),
    [
        ((), 1, (), 1_500),  # by the contract's price
        (("wash",), 1, (), 2_000 + 333),  # half of 4,001, rounded down
        (("wash",), 2, (), 2_000),  # what is paid once is paid at the first carer's stop
        (("meal",), 1, (), 1_000),  # by the time alone
        (("meal", "wash"), 1, (), 2_000 + 1_333),  # the dearest hour, all times
        (("meal", "talk"), 1, (), 1_500 + 1_000),  # what is not listed costs the usual price
        (("wash",), 1, (surcharge(),), 3_000 + 499),  # 3,000.75 and 499.5
        (("wash",), 1, (surcharge(), surcharge(kind="more", percent=25)), 3_500 + 582),
        (("wash",), 1, (surcharge(percent=0, fen_per_visit=77),), 2_410),
        (("wash",), 2, (surcharge(percent=0, fen_per_visit=77),), 2_000),
        (("wash",), 1, (surcharge(percent=0),), 2_333),  # a surcharge of nothing
    ],
)
def test_a_price_is_what_the_book_says(
    services: tuple[str, ...], carer: int, surcharges: tuple[Surcharge, ...], fen: int
) -> None:
    """Prices per hour and per time, with per cent on both, are whole fen, rounded down."""
    book = contract(*surcharges, prices=(WASH, MEAL))
    made = between("08:00", "09:00", *services)
    assert tariff_of(book, client(), made, carer, FRIDAY).fen(HALF_HOUR) == fen


def test_parts_of_a_fen_are_counted_where_prices_are_compared() -> None:
    """A third of an hour at 100 fen is 33 fen and a third."""
    price = Tariff(once=1, rate=10_000)
    assert price.fen(20 * 60_000) == 34
    assert price.exactly(20 * 60_000) * 3 == 103


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ({}, {}, True),
        ({"weekdays": (6, 7)}, {"weekdays": (1, 5)}, False),
        ({"weekdays": (6, 7)}, {"dates": (SUNDAY,)}, True),  # a holiday on a Sunday
        ({"weekdays": (6, 7)}, {"dates": (MONDAY,)}, False),
        ({"weekdays": (6,)}, NIGHT, True),
        ({"start": "22:00", "end": "02:00"}, {"start": "02:00", "end": "06:00"}, False),
        ({"start": "22:00", "end": "02:00"}, {"start": "01:59", "end": "06:00"}, True),
        ({"start": "18:00", "end": "22:00"}, NIGHT, False),
        ({"towns": ("T1",)}, {"towns": ("T2",)}, False),
        ({"towns": ("T1",)}, {}, True),
        ({"services": ("wash",)}, {"services": ("meal",)}, False),
    ],
)
def test_two_surcharges_may_fall_on_one_visit_or_never(
    one: dict[str, object], other: dict[str, object], meet: bool
) -> None:
    """They meet where days, hours, towns and services all do."""
    assert may_coincide(surcharge(**one), surcharge(**other)) == meet
    assert may_coincide(surcharge(**other), surcharge(**one)) == meet
