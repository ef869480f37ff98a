"""Price books and surcharges of contracts, and what their purchaser's money weighs."""

from __future__ import annotations

import random

from optimizer.domain.client import ServicePrice
from optimizer.domain.contract import Contract, Surcharge
from optimizer.domain.scenario import Scenario

_LISTED = (
    ServicePrice(service="wash", fen_per_hour=4_001, fen_per_time=355),
    ServicePrice(service="meal", fen_per_time=1_205),
)


def with_price_books(scenario: Scenario, rng: random.Random) -> Scenario:
    """Return the scenario whose contracts have prices by service, day, hour and town."""
    contracts = tuple(_priced(one, rng) for one in scenario.contracts)
    weights = scenario.policy.weights.model_copy(update={"purchase": rng.choice((0, 1, 2, 3))})
    policy = scenario.policy.model_copy(update={"weights": weights})
    return scenario.model_copy(update={"contracts": contracts, "policy": policy})


def _priced(contract: Contract, rng: random.Random) -> Contract:
    weekday = rng.randint(1, 7)
    start, end = rng.choice((("06:00", "09:30"), ("11:00", "08:00"), ("23:00", "07:45")))
    town = contract.towns or rng.choice(((), ("east",)))
    holidays = rng.choice(((), (contract.end,)))
    service = rng.choice(((), ("wash",)))
    drawn = (
        Surcharge(
            kind="day",
            weekdays=(weekday, weekday % 7 + 1),
            dates=holidays,
            services=service,
            percent=rng.randint(1, 99),
        ),
        Surcharge(kind="hour", start=start, end=end, percent=33),
        Surcharge(kind="far", towns=town, fen_per_visit=rng.randint(0, 700)),
    )
    listed = [one for one in _LISTED if not contract.services or one.service in contract.services]
    return contract.model_copy(
        update={
            "fen_per_hour": rng.choice((1_999, 3_001)),
            "prices": tuple(one for one in listed if rng.random() < 0.6),
            "surcharges": tuple(one for one in drawn if rng.random() < 0.6),
            "cap_fen": rng.choice((contract.cap_fen, contract.cap_fen, 12_345)),
        }
    )
