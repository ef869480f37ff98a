"""Services of one client on one day become visits: what one caregiver can do at one time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from optimizer.domain.client import Client, Entitlement
from optimizer.domain.policy import Priority
from optimizer.domain.visit import Requirement, StartWindow, Visit
from optimizer.needs.catalogue import Catalogue, DayWindow, Service
from optimizer.needs.required import Demand
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE

COMMON_WINDOW = 30 * MS_PER_MINUTE
"Services share a visit if their windows have so much in common, or all of the narrower one."
USUAL_SLOT = 30 * MS_PER_MINUTE
"Later than this after the usual time counts as late."

Given = tuple[Visit, str]
"""A ready visit and one of its services."""

Excludes = Callable[[str, str], bool]
"""Whether two services must not be in one visit."""

_URGENCY = {Priority.CRITICAL: 0, Priority.ESSENTIAL: 1, Priority.FLEXIBLE: 2}


@dataclass(frozen=True, slots=True)
class Item:
    """One service at one moment of any day.

    Attributes
    ----------
    demand
        What it belongs to.
    window
        Name of the window of the service.
    start
        Earliest and latest start on that client's day.
    preferred_until
        Later counts as late; None if nothing does.
    priority
        How much it matters that it is given at this moment.
    codes
        Code of qualification of each carer.
    """

    demand: Demand
    window: str
    start: StartWindow
    preferred_until: int | None
    priority: Priority
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a payer allows of one visit, arrival and notes included, in milliseconds.

    Attributes
    ----------
    shortest
        A visit is made at least so long.
    longest, most_items
        What is more becomes two visits; None if there is no limit.
    """

    shortest: int = 0
    longest: int | None = None
    most_items: int | None = None


UNLIMITED = Limits()


def limits_of(entitlements: Iterable[Entitlement]) -> dict[str, Limits]:
    """Return the limits per payer, the strictest where one payer grants several times."""
    limits: dict[str, Limits] = {}
    for one in entitlements:
        before = limits.get(one.payer, UNLIMITED)
        limits[one.payer] = Limits(
            shortest=max(before.shortest, one.min_visit or 0),
            longest=_lower(before.longest, one.max_visit),
            most_items=_lower(before.most_items, one.max_items),
        )
    return limits


