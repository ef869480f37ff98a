"""The day as it is once something has happened: what is to be planned, and what is a fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from optimizer.domain.event import (
    Absent,
    Actual,
    Cancelled,
    Events,
    Late,
    Leaves,
    Longer,
    NewHours,
    RoadClosed,
)
from optimizer.domain.plan import Plan, Route, Stop
from optimizer.domain.scenario import Scenario
from optimizer.replan.day_so_far import as_it_ran
from optimizer.replan.facts import Facts, fitting_facts, restated, with_measured_ways
from optimizer.replan.scenario_now import (
    added_by,
    longer_by,
    refused_by,
    roads_now,
    scenario_now,
    together_in,
)
from optimizer.replan.told_roster import (
    begun_by,
    concerned_by,
    frozen_by,
    kept_of,
    makers_of,
    published_now,
    pushed_by,
    slowed_by,
)
from optimizer.replan.wanted_visits import Absences, wanted_visits
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
    roads = travel_matrices(scenario) if matrices is None else matrices
    hours, longer = Hours.of(events), longer_by(events)
    ran = _as_it_ran(scenario, plan, roads, events, date)
    fixed = _fixed(ran, date, events.now, _stays(scenario, events, date), together_in(scenario))
    visits = wanted_visits(scenario, plan, events, date, fixed)
    changed = hours_after(scenario, ran, roads, date, events.now, hours, fixed)
    ids = {visit.id for visit in visits}
    gone = {visit.id for visit in scenario.visits} - ids
    begun = begun_by(plan, date, events.now)
    ahead = {visit: ms for visit, ms in longer.items() if visit not in begun}
    kept = kept_of(ran, gone, changed.number, ahead, fixed, {(one, date) for one in hours.absent})
    published = published_now(plan, kept, ids, fixed)
    now = scenario_now(scenario, events, visits, changed.caregivers, published)
    roads = roads_now(scenario, now, events, roads)
    if events.now is not None and any(isinstance(one, _OF_FACTS) for one in events.events):
        facts = Facts(kept, fixed, date, events.now)
        now, roads = with_measured_ways(now, roads, facts)
        now = fitting_facts(now, roads, facts)
    slowed = frozenset[str]()
    if now.travel != scenario.travel:
        routes = tuple(restated(now, roads, route) for route in kept.routes)
        kept = kept.model_copy(update={"routes": routes})
        slowed = slowed_by(kept, ran, date, fixed)
    others = hours.changed | slowed | pushed_by(plan, ran)
    new = {one.visit.id for one in added_by(events)}
    wait = now.policy.freeze if freeze is None else freeze
    return Situation(
        before=scenario,
        plan=plan,
        scenario=now,
        matrices=roads,
        date=date,
        now=events.now,
        fixed=fixed,
        frozen=frozen_by(kept, date, events.now, wait, hours.changed) - fixed,
        kept=kept,
        holds=_holds(now, roads, kept, events.now, _Sent(date, fixed, hours.late)),
        concerned=concerned_by(plan, date, gone | set(longer), others) | new,
        promised=frozenset(stop.visit for route in plan.routes for stop in route.stops) | new,
        absent=hours.absent,
        affected=frozenset(others) | makers_of(plan, longer),
    )


def _as_it_ran(
    scenario: Scenario, plan: Plan, roads: TravelMatrices, events: Events, date: dt.date
) -> Plan:
    """Return the roster with what has begun at its real times."""
    actuals = [one for one in events.events if isinstance(one, Actual)]
    more = {} if events.now is None else longer_by(events)
    return as_it_ran(scenario, plan, roads, date, events.now or 0, actuals, more)


def _stays(scenario: Scenario, events: Events, date: dt.date) -> Callable[[Route, Stop], bool]:
    """Return what tells whether a carer who has set off for a visit goes on to it."""
    cancelled = {one.visit for one in events.events if isinstance(one, Cancelled)}
    refused, absences = refused_by(events), Absences.of(events, date)
    changed = Hours.of(events).changed
    client_of = {visit.id: visit.client for visit in scenario.visits}

    def stays(route: Route, stop: Stop) -> bool:
        client = client_of.get(stop.visit)
        is_off = stop.visit in cancelled or absences.is_off(client, stop.start)
        is_free = route.caregiver not in changed
        return is_free and not is_off and (client, route.caregiver) not in refused

    return stays


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
