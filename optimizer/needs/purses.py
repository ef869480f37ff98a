"""Entitlements as a roster counts them: with their prices, and with room for what was derived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from optimizer.domain.client import Client, Entitlement, EntitlementUnit, Period, ServicePrice
from optimizer.domain.purse import begin_of, pays_for, prices_of
from optimizer.domain.visit import Visit
from optimizer.needs.catalogue import Catalogue
from optimizer.units import MS_PER_MINUTE


def priced(client: Client, catalogue: Catalogue) -> Client:
    """Return the client with prices in every purse that counts fen.

    Prices that a purse lists itself are kept, so that doing it again changes nothing. A
    client without such a purse is returned as it is.
    """
    granted = tuple(_with_prices(one, catalogue) for one in client.entitlements)
    if all(new is old for new, old in zip(granted, client.entitlements, strict=True)):
        return client
    return client.model_copy(update={"entitlements": granted})


def _with_prices(granted: Entitlement, catalogue: Catalogue) -> Entitlement:
    """Return a purse with what its services cost in its price book."""
    if granted.unit is not EntitlementUnit.FEN or granted.prices or granted.price_book is None:
        return granted
    found = {
        code: service.prices[granted.price_book]
        for code, service in catalogue.services.items()
        if granted.price_book in service.prices
        and (not granted.services or code in granted.services)
    }
    prices = tuple(
        ServicePrice(service=code, fen_per_hour=price.fen_per_hour or 0)
        if price.fen_per_time is None
        else ServicePrice(service=code, fen_per_time=price.fen_per_time)
        for code, price in found.items()
    )
    return granted.model_copy(update={"prices": prices}) if prices else granted


def with_room(
    entitlements: Sequence[Entitlement], derived: Sequence[Visit], days: Sequence[date]
) -> tuple[Entitlement, ...]:
    """Return entitlements that grant at least the visits derived from them.

    What is granted by month has been shared out over a cycle of four weeks, so one month may be
    planned more than its part; a flexible visit may move into another week. Visits that stand
    ready have what derived ones leave of a period. A purse of the horizon stays as it is: it
    is not shared out but counted on the roster.

    Parameters
    ----------
    entitlements
        Of one client.
    derived
        The client's derived visits.
    days
        The horizon.
    """
    return tuple(
        one
        if one.period is Period.HORIZON or (most := _most_charged(one, derived, days)) <= one.cap
        else one.model_copy(update={"cap": most})
        for one in entitlements
    )


def _most_charged(granted: Entitlement, visits: Sequence[Visit], days: Sequence[date]) -> int:
    """Return the most that visits may charge to a purse in one of its periods."""
    charged: dict[date | None, int] = defaultdict(int)
    charged[begin_of(granted.period, days[0])] = granted.used
    for visit in visits:
        if visit.payer == granted.payer and pays_for(granted, visit):
            for begin in {begin_of(granted.period, day) for day in visit.dates or days}:
                charged[begin] += _charge(granted, visit)
    return max(charged.values(), default=0)


def _charge(granted: Entitlement, visit: Visit) -> int:
    """Return the minutes, visits or fen that a visit charges in full, minutes rounded up."""
    if granted.unit is EntitlementUnit.VISITS:
        return 1
    minutes = [-(-need.minutes // MS_PER_MINUTE) for need in visit.carers]
    if granted.unit is EntitlementUnit.MINUTES:
        return sum(minutes)
    prices = prices_of(granted, visit)
    rate = max((price.fen_per_hour for price in prices), default=0)
    return sum(price.fen_per_time for price in prices) + sum(rate * one // 60 for one in minutes)
