"""From health records to visits: the main path of this package, read from top to bottom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from optimizer.domain.care_plan import CarePlan
from optimizer.domain.client import Client, Flag
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Coupling, Visit
from optimizer.needs.away import without_hours
from optimizer.needs.book import Book, default_book
from optimizer.needs.bundling import Bundle, Excludes, Given, without_given
from optimizer.needs.catalogue import Catalogue, requirement
from optimizer.needs.charging import Charge
from optimizer.needs.cycle import day_of_cycle
from optimizer.needs.facts import Facts, facts_of
from optimizer.needs.funding import Funded, Funding, fund
from optimizer.needs.holding import Held, held_in_cycles, holds, joined, monday_of, sets_of
from optimizer.needs.other_days import with_other_days
from optimizer.needs.pins import with_pins
from optimizer.needs.purses import priced, with_room
from optimizer.needs.required import Requirements, required_services
from optimizer.needs.series_visits import visits_of_series
from optimizer.needs.visits import Planned, gap_alerts, series_apart, ties_of_day, visits_of_day


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
    funding
        What somebody pays for; of the cycle that holds most of the horizon, if care plans that
        begin or end make them differ.
    visits
        Visits derived for the horizon.
    care
        Minutes of care in each of them, all carers added up, without arrival and notes.
    cuts
        Minutes of care that the days of the horizon would have if somebody paid, by service;
        services without any are absent.
    """

    client: str
    facts: Facts
    requirements: Requirements
    funding: Funding
    visits: tuple[Visit, ...]
    care: Mapping[str, int]
    cuts: Mapping[str, int]

    @property
    def cut_in_horizon(self) -> int:
        """Minutes of care that the days of the horizon would have if somebody paid."""
        return sum(self.cuts.values())

    @property
    def funded(self) -> tuple[Funded, ...]:
        """What somebody pays for, most important first."""
        return self.funding.funded

    @property
    def charged(self) -> Mapping[str | None, Charge]:
        """What the visits of four weeks cost each payer, arrival and notes included."""
        return self.funding.charged

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
class _Origin:
    """A scenario, and what came of each of its clients who has a record or a care plan."""

    scenario: Scenario
    clients: Mapping[str, Client]
    found: Mapping[str, tuple[ClientNeeds, Sequence[Coupling]]]

    def has_else(self, scenario: Scenario) -> bool:
        """Return whether another scenario has all that clients' needs follow from but clients."""
        return (
            self.scenario.horizon == scenario.horizon
            and self.scenario.visits is scenario.visits
            and self.scenario.care_plans is scenario.care_plans
            and self.scenario.history is scenario.history
        )

    def of(self, client: Client) -> tuple[ClientNeeds, Sequence[Coupling]] | None:
        """Return what came of a client who is still the same."""
        return self.found.get(client.id) if self.clients.get(client.id) == client else None


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
        The scenario with the derived visits, their pins among them, and without series, health
        records and care plans.
    origin
        What it was derived from, so that a scenario that differs in few clients need not be
        derived as a whole; None where nobody has a record or care plan.
    """

    book: Book
    clients: tuple[ClientNeeds, ...]
    scenario: Scenario
    origin: _Origin | None = field(default=None, repr=False, compare=False)


def derive(scenario: Scenario, book: Book | None = None, like: Needs | None = None) -> Needs:
    """Derive the visits of all series, and of everybody with a health record or a care plan.

    Deriving again from what is returned changes nothing. A service that a ready visit of the
    client gives on a day is not planned there once more.

    Parameters
    ----------
    scenario
        A scenario without faults.
    book
        Catalogue and rules; those of the package if not given.
    like
        What was derived from a scenario that may differ in some clients only: the needs of the
        others are taken from it.
    """
    book = book or default_book()
    scenario = _with_series(scenario)
    origin = None if like is None or like.book is not book else like.origin
    if origin is not None and not origin.has_else(scenario):
        origin = None
    district = _District(
        book=book,
        days=scenario.horizon.dates(),
        excludes=_exclusion(book.catalogue),
        taken=frozenset(visit.id for visit in scenario.visits),
        met=frozenset(familiar.client for familiar in scenario.history),
    )
    plans: dict[str, list[CarePlan]] = defaultdict(list)
    for plan in scenario.care_plans:
        plans[plan.client].append(plan)
    ready: dict[str, list[Visit]] = defaultdict(list)
    for visit in scenario.visits:
        ready[visit.client].append(visit)

    clients: list[Client] = []
    found: list[ClientNeeds] = []
    couplings: list[Coupling] = []
    of: dict[str, tuple[ClientNeeds, Sequence[Coupling]]] = {}
    known: dict[str, Client] = {}
    for client in (priced(each, book.catalogue) for each in scenario.clients):
        if client.health_record is None and client.id not in plans:
            clients.append(client)
            continue
        before = None if origin is None else origin.of(client)
        made = before or _needs_of(client, plans[client.id], ready[client.id], district)
        known[client.id], of[client.id] = client, made
        needs, ties = made
        found.append(needs)
        couplings += ties
        seen = _seen_by_the_engine(client, needs, district.days)
        clients.append(_with_few(seen, needs) if scenario.policy.caps_by_need else seen)
    if not found:
        if any(new is not old for new, old in zip(clients, scenario.clients, strict=True)):
            scenario = scenario.model_copy(update={"clients": tuple(clients)})
        return Needs(book, (), with_pins(scenario))
    planned = _planned_scenario(scenario, clients, found, couplings)
    return Needs(book, tuple(found), with_pins(planned), _Origin(scenario, known, of))


def _with_series(scenario: Scenario) -> Scenario:
    """Return the scenario with the visits of its series instead of these."""
    if not scenario.series:
        return scenario
    taken = frozenset(visit.id for visit in scenario.visits)
    found = visits_of_series(scenario.series, scenario.horizon.dates(), taken)
    return scenario.model_copy(
        update={
            "visits": scenario.visits + found.visits,
            "couplings": scenario.couplings + found.couplings,
            "series": (),
        }
    )


@dataclass(frozen=True, slots=True)
class _District:
    """What is the same for all clients.

    Attributes
    ----------
    book
        Catalogue and rules.
    days
        The horizon.
    excludes
        Whether two services must not be in one visit.
    taken
        Ids of ready visits.
    met
        Clients whom somebody has visited before.
    """

    book: Book
    days: tuple[date, ...]
    excludes: Excludes
    taken: frozenset[str]
    met: frozenset[str]


def _needs_of(
    client: Client, plans: Sequence[CarePlan], ready: Sequence[Visit], district: _District
) -> tuple[ClientNeeds, list[Coupling]]:
    """Return what one client needs and gets planned, and the ties between those visits."""
    book, days = district.book, district.days
    facts = facts_of(client, days[0])
    holding = [plan for plan in plans if any(holds(plan, day) for day in days)]
    needed = required_services(client.id, facts, holding, book)
    needed = without_hours(client, needed, book.catalogue)
    unfit = tuple(gap_alerts(client, needed.demands, book.catalogue))
    needed = replace(needed, alerts=needed.alerts + unfit)
    held = held_in_cycles(holding, days)
    paid_by = {
        one: _funding(client, _needed_in_cycle(client, facts, needed, holding, one, book), district)
        for one in dict.fromkeys(held.values())
    }
    funding_on = {day: paid_by[held[monday_of(day)]] for day in days}
    mostly = Counter(map(monday_of, days)).most_common(1)[0][0]
    funding = paid_by[held[mostly]]
    planned, ties = _plan(client, funding_on, needed, ready, district)
    visits = [one.visit for one in planned]
    if needed.first_in_pairs and visits and not ready and client.id not in district.met:
        visits[0] = _in_pairs(visits[0], needed.first_in_pairs)
    needs = ClientNeeds(
        client=client.id,
        facts=facts,
        requirements=needed,
        funding=funding,
        visits=tuple(visits),
        care={one.visit.id: one.bundle.care for one in planned},
        cuts=_cuts(days, funding_on),
    )
    return needs, ties


def _cuts(days: Iterable[date], funding_on: Mapping[date, Funding]) -> dict[str, int]:
    """Return the minutes of care on some days that nobody pays for, by service."""
    cuts: Counter[str] = Counter()
    for day in days:
        for one in funding_on[day].funded:
            cuts[one.demand.service] += one.cut_on([day_of_cycle(day)])
    return {service: minutes for service, minutes in cuts.items() if minutes}


def _needed_in_cycle(
    client: Client,
    facts: Facts,
    needed: Requirements,
    plans: Sequence[CarePlan],
    held: Held,
    book: Book,
) -> Requirements:
    """Return what is needed in a cycle in which care plans hold on these days, and no others."""
    sets = sets_of(held)
    if not plans or all(len(one) == len(plans) for one in sets):
        return needed
    demands = {}
    for key in dict.fromkeys(sets):
        now = [(plans[n], held[n]) for n in key]
        part = required_services(
            client.id, facts, [plan for plan, _ in now], book, [days for _, days in now]
        )
        demands[key] = without_hours(client, part, book.catalogue).demands
    return replace(needed, demands=joined(sets, demands))


def _funding(client: Client, needed: Requirements, district: _District) -> Funding:
    return fund(
        client, needed.demands, needed.follows, district.book, district.excludes, needed.away
    )


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


def _exclusion(catalogue: Catalogue) -> Excludes:
    services = catalogue.services
    pairs = {(code, other) for code, service in services.items() for other in service.excludes}
    # What is to wait after a meal is no visit with it.
    meals = [code for code, service in services.items() if service.is_meal]
    pairs |= {
        (code, meal) for code, service in services.items() if service.after_meal for meal in meals
    }

    def excludes(one: str, other: str) -> bool:
        return (one, other) in pairs or (other, one) in pairs

    return excludes


def _plan(
    client: Client,
    funding_on: Mapping[date, Funding],
    needed: Requirements,
    ready: Sequence[Visit],
    district: _District,
) -> tuple[list[Planned], list[Coupling]]:
    """Return the visits of one client over the horizon, and what ties them."""
    catalogue = district.book.catalogue

    def is_free(day: date) -> bool:
        return day in funding_on and day.isoweekday() not in busy

    busy = needed.barred_weekdays.union(*(one.weekdays for one in needed.away))
    planned: list[Planned] = []
    ties: list[Coupling] = []
    given = [(visit, service) for visit in ready for service in visit.services]
    # Those that can be on one day only take their place first.
    given.sort(key=lambda one: len(one[0].dates) or len(funding_on) + 1)
    paid_on = {day: one.bundles_on(day_of_cycle(day)) for day, one in funding_on.items()}
    meant = {
        day: {service for one in bundles for service in one.services}
        for day, bundles in paid_on.items()
    }
    for day, paid in paid_on.items():
        if not paid:
            continue
        bundles = paid
        if given:
            today = [one for one in given if _may_be_on(one[0], day)]
            bundles, used = _beside_ready(paid, today)
            given = [one for one in given if one not in used]
        around = {other: meant[other] for other in _next_to(day) if is_free(other)}
        of_day = visits_of_day(client, bundles, day, catalogue, around, district.taken)
        hours = list(ties_of_day(of_day, needed.follows, catalogue))
        ties += hours
        planned += with_other_days(of_day, hours, meant, is_free, district.excludes)
    if len(funding_on) > 1:
        ties += series_apart(planned, catalogue)
    return planned, ties


def _beside_ready(
    bundles: Sequence[Bundle], given: Sequence[Given]
) -> tuple[tuple[Bundle, ...], list[Given]]:
    """Return the visits without what ready ones give, and which of these give something."""
    items = [item for bundle in bundles for item in bundle.items]
    left, used = without_given(items, given)
    gone = [item for item in items if item not in left]
    rest = (bundle.without(gone) for bundle in bundles)
    return tuple(bundle for bundle in rest if bundle is not None), used


def _next_to(day: date) -> tuple[date, date]:
    return day - timedelta(days=1), day + timedelta(days=1)


def _may_be_on(visit: Visit, day: date) -> bool:
    return not visit.dates or day in visit.dates


def _in_pairs(visit: Visit, grade: str) -> Visit:
    """Return the visit with a second carer of that grade, if it has only one."""
    if len(visit.carers) > 1:
        return visit
    second = visit.carers[0].model_copy(update={"qualifications": (requirement(grade),)})
    return visit.model_copy(update={"carers": (visit.carers[0], second)})


def _with_few(client: Client, needs: ClientNeeds) -> Client:
    """Return the client with the cap of different caregivers that rules of need ask for."""
    caps = (client.most_caregivers, needs.requirements.most_carers)
    most = min((cap for cap in caps if cap is not None), default=None)
    return client.model_copy(update={"most_caregivers": most})


def _seen_by_the_engine(client: Client, needs: ClientNeeds, days: Sequence[date]) -> Client:
    """Return the client with what follows from the record, and without the record."""
    needed = needs.requirements
    flags = tuple(dict.fromkeys((*client.flags, *(Flag(flag) for flag in needed.flags))))
    return client.model_copy(
        update={
            "health_record": None,
            "need_tier": needs.facts.tier,
            "flags": flags,
            "continuity": max(client.continuity, needed.few_carers),
            "entitlements": with_room(client.entitlements, needs.visits, days),
        }
    )
