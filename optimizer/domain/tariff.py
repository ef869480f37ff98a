"""What care costs under a contract: its price book, and which of its surcharges a visit carries.

There is one notion of a price: what a roster costs, what a cap in money holds, what is billed and
what is looked at before a client is given to an organisation all follow from here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from optimizer.domain.client import Client, ServicePrice
from optimizer.domain.contract import Contract, Surcharge
from optimizer.domain.visit import StartWindow, Visit
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE

_WHOLE = 100
_MS_PER_HOUR = 60 * MS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Tariff:
    """What one stop costs.

    Attributes
    ----------
    once
        Fen, however long it lasts.
    rate
        Hundredths of a fen per hour of care, so that percentages stay whole.
    """

    once: int
    rate: int

    def fen(self, care: int) -> int:
        """Return the price of some milliseconds of care, rounded down to a fen."""
        return self.once + care * self.rate // (_WHOLE * _MS_PER_HOUR)

    def exactly(self, care: int) -> Fraction:
        """Return the price of some milliseconds of care, parts of a fen included."""
        return self.once + Fraction(care * self.rate, _WHOLE * _MS_PER_HOUR)


FREE = Tariff(0, 0)
"Of what no contract pays for."


def tariff_of(contract: Contract, client: Client, visit: Visit, carer: int, day: date) -> Tariff:
    """Return what a stop costs under a contract.

    Parameters
    ----------
    contract
        The contract charged.
    client, visit
        Whose visit.
    carer
        The carer's number; what is paid once for a visit is paid at the first one's stop.
    day
        The day on whose roster the visit stands.
    """
    dearer = surcharges_of(contract, client, visit, day)
    percent = _WHOLE + sum(one.percent for one in dearer)
    once = 0
    if carer == 1:
        base = sum(price.fen_per_time for price in book_prices(contract, visit.services))
        once = base * percent // _WHOLE + sum(one.fen_per_visit for one in dearer)
    return Tariff(once, hourly_price(contract, visit.services) * percent)


def book_prices(contract: Contract, services: Collection[str]) -> tuple[ServicePrice, ...]:
    """Return the lines of a contract's price book that are about some services."""
    return tuple(price for price in contract.prices if price.service in services)


def hourly_price(contract: Contract, services: Collection[str]) -> int:
    """Return fen per hour of a visit: of its services the dearest.

    What the book does not list costs the contract's `fen_per_hour`; so does a visit without
    services.
    """
    listed = book_prices(contract, services)
    hourly = [price.fen_per_hour for price in listed]
    if not services or not {price.service for price in listed}.issuperset(services):
        hourly.append(contract.fen_per_hour)
    return max(hourly)


def surcharges_of(
    contract: Contract, client: Client, visit: Visit, day: date
) -> tuple[Surcharge, ...]:
    """Return the surcharges that a visit carries under a contract."""
    return tuple(
        one
        for one in contract.surcharges
        if (not one.towns or client.town in one.towns)
        and (not one.services or not set(one.services).isdisjoint(visit.services))
        and _falls_in(one, visit.window, day)
    )


def _falls_in(one: Surcharge, window: StartWindow, day: date) -> bool:
    """Return whether a visit cannot begin but at a time of the surcharge.

    What was agreed counts and not when somebody came: nobody earns more by coming late.
    """
    moments = (window.earliest, window.latest)
    days = [day + timedelta(days=moment // MS_PER_DAY) for moment in moments]
    if one.weekdays or one.dates:
        on = [each in one.dates or each.isoweekday() in one.weekdays for each in days]
        if not all(on):
            return False
    if one.start is None or one.end is None:
        return True
    # The hours once from each midnight; a night that began the evening before as well.
    length = (one.end - one.start) % MS_PER_DAY or MS_PER_DAY
    for begin in range(one.start - MS_PER_DAY, window.earliest + 1, MS_PER_DAY):
        if begin <= window.earliest and window.latest < begin + length:
            return True
    return False


def may_coincide(one: Surcharge, other: Surcharge) -> bool:
    """Return whether one visit might carry both surcharges."""
    return (
        _meet(one.towns, other.towns)
        and _meet(one.services, other.services)
        and _share_a_day(one, other)
        and _share_an_hour(one, other)
    )


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two lists have something in common; an empty one means everything."""
    return not one or not other or not set(one).isdisjoint(other)


def _share_a_day(one: Surcharge, other: Surcharge) -> bool:
    if not (one.weekdays or one.dates) or not (other.weekdays or other.dates):
        return True
    return (
        not set(one.weekdays).isdisjoint(other.weekdays)
        or any(_is_on(other, day) for day in one.dates)
        or any(_is_on(one, day) for day in other.dates)
    )


def _is_on(one: Surcharge, day: date) -> bool:
    return day in one.dates or day.isoweekday() in one.weekdays


def _share_an_hour(one: Surcharge, other: Surcharge) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return True
    return any(
        a < d and c < b
        for a, b in _spans(one.start, one.end)
        for c, d in _spans(other.start, other.end)
    )


def _spans(start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return hours as parts of one day: those over midnight as two."""
    if start < end:
        return ((start, end),)
    return (start, MS_PER_DAY), (0, end)
