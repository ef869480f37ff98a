"""What a visit costs: minutes that are given, the visit, its price."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.domain.client import Client, Entitlement
from optimizer.needs.bundling import UNLIMITED, Bundle, Limits, items_of
from optimizer.needs.catalogue import Price
from optimizer.needs.charging import Charge, amount, charges_of, fen_of, minutes_of
from optimizer.needs.purses import priced
from optimizer.units import MS_PER_MINUTE
from tests.needs.worlds import BOOK, HOME, Known, demand_of, orders

CATALOGUE = BOOK.catalogue
AROUND = 10 * MS_PER_MINUTE


def visit_of(*services: str, known: Known | None = None) -> Bundle:
    """Return a visit of some services, each once."""
    required = (known or Known()).required(*(orders(code, per_week=7) for code in services))
    demands = [demand_of(required, code) for code in services]
    items = items_of(Client(id="C1", home=HOME), demands, CATALOGUE)
    first, *others = (
        next(item for (code, _), item in items.items() if code == wanted) for wanted in services
    )
    bundle = Bundle.of("p", first)
    for item in others:
        bundle = bundle.with_item(item)
    return bundle


def grants(unit: str, **fields: Any) -> Entitlement:
    """Return an entitlement of payer p, with the prices of its book."""
    one = Entitlement.model_validate({"payer": "p", "unit": unit, "cap": 99, **fields})
    return priced(Client(id="C1", home=HOME, entitlements=(one,)), CATALOGUE).entitlements[0]


@pytest.mark.parametrize(
    ("services", "known", "shortest", "minutes"),
    [
        (("VITALS",), None, 0, 25),  # 15, and 10 for arrival and notes
        (("VITALS", "GROOM"), None, 0, 45),  # arrival and notes once
        (("VITALS",), None, 60, 60),  # as long as the payer asks at least
        (("VITALS", "HYG_DAILY", "GROOM"), None, 60, 75),
        (("HYG_BATH",), Known(items={"transfer": 0}), 0, 140),  # two carers, both all the time
        (("HYG_BATH",), Known(items={"transfer": 0}), 90, 180),
    ],
)
def test_minutes(
    services: tuple[str, ...], known: Known | None, shortest: int, minutes: int
) -> None:
    """A visit takes all its items, arrival and notes, of each carer, and the least length."""
    limits = Limits(shortest=shortest * MS_PER_MINUTE)
    visit = visit_of(*services, known=known)
    assert minutes_of(visit, limits, AROUND) * visit.carers == minutes
    assert amount(visit, grants("minutes"), limits, AROUND) == minutes


@pytest.mark.parametrize(
    ("fields", "charged"),
    [
        ({"unit": "minutes"}, 45),
        ({"unit": "visits"}, 1),
        ({"unit": "minutes", "services": ("GROOM",)}, 45),  # the whole visit
        ({"unit": "visits", "services": ("CLEAN_HOME",)}, 0),
        ({"unit": "fen", "price_book": "ltci2024"}, 4500),  # 45 minutes at 60 yuan
        ({"unit": "fen", "price_book": "zh2014"}, 2000 + 2025),  # hair, and 45 minutes at 27
        ({"unit": "fen", "price_book": "zh2014", "services": ("GROOM",)}, 2000),
    ],
)
def test_amount(fields: dict[str, Any], charged: int) -> None:
    """An entitlement is charged in its unit, and only for visits with something it lists."""
    visit = visit_of("VITALS", "GROOM")
    assert amount(visit, grants(**fields), UNLIMITED, AROUND) == charged


@pytest.mark.parametrize(
    ("prices", "minutes", "carers", "fen"),
    [
        ([Price(fen_per_time=10_000)], 70, 2, 10_000),  # a price per time is for all carers
        ([Price(fen_per_hour=6000)], 70, 2, 14_000),
        ([Price(fen_per_hour=2700)], 7, 1, 315),
        ([Price(fen_per_hour=2690)], 7, 1, 313),  # 313.8
        ([Price(fen_per_hour=2690)], 7, 2, 626),  # rounded down for each carer
        ([Price(fen_per_hour=2700), Price(fen_per_hour=6000)], 20, 1, 2000),  # the hour once
        ([Price(fen_per_time=500), Price(fen_per_time=300)], 20, 1, 800),
        ([], 20, 1, 0),
    ],
)
def test_fen(prices: list[Price], minutes: int, carers: int, fen: int) -> None:
    """Prices per time add up, the highest price per hour counts for all minutes of each carer."""
    assert fen_of(prices, minutes, carers) == fen


def test_charges_of_a_day() -> None:
    """What visits cost is added up by payer, in all three units."""
    visits = [visit_of("VITALS", "GROOM"), visit_of("CLEAN_HOME")]
    charges = charges_of(visits, {}, {"p": "zh2014"}, CATALOGUE)
    assert charges == {"p": Charge(minutes=45 + 70, visits=2, fen=4025 + 3150)}
    assert charges_of(visits, {}, {}, CATALOGUE) == {"p": Charge(minutes=115, visits=2)}
