"""Services of one client on one day become visits: what one caregiver can do at one time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from optimizer.domain.client import Client, Entitlement
from optimizer.domain.policy import Priority
from optimizer.domain.visit import Requirement, StartWindow
from optimizer.needs.catalogue import Catalogue, DayWindow, Service
from optimizer.needs.required import Demand
from optimizer.units import MS_PER_MINUTE

COMMON_WINDOW = 30 * MS_PER_MINUTE
"Services share a visit if their windows have so much in common, or all of the narrower one."
USUAL_SLOT = 30 * MS_PER_MINUTE
"Later than this after the usual time counts as late."

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
    given: Collection[str] = (),
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
    given
        Services that ready visits of the client give on that day; left out once for each.
    """
    left = list(given)
    items = []
    for demand, payer in paid:
        service = catalogue.services[demand.service]
        for window in demand.windows:
            if demand.service in left:
                left.remove(demand.service)
                continue
            items.append(_item(client, demand, payer, window, service, catalogue))
    return sorted(items, key=_order)


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
    meals = client.meals or catalogue.meals
    moved = 0
    if window.meal is not None:
        moved = getattr(meals, window.meal) - getattr(catalogue.meals, window.meal)
    earliest, latest = window.earliest + moved, window.latest + moved
    if service.after_meal:
        for meal in (meals.breakfast, meals.lunch, meals.dinner):
            ready = meal + catalogue.meal_lasts + service.after_meal
            if meal <= earliest < ready <= latest:
                earliest = ready
    preferred = None if window.preferred_until is None else window.preferred_until + moved
    usual = client.usual_start
    if usual is not None and window.meal is None and earliest <= usual <= latest:
        preferred = min(latest, usual + USUAL_SLOT)
    if preferred is not None:
        preferred = max(earliest, preferred)
    start = StartWindow.model_construct(earliest=earliest, latest=latest)
    return Item(demand, window.name, start, preferred, payer)


def bundle(
    items: Sequence[Item],
    entitlements: Iterable[Entitlement],
    excludes: Callable[[str, str], bool],
) -> list[Bundle]:
    """Return the visits that items make up, in order of their windows.

    An item joins the first visit that is paid by the same payer, asks for the same codes of
    qualification, begins at a time that suits both, and stays within the payer's longest visit
    and number of items.

    Parameters
    ----------
    items
        Most urgent first, as `items_of_day` returns them.
    entitlements
        For the limits of visits.
    excludes
        Whether two services must not be in one visit.
    """
    limits = {entitlement.payer: entitlement for entitlement in entitlements}
    bundles: list[Bundle] = []
    for item in items:
        limit = None if item.payer is None else limits.get(item.payer)
        home = next((b for b in bundles if _fits(item, b, limit, excludes)), None)
        if home is None:
            home = Bundle([], item.start.earliest, item.start.latest)
            bundles.append(home)
        _join(item, home)
    return sorted(bundles, key=lambda b: (b.earliest, b.latest, b.items[0].demand.rank))


def _fits(
    item: Item,
    home: Bundle,
    limit: Entitlement | None,
    excludes: Callable[[str, str], bool],
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
    if limit is None:
        return True
    if limit.max_items is not None and len(home.items) >= limit.max_items:
        return False
    minutes = (home.minutes + item.demand.minutes) * MS_PER_MINUTE
    return limit.max_visit is None or minutes <= limit.max_visit


def _join(item: Item, home: Bundle) -> None:
    home.items.append(item)
    home.services.add(item.demand.service)
    home.earliest = max(home.earliest, item.start.earliest)
    home.latest = min(home.latest, item.start.latest)
    preferred = [p for p in (home.preferred_until, item.preferred_until) if p is not None]
    if preferred:
        home.preferred_until = max(home.earliest, min(*preferred, home.latest))
