"""Some changes of a proposal taken, others refused, and the rest made consistent."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from optimizer.domain.plan import Plan, Route, Stop
from optimizer.replan.changes import Appointment, Change, ChangeKind, appointments
from optimizer.replan.repair import USUAL_ITERATIONS, Mending, Proposal, Repair
from optimizer.replan.working_day import Binding
from optimizer.replan.working_hours import Line

FACTS = frozenset({ChangeKind.CANCELLED})
"Kinds of change that have happened already: nobody can refuse them."


def accepted(
    found: Repair,
    proposal: Proposal,
    visits: Iterable[str],
    *,
    iterations: int = USUAL_ITERATIONS,
    seed: int = 1,
) -> Proposal:
    """Return the roster in which some changes of a proposal are taken and all others refused.

    Every visit has the carers of the proposal if its change is accepted, else those who were
    told; nobody else is asked. Starts give way where they must. A visit for which that leaves
    no place is left out: of what is refused, most of what an absent caregiver was to do.

    Parameters
    ----------
    found, proposal
        What `optimizer.replan.repair` has returned, and one of its proposals.
    visits
        Ids of the visits whose changes are accepted; others are passed over.
    iterations, seed
        As in `optimizer.replan.repair`.

    Raises
    ------
    EngineDisagreement
        If verifier and search do not agree about the plan; a defect.
    """
    chosen = set(visits)
    if all(change.visit in chosen for change in proposal.changes if change.kind not in FACTS):
        return proposal
    situation = found.situation
    told, proposed = appointments(situation.kept), appointments(proposal.plan)
    refused = {
        change.visit
        for change in proposal.changes
        if change.kind not in FACTS and change.visit not in chosen
    }
    bound = {}
    for visit in situation.scenario.visits:
        was, now = told.get(visit.id), proposed.get(visit.id)
        one = was if visit.id in refused else now
        if one is not None and len(one.caregivers) < len(visit.carers):
            one = None  # One of two carers is absent, and nobody else is asked.
        if visit.id not in situation.fixed:
            bound[visit.id] = _binding(one)
    start = _joined(situation.kept, proposal.plan, refused)
    return Mending(situation, iterations, seed).bound(proposal.aim, bound, start)


def closure(changes: Collection[Change], visits: Iterable[str]) -> frozenset[str]:
    """Return all visits whose changes hold only together with those of some visits."""
    named = set(visits)
    groups = {change.group for change in changes if change.visit in named}
    return frozenset(change.visit for change in changes if change.group in groups)


def _binding(one: Appointment | None) -> Binding:
    return Binding(()) if one is None else Binding(one.caregivers, one.start)


def _joined(told: Plan, proposed: Plan, refused: Collection[str]) -> Plan:
    """Return a plan to begin from: every stop on the route of the plan that decides about it."""
    lines: dict[Line, list[Stop]] = {}
    routes: dict[Line, Route] = {}
    for plan, is_of in ((proposed, False), (told, True)):
        for route in plan.routes:
            key = route.caregiver, route.date, route.shift
            routes.setdefault(key, route)
            lines.setdefault(key, []).extend(
                stop for stop in route.stops if (stop.visit in refused) == is_of
            )
    joined = []
    for key, stops in lines.items():
        stops.sort(key=lambda stop: (stop.start, stop.visit))
        pause = routes[key].pause
        if pause is not None:
            before = sum(stop.start < pause.start for stop in stops)
            pause = pause.model_copy(update={"after_stops": before})
        if stops:
            update = {"stops": tuple(stops), "pause": pause}
            joined.append(routes[key].model_copy(update=update))
    return told.model_copy(update={"routes": tuple(joined), "unserved": ()})
