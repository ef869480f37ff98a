"""An invented time bank of 97 volunteers with a thousand orders that are done."""

from __future__ import annotations

import datetime as dt
import random

from optimizer.domain.time_bank import TimeBank

VOLUNTEERS = 97
"As many as the founding survey counts."
ORDERS = 1_000
BOOKED_ON = dt.date(2026, 4, 10)
_FIRST = dt.date(2026, 1, 5)


def invented_bank(seed: int) -> TimeBank:
    """Return a time bank in which members have been served; no person is real."""
    draw = random.Random(seed)
    members = [f"M{n:03d}" for n in range(200)]
    volunteers = [f"V{n:03d}" for n in range(VOLUNTEERS)]
    orders = []
    for n in range(ORDERS):
        day = _FIRST + dt.timedelta(days=draw.randrange(90))
        orders.append(
            {
                "id": f"A{n:04d}", "member": draw.choice(members), "service": "SAFE_VISIT",
                "minutes": 60, "date": str(day), "posted_on": str(day), "accepted_on": str(day),
                "window": {"earliest": "09:00", "latest": "16:00"}, "done_on": str(day),
                "volunteer": draw.choice(volunteers), "given": draw.randrange(5, 61),
            }
        )  # fmt: skip
    accounts = [
        *({"id": one, "age": 75} for one in members),
        *({"id": one, "age": 62} for one in volunteers),
        {"id": "pool", "kind": "pool"},
        {"id": "issue", "kind": "issue"},
    ]
    return TimeBank.model_validate(
        {"id": "bank", "accounts": accounts, "orders": orders,
         "rules": {"issued_minutes": 60 * ORDERS}}
    )  # fmt: skip
