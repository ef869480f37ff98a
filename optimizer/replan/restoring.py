"""Routes that nobody has changed are told as they were, to the minute."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from optimizer.domain.plan import Break, Plan, Route
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CouplingKind
from optimizer.explanation.first_reason import with_first_reasons
from optimizer.replan.facts import restated
from optimizer.replan.situation import Hold, Situation
from optimizer.replan.working_hours import Line
from optimizer.verification import Verdict, verify


def restored(situation: Situation, plan: Plan) -> tuple[Plan, Verdict]:
    """Return a plan in which routes with the same stops begin them as they were told.

    The search lets visits begin within the tolerance of what was told, for what that saves;
    nobody wants to hear of it where nothing else has changed. Where a tie to a changed route
    forbids it, the search's times stand.

    Parameters
    ----------
    situation
        What has happened, with the roster as it was told.
    plan
        A plan of the day as it is now.
    """
    scenario, matrices = situation.scenario, situation.matrices
    tied = _tied(scenario)
    trials: tuple[Callable[[Route], bool], ...] = (
        lambda _: True,
        lambda route: not any(stop.visit in tied for stop in route.stops),
        lambda _: False,
    )
    for may_restore in trials:
        made = _with_breaks(scenario, _as_told(situation, plan, may_restore))
        verdict = verify(scenario, made, matrices)
        if verdict.feasible:
            break
    if set(verdict.unserved) == {one.visit for one in situation.kept.unserved}:
        return made.model_copy(update={"unserved": situation.kept.unserved}), verdict
    return with_first_reasons(scenario, made, matrices), verdict


def sent_nowhere(situation: Situation, plan: Plan, people: Collection[Hold]) -> Plan:
    """Return a plan in which some caregivers go home after what they have begun."""
    who = {(one.caregiver, one.shift) for one in people}
    routes = []
    for route in plan.routes:
        is_meant = (route.caregiver, route.shift) in who and route.date == situation.date
        routes.append(_only_begun(situation, route) if is_meant else route)
    return plan.model_copy(update={"routes": tuple(routes)})


def _only_begun(situation: Situation, route: Route) -> Route:
    """Return a route that ends with what has begun."""
    stops = tuple(stop for stop in route.stops if stop.visit in situation.fixed)
    if not stops:
        return route  # What has begun was lost: whoever judges the plan says so.
    pause = route.pause
    if pause is not None:
        pause = pause.model_copy(update={"after_stops": min(len(stops), pause.after_stops)})
    left = route.model_copy(update={"stops": stops, "pause": pause})
    left = restated(situation.scenario, situation.matrices, left)
    over = max(stops[-1].end, 0 if pause is None else pause.end)
    return left.model_copy(update={"back": over + left.travel_back})


def _as_told(situation: Situation, plan: Plan, may_restore: Callable[[Route], bool]) -> Plan:
    """Return the plan with routes that have the same stops taken over from what was told."""
    untouched = {_as_begun(route) for route in situation.plan.routes}
    told: Mapping[Line, Route] = {
        (route.caregiver, route.date, route.shift): route
        for route in situation.kept.routes
        if _as_begun(route) in untouched
    }
    routes = []
    for route in plan.routes:
        was = told.get((route.caregiver, route.date, route.shift))
        is_same = was is not None and route.caregiver not in situation.affected
        if was is not None and is_same and _stops(was) == _stops(route) and may_restore(was):
            routes.append(was)
        else:
            routes.append(route)
    if {id(route) for route in routes} == {id(route) for route in situation.kept.routes}:
        routes = list(situation.kept.routes)
    return plan.model_copy(update={"routes": tuple(routes)})


def _as_begun(route: Route) -> tuple[object, ...]:
    """Return who makes which stops of a route, and when."""
    times = ((stop.visit, stop.carer, stop.start, stop.end) for stop in route.stops)
    return (route.caregiver, route.date, *times)


def _stops(route: Route) -> list[tuple[str, int, int]]:
    return [(stop.visit, stop.carer, stop.end - stop.start) for stop in route.stops]


def _tied(scenario: Scenario) -> frozenset[str]:
    """Return the visits whose start another stop depends on."""
    ties = [tie for tie in scenario.couplings if tie.kind is not CouplingKind.APART]
    pairs = {visit for tie in ties for visit in (tie.first, tie.second)}
    return frozenset(pairs | {visit.id for visit in scenario.visits if len(visit.carers) > 1})


def _with_breaks(scenario: Scenario, plan: Plan) -> Plan:
    """Return the plan with the breaks that were over at home before anybody was sent off."""
    people = {person.id: person for person in scenario.caregivers}
    routes = []
    for route in plan.routes:
        person = people[route.caregiver]
        routes.append(route)
        hours = sorted((s for s in person.shifts if s.date == route.date), key=lambda s: s.start)
        shift = hours[route.shift] if route.shift < len(hours) else None
        rule = None if shift is None else person.break_of(shift)
        if rule is not None and route.pause is None and shift is not None:
            start = max(rule.earliest, shift.start)
            is_due = shift.end - shift.start >= rule.after
            fits = start <= min(rule.latest, shift.end - rule.duration)
            if is_due and fits and start + rule.duration <= route.departure:
                pause = Break(start=start, end=start + rule.duration, after_stops=0)
                routes[-1] = route.model_copy(update={"pause": pause})
    return plan.model_copy(update={"routes": tuple(routes)})
