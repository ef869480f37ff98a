"""Services of one client on one day become visits: what one caregiver can do at one time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

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

_URGENCY = {Priority.CRITICAL: 0, Priority.ESSENTIAL: 1, Priority.FLEXIBLE: 2}


@dataclass(frozen=True, slots=True)
class Item:
    """One service at one moment of a day.

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
    payer
        Who pays.
    """

    demand: Demand
    window: str
    start: StartWindow
    preferred_until: int | None
    payer: str | None


@dataclass(slots=True)
class Bundle:
    """Services given in one visit.

    Attributes
    ----------
    items
        In the order in which they were put together.
    earliest, latest
        Window that all items have in common, milliseconds of the day.
    preferred_until
        The earliest of the items' own.
    """

    items: list[Item]
    earliest: int
    latest: int
    preferred_until: int | None = None
    services: set[str] = field(default_factory=set)

    @property
    def payer(self) -> str | None:
        """Who pays for the visit."""
        return self.items[0].payer

    @property
    def minutes(self) -> int:
        """Minutes of all items, for one carer."""
        return sum(item.demand.minutes for item in self.items)

    @property
    def care(self) -> int:
        """Minutes of all items, all carers added up."""
        return sum(item.demand.minutes * len(item.demand.requirements) for item in self.items)

    @property
    def shortest(self) -> int:
        """Least acceptable minutes of all items, for one carer."""
        return sum(item.demand.shortest for item in self.items)

    @property
    def priority(self) -> Priority:
        """The most urgent priority among the items."""
        return min((item.demand.priority for item in self.items), key=_URGENCY.__getitem__)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What each carer must hold: the highest level that an item asks for."""
        each = zip(*(item.demand.requirements for item in self.items), strict=True)
        return tuple(max(needs, key=lambda need: need.level) for needs in each)


def items_of_day(
    client: Client,
    paid: Iterable[tuple[Demand, str | None]],
    catalogue: Catalogue,
) -> list[Item]:
    """Return the items of one client's day, most urgent and least movable first.

    Parameters
    ----------
    client
        Whose own meal times and usual hour count.
    paid
        Demands of that day with their payers.
    catalogue
        The services.
    """
    items: list[Item] = []
    for demand, payer in paid:
        service = catalogue.services[demand.service]
        items += [
            _item(client, demand, payer, window, service, catalogue) for window in demand.windows
        ]
    return sorted(items, key=_order)


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


def _order(item: Item) -> tuple[int, int, int, int]:
    width = item.start.latest - item.start.earliest
    return _URGENCY[item.demand.priority], width, item.start.earliest, item.demand.rank


def _item(
    client: Client,
    demand: Demand,
    payer: str | None,
    window: DayWindow,
    service: Service,
    catalogue: Catalogue,
) -> Item:
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
    return Item(demand, window.name, start, preferred, payer)


def bundle(
    items: Sequence[Item],
    entitlements: Iterable[Entitlement],
    excludes: Callable[[str, str], bool],
    around: int = 0,
) -> list[Bundle]:
    """Return the visits that items make up, in order of their windows.

    An item joins the first visit that is paid by the same payer, asks for the same codes of
    qualification, begins at a time that suits both, and stays within the longest visit and the
    number of items of all the payer's entitlements that pay for one of its services.

    Parameters
    ----------
    items
        Most urgent first, as `items_of_day` returns them.
    entitlements
        For the limits of visits.
    excludes
        Whether two services must not be in one visit.
    around
        What a visit lasts beside its items, milliseconds.
    """
    limits: dict[str | None, list[Entitlement]] = defaultdict(list)
    for entitlement in entitlements:
        limits[entitlement.payer].append(entitlement)
    bundles: list[Bundle] = []
    for item in items:
        granted = limits.get(item.payer, ())
        home = next((b for b in bundles if _fits(item, b, granted, excludes, around)), None)
        if home is None:
            home = Bundle([], item.start.earliest, item.start.latest)
            bundles.append(home)
        _join(item, home)
    return sorted(bundles, key=lambda b: (b.earliest, b.latest, b.items[0].demand.rank))


def _fits(
    item: Item,
    home: Bundle,
    granted: Sequence[Entitlement],
    excludes: Callable[[str, str], bool],
    around: int,
) -> bool:
    first = home.items[0]
    if item.payer != first.payer or item.demand.service in home.services:
        return False
    mine, theirs = item.demand.requirements, first.demand.requirements
    if [need.code for need in mine] != [need.code for need in theirs]:
        return False
    common = min(item.start.latest, home.latest) - max(item.start.earliest, home.earliest)
    narrower = min(item.start.latest - item.start.earliest, home.latest - home.earliest)
    if common < min(COMMON_WINDOW, narrower):
        return False
    if any(excludes(item.demand.service, service) for service in home.services):
        return False
    services = home.services | {item.demand.service}
    length = (home.minutes + item.demand.minutes) * MS_PER_MINUTE + around
    return not any(
        (limit.max_items is not None and len(home.items) >= limit.max_items)
        or (limit.max_visit is not None and length > limit.max_visit)
        for limit in granted
        if not limit.services or not services.isdisjoint(limit.services)
    )


def _join(item: Item, home: Bundle) -> None:
    home.items.append(item)
    home.services.add(item.demand.service)
    home.earliest = max(home.earliest, item.start.earliest)
    home.latest = min(home.latest, item.start.latest)
    preferred = [p for p in (home.preferred_until, item.preferred_until) if p is not None]
    if preferred:
        home.preferred_until = max(home.earliest, min(*preferred, home.latest))
