"""Edits of who is cared for, and which visits there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from optimizer.domain.client import Client
from optimizer.domain.edit import ClientsAway, Demand, ExtraVisits, ServicesOff
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CarerNeed, Coupling, Visit
from optimizer.shortfall.edits.copying import copies, near
from optimizer.shortfall.edits.lot import Lot
from optimizer.shortfall.edits.meant import clients_meant, drawn, whole


def demand(scenario: Scenario, edit: Demand, lot: Lot) -> Scenario:
    """Add copies of clients with all their visits, or take clients away."""
    people = clients_meant(scenario, edit.of)
    if edit.percent < 0:
        gone = {one.id for one in drawn(people, whole(-edit.percent, len(people)), lot, "fewer")}
        left = tuple(one for one in scenario.clients if one.id not in gone)
        return scenario.model_copy(update={"clients": left})
    taken = {one.id for one in scenario.clients}
    new = list(copies(people, whole(edit.percent, len(people)), taken, lot, "demand"))
    return _with_copies(scenario, new, lot)


def _with_copies(scenario: Scenario, new: Sequence[tuple[Client, str]], lot: Lot) -> Scenario:
    visits: dict[str, list[Visit]] = defaultdict(list)
    for visit in scenario.visits:
        visits[visit.client].append(visit)
    ties: dict[str, list[Coupling]] = defaultdict(list)
    owner = {visit.id: visit.client for visit in scenario.visits}
    for tie in scenario.couplings:
        ties[owner[tie.first]].append(tie)
    clients: list[Client] = []
    more: list[Visit] = []
    couplings: list[Coupling] = []
    for client, name in new:
        # Nobody has visited the new client before, nor been refused.
        fresh = {
            "id": name,
            "home": near(client.home, name, lot),
            "preferred": (),
            "refused": (),
            "responsible": None,
        }
        clients.append(client.model_copy(update=fresh))
        mark = name[len(client.id) :]
        more += [_copied(visit, name, mark) for visit in visits[client.id]]
        couplings += [
            tie.model_copy(update={"first": tie.first + mark, "second": tie.second + mark})
            for tie in ties[client.id]
        ]
    orders = tuple(
        plan.model_copy(update={"client": name})
        for client, name in new
        for plan in scenario.care_plans
        if plan.client == client.id
    )
    again = tuple(
        one.model_copy(update={"id": one.id + name[len(client.id) :], "client": name})
        for client, name in new
        for one in scenario.series
        if one.client == client.id
    )
    return scenario.model_copy(
        update={
            "clients": (*scenario.clients, *clients),
            "visits": (*scenario.visits, *more),
            "couplings": (*scenario.couplings, *couplings),
            "care_plans": (*scenario.care_plans, *orders),
            "series": (*scenario.series, *again),
        }
    )


def _copied(visit: Visit, client: str, mark: str) -> Visit:
    """Return the same visit of a new client; what a planner has fixed of it is free."""
    series = None if visit.series is None else visit.series + mark
    return visit.model_copy(
        update={"id": visit.id + mark, "client": client, "series": series, "pin": None}
    )


def clients_away(scenario: Scenario, edit: ClientsAway, lot: Lot) -> Scenario:
    """Take the visits of some clients away; the clients stay in the file."""
    people = clients_meant(scenario, edit.of)
    gone = {one.id for one in drawn(people, whole(edit.percent, len(people)), lot, "not_home")}
    left = tuple(one for one in scenario.visits if one.client not in gone)
    return scenario.model_copy(update={"visits": left})


def services_off(scenario: Scenario, edit: ServicesOff, lot: Lot) -> Scenario:  # noqa: ARG001 (as all)
    """Take services off the visits of the clients meant.

    A visit of nothing else does not take place. One of more services keeps its minutes, for how
    they are shared out nobody knows; of two carers the one whose own service it is stays away.
    """
    off = frozenset(edit.services)
    meant = {one.id for one in clients_meant(scenario, edit.of)}
    left: list[Visit] = []
    for visit in scenario.visits:
        if visit.client not in meant or off.isdisjoint(visit.services):
            left.append(visit)
            continue
        services = tuple(one for one in visit.services if one not in off)
        carers = tuple(one for one in visit.carers if one.service not in off)
        if services and carers:
            pin = visit.pin if len(carers) == len(visit.carers) else None
            kept = {"services": services, "carers": carers, "pin": pin}
            left.append(visit.model_copy(update=kept))
    return scenario.model_copy(update={"visits": tuple(left)})


def extra_visits(scenario: Scenario, edit: ExtraVisits, lot: Lot) -> Scenario:
    """Add one visit a day for a share of the clients meant, who do not have it anyway."""
    people = clients_meant(scenario, edit.of)
    chosen = drawn(people, whole(edit.percent, len(people)), lot, f"extra.{edit.service}")
    dates = scenario.horizon.dates()
    has = {
        (visit.client, date)
        for visit in scenario.visits
        if edit.service in visit.services
        for date in visit.dates or dates
    }
    needed = () if edit.qualification is None else (edit.qualification,)
    need = CarerNeed.model_construct(
        minutes=edit.minutes, shortest=None, qualifications=needed, service=None
    )
    wanted = {one.id for one in chosen}
    new = tuple(
        Visit.model_construct(
            id=f"{client.id}-{edit.service}-{date:%m%d}",
            client=client.id,
            services=(edit.service,),
            carers=(need,),
            dates=(date,),
            window=edit.window,
            priority=edit.priority,
        )
        for client in scenario.clients
        if client.id in wanted
        for date in dates
        if (client.id, date) not in has
    )
    return scenario.model_copy(update={"visits": (*scenario.visits, *new)})