def _lower(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Services given in one visit.

    Attributes
    ----------
    payer
        Who pays for the visit.
    items
        In the order in which they were put together.
    services
        Their codes.
    earliest, latest
        Window that all items have in common, milliseconds of the day.
    preferred_until
        The earliest of the items' own.
    minutes
        Minutes of all items, for one carer.
    """

    payer: str | None
    items: tuple[Item, ...]
    services: frozenset[str]
    earliest: int
    latest: int
    preferred_until: int | None
    minutes: int

    @property
    def carers(self) -> int:
        """How many carers come."""
        return len(self.items[0].codes)

    @property
    def care(self) -> int:
        """Minutes of all items, all carers added up."""
        return self.minutes * self.carers

    @property
    def shortest(self) -> int:
        """Least acceptable minutes of all items, for one carer."""
        return sum(item.demand.shortest for item in self.items)

    @property
    def priority(self) -> Priority:
        """The most urgent priority among the items."""
        return min((item.priority for item in self.items), key=_URGENCY.__getitem__)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What each carer must hold: the highest level that an item asks for."""
        each = zip(*(item.demand.requirements for item in self.items), strict=True)
        return tuple(max(needs, key=lambda need: need.level) for needs in each)

    @classmethod
    def of(cls, payer: str | None, item: Item) -> Self:
        """Return a visit of one item."""
        return cls(
            payer=payer,
            items=(item,),
            services=frozenset((item.demand.service,)),
            earliest=item.start.earliest,
            latest=item.start.latest,
            preferred_until=item.preferred_until,
            minutes=item.demand.minutes,
        )

    def with_item(self, item: Item) -> Self:
        """Return the visit with one item more."""
        earliest = max(self.earliest, item.start.earliest)
        latest = min(self.latest, item.start.latest)
        preferred = _lower(self.preferred_until, item.preferred_until)
        if preferred is not None:
            preferred = max(earliest, min(preferred, latest))
        return type(self)(
            payer=self.payer,
            items=(*self.items, item),
            services=self.services | {item.demand.service},
            earliest=earliest,
            latest=latest,
            preferred_until=preferred,
            minutes=self.minutes + item.demand.minutes,
        )

    def without(self, gone: Collection[Item]) -> Self | None:
        """Return the visit without some items; None if no item is left."""
        if not any(item in gone for item in self.items):
            return self
        left = [item for item in self.items if item not in gone]
        if not left:
            return None
        bundle = type(self).of(self.payer, left[0])
        for item in left[1:]:
            bundle = bundle.with_item(item)
        return bundle


def items_of(
    client: Client, demands: Iterable[Demand], catalogue: Catalogue
) -> dict[tuple[str, str], Item]:
    """Return one client's services at each moment, by service and window.

    Parameters
    ----------
    client
        Whose own meal times and usual hour count.
    demands
        What the client needs.
    catalogue
        The services.
    """
    return {
        (demand.service, window.name): _item(client, demand, window, catalogue)
        for demand in demands
        for window in demand.windows
    }


def without_given(items: Sequence[Item], given: Iterable[Given]) -> tuple[list[Item], list[Given]]:
    """Return the items that ready visits do not give, and what these give instead.

    Parameters
    ----------
    items
        One client's day.
    given
        Ready visits that may take place on that day, each with one of its services. Each
        takes the place of one item, the one whose window is nearest to its own.
    """
    left, used = list(items), []
    for visit, service in given:
        same = [item for item in left if item.demand.service == service]
        if same:
            left.remove(min(same, key=lambda item: _distance(item.start, visit.window)))
            used.append((visit, service))
    return left, used


def _distance(one: StartWindow, other: StartWindow) -> tuple[int, int]:
    between = max(0, one.earliest - other.latest, other.earliest - one.latest)
    return between, abs(one.earliest + one.latest - other.earliest - other.latest)


def start_window(
    client: Client, window: DayWindow, service: Service, catalogue: Catalogue
) -> StartWindow:
    """Return when a service begins at a client's: around the client's meals, and not after them.

    Parameters
    ----------
    client
        Whose own meal times count.
    window
        One of the service's windows.
    service
        The service.
    catalogue
        For the usual meal times.
    """
    meals = client.meals or catalogue.meals
    moved = _moved(client, window, catalogue)
    earliest = min(max(0, window.earliest + moved), MS_PER_DAY)
    latest = min(max(earliest, window.latest + moved), MS_PER_DAY)
    if service.after_meal:
        rest = catalogue.meal_lasts + service.after_meal
        for meal in sorted((meals.breakfast, meals.lunch, meals.dinner)):
            earliest, latest = _not_between(earliest, latest, meal, meal + rest)
    return _between(earliest, latest)


@lru_cache(maxsize=4096)
def _between(earliest: int, latest: int) -> StartWindow:
    """Return a window, the same one for all clients whose meals are alike."""
    return StartWindow.model_construct(earliest=earliest, latest=latest)


def _moved(client: Client, window: DayWindow, catalogue: Catalogue) -> int:
    if window.meal is None or client.meals is None:
        return 0
    mine: int = getattr(client.meals, window.meal)
    usual: int = getattr(catalogue.meals, window.meal)
    return mine - usual


def _not_between(earliest: int, latest: int, meal: int, ready: int) -> tuple[int, int]:
    """Return the longer part of a window that lies before a meal or after the rest it asks for.

    Where neither is left, the service waits for the end of the rest.
    """
    if latest < meal or earliest >= ready:
        return earliest, latest
    before, after = meal - MS_PER_MINUTE - earliest, latest - ready
    if before < 0 and after < 0:
        return min(ready, MS_PER_DAY), min(ready, MS_PER_DAY)
    if after >= before:
        return ready, latest
    return earliest, meal - MS_PER_MINUTE


def urgency(item: Item) -> tuple[int, int, int, int]:
    """Return the place of an item among those of a day: most urgent and least movable first."""
    width = item.start.latest - item.start.earliest
    return _URGENCY[item.priority], width, item.start.earliest, item.demand.rank


def _item(client: Client, demand: Demand, window: DayWindow, catalogue: Catalogue) -> Item:
    service = catalogue.services[demand.service]
    start = start_window(client, window, service, catalogue)
    earliest, latest = start.earliest, start.latest
    preferred = window.preferred_until
    if preferred is not None:
        preferred = min(preferred + _moved(client, window, catalogue), latest)
    usual = client.usual_start
    if usual is not None and window.meal is None and earliest <= usual <= latest:
        preferred = min(latest, usual + USUAL_SLOT)
    if preferred is not None:
        preferred = max(earliest, preferred)
    codes = tuple(need.code for need in demand.requirements)
    return Item(demand, window.name, start, preferred, demand.priority_at(window.name), codes)


def place_of(
    item: Item,
    payer: str | None,
    bundles: Sequence[Bundle],
    limits: Limits,
    excludes: Excludes,
    around: int,
) -> int | None:
    """Return the position of the visit that an item joins; None if it needs one of its own.

    It joins the first visit that is paid by the same payer, asks for the same codes of
    qualification, begins at a time that suits both, and stays within the payer's longest visit
    and number of items.

    Parameters
    ----------
    item, payer
        The item and who pays for it.
    bundles
        The visits of the day so far.
    limits
        What the payer allows of a visit.
    excludes
        Whether two services must not be in one visit.
    around
        What a visit lasts beside its items, milliseconds.
    """
    for place, home in enumerate(bundles):
        if home.payer == payer and _fits(item, home, limits, excludes, around):
            return place
    return None


def bundled(
    items: Iterable[tuple[Item, str | None]],
    limits: Mapping[str, Limits],
    excludes: Excludes,
    around: int = 0,
) -> tuple[Bundle, ...]:
    """Return the visits that items and their payers make up, one after the other."""
    bundles: list[Bundle] = []
    for item, payer in items:
        allowed = limits.get(payer or "", UNLIMITED)
        place = place_of(item, payer, bundles, allowed, excludes, around)
        if place is None:
            bundles.append(Bundle.of(payer, item))
        else:
            bundles[place] = bundles[place].with_item(item)
    return tuple(bundles)


def _fits(item: Item, home: Bundle, limits: Limits, excludes: Excludes, around: int) -> bool:
    first = home.items[0]
    if item.demand.service in home.services or item.codes != first.codes:
        return False
    common = min(item.start.latest, home.latest) - max(item.start.earliest, home.earliest)
    narrower = min(item.start.latest - item.start.earliest, home.latest - home.earliest)
    if common < min(COMMON_WINDOW, narrower):
        return False
    if any(excludes(item.demand.service, service) for service in home.services):
        return False
    if limits.most_items is not None and len(home.items) >= limits.most_items:
        return False
    length = (home.minutes + item.demand.minutes) * MS_PER_MINUTE + around
    return limits.longest is None or length <= limits.longest
