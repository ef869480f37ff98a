"""Ids: each one once, and nothing named that is not there."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator, Sequence

from optimizer.domain.plan import Plan
from optimizer.errors import Fault
from optimizer.formats.checks.view import NAMED, View
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import finding
from optimizer.i18n import say

Known = frozenset[str] | None
MANY_UNKNOWN = 5
"""Unknown names of visits, or of caregivers, from which a plan of the same id may be another
scenario's; fewer are told one by one."""

_UNKNOWN = {
    "client": FaultCode.UNKNOWN_CLIENT,
    "caregiver": FaultCode.UNKNOWN_CAREGIVER,
    "organisation": FaultCode.UNKNOWN_ORGANISATION,
    "visit": FaultCode.UNKNOWN_VISIT,
}


def check_ids(view: View) -> Iterator[Fault]:
    """Every id of a list is there once."""
    for name in NAMED:
        first: dict[str, int] = {}
        for position, identifier in view.ids.get(name, ()):
            if identifier in first:
                message = say(
                    "fault.duplicate-id",
                    identifier=identifier,
                    section=name,
                    position=first[identifier],
                )
                yield finding(f"{name}[{position}].id", FaultCode.DUPLICATE_ID, message)
            first.setdefault(identifier, position)
    zones = getattr(view.travel, "zones", ())
    seen: set[str] = set()
    for number, zone in enumerate(zones):
        if zone.id in seen:
            message = say("fault.duplicate-id.zone", id=zone.id)
            yield finding(f"travel.zones[{number}].id", FaultCode.DUPLICATE_ID, message)
        seen.add(zone.id)


def check_time_zone(view: View) -> Iterator[Fault]:
    """The time zone is one of the tz database, as far as this machine has one."""
    name = view.scenario.time_zone
    if not _is_zone(name) and _is_zone("Asia/Shanghai"):
        message = say("fault.bad-time-zone")
        yield finding("time_zone", FaultCode.BAD_TIME_ZONE, message)


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def check_people(view: View) -> Iterator[Fault]:
    """Clients, caregivers and contracts name caregivers and organisations that exist."""
    scenario = view.scenario
    organisations = view.known("organisations")
    for place, client in view.rows("clients", scenario.clients):
        yield from _unknown(
            f"{place}.organisation", "organisation", client.organisation, organisations
        )
        for number, choice in enumerate(client.service_choices):
            where = f"{place}.service_choices[{number}].organisation"
            yield from _unknown(where, "organisation", choice.organisation, organisations)
    for place, caregiver in view.rows("caregivers", scenario.caregivers):
        yield from _unknown(
            f"{place}.organisation", "organisation", caregiver.organisation, organisations
        )
    for place, contract in view.rows("contracts", scenario.contracts):
        yield from _unknown(
            f"{place}.organisation", "organisation", contract.organisation, organisations
        )


def check_visits(view: View) -> Iterator[Fault]:
    """Visits, series and history name clients, payers and caregivers that exist."""
    scenario = view.scenario
    clients, caregivers = view.known("clients"), view.known("caregivers")
    payers = {c.id: {e.payer for e in c.entitlements} for c in scenario.clients}
    for place, visit in view.due():
        yield from _unknown(f"{place}.client", "client", visit.client, clients)
        granted = payers.get(visit.client)
        if visit.payer is not None and granted is not None and visit.payer not in granted:
            message = say("fault.unknown-payer", payer=visit.payer, client=visit.client)
            yield finding(f"{place}.payer", FaultCode.UNKNOWN_PAYER, message)
        if visit.pin is not None:
            yield from _missing(
                f"{place}.pin.caregivers", "caregiver", visit.pin.caregivers, caregivers
            )
    for place, familiar in view.rows("history", scenario.history):
        yield from _unknown(f"{place}.client", "client", familiar.client, clients)


