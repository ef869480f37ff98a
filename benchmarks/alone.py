"""Whether anybody could make a visit as the only one of the day, by trial before the verifier.

Nothing of the explanations is used: routes are written by hand, for every caregiver, shift, start,
duration and place of the break, and the verifier judges each in a world of one visit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from optimizer.domain import Caregiver, CouplingKind, Plan, Scenario, Shift, Visit
from optimizer.domain.plan import Break, Route, Stop
from optimizer.domain.policy import Rule
from optimizer.travel import UNREACHABLE, TravelMatrices
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE, format_minutes, to_ms, to_ticks
from optimizer.verification import verify

TIMELESS = {Rule.QUALIFIED, Rule.ALLOWED}
"Rules that no other start or duration on the same day mends."
OF_PARTNERS = {Rule.TOGETHER, Rule.SERVED_ONCE}
"Rules that a part of a visit cannot keep by itself."


@dataclass(frozen=True, slots=True)
class _Part:
    """One carer's part of one of the visits that begin as one."""

    visit: Visit
    carer: int


def can_be_alone(scenario: Scenario, roads: TravelMatrices, visit: Visit) -> bool:
    """Return whether a visit, with what begins as one with it, could be all that is done.

    Every minute of the window is tried and, as the first and last possible starts may lie
    between two minutes, every start to which a shift, a break or a way leads.

    Parameters
    ----------
    scenario, roads
        The scenario and its travel matrices.
    visit
        The visit.
    """
    visits = (visit, *_mates(scenario, visit))
    parts = [_Part(one, carer) for one in visits for carer in range(1, len(one.carers) + 1)]
    able = [_able(scenario, roads, visits, part) for part in parts]
    starts = set.intersection(*(set(routes) for routes in able))
    return any(
        _is_clean(scenario, roads, visits, choice)
        for start in sorted(starts)
        for choice in product(*(routes[start] for routes in able))
        if len({route.caregiver for route in choice}) == len(choice)
    )


def _mates(scenario: Scenario, visit: Visit) -> list[Visit]:
    ids = {
        other
        for tie in scenario.couplings
        if tie.kind is CouplingKind.TOGETHER and visit.id in (tie.first, tie.second)
        for other in (tie.first, tie.second)
    }
    return [one for one in scenario.visits if one.id in ids - {visit.id}]


def _able(
    scenario: Scenario, roads: TravelMatrices, visits: tuple[Visit, ...], part: _Part
) -> dict[tuple[dt.date, int], list[Route]]:
    """Return by day and start the routes of everybody who could do one part."""
    found: dict[tuple[dt.date, int], list[Route]] = {}
    for person in scenario.caregivers:
        world, barred = _world(scenario, visits, (person,)), set[dt.date]()
        for route in _routes(scenario, roads, visits, part, person):
            if route.date in barred:
                continue
            verdict = verify(world, _plan(scenario, (route,)), roads)
            broken = {one.rule for one in verdict.violations} - OF_PARTNERS
            if broken & TIMELESS:
                barred.add(route.date)
            if not broken:
                found.setdefault((route.date, route.stops[0].start), []).append(route)
                if len(visits) == 1 == len(part.visit.carers):
                    return found
    return found


def _routes(
    scenario: Scenario,
    roads: TravelMatrices,
    visits: tuple[Visit, ...],
    part: _Part,
    person: Caregiver,
) -> Iterator[Route]:
    """Yield every route of one caregiver with one part of a visit as its only stop."""
    tpm = scenario.ticks_per_minute
    need = part.visit.carers[part.carer - 1]
    home = next(one.home for one in scenario.clients if one.id == part.visit.client)
    here = roads.index(home)
    out = roads.between(person.mode, roads.index(person.home), here)
    back = roads.between(person.mode, here, roads.index(person.end_place or person.home))
    if max(out, back) >= UNREACHABLE:
        return
    ways = to_ms(out, tpm), to_ms(back, tpm)
    for day in scenario.horizon.dates():
        shifts = sorted(
            (one for one in person.shifts if one.date == day), key=lambda one: one.start
        )
        for (number, shift), care in product(
            enumerate(shifts), {need.minutes, need.shortest or need.minutes}
        ):
            lasts = to_ms(to_ticks(care, tpm), tpm)
            for start in _starts(visits, person, shift, lasts, ways):
                for pause in _pauses(person, shift, start + lasts + ways[1]):
                    yield _route(part, person, day, number, start, lasts, ways, pause)


def _starts(
    visits: tuple[Visit, ...], person: Caregiver, shift: Shift, lasts: int, ways: tuple[int, int]
) -> list[int]:
    """Return the starts to try, in milliseconds."""
    low = max(visit.window.earliest for visit in visits)
    high = min(visit.window.latest for visit in visits)
    edges = {low, high, shift.start + ways[0], shift.end + person.overtime_limit - lasts - ways[1]}
    edges |= {visit.pin.start for visit in visits if visit.pin is not None and visit.pin.start}
    if (rule := person.break_rule) is not None:
        edges.add(max(rule.earliest, shift.start) + rule.duration + ways[0])
        edges.add(min(rule.latest, shift.end - rule.duration) - lasts - ways[1])
    grid = set(range(low, high + 1, MS_PER_MINUTE))
    # First those at which something just fits, so that a possible visit is soon found.
    return [start for start in (*sorted(edges), *sorted(grid - edges)) if low <= start <= high]


def _pauses(person: Caregiver, shift: Shift, back: int) -> Iterator[Break | None]:
    """Yield no break, one before leaving home, and one after coming back."""
    yield None
    if (rule := person.break_rule) is not None:
        for begin, after in ((max(rule.earliest, shift.start), 0), (max(rule.earliest, back), 1)):
            if begin + rule.duration <= MS_PER_DAY:
                yield Break(
                    start=_clock(begin), end=_clock(begin + rule.duration), after_stops=after
                )


def _route(
    part: _Part,
    person: Caregiver,
    day: dt.date,
    number: int,
    start: int,
    lasts: int,
    ways: tuple[int, int],
    pause: Break | None,
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
        back=_clock(start + lasts + ways[1]),
        travel_back=format_minutes(ways[1]),
    )


def _clock(ms: int) -> int:
    """Return a time within the day; what lies outside breaks a rule there as well."""
    return max(0, min(MS_PER_DAY, ms))


def _is_clean(
    scenario: Scenario,
    roads: TravelMatrices,
    visits: tuple[Visit, ...],
    routes: tuple[Route, ...],
) -> bool:
    ids = {route.caregiver for route in routes}
    people = tuple(one for one in scenario.caregivers if one.id in ids)
    return verify(_world(scenario, visits, people), _plan(scenario, routes), roads).feasible


def _plan(scenario: Scenario, routes: tuple[Route, ...]) -> Plan:
    return Plan(scenario=scenario.id, routes=routes)


def _world(
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
