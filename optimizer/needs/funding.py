"""Who pays: a client's needs against what payers grant, visit by visit.

What is charged is what is given: a purse pays for whole visits with arrival and notes, at least
as long as the payer asks. So care is bought one time after the other, each joining a visit of
its day or opening one, and the purse is charged the difference.

Critical care comes first, in the order of the catalogue, a whole day of it at a time. Essential
care comes next and flexible care last, either of them spread evenly by need: whoever is fed is
also changed. What belongs together is bought together or not at all.

References
----------
The even spread is the method of Webster and Sainte-Laguë for handing out seats: M. L. Balinski
and H. P. Young, *Fair Representation*, Yale University Press, 1982. More money never takes away
what less money has bought of a service, but for what no longer fits the rest of a purse.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from optimizer.domain.client import Client, Entitlement, Period
from optimizer.domain.policy import Priority
from optimizer.needs.asking import Away
from optimizer.needs.away import WEEKDAYS, Menu, menus_of
from optimizer.needs.book import Book
from optimizer.needs.bundling import Bundle, Excludes, Limits, bundled, limits_of, urgency
from optimizer.needs.buying import Buyer, Purse, covers
from optimizer.needs.catalogue import Catalogue
from optimizer.needs.charging import Charge, charges_of
from optimizer.needs.cycle import DAYS
from optimizer.needs.required import Demand
from optimizer.needs.rules import Follow, share_moments

_CLASSES = (Priority.CRITICAL, Priority.ESSENTIAL, Priority.FLEXIBLE)


@dataclass(frozen=True, slots=True)
class Paid:
    """One time of a service that is given.

    Attributes
    ----------
    day
        Of the cycle, 0 to 27.
    window
        Name of the moment of the day.
    payer
        Who pays; None where no entitlement asks for an account because the client has none.
    """

    day: int
    window: str
    payer: str | None


@dataclass(frozen=True, slots=True)
class Funded:
    """A demand and the times that somebody pays for.

    Attributes
    ----------
    demand
        The demand.
    paid
        The times that are paid for, by day and moment.
    """

    demand: Demand
    paid: tuple[Paid, ...]

    @property
    def days(self) -> frozenset[int]:
        """Days of the cycle on which it is paid for at least once."""
        return frozenset(one.day for one in self.paid)

    @property
    def entitled(self) -> int:
        """Minutes of all carers in four weeks that are paid for."""
        return self.demand.minutes_each_time * len(self.paid)

    @property
    def cut(self) -> int:
        """Minutes of all carers in four weeks that nobody pays for."""
        return self.demand.minutes_per_cycle - self.entitled

    def cut_on(self, days: Iterable[int]) -> int:
        """Return the minutes that nobody pays for on some days of the cycle, 0 to 27."""
        asked = list(days)
        times = sum(asked.count(day) for day, _ in self.demand.times)
        times -= sum(asked.count(one.day) for one in self.paid)
        return self.demand.minutes_each_time * times


@dataclass(frozen=True)
class Funding:
    """What of a client's needs is paid for, and the visits that it makes.

    Attributes
    ----------
    funded
        Per demand, most important first.
    """

    funded: tuple[Funded, ...]
    _bundles_on: Callable[[int], tuple[Bundle, ...]]
    _charges: Callable[[Iterable[Bundle]], dict[str | None, Charge]]

    def bundles_on(self, day: int) -> tuple[Bundle, ...]:
        """Return the visits of a day of the cycle, in order of their windows."""
        found = self._bundles_on(day)
        return tuple(
            sorted(found, key=lambda one: (one.earliest, one.latest, one.items[0].demand.rank))
        )

    @cached_property
    def charged(self) -> Mapping[str | None, Charge]:
        """What the visits of four weeks cost, by payer."""
        return self._charges(bundle for day in range(DAYS) for bundle in self._bundles_on(day))


def fund(
    client: Client,
    demands: Sequence[Demand],
    follows: Iterable[Follow],
    book: Book,
    excludes: Excludes,
    away: Sequence[Away] = (),
) -> Funding:
    """Return what is paid for of a client's needs.

    Parameters
    ----------
    client
        The client; entitlements are used in the order in which they stand. Those of the
        horizon's period limit nothing here: the roster itself is counted against them.
    demands
        In order of importance.
    follows
        Which services belong together.
    book
        For services, prices, arrival and notes.
    excludes
        Whether two services must not be in one visit.
    away
        When the client is not at home.
    """
    catalogue = book.catalogue
    granted = client.entitlements
    limits = limits_of(granted)
    around = catalogue.arrival + catalogue.notes
    menus = _menus(client, demands, away, catalogue)
    books = {one.payer: one.price_book for one in granted if one.price_book is not None}

    def charges(bundles: Iterable[Bundle]) -> dict[str | None, Charge]:
        return charges_of(bundles, limits, books, catalogue)

    if all(one.period is Period.HORIZON for one in granted):
        funded = tuple(_outright(demand, granted) for demand in demands)
        days = _Days(funded, menus, limits, excludes, around)
        return Funding(funded, days.bundles_on, charges)
    purses = [Purse(payer, granted, limits, catalogue) for payer in limits]
    buyer = Buyer(menus, purses, limits, excludes, around)
    groups = _Groups(demands, follows, catalogue)
    _buy_all(demands, groups, buyer)
    funded = tuple(
        Funded(demand, tuple(_paid(*row) for row in buyer.paid_of(demand))) for demand in demands
    )
    return Funding(funded, buyer.bundles_on, charges)


def _menus(
    client: Client, demands: Sequence[Demand], away: Sequence[Away], catalogue: Catalogue
) -> tuple[Menu, ...]:
    """Return what may take place on each weekday, or on each day of the cycle if these differ.

    They differ where a service is asked for otherwise on some days, by a care plan that begins
    or ends.
    """
    often = Counter(demand.service for demand in demands)
    if len(often) == len(demands):
        return menus_of(client, demands, away, catalogue)
    known: dict[tuple[Demand, ...], tuple[Menu, ...]] = {}
    menus = []
    for day in range(DAYS):
        today = tuple(one for one in demands if often[one.service] == 1 or day in one.days)
        if today not in known:
            known[today] = menus_of(client, today, away, catalogue)
        menus.append(known[today][day % WEEKDAYS])
    return tuple(menus)


def _outright(demand: Demand, granted: Sequence[Entitlement]) -> Funded:
    """Return a demand paid in full by the first payer who covers it, or by nobody in particular."""
    payer: str | None = None
    if granted:
        payers = (one.payer for one in granted if covers(one, demand.service))
        payer = next(payers, None)
        if payer is None:
            return Funded(demand, ())
    places = {window.name: place for place, window in enumerate(demand.windows)}
    times = sorted(demand.times, key=lambda one: (one[0], places[one[1]]))
    return Funded(demand, tuple(_paid(day, window, payer) for day, window in times))


@lru_cache(maxsize=4096)
def _paid(day: int, window: str, payer: str | None) -> Paid:
    """Return a time that is given, the same one for all clients: there are a few hundred."""
    return Paid(day, window, payer)


class _Days:
    """The visits of each day where everything is paid for; days alike are put together once."""

    def __init__(
        self,
        funded: Iterable[Funded],
        menus: Sequence[Menu],
        limits: Mapping[str, Limits],
        excludes: Excludes,
        around: int,
    ) -> None:
        self._menus, self._limits = menus, limits
        self._excludes, self._around = excludes, around
        self._of_day: dict[int, list[tuple[str, str, str | None]]] = {}
        for one in funded:
            for paid in one.paid:
                row = one.demand.service, paid.window, paid.payer
                self._of_day.setdefault(paid.day, []).append(row)
        self._known: dict[tuple[int, tuple[tuple[str, str, str | None], ...]], tuple[Bundle, ...]]
        self._known = {}

    def bundles_on(self, day: int) -> tuple[Bundle, ...]:
        """Return the visits of a day of the cycle."""
        rows, menu = tuple(self._of_day.get(day, ())), self._menus[day % len(self._menus)]
        key = id(menu), rows
        if key not in self._known:
            paid = [(menu[service, window], payer) for service, window, payer in rows]
            paid.sort(key=lambda one: urgency(one[0]))
            self._known[key] = bundled(paid, self._limits, self._excludes, self._around)
        return self._known[key]


class _Groups:
    """What has to be bought together: a service at a moment with all that it must not lack."""

    def __init__(
        self, demands: Iterable[Demand], follows: Iterable[Follow], catalogue: Catalogue
    ) -> None:
        self._demands: dict[str, list[Demand]] = {}
        for demand in demands:
            self._demands.setdefault(demand.service, []).append(demand)
        self._needs: dict[str, list[tuple[str, bool]]] = {}
        self._times: dict[str, frozenset[tuple[int, str]]] = {}
        for follow in follows:
            pair = follow.first, follow.second
            if follow.together is None or not self._demands.keys() >= set(pair):
                continue
            for code in pair:
                self._times[code] = frozenset(t for one in self._demands[code] for t in one.times)
            by_moment = share_moments(catalogue, follow)
            self._needs.setdefault(follow.first, []).append((follow.second, by_moment))
            if follow.together == "both":
                self._needs.setdefault(follow.second, []).append((follow.first, by_moment))

    def open_times(
        self, service: str, day: int, windows: Iterable[str], buyer: Buyer
    ) -> list[tuple[str, str]]:
        """Return what is still to be bought with moments of a service, themselves first.

        What no payer covers at all is no reason to leave out the rest: somebody else gives it.
        """
        ends = [(service, window) for window in windows]
        if service not in self._needs:
            return ends
        group = dict.fromkeys(ends)
        while ends:
            code, window = ends.pop()
            for other, by_moment in self._needs.get(code, ()):
                if not buyer.payers_of(other):
                    continue
                every = sorted({w.name for one in self._demands[other] for w in one.windows})
                found = [
                    (other, name)
                    for name in ([window] if by_moment else every)
                    if (day, name) in self._times[other] and (other, name) not in group
                ]
                group.update(dict.fromkeys(found))
                ends += found
        return [(code, name) for code, name in group if (day, name) not in buyer.bought(code)]


@dataclass
class _Queue:
    """The times of one demand that are bought in one class of priority.

    Attributes
    ----------
    service
        Its service.
    place
        Of the demand among all, 0 for the most important.
    days
        First ones first.
    moments
        Windows that are bought at once; all days have the first ones before any has the next.
    absent
        Days and windows at which the client is away.
    next, bought
        Times looked at, and times bought.
    """

    service: str
    place: int
    days: tuple[int, ...]
    moments: tuple[tuple[str, ...], ...]
    absent: frozenset[tuple[int, str]]
    next: int = 0
    bought: int = 0

    @property
    def size(self) -> int:
        """How many times there are."""
        return len(self.days) * len(self.moments)

    @property
    def turn(self) -> tuple[float, int]:
        """When its next time comes: the share that it will have, half a time counted."""
        return (self.bought + 0.5) / self.size, self.place


def _buy_all(demands: Sequence[Demand], groups: _Groups, buyer: Buyer) -> None:
    """Buy in order of priority, and at the end whatever still fits somewhere."""
    queues = {kind: list(_queues(demands, kind)) for kind in _CLASSES}
    for queue in queues[Priority.CRITICAL]:
        _buy_next(queue, groups, buyer, queue.size)
    for kind in _CLASSES[1:]:
        heap = [(queue.turn, queue) for queue in queues[kind]]
        heapq.heapify(heap)
        while heap:
            _, queue = heap[0]
            if _buy_next(queue, groups, buyer, 1):
                heapq.heapreplace(heap, (queue.turn, queue))
            else:
                heapq.heappop(heap)
    for kind in _CLASSES:
        for queue in queues[kind]:
            if queue.bought < queue.size:
                queue.next = 0
                _buy_next(queue, groups, buyer, queue.size)


def _queues(demands: Sequence[Demand], kind: Priority) -> Iterator[_Queue]:
    for place, demand in enumerate(demands):
        names = tuple(w.name for w in demand.windows if demand.priority_at(w.name) is kind)
        if names:
            moments = (names,) if kind is Priority.CRITICAL else tuple((name,) for name in names)
            yield _Queue(demand.service, place, demand.days, moments, demand.absent)


def _buy_next(queue: _Queue, groups: _Groups, buyer: Buyer, most: int) -> bool:
    """Buy the next times of a queue that a purse has room for, so many at most."""
    service, size, paid = queue.service, queue.size, buyer.bought(queue.service)
    bought = 0
    while queue.next < size and bought < most:
        moment, place = divmod(queue.next, len(queue.days))
        day = queue.days[place]
        wanted = [
            name
            for name in queue.moments[moment]
            if (day, name) not in paid and (day, name) not in queue.absent
        ]
        if wanted and buyer.is_out_of_reach(service):
            break
        queue.next += 1
        # Nothing is wanted where the client is away, or where it came with what it belongs to.
        if not wanted or buyer.buy(day, groups.open_times(service, day, wanted, buyer)):
            bought += 1
    queue.bought += bought
    return bought > 0
