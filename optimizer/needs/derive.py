"""From health records to visits: the main path of this package, read from top to bottom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from optimizer.domain.care_plan import CarePlan
from optimizer.domain.client import Client, Entitlement, EntitlementUnit, Flag, Period
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CarerNeed, Coupling, Visit
from optimizer.needs.book import Book, default_book
from optimizer.needs.bundling import bundle, items_of_day
from optimizer.needs.catalogue import Catalogue
from optimizer.needs.cycle import day_of_cycle
from optimizer.needs.facts import Facts, facts_of
from optimizer.needs.funding import Funded, fund
from optimizer.needs.required import Requirements, required_services
from optimizer.needs.visits import Planned, series_apart, ties_of_day, visits_of_day
from optimizer.units import MS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class ClientNeeds:
    """What one client needs, is entitled to, and gets planned.

    Attributes
    ----------
    client
        Id of the client.
    facts
        What is known, the need tier included.
    requirements
        What follows from it.
    funded
        What somebody pays for, most important first.
    visits
        Visits derived for the horizon.
    """

    client: str
    facts: Facts
    requirements: Requirements
    funded: tuple[Funded, ...]
    visits: tuple[Visit, ...]

    @property
    def needed(self) -> int:
        """Minutes of care in four weeks that the record asks for, all carers added up."""
        return sum(one.demand.minutes_per_cycle for one in self.funded)

    @property
    def entitled(self) -> int:
        """Minutes of care in four weeks that somebody pays for."""
        return sum(one.entitled for one in self.funded)

    @property
    def cut(self) -> int:
        """Minutes of care in four weeks that nobody pays for: a gap in money, not in people."""
        return sum(one.cut for one in self.funded)


@dataclass(frozen=True, slots=True)
class Needs:
    """All needs of a scenario, and the scenario with their visits.

    Attributes
    ----------
    book
        Catalogue and rules that were applied.
    clients
        Everybody with a health record or a care plan, in file order.
    scenario
        The scenario with the derived visits, and without health records and care plans.
    """

    book: Book
    clients: tuple[ClientNeeds, ...]
    scenario: Scenario


def derive(scenario: Scenario, book: Book | None = None) -> Needs:
    """Derive the visits of everybody with a health record or a care plan.

    Deriving again from what is returned changes nothing. A service that a ready visit of the
    client gives on a day is not planned there once more.

    Parameters
    ----------
    scenario
        A scenario without faults.
    book
        Catalogue and rules; those of the package if not given.
    """
    book = book or default_book()
    plans: dict[str, list[CarePlan]] = defaultdict(list)
    for plan in scenario.care_plans:
        plans[plan.client].append(plan)
    ready: dict[str, list[Visit]] = defaultdict(list)
    for visit in scenario.visits:
        ready[visit.client].append(visit)
    met = {familiar.client for familiar in scenario.history}
    days = scenario.horizon.dates()
    excludes = _exclusion(book.catalogue)

    clients: list[Client] = []
    found: list[ClientNeeds] = []
    couplings: list[Coupling] = []
    for client in scenario.clients:
        if client.health_record is None and client.id not in plans:
            clients.append(client)
            continue
        facts = facts_of(client, days[0])
        holding = [plan for plan in plans[client.id] if _holds(plan, days)]
        needed = required_services(client.id, facts, holding, book)
        funded = fund(needed.demands, client.entitlements, book.catalogue)
        planned, ties = _plan(
            client, funded, needed, ready[client.id], days, book.catalogue, excludes
        )
        visits = [one.visit for one in planned]
        if needed.first_in_pairs and client.id not in met and not ready[client.id] and visits:
            visits[0] = _in_pairs(visits[0])
        couplings += ties
        clients.append(_seen_by_the_engine(client, facts, needed, visits, ready[client.id]))
        found.append(ClientNeeds(client.id, facts, needed, funded, tuple(visits)))
    if not found:
        return Needs(book, (), scenario)
    return Needs(book, tuple(found), _planned_scenario(scenario, clients, found, couplings))


def _planned_scenario(
    scenario: Scenario,
    clients: Sequence[Client],
    found: Sequence[ClientNeeds],
    couplings: Sequence[Coupling],
) -> Scenario:
    derived = tuple(visit for needs in found for visit in needs.visits)
    return scenario.model_copy(
        update={
            "clients": tuple(clients),
            "visits": scenario.visits + derived,
            "care_plans": (),
            "couplings": scenario.couplings + tuple(couplings),
        }
    )


def _exclusion(catalogue: Catalogue) -> Callable[[str, str], bool]:
    pairs = {
        (code, other) for code, service in catalogue.services.items() for other in service.excludes
    }

    def excludes(one: str, other: str) -> bool:
        return (one, other) in pairs or (other, one) in pairs

    return excludes


def _holds(plan: CarePlan, days: Sequence[date]) -> bool:
    return plan.ordered_on <= days[-1] and (plan.until is None or plan.until >= days[0])


def _plan(
    client: Client,
    funded: Sequence[Funded],
    needed: Requirements,
    ready: Sequence[Visit],
    days: Sequence[date],
    catalogue: Catalogue,
    excludes: Callable[[str, str], bool],
) -> tuple[list[Planned], list[Coupling]]:
    """Return the visits of one client over the horizon, and what ties them."""
    planned: list[Planned] = []
    ties: list[Coupling] = []
    for day in days:
        place = day_of_cycle(day)
        paid = [(one.demand, payer) for one in funded for at, payer in one.paid if at == place]
        if not paid:
            continue
        given = [code for visit in ready if _may_be_on(visit, day) for code in visit.services]
        items = items_of_day(client, paid, catalogue, given)
        bundles = bundle(items, client.entitlements, excludes)
        around = [other for other in _around(day) if other in days]
        of_day = visits_of_day(client, bundles, day, catalogue, around)
        ties += ties_of_day(of_day, needed.follows, catalogue)
        planned += of_day
    if len(days) > 1:
        ties += series_apart(planned, catalogue)
    return planned, ties


def _around(day: date) -> tuple[date, date, date]:
    return day - timedelta(days=1), day, day + timedelta(days=1)


def _may_be_on(visit: Visit, day: date) -> bool:
    return not visit.dates or day in visit.dates


def _in_pairs(visit: Visit) -> Visit:
    """Return the visit with a second carer who can do what the first one can."""
    if len(visit.carers) > 1:
        return visit
    return visit.model_copy(update={"carers": (visit.carers[0], visit.carers[0])})


def _seen_by_the_engine(
    client: Client,
    facts: Facts,
    needed: Requirements,
    visits: Sequence[Visit],
    ready: Sequence[Visit],
) -> Client:
    """Return the client with what follows from the record, and without the record."""
    flags = tuple(dict.fromkeys((*client.flags, *(Flag(flag) for flag in needed.flags))))
    return client.model_copy(
        update={
            "health_record": None,
            "need_tier": facts.tier,
            "flags": flags,
            "continuity": max(client.continuity, needed.few_carers),
            "entitlements": _for_the_horizon(client.entitlements, visits, ready),
        }
    )


def _for_the_horizon(
    entitlements: Sequence[Entitlement], visits: Sequence[Visit], ready: Sequence[Visit]
) -> tuple[Entitlement, ...]:
    """Return what limits the roster: what is left, or exactly what has been derived.

    A weekly or monthly entitlement has been shared out over the days already; for the days
    planned it grants the visits derived, and those that stand ready.
    """
    care = _care_by_payer((*visits, *ready))
    kept = [one for one in entitlements if one.period is Period.HORIZON]
    shared = {one.payer for one in entitlements if one.period is not Period.HORIZON}
    shared -= {one.payer for one in kept}
    kept += [
        Entitlement(payer=payer, unit=EntitlementUnit.MINUTES, cap=care.get(payer, 0))
        for payer in sorted(shared)
    ]
    return tuple(kept)


def _care_by_payer(visits: Sequence[Visit]) -> Mapping[str, int]:
    """Return the minutes of care per payer, rounded up."""
    care: dict[str, int] = defaultdict(int)
    for visit in visits:
        if visit.payer is not None:
            care[visit.payer] += sum(_minutes(need) for need in visit.carers)
    return care


def _minutes(need: CarerNeed) -> int:
    return -(-need.minutes // MS_PER_MINUTE)
