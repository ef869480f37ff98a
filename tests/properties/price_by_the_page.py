"""The price of a stop as docs/scenario-format.md tells it, minute by minute."""

from __future__ import annotations

import datetime as dt

from optimizer.domain.client import Client
from optimizer.domain.contract import Contract, Surcharge
from optimizer.domain.visit import Visit

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def price_by_the_page(
    contract: Contract, client: Client, visit: Visit, carer: int, day: dt.date, care: int
) -> int:
    """Return the fen of a stop of so many milliseconds."""
    lines = {line.service: line for line in contract.prices}
    hourly = [
        lines[service].fen_per_hour if service in lines else contract.fen_per_hour
        for service in visit.services or ("",)
    ]
    times = sum(lines[service].fen_per_time for service in set(visit.services) & set(lines))
    dearer = [one for one in contract.surcharges if _is_carried(one, client, visit, day)]
    percent = 100 + sum(one.percent for one in dearer)
    fen = max(hourly) * percent * care // (100 * HOUR)
    if carer == 1:
        fen += times * percent // 100 + sum(one.fen_per_visit for one in dearer)
    return fen


def _is_carried(one: Surcharge, client: Client, visit: Visit, day: dt.date) -> bool:
    if one.towns and client.town not in one.towns:
        return False
    if one.services and not any(service in one.services for service in visit.services):
        return False
    first, last = visit.window.earliest, visit.window.latest
    return all(_is_at(one, day, moment) for moment in (*range(first, last, MINUTE), last))


def _is_at(one: Surcharge, day: dt.date, moment: int) -> bool:
    """Return whether a visit that begins at a moment begins on such a day at such an hour."""
    date, clock = day + dt.timedelta(days=moment // DAY), moment % DAY
    if (one.weekdays or one.dates) and not (date in one.dates or date.isoweekday() in one.weekdays):
        return False
    if one.start is None or one.end is None:
        return True
    if one.start < one.end:
        return one.start <= clock < one.end
    return clock >= one.start or clock < one.end
