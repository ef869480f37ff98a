"""A scenario made to agree with what has happened: facts break no rule, whatever was planned.

What has begun cannot be undone. Where it began outside its window, lasted longer, or kept somebody
beyond the shift, the rule gives way for that visit or that day, and for nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from optimizer.domain.caregiver import Caregiver, Shift
from optimizer.domain.place import MeasuredJourney, Place
from optimizer.domain.plan import Break, Plan, Route, Stop, Unserved
from optimizer.domain.policy import Rule
from optimizer.domain.reason import UnservedReason
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Coupling, CouplingKind, Pin, StartWindow, Visit
from optimizer.errors import Fault, InvalidDocument
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say
from optimizer.replan.working_hours import NO_BREAK
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.units import to_ms
from optimizer.verification import Verdict, Violation, verify

ROUNDS = 4
"Times that rules give way; one that gives way can show another one."


@dataclass(frozen=True, slots=True)
class Facts:
    """What has happened on a day.

    Attributes
    ----------
    plan
        The roster with the real times of what has begun; it may hold other visits as well.
    fixed
        Visits that have begun.
    date, now
        The day, and the time in milliseconds since its midnight.
    """

    plan: Plan
    fixed: Collection[str]
    date: dt.date
    now: int

    def routes(self) -> list[Route]:
        """Return the routes of the day as far as they have begun."""
        found = []
        for route in self.plan.routes:
            stops = tuple(stop for stop in route.stops if stop.visit in self.fixed)
            if route.date == self.date and stops:
                found.append(route.model_copy(update={"stops": stops}))
        return found


def with_measured_ways(
    scenario: Scenario, matrices: TravelMatrices, facts: Facts
) -> tuple[Scenario, TravelMatrices]:
    """Return the scenario with the ways that were really shorter than its travel says."""
    tpm = scenario.ticks_per_minute
    people = {person.id: person for person in scenario.caregivers}
    homes = {client.id: client.home for client in scenario.clients}
    home_of = {visit.id: homes[visit.client] for visit in scenario.visits}
    found = []
    for route in facts.routes():
        person = people[route.caregiver]
        place, ready = person.home, route.stops[0].start - route.stops[0].travel
        for number, stop in enumerate(route.stops):
            pause = route.pause
            if pause is not None and pause.after_stops == number > 0:
                ready = max(ready, pause.end)
            target, room = home_of[stop.visit], max(0, stop.start - ready)
            frm, to = matrices.index(place), matrices.index(target)
            if to_ms(matrices.between(person.mode, frm, to), tpm) > room and frm != to:
                found.append(_measured(person, place, target, min(room, stop.travel)))
            place, ready = target, stop.end
    if not found:
        return scenario, matrices
    measured = (*scenario.travel.measured, *found)
    travel = scenario.travel.model_copy(update={"measured": measured})
    known = scenario.model_copy(update={"travel": travel})
    return known, travel_matrices(known)


def _measured(person: Caregiver, origin: Place, target: Place, ms: int) -> MeasuredJourney:
    return MeasuredJourney.model_construct(
        mode=person.mode, origin=origin, target=target, minutes=ms
    )


def fitting_facts(scenario: Scenario, matrices: TravelMatrices, facts: Facts) -> Scenario:
    """Return a scenario of which what has begun breaks no rule.

    Raises
    ------
    InvalidDocument
        If it breaks one that cannot give way, with each breach.
    """
    stops: dict[str, list[Stop]] = {}
    for route in facts.routes():
        for stop in route.stops:
            stops.setdefault(stop.visit, []).append(stop)
    visits = tuple(
        _as_happened(one, stops[one.id]) if one.id in stops else one for one in scenario.visits
    )
    now = scenario.model_copy(
        update={
            "visits": visits,
            "couplings": tuple(
                one for tie in scenario.couplings if (one := _gap_as_it_was(tie, stops)) is not None
            ),
            "pins": tuple(pin for pin in scenario.pins if pin.visit not in stops),
        }
    )
    bare = _bare(now, matrices, facts)
    verdict = verify(now, bare, matrices)
    for _ in range(ROUNDS):
        if not verdict.violations:
            return now
        now = _giving_way(now, bare, verdict, facts)
        verdict = verify(now, bare, matrices)
    left = [one for one in verdict.violations if not _is_open(now, bare, one, facts)]
    faults: list[Fault] = [
        finding(
            one.visit or one.caregiver or one.place,
            FaultCode.FACTS_BREAK_RULE,
            say("fault.facts-break-rule", detail=one.detail),
        )
        for one in left
    ]
    if faults:
        raise InvalidDocument(faults, "events")
    return now


def _as_happened(visit: Visit, stops: list[Stop]) -> Visit:
    """Return a visit that took as long as it did, with a window that holds its start."""
    lasts = {stop.carer: stop.end - stop.start for stop in stops}
    carers = tuple(
        need
        if lasts.get(number, need.minutes) in (need.minutes, need.shortest)
        else need.model_copy(update={"minutes": lasts[number], "shortest": None})
        for number, need in enumerate(visit.carers, start=1)
    )
    window, start = visit.window, stops[0].start
    if not window.earliest <= start <= window.latest:
        window = StartWindow.model_construct(
            earliest=min(window.earliest, start), latest=max(window.latest, start)
        )
    pin = visit.pin
    if pin is not None and pin.start not in (None, start):
        left = Pin.model_construct(caregivers=pin.caregivers, date=pin.date, start=None)
        pin = left if left.caregivers or left.date else None
    if (carers, window, pin) == (visit.carers, visit.window, visit.pin):
        return visit
    return visit.model_copy(update={"carers": carers, "window": window, "pin": pin})


def _gap_as_it_was(tie: Coupling, stops: Mapping[str, list[Stop]]) -> Coupling | None:
    """Return a tie as wide as it turned out; None if the second visit began before the first."""
    if tie.kind is not CouplingKind.AFTER or not {tie.first, tie.second} <= set(stops):
        return tie
    gap = stops[tie.second][0].start - stops[tie.first][0].start
    if gap < 0:
        return None
    most = None if tie.max_gap is None else max(tie.max_gap, gap)
    return tie.model_copy(update={"min_gap": min(tie.min_gap, gap), "max_gap": most})


def _bare(scenario: Scenario, matrices: TravelMatrices, facts: Facts) -> Plan:
    """Return a plan of nothing but what has begun, on that day and before."""
    earlier = [route for route in facts.plan.routes if route.date < facts.date]
    routes = []
    for route in (*earlier, *facts.routes()):
        pause = route.pause
        if pause is not None and (
            pause.after_stops > len(route.stops) or _is_ahead(pause, route, facts)
        ):
            pause = None
        told = restated(scenario, matrices, route.model_copy(update={"pause": pause}))
        if route.date == facts.date:
            last = max([told.stops[-1].end, *([] if pause is None else [pause.end])])
            leaves = max(0, told.stops[0].start - told.stops[0].travel)
            back = last + told.travel_back
            told = told.model_copy(update={"departure": leaves, "back": back})
        routes.append(told)
    made = {stop.visit for route in routes for stop in route.stops}
    unserved = tuple(
        Unserved(visit=one.id, reason=UnservedReason.NOBODY_FOUND)
        for one in scenario.visits
        if one.id not in made
    )
    return Plan(scenario=scenario.id, routes=tuple(routes), unserved=unserved)


def _is_ahead(pause: Break, route: Route, facts: Facts) -> bool:
    return route.date == facts.date and pause.start > facts.now


def restated(scenario: Scenario, matrices: TravelMatrices, route: Route) -> Route:
    """Return a route at the same times, with the ways of the matrices."""
    tpm = scenario.ticks_per_minute
    person = next(one for one in scenario.caregivers if one.id == route.caregiver)
    homes = {client.id: client.home for client in scenario.clients}
    home_of = {visit.id: homes[visit.client] for visit in scenario.visits}

    def way(frm: Place, to: Place) -> int:
        rows = matrices.index(frm), matrices.index(to)
        return to_ms(matrices.between(person.mode, *rows), tpm)

    stops, place, ready = [], person.home, route.departure
    for number, stop in enumerate(route.stops):
        target, pause = home_of[stop.visit], route.pause
        if pause is not None and pause.after_stops == number > 0:
            ready = max(ready, pause.end)
        leg = way(place, target)
        arrival = min(stop.start, ready + leg) if number else stop.start
        stops.append(stop.model_copy(update={"travel": leg, "arrival": arrival}))
        place, ready = target, stop.end
    home = way(place, person.end_place or person.home)
    return route.model_copy(update={"stops": tuple(stops), "travel_back": home})


def _giving_way(scenario: Scenario, bare: Plan, verdict: Verdict, facts: Facts) -> Scenario:
    """Return the scenario with the rules of caregivers as wide as what has happened asks."""
    people = {person.id: person for person in scenario.caregivers}
    routes = {(route.caregiver, route.date): route for route in bare.routes}
    for one in verdict.violations:
        route = routes.get((one.caregiver or "", one.date or facts.date))
        widen = _WIDER.get(one.rule)
        if route is None or widen is None or _is_open(scenario, bare, one, facts):
            continue
        ms = to_ms(one.amount or 0, scenario.ticks_per_minute)
        people[route.caregiver] = widen(people[route.caregiver], _named(bare, one.place, route), ms)
    return scenario.model_copy(update={"caregivers": tuple(people.values())})


def _named(bare: Plan, place: str, other: Route) -> Route:
    """Return the route that a place in the plan names."""
    head = place.partition("]")[0]
    number = head.removeprefix("routes[") if head.startswith("routes[") else ""
    return bare.routes[int(number)] if number.isdecimal() else other


def _is_open(scenario: Scenario, bare: Plan, one: Violation, facts: Facts) -> bool:
    """Return whether what is broken need not stay so: what is still to come decides."""
    if one.rule is Rule.TRAVEL and one.amount is None:
        return True  # From the last visit so far there is no way home: another one may follow.
    if one.rule is not Rule.BREAK or not bare.routes:
        return False
    route = _named(bare, one.place, bare.routes[0])
    person = next(each for each in scenario.caregivers if each.id == route.caregiver)
    shift = _shift_of(person, route)
    rule = None if shift is None else person.break_of(shift)
    is_ahead = rule is not None and max(facts.now, route.stops[-1].end) <= rule.latest
    return route.pause is None and is_ahead


def _shift_of(person: Caregiver, route: Route) -> Shift | None:
    of_day = sorted((s for s in person.shifts if s.date == route.date), key=lambda s: s.start)
    return of_day[route.shift] if route.shift < len(of_day) else None


def _with_shift(person: Caregiver, old: Shift, new: Shift) -> Caregiver:
    shifts = tuple(new if one is old else one for one in person.shifts)
    return person.model_copy(update={"shifts": shifts})


def _longer_shift(person: Caregiver, route: Route, _: int) -> Caregiver:
    """Return somebody whose shift holds a route, whose next one begins when it is over."""
    shift = _shift_of(person, route)
    if shift is None:
        return person
    end = max(shift.end, route.back - person.overtime_limit)
    hours: dict[str, Any] = {"start": min(shift.start, route.departure), "end": end}
    if not _has_break(person, shift):
        hours["break_rule"] = NO_BREAK  # Nobody who stays longer was told of a break.
    wider = _with_shift(person, shift, shift.model_copy(update=hours))
    for other in wider.shifts:
        is_before = other.date == route.date and other.start < hours["start"] < other.end
        if is_before and other.start < shift.start:
            wider = _with_shift(wider, other, other.model_copy(update={"end": hours["start"]}))
        is_after = other.date == route.date and shift.start < other.start < route.back
        if is_after and other.end > route.back:
            wider = _with_shift(wider, other, other.model_copy(update={"start": route.back}))
    return wider


def _has_break(person: Caregiver, shift: Shift) -> bool:
    """Return whether a shift is long enough for a break, and one fits."""
    rule = person.break_of(shift)
    if rule is None or shift.end - shift.start < rule.after:
        return False
    return max(rule.earliest, shift.start) <= min(rule.latest, shift.end - rule.duration)


def _without_break(person: Caregiver, route: Route, _: int) -> Caregiver:
    shift = _shift_of(person, route)
    if shift is None:
        return person
    return _with_shift(person, shift, shift.model_copy(update={"break_rule": NO_BREAK}))


def _more(field: str) -> Callable[[Caregiver, Route, int], Caregiver]:
    def widened(person: Caregiver, _: Route, ms: int) -> Caregiver:
        limit: int | None = getattr(person, field)
        return person if limit is None else person.model_copy(update={field: limit + ms})

    return widened


def _less_rest(person: Caregiver, _: Route, ms: int) -> Caregiver:
    return person.model_copy(update={"rest": max(0, person.rest - ms)})


_WIDER: Mapping[Rule, Callable[[Caregiver, Route, int], Caregiver]] = {
    Rule.SHIFT: _longer_shift,
    Rule.BREAK: _without_break,
    Rule.DAY_MINUTES: _more("day_minutes_limit"),
    Rule.WEEK_MINUTES: _more("week_minutes_limit"),
    Rule.MONTH_OVERTIME: _more("month_overtime_limit"),
    Rule.TRAVEL: _more("longest_leg"),
    Rule.REST: _less_rest,
}
