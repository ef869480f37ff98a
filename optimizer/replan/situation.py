"""The day as it is once something has happened: what is to be planned, and what is a fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from optimizer.domain.event import (
    Absent,
    Actual,
    Added,
    Cancelled,
    Events,
    Late,
    Leaves,
    Longer,
    NewHours,
    Refuses,
    RoadClosed,
)
from optimizer.domain.place import Slowdown, Travel
from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CouplingKind
from optimizer.replan.day_so_far import as_it_ran
from optimizer.replan.facts import Facts, fitting_facts, restated, with_measured_ways
from optimizer.replan.wanted_visits import Absences, clients_now, wanted_visits
from optimizer.replan.working_hours import Hours, home_at, hours_after
from optimizer.travel import TravelMatrices, travel_matrices

INSTANT = 3_000
"Milliseconds that a hold lasts at least: a whole number of ticks of any length in use."


@dataclass(frozen=True, slots=True)
class Hold:
    """A caregiver on the way who cannot leave a client's home before a time.

    Attributes
    ----------
    caregiver, shift
        Whose route of the day.
    visit
        The last visit that has begun; it may be over.
    since, at
        Until when what has begun lasts, or now; and when the caregiver can leave: later for those
        who are late. In milliseconds since midnight.
    is_home
        Whether nothing follows on the route as it was told and it is not known that waiting costs
        nothing: the caregiver goes home, and is held only if sent somewhere too soon.
    """

    caregiver: str
    shift: int
    visit: str
    since: int
    at: int
    is_home: bool


@dataclass(frozen=True, slots=True)
class _Sent:
    """The day, the visits that have begun, and who is how late, in milliseconds."""

    date: dt.date
    fixed: frozenset[str]
    late: Mapping[str, int]


@dataclass(frozen=True)
class Situation:
    """What a repair begins from.

    Attributes
    ----------
    before, plan
        The scenario and its roster as they were told to everybody.
    scenario
        The scenario with all that has happened; its published plan is the roster, so that
        what differs from it is counted as calls.
    matrices
        Travel of `scenario`.
    date, now
        The day, and the time in milliseconds since its midnight; None: nothing has begun.
    fixed
        Visits that have begun, or to which all their carers are on the way: facts.
    frozen
        Other visits that begin within the freeze.
    kept
        The roster without visits that are off, its routes numbered as shifts are now; it may
        break rules.
    holds
        Caregivers on the way who are not free at once.
    concerned
        Visits of the routes on which something has happened, and visits that are new.
    promised
        Visits that everybody was told of, and those that are new.
    absent
        Caregivers who make no more visits that day.
    affected
        Caregivers whose hours have changed, or whose visits have become longer.
    """

    before: Scenario
    plan: Plan
    scenario: Scenario
    matrices: TravelMatrices = field(repr=False)
    date: dt.date
    now: int | None
    fixed: frozenset[str]
    frozen: frozenset[str]
    kept: Plan = field(repr=False)
    holds: tuple[Hold, ...]
    concerned: frozenset[str]
    promised: frozenset[str]
    absent: frozenset[str]
    affected: frozenset[str]


def situation(
    scenario: Scenario,
    plan: Plan,
    events: Events,
    *,
    matrices: TravelMatrices | None = None,
    freeze: int | None = None,
) -> Situation:
    """Return the day after some events.

    Parameters
    ----------
    scenario, plan
        A scenario with its visits, and the roster that was told to everybody.
    events
        What has happened; without faults (see `optimizer.formats.check_events`).
    matrices
        Travel of the scenario, if already at hand.
    freeze
        Milliseconds after now in which visits move only if they must; the policy's if None.

    Raises
    ------
    InvalidDocument
        If what has begun breaks a rule that cannot give way.
    """
    date = events.date or scenario.horizon.start
    cancelled = {one.visit for one in events.events if isinstance(one, Cancelled)}
    absences = Absences.of(events, date)
    refused = {(one.client, one.caregiver) for one in events.events if isinstance(one, Refuses)}
    client_of = {visit.id: visit.client for visit in scenario.visits}
    hours = Hours.of(events)

    def stays(route: Route, stop: Stop) -> bool:
        """Return whether a carer who has set off for a visit goes on to it."""
        client = client_of.get(stop.visit)
        is_off = stop.visit in cancelled or absences.is_off(client, stop.start)
        is_free = route.caregiver not in hours.changed
        return is_free and not is_off and (client, route.caregiver) not in refused

    roads = travel_matrices(scenario) if matrices is None else matrices
    actuals = [one for one in events.events if isinstance(one, Actual)]
    longer = {one.visit: one.minutes for one in events.events if isinstance(one, Longer)}
    at, more = events.now or 0, longer if events.now is not None else {}
    ran = as_it_ran(scenario, plan, roads, date, at, actuals, more)
    together = [
        (tie.first, tie.second) for tie in scenario.couplings if tie.kind is CouplingKind.TOGETHER
    ]
    fixed = _fixed(ran, date, events.now, stays, together)
    visits = wanted_visits(scenario, plan, events, date, fixed)
    gone = {visit.id for visit in scenario.visits} - {visit.id for visit in visits}
    changed = hours_after(scenario, ran, roads, date, events.now, hours, fixed)
    begun = {
        stop.visit
        for route in plan.routes
        for stop in route.stops
        if route.date == date and events.now is not None and stop.start <= events.now
    }
    ahead = {visit: ms for visit, ms in longer.items() if visit not in begun}
    kept = _kept(ran, gone, changed.number, ahead, fixed, {(one, date) for one in hours.absent})
    ids = {visit.id for visit in visits}
    added = [one for one in events.events if isinstance(one, Added)]
    now = scenario.model_copy(
        update={
            "clients": clients_now(scenario, added, refused),
            "caregivers": changed.caregivers,
            "visits": visits,
            "couplings": (
                *(tie for tie in scenario.couplings if {tie.first, tie.second} <= ids),
                *(tie for one in added for tie in one.couplings),
            ),
            "pins": tuple(pin for pin in scenario.pins if pin.visit in ids),
            "published": _published(plan, kept, ids, fixed),
            "travel": _closed(scenario, events),
        }
    )
    if now.travel != scenario.travel or any(one.client is not None for one in added):
        roads = travel_matrices(now)
    slowed = frozenset[str]()
    if events.now is not None and any(isinstance(one, _OF_FACTS) for one in events.events):
        facts = Facts(kept, fixed, date, events.now)
        now, roads = with_measured_ways(now, roads, facts)
        now = fitting_facts(now, roads, facts)
    if now.travel != scenario.travel:
        kept = kept.model_copy(
            update={"routes": tuple(restated(now, roads, route) for route in kept.routes)}
        )
        slowed = _slowed(kept, ran, date, fixed)
    pushed = _pushed(plan, ran)
    wait = now.policy.freeze if freeze is None else freeze
    until = None if events.now is None else events.now + wait
    return Situation(
        before=scenario,
        plan=plan,
        scenario=now,
        matrices=roads,
        date=date,
        now=events.now,
        fixed=fixed,
        frozen=frozenset(
            stop.visit
            for route in kept.routes
            for stop in route.stops
            if route.date == date
            and until is not None
            and stop.start <= until
            and route.caregiver not in hours.changed
        )
        - fixed,
        kept=kept,
        holds=_holds(now, roads, kept, events.now, _Sent(date, fixed, hours.late)),
        concerned=_concerned(plan, date, gone | set(longer), hours.changed | slowed | pushed)
        | {one.visit.id for one in added},
        promised=frozenset(
            (
                *(stop.visit for route in plan.routes for stop in route.stops),
                *(one.visit.id for one in added),
            )
        ),
        absent=hours.absent,
        affected=frozenset(hours.changed | slowed | pushed)
        | {
            route.caregiver for route in plan.routes for stop in route.stops if stop.visit in longer
        },
    )


def _fixed(
    plan: Plan,
    date: dt.date,
    now: int | None,
    stays: Callable[[Route, Stop], bool],
    together: Collection[tuple[str, str]],
) -> frozenset[str]:
    """Return the visits that have begun, or to which all their carers go on."""
    going: dict[str, bool] = {}
    begun: set[str] = set()
    for route in plan.routes:
        if route.date < date:
            begun.update(stop.visit for stop in route.stops)
        if route.date != date:
            continue
        is_next = True
        for stop in route.stops:
            if now is not None and stop.start <= now:
                begun.add(stop.visit)
                continue
            leaves = stop.start - stop.travel
            is_going = now is not None and is_next and leaves <= now and stays(route, stop)
            going[stop.visit] = going.get(stop.visit, True) and is_going
            is_next = False
    # Of two visits that begin as one either both are on their way or none is.
    halves = {one for pair in together if not all(going.get(two) for two in pair) for one in pair}
    return frozenset(begun | {visit for visit, all_go in going.items() if all_go} - halves)


_OF_FACTS = (Absent, Actual, Longer, Late, Leaves, NewHours, RoadClosed)
"Events after which what has begun may break rules."


def _closed(scenario: Scenario, events: Events) -> Travel:
    """Return travel with the roads that are closed."""
    closed = tuple(
        Slowdown(town=one.town, factor=one.factor)
        for one in events.events
        if isinstance(one, RoadClosed)
    )
    if not closed:
        return scenario.travel
    slowdowns = (*scenario.travel.slowdowns, *closed)
    return scenario.travel.model_copy(update={"slowdowns": slowdowns})


def _slowed(kept: Plan, ran: Plan, date: dt.date, fixed: Collection[str]) -> frozenset[str]:
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


def _pushed(plan: Plan, ran: Plan) -> frozenset[str]:
    """Return the caregivers of routes on which what has begun has run otherwise than was told."""
    return frozenset(
        was.caregiver for was, now in zip(plan.routes, ran.routes, strict=True) if was is not now
    )


def _published(plan: Plan, kept: Plan, ids: Collection[str], fixed: Collection[str]) -> Plan:
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


def _kept(
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


def _holds(
    now: Scenario, roads: TravelMatrices, kept: Plan, moment: int | None, sent: _Sent
) -> tuple[Hold, ...]:
    """Return when those are free who have begun, and can still be sent somewhere."""
    if moment is None:
        return ()
    people = {person.id: person for person in now.caregivers}
    homes = {client.id: client.home for client in now.clients}
    client_of = {visit.id: visit.client for visit in now.visits}
    found = []
    for route in kept.routes:
        begun = [stop for stop in route.stops if stop.visit in sent.fixed]
        if route.date != sent.date or not begun:
            continue
        last, pause, person = begun[-1], route.pause, people[route.caregiver]
        ready = last.end
        if pause is not None and pause.after_stops == len(begun):
            ready = pause.end if last.end <= pause.start <= moment else ready
        at = max(moment, ready, last.end + sent.late.get(route.caregiver, 0))
        back = home_at(person, homes[client_of[last.visit]], at, roads, now.ticks_per_minute)
        shifts = sorted((s for s in person.shifts if s.date == sent.date), key=lambda s: s.start)
        closes = shifts[route.shift].end + person.overtime_limit
        is_last = len(begun) == len(route.stops)
        if back > closes and is_last:
            continue  # Too late to be sent anywhere.
        at = min(at, closes - (back - at))
        if at > ready:
            at = max(at, ready + INSTANT)
            since = min(max(ready, moment - INSTANT), at - INSTANT)
            # A later return touches nothing within the shift of a single day.
            costs = back > shifts[route.shift].end or now.horizon.days > 1
            hold = Hold(route.caregiver, route.shift, last.visit, since, at, is_last and costs)
            found.append(hold)
    return tuple(found)


def _concerned(
    plan: Plan, date: dt.date, visits: Collection[str], people: Collection[str]
) -> frozenset[str]:
    return frozenset(
        stop.visit
        for route in plan.routes
        if route.date == date
        and (route.caregiver in people or any(stop.visit in visits for stop in route.stops))
        for stop in route.stops
    )
