"""The time bank of an invented district: ninety-seven volunteers and three months of orders."""

from __future__ import annotations

import datetime as dt
from typing import Any

from optimizer.domain.scenario import Scenario
from optimizer.domain.time_bank import TimeBank
from optimizer.generate.draw import stream

VOLUNTEERS = 97
_MEMBERS = 60
_ORDERS = 240
_FIRST = dt.date(2026, 3, 2)
_DAYS = 88
_CLEARED = [
    {
        "id": f"haishu-{month}", "giver": giver, "receiver": receiver, "minutes": minutes,
        "reason": "clearing", "date": f"2026-{month}-05", "by": "desk",
    }
    for month, giver, receiver, minutes in (
        ("04", "issue", "haishu", 300), ("05", "haishu", "issue", 210),
    )
]  # fmt: skip
"What two districts net at the beginning of a month for the one before."


def example_time_bank(scenario: Scenario, seed: int) -> TimeBank:
    """Return a time bank whose orders are done and not yet booked; nobody is a real person.

    Parameters
    ----------
    scenario
        The district; its volunteers have accounts, and some of its clients.
    seed
        Any integer.
    """
    draw = stream(seed, "time bank")
    known = [one.id for one in scenario.caregivers if one.volunteer][:VOLUNTEERS]
    accounts: list[dict[str, Any]] = []
    for number in range(1, VOLUNTEERS + 1):
        made: dict[str, Any] = {
            "id": f"T{number:03}", "age": draw.randrange(52, 74), "trained_on": "2026-01-10",
            "checked_on": "2026-01-12", "accompanied_on": "2026-01-20",
            "insured_until": "2026-12-31",
        }  # fmt: skip
        if number <= len(known):
            made["caregiver"] = known[number - 1]
        if number % 16 == 0:
            made["accompanied_on"] = None
        accounts.append(made)
    clients = draw.sample(scenario.clients, _MEMBERS)
    for number, client in enumerate(clients, 1):
        accounts.append(
            {
                "id": f"M{number:03}", "client": client.id, "age": client.age,
                "isolated": number % 3 != 0,
            }
        )  # fmt: skip
    accounts += [
        {"id": "pool", "kind": "pool"},
        {"id": "issue", "kind": "issue"},
        {"id": "haishu", "kind": "clearing", "limit": 1_200},
    ]
    services = ("SAFE_VISIT", "ERRAND", "PSY_COMFORT", "ESCORT_OUT")
    orders = []
    for number in range(1, _ORDERS + 1):
        day = _FIRST + dt.timedelta(days=draw.randrange(_DAYS))
        minutes = draw.choice((30, 60, 90))
        posted = day - dt.timedelta(days=draw.randrange(3, 9))
        order: dict[str, Any] = {
            "id": f"A{number:03}", "member": f"M{draw.randrange(1, _MEMBERS + 1):03}",
            "service": draw.choice(services), "minutes": minutes, "date": str(day),
            "window": {"earliest": "09:00", "latest": "16:00"}, "posted_on": str(posted),
        }  # fmt: skip
        if number % 11:
            order |= {
                "offered_on": str(posted), "accepted_on": str(posted + dt.timedelta(days=1)),
                "volunteer": f"T{draw.randrange(1, VOLUNTEERS + 1):03}", "done_on": str(day),
                "given": max(15, minutes + draw.choice((-10, -5, 0, 0, 5))),
            }  # fmt: skip
        if number % 53 == 0:
            order["disputed_on"] = str(day + dt.timedelta(days=1))
        orders.append(order)
    return TimeBank.model_validate(
        {
            "id": "zhenhai-office",
            "rules": {"issued_minutes": 20_000},
            "accounts": [{k: v for k, v in one.items() if v is not None} for one in accounts],
            "orders": orders,
            "transfers": _CLEARED,
        }
    )
