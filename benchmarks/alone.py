"""Whether anybody could make a visit as the only one of the day, by trial before the verifier.

Nothing of the explanations is used: routes are written by hand, for every caregiver, shift, start,
duration and place of the break, and the verifier judges each in a world of one visit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from optimizer.domain import Caregiver, CarerNeed, CouplingKind, Plan, Scenario, Shift, Visit
from optimizer.domain.plan import Break, Route, Stop
from optimizer.domain.policy import Rule
from optimizer.travel import UNREACHABLE, TravelMatrices
from optimizer.units import (
    LATEST_CLOCK,
    MS_PER_DAY,
    MS_PER_MINUTE,
    format_minutes,
    to_ms,
    to_ticks,
)
from optimizer.verification import verify

TIMELESS = {Rule.QUALIFIED, Rule.ALLOWED}
"Rules that no other start or duration on the same day mends."
OF_LENGTH = {
    Rule.DAY_MINUTES,
    Rule.WEEK_MINUTES,
    Rule.DAYS_OFF,
    Rule.CONSECUTIVE_DAYS,
    Rule.MONTH_OVERTIME,
    Rule.NIGHTS,
    Rule.VISITS_PER_DAY,
    Rule.CONTRACT_CAP,
    Rule.ENTITLEMENT,
}
"Rules that no other start of the same length mends where there is no other visit."
OF_PARTNERS = {Rule.TOGETHER, Rule.SERVED_ONCE}
"Rules that a part of a visit cannot keep by itself."


@dataclass(frozen=True, slots=True)
class Part:
    """One carer's part of one of the visits that begin as one; `carer` counts from 1."""

    visit: Visit
    carer: int


def can_be_alone(scenario: Scenario, roads: TravelMatrices, visit: Visit, step: int = 1) -> bool:
    """Return whether a visit, with what begins as one with it, could be all that is done.

    Every minute of the window is tried and, as the first and last possible starts may lie
    between two minutes, every start to which a shift, a break or a way of anybody leads.

    Parameters
    ----------
    scenario, roads
        The scenario and its travel matrices.
    visit
        The visit.
    step
        Minutes between the starts that are tried beside those, at least 1.
    """
    visits = (visit, *mates(scenario, visit))
    parts = [Part(one, carer) for one in visits for carer in range(1, len(one.carers) + 1)]
    able = []
    for part in parts:
        able.append(_able(scenario, roads, visits, part, step))
        if not able[-1]:
            return False
    starts = set.intersection(*(set(routes) for routes in able))
    return any(
        _is_clean(scenario, roads, visits, choice)
        for start in sorted(starts)
        for choice in product(*(routes[start] for routes in able))
        if len({route.caregiver for route in choice}) == len(choice)
    )


def mates(scenario: Scenario, visit: Visit) -> list[Visit]:
    """Return the visits that begin as one with a visit."""
    ids = {
        other
        for tie in scenario.couplings
        if tie.kind is CouplingKind.TOGETHER and visit.id in (tie.first, tie.second)
        for other in (tie.first, tie.second)
    }
    return [one for one in scenario.visits if one.id in ids - {visit.id}]


def _able(
    scenario: Scenario, roads: TravelMatrices, visits: tuple[Visit, ...], part: Part, step: int
) -> dict[tuple[dt.date, int], list[Route]]:
    """Return by day and start the routes of everybody who could do one part."""
    found: dict[tuple[dt.date, int], list[Route]] = {}
    starts = starts_of(scenario, roads, visits, step)
    for person in scenario.caregivers:
        world = world_of(scenario, visits, (person,))
        for route in clean_alone(world, scenario, roads, starts, part, person):
            found.setdefault((route.date, route.stops[0].start), []).append(route)
            if len(visits) == 1 == len(part.visit.carers):
                return found
    return found


