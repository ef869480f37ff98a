"""From the office's findings to the scenario that is planned: entitlements and visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from optimizer.allocation import with_organisations
from optimizer.domain.allocation import AllocationLog, AllocationPolicy
from optimizer.domain.client import Client, Entitlement, EntitlementUnit, Period
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.office import Office
from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Visit
from optimizer.needs import Book, ClientNeeds, Needs, derive
from optimizer.purchase.eligibility import Eligibility, eligibility_of
from optimizer.purchase.funding import Funding, commit
from optimizer.purchase.prices import four_weeks
from optimizer.purchase.waiting import urgencies


@dataclass(frozen=True)
class Admission:
    """Who is cared for on public money, and the scenario that follows.

    Attributes
    ----------
    office
        What was decided by; None where a scenario is taken as it is.
    found
        What was found of each client, by id; empty without an office.
    needs
        What records and care plans ask for, and what the entitlements granted pay for.
    scenario
        What is to be planned: the visits that are bought, without records. Visits for which the
        office has no money on any of their days are not there.
    refused
        Visits that are not there, by id, in the order of the file.
    funding
        Who is paid for from which pool; None where money has no end.
    unranked
        The same if the rank of categories did not count.
    """

    office: Office | None
    found: Mapping[str, Eligibility]
    needs: Needs
    scenario: Scenario
    refused: Mapping[str, Visit]
    funding: Funding | None = None
    unranked: Funding | None = None

    @property
    def visits(self) -> tuple[Visit, ...]:
        """All visits, those that are refused among them."""
        return self.needs.scenario.visits


def unexamined(needs: Needs) -> Admission:
    """Return a scenario as it is: nobody has asked who is eligible."""
    return Admission(None, {}, needs, needs.scenario, {})


def admit(
    given: Scenario, asked: Needs, office: Office, book: Book, *, with_pools: bool = True
) -> Admission:
    """Find out who is eligible and paid for, grant entitlements and leave out what is not bought.

    Of the office's payer each client is granted the monthly minutes of the category and nothing
    else; entitlements of other payers stay as they are. For whom the pools do not reach waits and
    is granted nothing.

    Parameters
    ----------
    given
        The scenario with its health records, checked together with the office.
    asked
        What the records ask for: need tiers, and which services are critical.
    office
        Categories, applications and pools.
    book
        Catalogue and rules by which visits are derived.
    with_pools
        Whether money is set aside; a roster that is settled has been paid for before.
    """
    day = given.horizon.start
    found = {one.id: eligibility_of(one, office, day) for one in asked.scenario.clients}
    needs = _derived(given, asked, found, office, book, like=asked)
    if not office.pools or not with_pools:
        return _bought(office, found, needs, None, None)
    funding, unranked = _funded(given, asked, needs, found, office)
    if funding.waiting:
        found = {
            client: replace(one, is_waiting=client in funding.waiting)
            for client, one in found.items()
        }
        needs = _derived(given, asked, found, office, book, like=needs)
    return _bought(office, found, needs, funding, unranked)


def with_bodies(admission: Admission, policy: AllocationPolicy, log: AllocationLog) -> Admission:
    """Return an admission with the organisations of an allocation at its clients.

    What a roster of it costs is then charged as by the scenario that `allocate` writes.

    Parameters
    ----------
    admission
        Whose scenario was allocated.
    policy, log
        The rules, and what came of them.
    """
    needs = replace(
        admission.needs, scenario=with_organisations(admission.needs.scenario, policy, log)
    )  # fmt: skip
    scenario = with_organisations(admission.scenario, policy, log)
    return replace(admission, needs=needs, scenario=scenario)


def _derived(
    given: Scenario,
    asked: Needs,
    found: Mapping[str, Eligibility],
    office: Office,
    book: Book,
    *,
    like: Needs,
) -> Needs:
    """Derive what is paid for under the entitlements that the office grants."""
    needs_of = {one.client: one for one in asked.clients}
    clients = tuple(
        _granted(client, found[client.id], needs_of.get(client.id), office)
        for client in given.clients
    )
    return derive(given.model_copy(update={"clients": clients}), book, like)


def _funded(
    given: Scenario,
    asked: Needs,
    needs: Needs,
    found: Mapping[str, Eligibility],
    office: Office,
) -> tuple[Funding, Funding]:
    """Set money aside for whoever is eligible, with and without the rank of categories."""
    ready: dict[str, list[Visit]] = {}
    for visit in given.visits:
        ready.setdefault(visit.client, []).append(visit)
    needs_of = {one.client: one for one in needs.clients}
    index = ScenarioIndex.of(given)
    costs = {
        client.id: four_weeks(
            index, client, office.payer, needs_of.get(client.id), ready.get(client.id, [])
        )
        for client in given.clients
    }
    clients = asked.scenario.clients
    first = given.horizon.start
    asked_of = {one.client: one for one in asked.clients}
    urgency = urgencies(clients, found, asked_of, ready, office, first)
    funding, unranked = (
        commit(office, clients, found, costs, urgency, first, with_rank=with_rank)
        for with_rank in (True, False)
    )
    return funding, unranked


def _granted(
    client: Client, found: Eligibility, needs: ClientNeeds | None, office: Office
) -> Client:
    """Return a client with the entitlement of the office's payer; with none if it buys nothing."""
    before = next((one for one in client.entitlements if one.payer == office.payer), None)
    if before is None:
        before = Entitlement(
            payer=office.payer,
            unit=EntitlementUnit.MINUTES,
            cap=0,
            period=Period.MONTH,
        )
    is_bought = found.category is not None and not found.is_waiting
    minutes = found.category.monthly_minutes if found.category and is_bought else 0
    update: dict[str, object] = {
        "unit": EntitlementUnit.MINUTES,
        "period": Period.MONTH,
        "cap": minutes,
        "price_book": before.price_book or office.price_book,
    }
    if found.is_critical_only and needs is not None:
        critical = _critical_services(needs)
        update |= {"services": critical, "cap": minutes if critical else 0}
    granted = before.model_copy(update=update)
    place = next(
        (n for n, one in enumerate(client.entitlements) if one.payer == office.payer),
        len(client.entitlements),
    )
    others = [one for one in client.entitlements if one.payer != office.payer]
    # Purses are used in the order in which they stand, so it keeps its place.
    return client.model_copy(update={"entitlements": (*others[:place], granted, *others[place:])})


