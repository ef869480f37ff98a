"""Who bears what a roster cannot help: visits left out by group, late and hard duties by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from optimizer.domain.burden import is_evening, is_hard, is_weekend
from optimizer.domain.client import Client
from optimizer.domain.visit import Visit
from optimizer.report.roster import Roster


class GroupedBy(StrEnum):
    """What groups of visits differ in."""

    TOWN = "town"
    TIER = "tier"
    CATEGORY = "category"
    PRIORITY = "priority"


_VALUES: dict[GroupedBy, Callable[[Client, Visit], object]] = {
    GroupedBy.TOWN: lambda client, _: client.town,
    GroupedBy.TIER: lambda client, _: client.need_tier,
    GroupedBy.CATEGORY: lambda client, _: client.category,
    GroupedBy.PRIORITY: lambda _, visit: visit.priority.value,
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Visits of one group: `by` which property, its `value`, how many, and how many left out."""

    by: GroupedBy
    value: str
    visits: int
    unserved: int


def left_out_of(roster: Roster) -> tuple[LeftOut, ...]:
    """Return the visits wanted and left out by town, need tier, category and priority.

    A property that no client has is left out; so are visits whose client has none.
    """
    missed = {visit.id for visit, _ in roster.unserved}
    rows: list[LeftOut] = []
    for by, value_of in _VALUES.items():
        wanted, lost = Counter[str](), Counter[str]()
        for visit in roster.scenario.visits:
            value = value_of(roster.clients[visit.client], visit)
            if value is not None:
                wanted[str(value)] += 1
                lost[str(value)] += visit.id in missed
        rows += (LeftOut(by, value, wanted[value], lost[value]) for value in sorted(wanted))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Duties:
    """What one caregiver bears within the horizon.

    Attributes
    ----------
    caregiver
        Id.
    days, evenings, weekend_days
        Days with a stop; those with one of a visit that cannot begin before 18:00; those on a
        Saturday or Sunday.
    stops, hard
        Stops, and those of them by two carers or at a client who is infectious, aggressive or of
        need tier 3 or 4.
    """

    caregiver: str
    days: int
    evenings: int
    weekend_days: int
    stops: int
    hard: int


def duties_of(roster: Roster) -> Iterator[Duties]:
    """Yield what every caregiver with a shift bears, in the scenario's order."""
    for person in roster.scenario.caregivers:
        routes = [route for route in roster.plan.routes if route.caregiver == person.id]
        if not person.shifts:
            continue
        days = {route.date for route in routes if route.stops}
        stops = [stop for route in routes for stop in route.stops]
        yield Duties(
            caregiver=person.id,
            days=len(days),
            evenings=len(
                {
                    route.date
                    for route in routes
                    if any(is_evening(roster.visits[stop.visit]) for stop in route.stops)
                }
            ),
            weekend_days=sum(is_weekend(day) for day in days),
            stops=len(stops),
            hard=sum(_is_hard(roster, stop.visit) for stop in stops),
        )


def _is_hard(roster: Roster, visit_id: str) -> bool:
    visit = roster.visits[visit_id]
    return is_hard(roster.clients[visit.client], visit)
