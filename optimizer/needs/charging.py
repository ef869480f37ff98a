"""What a visit costs its payer: the minutes that are given, the visit, and its price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from optimizer.domain.client import Entitlement, EntitlementUnit, ServicePrice
from optimizer.needs.bundling import UNLIMITED, Bundle, Limits
from optimizer.needs.catalogue import Catalogue, Price
from optimizer.units import MS_PER_MINUTE

_MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class Charge:
    """What visits cost a payer.

    Attributes
    ----------
    minutes
        Of all carers, arrival and notes included, each visit as long as the payer asks at least.
    visits
        How many.
    fen
        By the payer's price book; 0 where nothing says which.
    """

    minutes: int = 0
    visits: int = 0
    fen: int = 0

    def __add__(self, other: Self) -> Charge:
        """Return both together."""
        return Charge(
            self.minutes + other.minutes, self.visits + other.visits, self.fen + other.fen
        )


def length_of(bundle: Bundle, limits: Limits, around: int) -> int:
    """Return how long each carer stays, in milliseconds."""
    return max(bundle.minutes * MS_PER_MINUTE + around, limits.shortest)


def minutes_of(bundle: Bundle, limits: Limits, around: int) -> int:
    """Return the minutes that a visit takes of each carer, begun minutes counted as whole."""
    return -(-length_of(bundle, limits, around) // MS_PER_MINUTE)


def amount(bundle: Bundle, granted: Entitlement, limits: Limits, around: int) -> int:
    """Return what a visit charges to an entitlement, in its unit; 0 if it pays for none of it.

    Fen follow the prices that stand with the entitlement, see `optimizer.needs.purses`.
    """
    if granted.services and bundle.services.isdisjoint(granted.services):
        return 0
    if granted.unit is EntitlementUnit.VISITS:
        return 1
    minutes = minutes_of(bundle, limits, around)
    if granted.unit is EntitlementUnit.MINUTES:
        return minutes * bundle.carers
    paid = bundle.services.intersection(granted.services or bundle.services)
    prices = [price for price in granted.prices if price.service in paid]
    return fen_of(prices, minutes, bundle.carers)


def fen_of(prices: Sequence[ServicePrice | Price], minutes: int, carers: int) -> int:
    """Return what a visit costs by the prices of its services, in fen.

    A price per time is for all carers together and comes once for each service that has one; of
    the prices per hour the highest counts for the whole visit, rounded down for each carer, as
    the roster counts it.

    Parameters
    ----------
    prices
        Of the services of the visit that are paid for.
    minutes
        Minutes of the visit, for each carer.
    carers
        How many come.
    """
    once = sum(price.fen_per_time or 0 for price in prices)
    per_hour = max((price.fen_per_hour or 0 for price in prices), default=0)
    return once + carers * (per_hour * minutes // _MINUTES_PER_HOUR)


def charges_of(
    bundles: Iterable[Bundle],
    limits: Mapping[str, Limits],
    price_books: Mapping[str, str],
    catalogue: Catalogue,
) -> dict[str | None, Charge]:
    """Return what visits cost, by payer.

    Parameters
    ----------
    bundles
        The visits.
    limits, price_books
        By payer.
    catalogue
        For prices, arrival and notes.
    """
    around = catalogue.arrival + catalogue.notes
    charges: dict[str | None, Charge] = {}
    for bundle in bundles:
        payer = bundle.payer
        minutes = minutes_of(bundle, limits.get(payer or "", UNLIMITED), around)
        prices = _listed(bundle.services, price_books.get(payer or ""), catalogue)
        one = Charge(minutes * bundle.carers, 1, fen_of(prices, minutes, bundle.carers))
        charges[payer] = charges.get(payer, Charge()) + one
    return charges


def _listed(services: Iterable[str], price_book: str | None, catalogue: Catalogue) -> list[Price]:
    """Return the prices of services in a book; a price per time comes before one per hour."""
    found = [catalogue.services[code].prices.get(price_book or "") for code in services]
    return [
        price if price.fen_per_time is None else Price(fen_per_time=price.fen_per_time)
        for price in found
        if price is not None
    ]
