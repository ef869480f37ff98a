"""Which purses a visit is charged to, and when they begin anew."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.domain.client import Client, Entitlement, Period, ServicePrice
from optimizer.domain.purse import begin_of, prices_of, purses_of
from tests.verification.worlds import place, visit


def purse(payer: str = "p", *services: str) -> Entitlement:
    """Return an entitlement to minutes of these services."""
    prices = tuple(ServicePrice(service=code) for code in ("wash", "meal", "walk"))
    return Entitlement.model_validate(
        {"payer": payer, "unit": "minutes", "cap": 1, "services": services, "prices": prices}
    )


@pytest.mark.parametrize(
    ("payer", "services", "positions"),
    [
        ("p", ("wash",), [0, 1]),
        ("p", ("wash", "meal"), [0, 1, 2]),
        ("p", (), [0]),  # a visit without services is charged where none are listed
        ("q", ("wash",), [3]),
        (None, ("wash",), []),
        ("r", ("wash",), []),
    ],
)
def test_purses_of_a_visit(
    payer: str | None, services: tuple[str, ...], positions: list[int]
) -> None:
    """They are those of the payer that list one of its services, or none at all."""
    purses = (purse("p"), purse("p", "wash", "walk"), purse("p", "meal"), purse("q"))
    client = Client(id="C1", home=place(1), entitlements=purses)
    found = list(purses_of(client, visit("V1", "C1", 30, payer=payer, services=services)))
    assert [position for position, _ in found] == positions
    assert all(purses[position] is granted for position, granted in found)


def test_prices_of_what_is_paid_for() -> None:
    """Only services that the visit has and the purse pays for have a price."""
    one = visit("V1", "C1", 30, services=("wash", "meal"))
    assert [price.service for price in prices_of(purse("p", "meal", "walk"), one)] == ["meal"]
    assert [price.service for price in prices_of(purse(), one)] == ["wash", "meal"]


@pytest.mark.parametrize(
    ("period", "begin"),
    [
        (Period.HORIZON, None),
        (Period.WEEK, dt.date(2025, 8, 25)),
        (Period.MONTH, dt.date(2025, 8, 1)),
    ],
)
def test_begin_of_a_period(period: Period, begin: dt.date | None) -> None:
    """Sunday the 31st of August lies in the week from the 25th and in the month from the 1st."""
    assert begin_of(period, dt.date(2025, 8, 31)) == begin