def clean_alone(
    world: Scenario,
    scenario: Scenario,
    roads: TravelMatrices,
    starts: tuple[int, ...],
    part: Part,
    person: Caregiver,
) -> Iterator[Route]:
    """Yield the routes of one caregiver with a part as the only stop that break no rule.

    Parameters
    ----------
    world
        A scenario of some visits and one caregiver: what the verifier knows.
    scenario, roads, part, person
        What is to be done, and who does it.
    starts
        The starts to try, in milliseconds, the most promising first.
    """
    barred = set[object]()
    for route in _routes(scenario, roads, starts, part, person):
        lasts = route.date, route.stops[0].end - route.stops[0].start
        if route.date in barred or lasts in barred:
            continue
        verdict = verify(world, _plan(scenario, (route,)), roads)
        broken = {one.rule for one in verdict.violations} - OF_PARTNERS
        if broken & TIMELESS:
            barred.add(route.date)
        elif broken & OF_LENGTH:
            barred.add(lasts)
        if not broken:
            yield route


def _routes(
    scenario: Scenario,
    roads: TravelMatrices,
    starts: tuple[int, ...],
    part: Part,
    person: Caregiver,
) -> Iterator[Route]:
    """Yield every route of one caregiver with one part of a visit as its only stop."""
    ways = _ways(scenario, roads, part.visit, person)
    if ways is None:
        return
    for (day, number, shift), care in product(
        _shifts(scenario, person), _lengths(scenario, part.visit.carers[part.carer - 1])
    ):
        for start in starts:
            for pause, back in _pauses(person, shift, start + care, ways[1]):
                yield _route(part, person, day, number, start, care, ways, pause, back)


def _ways(
    scenario: Scenario, roads: TravelMatrices, visit: Visit, person: Caregiver
) -> tuple[int, int] | None:
    """Return the way from home and the way back in milliseconds; None if there is none."""
    home = next(one.home for one in scenario.clients if one.id == visit.client)
    here = roads.index(home)
    out = roads.between(person.mode, roads.index(person.home), here)
    back = roads.between(person.mode, here, roads.index(person.end_place or person.home))
    if max(out, back) >= UNREACHABLE:
        return None
    return to_ms(out, scenario.ticks_per_minute), to_ms(back, scenario.ticks_per_minute)


def _shifts(scenario: Scenario, person: Caregiver) -> list[tuple[dt.date, int, Shift]]:
    """Return day, number and hours of every shift of the horizon."""
    found = []
    for day in scenario.horizon.dates():
        shifts = sorted(
            (one for one in person.shifts if one.date == day), key=lambda one: one.start
        )
        found += [(day, number, shift) for number, shift in enumerate(shifts)]
    return found


def _lengths(scenario: Scenario, need: CarerNeed) -> set[int]:
    """Return the permitted lengths of a carer's part in whole ticks, in milliseconds."""
    tpm = scenario.ticks_per_minute
    return {
        to_ms(to_ticks(care, tpm), tpm) for care in (need.minutes, need.shortest or need.minutes)
    }


def starts_of(
    scenario: Scenario, roads: TravelMatrices, visits: tuple[Visit, ...], step: int
) -> tuple[int, ...]:
    """Return the starts to try for visits that begin as one, in milliseconds.

    First those at which something just fits for somebody, so that a possible visit is soon
    found, then one every `step` minutes.
    """
    low = max(visit.window.earliest for visit in visits)
    high = min(visit.window.latest for visit in visits)
    edges = {low, high}
    edges |= {visit.pin.start for visit in visits if visit.pin is not None and visit.pin.start}
    for visit, person in product(visits, scenario.caregivers):
        ways = _ways(scenario, roads, visit, person)
        if ways is None:
            continue
        lengths = {care for need in visit.carers for care in _lengths(scenario, need)}
        for (day, _, shift), care in product(_shifts(scenario, person), lengths):
            edges |= _edges(person, shift, care, ways)
            edges.add(_rested(scenario, person, day) + ways[0])
    grid = set(range(low, high + 1, step * MS_PER_MINUTE))
    return tuple(one for one in (*sorted(edges), *sorted(grid - edges)) if low <= one <= high)