def check_names_of_visits(view: View) -> Iterator[Fault]:
    """Couplings and pins name visits that exist, listed or derived."""
    visits, caregivers = view.known_visits(), view.known("caregivers")
    for place, coupling in view.rows("couplings", view.scenario.couplings):
        yield from _unknown(f"{place}.first", "visit", coupling.first, visits)
        yield from _unknown(f"{place}.second", "visit", coupling.second, visits)
    for place, pin in view.rows("pins", view.scenario.pins):
        yield from _unknown(f"{place}.visit", "visit", pin.visit, visits)
        yield from _missing(f"{place}.caregivers", "caregiver", pin.caregivers, caregivers)


def check_published(view: View) -> Iterator[Fault]:
    """The published plan is one of this scenario.

    Often the roster is made anew for the very reason that a caregiver or a client is gone, so of
    single names that are not listed any more it is warned; but a plan that shares no visit with
    a scenario of another name was made for that one.
    """
    plan, wanted, visits = view.scenario.published, view.identifier, view.known_visits()
    if plan is None or wanted is None or visits is None or plan.scenario == wanted:
        return
    named = {stop.visit for route in plan.routes for stop in route.stops}
    if named and visits.isdisjoint(named):
        message = say("fault.wrong-plan", scenario=plan.scenario, wanted=wanted)
        yield finding("published.scenario", FaultCode.WRONG_PLAN, message)


def check_plan_references(
    plan: Plan, wanted: str, visits: Known, caregivers: Known
) -> Sequence[Fault]:
    """A plan names visits and caregivers that exist.

    Of a plan that was made for another scenario this is said once, not of each name; also of one
    that has the same id, where more than half of its visits or caregivers are unknown.

    Parameters
    ----------
    wanted
        Id of the scenario.
    visits, caregivers
        All ids there are.
    """
    faults = list(_unknown_in(plan, visits, caregivers))
    if len(faults) > 1 and plan.scenario != wanted:
        message = say("fault.wrong-plan", scenario=plan.scenario, wanted=wanted)
        return [finding("scenario", FaultCode.WRONG_PLAN, message)]
    if _is_another(_visits_of(plan), visits) or _is_another(_caregivers_of(plan), caregivers):
        message = say("fault.wrong-plan-same-id", scenario=wanted, count=len(faults))
        return [finding("scenario", FaultCode.WRONG_PLAN, message)]
    return faults


def _visits_of(plan: Plan) -> frozenset[str]:
    stops = (stop.visit for route in plan.routes for stop in route.stops)
    return frozenset((*stops, *(one.visit for one in plan.unserved)))


def _caregivers_of(plan: Plan) -> frozenset[str]:
    return frozenset(route.caregiver for route in plan.routes)


def _is_another(named: frozenset[str], known: Known) -> bool:
    """Return whether of what a plan names, many names and more than half are unknown."""
    unknown = 0 if known is None else len(named - known)
    return unknown >= MANY_UNKNOWN and 2 * unknown > len(named)


def _unknown_in(plan: Plan, visits: Known, caregivers: Known) -> Iterator[Fault]:
    for number, route in enumerate(plan.routes):
        place = f"routes[{number}]"
        yield from _unknown(f"{place}.caregiver", "caregiver", route.caregiver, caregivers)
        for position, stop in enumerate(route.stops):
            yield from _unknown(f"{place}.stops[{position}].visit", "visit", stop.visit, visits)
    for number, unserved in enumerate(plan.unserved):
        yield from _unknown(f"unserved[{number}].visit", "visit", unserved.visit, visits)


def _missing(place: str, kind: str, names: Iterable[str | None], known: Known) -> Iterator[Fault]:
    for number, name in enumerate(names):
        yield from _unknown(f"{place}[{number}]", kind, name, known)


def _unknown(place: str, kind: str, name: str | None, known: Known) -> Iterator[Fault]:
    if name is not None and known is not None and name not in known:
        message = say(f"fault.{_UNKNOWN[kind]}", name=name)
        yield finding(place, _UNKNOWN[kind], message)