def _critical_services(needs: ClientNeeds) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            demand.service
            for demand in needs.requirements.demands
            if demand.most_urgent is Priority.CRITICAL
        )
    )


def _bought(
    office: Office,
    found: Mapping[str, Eligibility],
    needs: Needs,
    funding: Funding | None,
    unranked: Funding | None,
) -> Admission:
    """Leave out what is not bought: visits, days of visits, and ties to visits left out."""
    scenario = needs.scenario
    index = ScenarioIndex.of(scenario)
    kept: list[Visit] = []
    refused: dict[str, Visit] = {}
    for visit in scenario.visits:
        days = index.allowed_dates(visit)
        if visit.payer != office.payer:
            kept.append(visit)
            continue
        bought = tuple(day for day in days if buys(found[visit.client], visit, day))
        if not bought:
            refused[visit.id] = visit
        elif bought == days:
            kept.append(visit)
        else:
            kept.append(visit.model_copy(update={"dates": bought}))
    couplings = tuple(
        one for one in scenario.couplings if refused.keys().isdisjoint((one.first, one.second))
    )
    planned = scenario.model_copy(update={"visits": tuple(kept), "couplings": couplings})
    return Admission(office, found, needs, planned, refused, funding, unranked)


def buys(found: Eligibility, visit: Visit, day: dt.date) -> bool:
    """Return whether the office buys a visit of its payer on a day."""
    if found.is_waiting or found.loss_on(day) is not None:
        return False
    return visit.priority is Priority.CRITICAL or not found.is_critical_only
