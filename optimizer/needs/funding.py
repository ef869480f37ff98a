"""Who pays: a client's needs against what payers grant, most important first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from optimizer.domain.client import Entitlement, EntitlementUnit, Period
from optimizer.needs.catalogue import Catalogue, Price, Service
from optimizer.needs.cycle import CYCLES_PER_YEAR, MONTHS_PER_YEAR, WEEKS_PER_CYCLE
from optimizer.needs.required import Demand

Slot = tuple[int, str]
"""Day of the cycle and name of a window: what may become one visit."""


@dataclass(frozen=True, slots=True)
class Funded:
    """A demand and the days that somebody pays for.

    Attributes
    ----------
    demand
        The demand.
    paid
        The days with their payer, in the demand's order; None where no entitlement asks
        for an account because the client has none.
    """

    demand: Demand
    paid: tuple[tuple[int, str | None], ...]

    @property
    def entitled(self) -> int:
        """Minutes of all carers in four weeks that are paid for."""
        return self.demand.minutes_per_day * len(self.paid)

    @property
    def cut(self) -> int:
        """Minutes of all carers in four weeks that nobody pays for."""
        return self.demand.minutes_per_cycle - self.entitled


class _Purse:
    """One entitlement while it is being spent, over four weeks."""

    def __init__(self, entitlement: Entitlement) -> None:
        self.payer = entitlement.payer
        self._entitlement = entitlement
        # All amounts are multiplied by the periods in so many years, so that they stay whole.
        self._left: int | None = None
        self._factor = 1
        if entitlement.period is Period.WEEK:
            self._left = entitlement.cap * WEEKS_PER_CYCLE
        elif entitlement.period is Period.MONTH:
            self._left = entitlement.cap * MONTHS_PER_YEAR
            self._factor = CYCLES_PER_YEAR
        self._visited: set[Slot] = set()

    def covers(self, service: str) -> bool:
        listed = self._entitlement.services
        return not listed or service in listed

    def pay(self, demand: Demand, day: int, service: Service) -> bool:
        """Pay for one day of a demand; False if too little is left."""
        if self._left is not None:
            amount = self._amount(demand, day, service) * self._factor
            if amount > self._left:
                return False
            self._left -= amount
        if self._entitlement.unit is EntitlementUnit.VISITS:
            self._visited.update(_slots(demand, day))
        return True

    def _amount(self, demand: Demand, day: int, service: Service) -> int:
        unit = self._entitlement.unit
        if unit is EntitlementUnit.MINUTES:
            return demand.minutes_per_day
        if unit is EntitlementUnit.FEN:
            return fen_per_day(demand, service, self._entitlement.price_book)
        return sum(slot not in self._visited for slot in _slots(demand, day))


def _slots(demand: Demand, day: int) -> list[Slot]:
    """Return the visits that a demand's day makes, if nothing else does.

    Services that ask for different qualifications are never one visit; the code tells them
    apart.
    """
    codes = "+".join(need.code for need in demand.requirements)
    return [(day, f"{window.name}/{codes}") for window in demand.windows]


def fund(
    demands: Iterable[Demand], entitlements: Iterable[Entitlement], catalogue: Catalogue
) -> tuple[Funded, ...]:
    """Return what is paid for of each demand.

    The most important demand is paid first, from the first entitlement that covers it; so
    what is cut is the least important, and life-critical care is cut last.

    Parameters
    ----------
    demands
        In order of importance.
    entitlements
        In the order in which they are used. Those of the horizon's period limit nothing
        here: the roster itself is counted against them.
    catalogue
        For prices.
    """
    purses = [_Purse(entitlement) for entitlement in entitlements]
    return tuple(_paid(demand, purses, catalogue.services[demand.service]) for demand in demands)


def _paid(demand: Demand, purses: list[_Purse], service: Service) -> Funded:
    if not purses:
        return Funded(demand, tuple((day, None) for day in demand.days))
    payer_of: dict[int, str] = {}
    for purse in purses:
        if not purse.covers(demand.service):
            continue
        for day in demand.days:
            if day not in payer_of and purse.pay(demand, day, service):
                payer_of[day] = purse.payer
    return Funded(demand, tuple((day, payer_of[day]) for day in demand.days if day in payer_of))


def fen_per_day(demand: Demand, service: Service, price_book: str | None) -> int:
    """Return what one day of a demand costs in a price book, in fen, rounded down per time.

    A price per time is for all carers together; a price per hour is for each of them. A
    service that the book does not list costs nothing.
    """
    price = _price(service.prices, price_book)
    if price is None:
        return 0
    if price.fen_per_time is not None:
        return price.fen_per_time * len(demand.windows)
    per_hour = price.fen_per_hour or 0
    one_time = per_hour * demand.minutes * len(demand.requirements) // 60
    return one_time * len(demand.windows)


def _price(prices: Mapping[str, Price], price_book: str | None) -> Price | None:
    if price_book is not None:
        return prices.get(price_book)
    return next(iter(prices.values()), None)
