"""The rule that everything planned is known and happens once; it reads the plan itself."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from types import MappingProxyType

from optimizer.domain.plan import Route, Stop
from optimizer.domain.policy import Rule
from optimizer.i18n import say
from optimizer.verification.replay import Checks, Replay
from optimizer.verification.verdict import Violation


def served_once(replay: Replay) -> Iterator[Violation]:
    """Check that every visit is served once or listed as unserved, and that nothing is unknown."""
    yield from _routes(replay)
    yield from _stops(replay)
    yield from _listed(replay)
    yield from _forgotten(replay)


def _routes(replay: Replay) -> Iterator[Violation]:
    """Check that each route has a known caregiver, who has no other route in the same shift."""
    seen: set[tuple[str, dt.date, int]] = set()
    for number, route in enumerate(replay.plan.routes):
        place = f"routes[{number}]"
        if route.caregiver not in replay.index.caregiver:
            yield _breach(
                route, None, place, say("violation.once.caregiver", caregiver=route.caregiver)
            )
        key = (route.caregiver, route.date, route.shift)
        if key in seen:
            detail = say(
                "violation.once.route",
                caregiver=route.caregiver,
                shift=route.shift + 1,
                date=route.date,
            )
            yield _breach(route, None, place, detail)
        seen.add(key)


def _stops(replay: Replay) -> Iterator[Violation]:
    """Check that each stop has a known visit and carer number, and no other stop has both."""
    seen: set[tuple[str, int]] = set()
    for number, route in enumerate(replay.plan.routes):
        for position, stop in enumerate(route.stops):
            place = f"routes[{number}].stops[{position}]"
            visit = replay.index.visit.get(stop.visit)
            if visit is None:
                yield _breach(route, stop, place, say("violation.once.visit", visit=stop.visit))
                continue
            if stop.carer > len(visit.carers):
                detail = say("violation.once.carer", visit=visit.id, carer=stop.carer)
                yield _breach(route, stop, place, detail)
            if (stop.visit, stop.carer) in seen:
                detail = say("violation.once.repeated", visit=visit.id, carer=stop.carer)
                yield _breach(route, stop, place, detail)
            seen.add((stop.visit, stop.carer))


def _listed(replay: Replay) -> Iterator[Violation]:
    """Check that each visit listed as unserved is known, listed once and on no route."""
    listed = Counter(unserved.visit for unserved in replay.plan.unserved)
    seen: set[str] = set()
    for number, unserved in enumerate(replay.plan.unserved):
        place, visit = f"unserved[{number}].visit", unserved.visit
        if visit not in replay.index.visit:
            yield _missing(visit, place, say("violation.once.visit", visit=visit))
        elif visit in seen:
            yield _missing(
                visit, place, say("violation.once.listed", visit=visit, count=listed[visit])
            )
        elif visit in replay.stops_of:
            yield _missing(visit, place, say("violation.once.both", visit=visit))
        seen.add(visit)


def _forgotten(replay: Replay) -> Iterator[Violation]:
    """Check that each visit is served by all its carers or listed, or at least mentioned."""
    listed = {unserved.visit for unserved in replay.plan.unserved}
    planned = {stop.visit for route in replay.plan.routes for stop in route.stops}
    for visit in replay.scenario.visits:
        if replay.is_served(visit) or visit.id in listed:
            continue
        if visit.id in replay.stops_of:
            detail = say("violation.once.part", visit=visit.id)
            yield replay.stops_of[visit.id][0].breach(Rule.SERVED_ONCE, None, detail)
        elif visit.id not in planned:
            detail = say("violation.once.forgotten", visit=visit.id)
            yield _missing(visit.id, "unserved", detail)


def _breach(route: Route, stop: Stop | None, place: str, detail: str) -> Violation:
    """Return a violation at a route or stop of the plan."""
    visit = stop.visit if stop is not None else None
    return Violation(Rule.SERVED_ONCE, route.caregiver, visit, route.date, None, place, detail)


def _missing(visit: str, place: str, detail: str) -> Violation:
    """Return a violation about a visit that no route speaks of."""
    return Violation(Rule.SERVED_ONCE, None, visit, None, None, place, detail)


CHECKS: Checks = MappingProxyType({Rule.SERVED_ONCE: served_once})