def _edges(person: Caregiver, shift: Shift, lasts: int, ways: tuple[int, int]) -> set[int]:
    """Return the starts at which the way, the shift or the break just fits."""
    edges = {shift.start + ways[0], shift.end + person.overtime_limit - lasts - ways[1]}
    if (rule := person.break_of(shift)) is not None:
        edges.add(max(rule.earliest, shift.start) + rule.duration + ways[0])
        edges.add(min(rule.latest, shift.end - rule.duration) - lasts - ways[1])
        edges.add(min(rule.latest, shift.end - rule.duration) - lasts)
        late = shift.end + person.overtime_limit - rule.duration
        edges.add(late - lasts - ways[1])
    return edges


def _rested(scenario: Scenario, person: Caregiver, day: dt.date) -> int:
    """Return when the rest after the return before the first day is over, on some day's clock."""
    if person.last_return is None:
        return 0
    days = (day - scenario.horizon.start).days + 1
    rest = person.rest_after(night=person.consecutive_nights_worked > 0)
    return person.last_return + rest - days * MS_PER_DAY


def _pauses(
    person: Caregiver, shift: Shift, done: int, way_back: int
) -> Iterator[tuple[Break | None, int]]:
    """Yield each place of the break with the time of coming back.

    There is none, or one before leaving home, after coming back, or before the way back.
    """
    back = done + way_back
    yield None, back
    if (rule := person.break_of(shift)) is None:
        return
    earliest = max(rule.earliest, shift.start)
    before_way = max(earliest, done)
    for begin, after, home in (
        (earliest, 0, back),
        (max(earliest, back), 1, back),
        (before_way, 1, before_way + rule.duration + way_back),
    ):
        end = begin + rule.duration
        yield Break(start=_clock(begin), end=_clock(end), after_stops=after), home


def _route(
    part: Part,
    person: Caregiver,
    day: dt.date,
    number: int,
    start: int,
    lasts: int,
    ways: tuple[int, int],
    pause: Break | None,
    back: int,
) -> Route:
    stop = Stop(
        visit=part.visit.id,
        carer=part.carer,
        arrival=_clock(start),
        start=_clock(start),
        end=_clock(start + lasts),
        travel=format_minutes(ways[0]),
    )
    return Route(
        caregiver=person.id,
        date=day,
        shift=number,
        departure=_clock(start - ways[0]),
        stops=(stop,),
        pause=pause,
        back=_clock(back),
        travel_back=format_minutes(ways[1]),
    )


def _clock(ms: int) -> int:
    """Return a time that a route may have; what lies outside breaks a rule there as well."""
    return max(0, min(LATEST_CLOCK, ms))


def _is_clean(
    scenario: Scenario,
    roads: TravelMatrices,
    visits: tuple[Visit, ...],
    routes: tuple[Route, ...],
) -> bool:
    ids = {route.caregiver for route in routes}
    people = tuple(one for one in scenario.caregivers if one.id in ids)
    return verify(world_of(scenario, visits, people), _plan(scenario, routes), roads).feasible


def _plan(scenario: Scenario, routes: tuple[Route, ...]) -> Plan:
    return Plan(scenario=scenario.id, routes=routes)


def world_of(
    scenario: Scenario, visits: tuple[Visit, ...], people: tuple[Caregiver, ...]
) -> Scenario:
    """Return the scenario with nothing but some visits and people."""
    clients = {visit.client for visit in visits}
    ids = {visit.id for visit in visits}
    return scenario.model_copy(
        update={
            "clients": tuple(one for one in scenario.clients if one.id in clients),
            "caregivers": people,
            "visits": visits,
            "couplings": tuple(t for t in scenario.couplings if {t.first, t.second} <= ids),
            "published": None,
            "history": (),
        }
    )
