"""From the order in which a solver visits people to a plan, whatever the solver's own clock."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from benchmarks.peers.day import RoutingDay
from optimizer.domain import Plan, Route, Stop, Unserved, UnservedReason
from optimizer.units import MS_PER_MINUTE, to_ms

Orders = Sequence[Sequence[int]]
"""Per caregiver, the visits by index in the order of the route."""


def legal(day: RoutingDay, orders: Orders) -> tuple[list[list[int]], int]:
    """Return the orders without what breaks a rule, and the number of stops dropped.

    Stop by stop, one is dropped if its visit is served already, if the caregiver may not
    make it, or if with it the route comes too late somewhere, home included.
    """
    served: set[int] = set()
    kept: list[list[int]] = []
    for caregiver, order in enumerate(orders):
        route: list[int] = []
        for visit in order:
            if visit not in served and _fits(day, caregiver, [*route, visit]):
                route.append(visit)
                served.add(visit)
        kept.append(route)
    return kept, sum(map(len, orders)) - len(served)


def cost_of(day: RoutingDay, orders: Orders) -> int:
    """Return travel and prices of visits left out, in ticks: what the peers minimise."""
    legs = sum(sum(_legs(day, g, order)) for g, order in enumerate(orders))
    return legs + int(day.prize.sum()) - sum(int(day.prize[k]) for route in orders for k in route)


def plan_of(day: RoutingDay, orders: Orders) -> Plan:
    """Return the plan in which everybody starts as early as the order allows."""
    served = {visit for order in orders for visit in order}
    return Plan(
        scenario=day.scenario.id,
        routes=tuple(_route(day, g, order) for g, order in enumerate(orders) if order),
        unserved=tuple(
            Unserved(visit=visit.id, reason=UnservedReason.NOBODY_FOUND.value)
            for number, visit in enumerate(day.scenario.visits)
            if number not in served
        ),
    )


def _fits(day: RoutingDay, caregiver: int, order: list[int]) -> bool:
    """Tell whether a caregiver may make these visits, and can within windows and shift."""
    starts, back = _times(day, caregiver, order)
    return (
        bool(day.may[order, caregiver].all())
        and bool((np.array(starts) <= day.latest[order]).all())
        and back <= day.closes[caregiver]
    )


def _legs(day: RoutingDay, caregiver: int, order: Sequence[int]) -> list[int]:
    """Return the journeys of a route from home to the end place, in ticks."""
    if not order:
        return []
    places = [day.home[caregiver], *day.place[list(order)], day.end[caregiver]]
    travel = day.travel[day.mode[caregiver]]
    return [int(travel[a, b]) for a, b in pairwise(places)]


def _times(day: RoutingDay, caregiver: int, order: Sequence[int]) -> tuple[list[int], int]:
    """Return the earliest starts of an order and when the caregiver is back, in ticks."""
    ready = int(day.opens[caregiver])
    starts: list[int] = []
    *ways, way_back = _legs(day, caregiver, order)
    for visit, way in zip(order, ways, strict=True):
        starts.append(max(ready + way, int(day.earliest[visit])))
        ready = starts[-1] + int(day.care[visit])
    return starts, ready + way_back


def _route(day: RoutingDay, caregiver: int, order: Sequence[int]) -> Route:
    tpm = day.scenario.ticks_per_minute
    person = day.scenario.caregivers[caregiver]
    *ways, way_back = _legs(day, caregiver, order)
    starts, back = _times(day, caregiver, order)
    leaves = departure = starts[0] - ways[0]
    stops: list[Stop] = []
    for visit, way, start in zip(order, ways, starts, strict=True):
        end = start + int(day.care[visit])
        stops.append(
            Stop(
                visit=day.scenario.visits[visit].id,
                arrival=to_ms(leaves + way, tpm),
                start=to_ms(start, tpm),
                end=to_ms(end, tpm),
                travel=to_ms(way, tpm) / MS_PER_MINUTE,
            )
        )
        leaves = end
    return Route(
        caregiver=person.id,
        date=person.shifts[0].date,
        departure=to_ms(departure, tpm),
        stops=tuple(stops),
        back=to_ms(back, tpm),
        travel_back=to_ms(way_back, tpm) / MS_PER_MINUTE,
    )
