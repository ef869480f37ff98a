"""Which entitlements a visit is charged to, at what prices, and when they begin anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from optimizer.domain.client import Client, Entitlement, Period, ServicePrice
from optimizer.domain.visit import Visit


def purses_of(client: Client, visit: Visit) -> Iterator[tuple[int, Entitlement]]:
    """Yield the client's entitlements that a visit is charged to, with their positions.

    They are all those of its payer that list one of its services, or list none.
    """
    if visit.payer is None:
        return
    for position, granted in enumerate(client.entitlements):
        if granted.payer == visit.payer and pays_for(granted, visit):
            yield position, granted


def pays_for(granted: Entitlement, visit: Visit) -> bool:
    """Return whether an entitlement lists one of a visit's services, or lists none."""
    return not granted.services or not set(granted.services).isdisjoint(visit.services)


def prices_of(granted: Entitlement, visit: Visit) -> tuple[ServicePrice, ...]:
    """Return the prices of a visit's services that an entitlement pays for."""
    paid = set(visit.services)
    if granted.services:
        paid &= set(granted.services)
    return tuple(price for price in granted.prices if price.service in paid)


def begin_of(period: Period, day: date) -> date | None:
    """Return the first day of the calendar week or month of a day; None for the whole horizon."""
    if period is Period.WEEK:
        return day - timedelta(days=day.weekday())
    if period is Period.MONTH:
        return day.replace(day=1)
    return None


def left_of(granted: Entitlement, begin: date | None, first: date) -> int:
    """Return what an entitlement still grants in a period of the days planned, at least 0.

    Parameters
    ----------
    granted
        The entitlement.
    begin
        First day of the period; None for the whole horizon.
    first
        First day planned: in its period something may be used up.
    """
    is_begun = begin is None or begin <= first
    return max(0, granted.cap - granted.used) if is_begun else granted.cap
