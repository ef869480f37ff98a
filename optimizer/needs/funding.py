"""Who pays: a client's needs against what payers grant, most important first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from optimizer.domain.client import Entitlement, EntitlementUnit, Period
from optimizer.needs.catalogue import Catalogue, Price, Service
from optimizer.needs.cycle import CYCLES_PER_YEAR, MONTHS_PER_YEAR, WEEKS_PER_CYCLE
from optimizer.needs.required import Demand

CountVisits = Callable[[tuple[Demand, ...]], int]
"""How many visits services make that one payer pays for on one day."""


def each_time_a_visit(demands: tuple[Demand, ...]) -> int:
    """Return the visits of one day if no two services share one."""
    return sum(len(demand.windows) for demand in demands)


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

    def cut_on(self, days: Iterable[int]) -> int:
        """Return the minutes that nobody pays for on some days of the cycle, 0 to 27."""
        unpaid = set(self.demand.days).difference(day for day, _ in self.paid)
        return self.demand.minutes_per_day * sum(day in unpaid for day in days)


class _Purse:
    """One entitlement while it is being spent, over four weeks."""

    def __init__(self, entitlement: Entitlement, count_visits: CountVisits) -> None:
        self.payer = entitlement.payer
        self._entitlement = entitlement
        # All amounts are multiplied by the periods in so many years, so that they stay whole.
        self._left = 0
        self._factor = 1
        self._is_open = entitlement.period is Period.HORIZON
        if entitlement.period is Period.WEEK:
            self._left = entitlement.cap * WEEKS_PER_CYCLE
        elif entitlement.period is Period.MONTH:
            self._left = entitlement.cap * MONTHS_PER_YEAR
            self._factor = CYCLES_PER_YEAR
        self._count_visits = count_visits
        self._paid: dict[int, tuple[Demand, ...]] = defaultdict(tuple)
        self._visits: dict[int, int] = defaultdict(int)

    def covers(self, service: str) -> bool:
        listed = self._entitlement.services
        return not listed or service in listed

    def amount(self, demand: Demand, day: int, service: Service) -> int:
        """Return what one more day of a demand takes from the purse."""
        unit = self._entitlement.unit
        if self._is_open:
            return 0
        if unit is EntitlementUnit.VISITS:
            # What the day has more of visits with the demand than without it.
            visits = self._count_visits((*self._paid[day], demand))
            return (visits - self._visits[day]) * self._factor
        if unit is EntitlementUnit.MINUTES:
            return demand.minutes_per_day * self._factor
        return self._fen(demand, service) * self._factor

    def _fen(self, demand: Demand, service: Service) -> int:
        listed = self._entitlement.prices
        if not listed:
            return fen_per_day(demand, service, self._entitlement.price_book)
        each = len(demand.requirements) * demand.minutes
        return len(demand.windows) * sum(
            price.fen_per_time + price.fen_per_hour * each // 60
            for price in listed
            if price.service == demand.service
        )

    def affords(self, amount: int) -> bool:
        return self._is_open or amount <= self._left

    def book(self, demand: Demand, day: int, amount: int) -> None:
        self._left -= amount
        if not self._is_open and self._entitlement.unit is EntitlementUnit.VISITS:
            self._paid[day] = (*self._paid[day], demand)
            self._visits[day] = self._count_visits(self._paid[day])


def fund(
    demands: Iterable[Demand],
    entitlements: Iterable[Entitlement],
    catalogue: Catalogue,
    visits_of: Callable[[str], CountVisits] = lambda _: each_time_a_visit,
) -> tuple[Funded, ...]:
    """Return what is paid for of each demand.

    The most important demand is paid first, by the first payer who can, from all
    entitlements of that payer that cover it at once; so what is cut is the least important,
    and life-critical care is cut last.

    Parameters
    ----------
    demands
        In order of importance.
    entitlements
        In the order in which they are used. Those of the horizon's period limit nothing
        here: the roster itself is counted against them.
    catalogue
        For prices.
    visits_of
        For a payer who grants visits: how many visits services of one day make.
    """
    purses: dict[str, list[_Purse]] = {}
    for each in entitlements:
        purses.setdefault(each.payer, []).append(_Purse(each, visits_of(each.payer)))
    return tuple(_paid(demand, purses, catalogue.services[demand.service]) for demand in demands)


def _paid(demand: Demand, purses: Mapping[str, list[_Purse]], service: Service) -> Funded:
    """Pay for the days of a demand, each by the first payer all of whose purses can."""
    if not purses:
        return Funded(demand, tuple((day, None) for day in demand.days))
    payer_of: dict[int, str] = {}
    for payer, granted in purses.items():
        covering = [purse for purse in granted if purse.covers(demand.service)]
        for day in demand.days if covering else ():
            if day not in payer_of and _pay(covering, demand, day, service):
                payer_of[day] = payer
    return Funded(demand, tuple((day, payer_of[day]) for day in demand.days if day in payer_of))


def _pay(purses: list[_Purse], demand: Demand, day: int, service: Service) -> bool:
    """Pay for one day from all purses of a payer, or from none if one of them cannot."""
    amounts = [purse.amount(demand, day, service) for purse in purses]
    if not all(purse.affords(amount) for purse, amount in zip(purses, amounts, strict=True)):
        return False
    for purse, amount in zip(purses, amounts, strict=True):
        purse.book(demand, day, amount)
    return True


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
