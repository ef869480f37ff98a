"""Purses while they are being spent: what fits, what it costs, what has been bought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from optimizer.domain.client import Entitlement, EntitlementUnit, Period
from optimizer.needs.away import Menu
from optimizer.needs.bundling import UNLIMITED, Bundle, Excludes, Item, Limits, place_of
from optimizer.needs.catalogue import Catalogue
from optimizer.needs.charging import amount
from optimizer.needs.cycle import CYCLES_PER_YEAR, DAYS, MONTHS_PER_YEAR, WEEKS_PER_CYCLE
from optimizer.needs.required import Demand
from optimizer.units import MS_PER_MINUTE


def covers(granted: Entitlement, service: str) -> bool:
    """Return whether an entitlement lists a service, or lists none."""
    return not granted.services or service in granted.services


class _Account:
    """One entitlement while it is being spent over four weeks."""

    def __init__(self, entitlement: Entitlement) -> None:
        self.entitlement = entitlement
        self.is_open = entitlement.period is Period.HORIZON
        # Amounts are multiplied by the periods in so many years, so that they stay whole.
        self.factor = 1
        if entitlement.period is Period.WEEK:
            self.left = [entitlement.cap] * WEEKS_PER_CYCLE
        else:
            self.factor = CYCLES_PER_YEAR
            self.left = [entitlement.cap * MONTHS_PER_YEAR]

    def place(self, day: int) -> int:
        """Return which of its periods a day lies in."""
        return day // (DAYS // WEEKS_PER_CYCLE) if len(self.left) > 1 else 0


class Purse:
    """All that one payer grants; each of the entitlements has to have room."""

    def __init__(
        self,
        payer: str,
        granted: Iterable[Entitlement],
        limits: Mapping[str, Limits],
        catalogue: Catalogue,
    ) -> None:
        self.payer = payer
        self.accounts = [_Account(one) for one in granted if one.payer == payer]
        self._first = self.accounts[0]
        self._limits = limits.get(payer, UNLIMITED)
        self._around = -(-(catalogue.arrival + catalogue.notes) // MS_PER_MINUTE)
        # Where every visit is charged in full to one account of minutes, a sum is enough.
        self._is_plain = (
            len(self.accounts) == 1
            and not self._first.is_open
            and self._first.entitlement.unit is EntitlementUnit.MINUTES
            and not self._limits.shortest
        )

    def covers(self, service: str) -> bool:
        """Return whether one of the entitlements lists a service, or lists none."""
        return any(covers(account.entitlement, service) for account in self.accounts)

    def is_empty_for(self, minutes: int) -> bool:
        """Return whether it surely has no room for so many minutes, on whatever day."""
        return self._is_plain and max(self._first.left) < minutes * self._first.factor

    def price(self, day: int, item: Item, before: Bundle | None) -> list[int] | None:
        """Return what an item more costs each account; None if one of them has no room.

        Parameters
        ----------
        day
            Of the cycle.
        item
            What is to be given.
        before
            The visit that it joins; None if it needs one of its own.
        """
        if self._is_plain:
            account = self._first
            minutes = item.demand.minutes + (self._around if before is None else 0)
            cost = len(item.codes) * minutes * account.factor
            return None if cost > account.left[account.place(day)] else [cost]
        after = Bundle.of(self.payer, item) if before is None else before.with_item(item)
        found = [
            self._amount(after, account) - (self._amount(before, account) if before else 0)
            for account in self.accounts
        ]
        costs = [cost * account.factor for cost, account in zip(found, self.accounts, strict=True)]
        for cost, account in zip(costs, self.accounts, strict=True):
            if cost > 0 and cost > account.left[account.place(day)]:
                return None
        return costs

    def spend(self, day: int, costs: Iterable[int], sign: int = 1) -> None:
        """Take costs off the accounts, or give them back."""
        for account, cost in zip(self.accounts, costs, strict=True):
            if cost:
                account.left[account.place(day)] -= sign * cost

    def _amount(self, bundle: Bundle, account: _Account) -> int:
        if account.is_open:
            return 0
        around = self._around * MS_PER_MINUTE
        return amount(bundle, account.entitlement, self._limits, around)


class Buyer:
    """Buys times of care from the purses; each joins a visit of its day or opens one."""

    def __init__(
        self,
        menus: Sequence[Menu],
        purses: Sequence[Purse],
        limits: Mapping[str, Limits],
        excludes: Excludes,
        around: int,
    ) -> None:
        self._menus, self._limits = menus, limits
        self._excludes, self._around = excludes, around
        self._least: dict[str, int] = {}
        for menu in {id(menu): menu for menu in menus}.values():
            for (code, _), item in menu.items():
                least = item.demand.minutes_each_time
                self._least[code] = min(least, self._least.get(code, least))
        self._payers = {
            code: [purse for purse in purses if purse.covers(code)] for code in self._least
        }
        self._visits: dict[int, list[Bundle]] = {}
        self._paid: dict[str, dict[tuple[int, str], str]] = {code: {} for code in self._least}
        # Days alike have the same visits, so that few of them are put together.
        self._known: dict[tuple[str | int, int], Bundle] = {}

    def payers_of(self, service: str) -> list[Purse]:
        """Return the purses that cover a service, in the order in which they are used."""
        return self._payers[service]

    def is_out_of_reach(self, service: str) -> bool:
        """Return whether no purse surely has room for one time more of a service."""
        least = self._least[service]
        return all(purse.is_empty_for(least) for purse in self._payers[service])

    def bought(self, service: str) -> Mapping[tuple[int, str], str]:
        """Return who pays for what has been bought of a service so far, by day and moment."""
        return self._paid[service]

    def bundles_on(self, day: int) -> tuple[Bundle, ...]:
        """Return the visits of a day of the cycle."""
        return tuple(self._visits.get(day, ()))

    def paid_of(self, demand: Demand) -> list[tuple[int, str, str]]:
        """Return day, moment and payer of what has been bought of a demand, in order."""
        starts = {window.name: window.earliest for window in demand.windows}
        days = frozenset(demand.days)
        paid = (
            (time, payer) for time, payer in self._paid[demand.service].items() if time[0] in days
        )
        rows = sorted(paid, key=lambda row: (row[0][0], starts[row[0][1]]))
        return [(day, window, payer) for (day, window), payer in rows]

    def buy(self, day: int, times: Sequence[tuple[str, str]]) -> bool:
        """Buy services at moments of a day, all of them or none; return whether it was done."""
        kept = self._visits.get(day, [])
        visits = list(kept)
        undo: list[tuple[str, str, Purse, list[int]]] = []
        for service, window in times:
            done = self._buy_one(day, visits, service, window)
            if done is None:
                for code, moment, purse, costs in undo:
                    purse.spend(day, costs, sign=-1)
                    del self._paid[code][day, moment]
                return False
            undo.append((service, window, *done))
        self._visits[day] = visits
        return True

    def _buy_one(
        self, day: int, visits: list[Bundle], service: str, window: str
    ) -> tuple[Purse, list[int]] | None:
        item = self._menus[day % len(self._menus)][service, window]
        for purse in self.payers_of(service):
            limits = self._limits[purse.payer]
            place = place_of(item, purse.payer, visits, limits, self._excludes, self._around)
            before = None if place is None else visits[place]
            costs = purse.price(day, item, before)
            if costs is None:
                continue
            purse.spend(day, costs)
            after = self._with_item(before, purse.payer, item)
            if place is None:
                visits.append(after)
            else:
                visits[place] = after
            self._paid[service][day, window] = purse.payer
            return purse, costs
        return None

    def _with_item(self, before: Bundle | None, payer: str, item: Item) -> Bundle:
        """Return a visit with an item more, the same one for the same visit."""
        key = payer if before is None else id(before), id(item)
        if key not in self._known:
            found = Bundle.of(payer, item) if before is None else before.with_item(item)
            self._known[key] = found
        return self._known[key]
