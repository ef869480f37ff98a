"""What becomes of the roster that was told: what stays of it, and whom changes concern."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from optimizer.domain.plan import Plan


def published_now(plan: Plan, kept: Plan, ids: Collection[str], fixed: Collection[str]) -> Plan:
    """Return the roster as it was told, without visits that are off; facts as they are."""
    facts = {
        (stop.visit, stop.carer): stop
        for route in kept.routes
        for stop in route.stops
        if stop.visit in fixed
    }
    routes = []
    for route in plan.routes:
        stops = tuple(
            facts.get((stop.visit, stop.carer), stop) for stop in route.stops if stop.visit in ids
        )
        if stops:
            routes.append(route.model_copy(update={"stops": stops, "pause": None}))
    return plan.model_copy(update={"routes": tuple(routes), "unserved": ()})


def kept_of(
    plan: Plan,
    gone: Collection[str],
    number: Mapping[tuple[str, dt.date, int], int | None],
    longer: Mapping[str, int],
    fixed: frozenset[str],
    absent: Collection[tuple[str, dt.date]],
) -> Plan:
    """Return the roster without what is off and what those absent were to do.

    Stops that last longer are told so.
    """
    routes = []
    for route in plan.routes:
        shift = number.get((route.caregiver, route.date, route.shift), route.shift)
        if shift is None:
            continue
        stops = tuple(
            stop.model_copy(update={"end": stop.end + longer.get(stop.visit, 0)})
            for stop in route.stops
            if stop.visit not in gone
            and (stop.visit in fixed or (route.caregiver, route.date) not in absent)
        )
        before = route.stops[: 0 if route.pause is None else route.pause.after_stops]
        left = sum(stop in stops for stop in before)
        pause = route.pause and route.pause.model_copy(update={"after_stops": left})
        if stops:
            routes.append(
                route.model_copy(update={"shift": shift, "stops": stops, "pause": pause})
                if shift != route.shift or stops != route.stops
                else route
            )
    unserved = tuple(one for one in plan.unserved if one.visit not in gone)
    return plan.model_copy(update={"routes": tuple(routes), "unserved": unserved})


def concerned_by(
    plan: Plan, date: dt.date, visits: Collection[str], people: Collection[str]
) -> frozenset[str]:
    """Return all visits of the day's routes on which one of these visits or people is."""
    return frozenset(
        stop.visit
        for route in plan.routes
        if route.date == date
        and (route.caregiver in people or any(stop.visit in visits for stop in route.stops))
        for stop in route.stops
    )


def frozen_by(
    kept: Plan, date: dt.date, now: int | None, wait: int, changed: Collection[str]
) -> frozenset[str]:
    """Return the visits that begin within the freeze, of whoever works as planned."""
    return frozenset(
        stop.visit
        for route in kept.routes
        for stop in route.stops
        if route.date == date
        and now is not None
        and stop.start <= now + wait
        and route.caregiver not in changed
    )


def begun_by(plan: Plan, date: dt.date, now: int | None) -> set[str]:
    """Return the visits that were to have begun by now."""
    return {
        stop.visit
        for route in plan.routes
        for stop in route.stops
        if route.date == date and now is not None and stop.start <= now
    }


def makers_of(plan: Plan, visits: Collection[str]) -> frozenset[str]:
    """Return the caregivers who make some of these visits."""
    return frozenset(
        route.caregiver for route in plan.routes for stop in route.stops if stop.visit in visits
    )


def slowed_by(kept: Plan, ran: Plan, date: dt.date, fixed: Collection[str]) -> frozenset[str]:
    """Return the caregivers who have a way before them that takes another time than was told."""
    told = {
        (stop.visit, stop.carer): (route.caregiver, stop.travel)
        for route in ran.routes
        for stop in route.stops
    }
    return frozenset(
        route.caregiver
        for route in kept.routes
        if route.date == date
        and any(
            stop.visit not in fixed
            and told.get((stop.visit, stop.carer)) != (route.caregiver, stop.travel)
            for stop in route.stops
        )
    )


def pushed_by(plan: Plan, ran: Plan) -> frozenset[str]:
    """Return the caregivers of routes on which what has begun has run otherwise than was told."""
    return frozenset(
        was.caregiver for was, now in zip(plan.routes, ran.routes, strict=True) if was is not now
    )
