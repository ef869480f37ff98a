"""What holds of needs whatever the record says."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.domain.caregiver import Caregiver, Qualification, Shift
from optimizer.domain.client import Client
from optimizer.domain.health import Assessment, HealthRecord
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import Coupling, CouplingKind, Visit
from optimizer.formats import check_scenario
from optimizer.needs.derive import ClientNeeds, derive
from optimizer.needs.required import Requirements
from tests.needs.worlds import BOOK, HOME, MONDAY, orders, world
from tests.properties.drawn_records import needs_of, person, persons, scores

FEW = settings(max_examples=60)
SERVICES = BOOK.catalogue.services


def minutes(needed: Requirements) -> dict[str, int]:
    """Return the minutes of each service in four weeks."""
    return {demand.service: demand.minutes_per_cycle for demand in needed.demands}


@FEW
@given(fields=persons, data=st.data())
def test_worse_scores_never_ask_for_less(fields: dict[str, Any], data: st.DataObject) -> None:
    """Worse items leave no service with less, save what is refused or what replaces it.

    A service may lose days only to services that make it needless: together they have no
    fewer. On a day with it there are no fewer minutes, carers and times than before.
    """
    better = data.draw(scores())
    worse = data.draw(scores(better))
    before, after = (
        needs_of({**fields, "health_record": _assessed(fields["health_record"], items)})
        for items in (better, worse)
    )
    assert before.facts.tier <= after.facts.tier
    refused = {refusal.service for refusal in after.requirements.refusals}
    demands = {demand.service: demand for demand in after.requirements.demands}
    for one in before.requirements.demands:
        if one.service in refused:
            continue
        two = demands.get(one.service)
        replacing = _replacing(one.service, after)
        days = set(two.days) if two is not None else set()
        assert len(days | replacing) >= len(one.days)
        # What goes with a refused service is free to take other days, as many of them.
        left = any(
            {follow.first, follow.second} - {one.service} <= refused
            for follow in before.requirements.follows
            if follow.together and one.service in (follow.first, follow.second)
        )
        if not (replacing or _replacing(one.service, before) or left):
            assert days >= set(one.days)
        if two is not None:
            before_that, now = (each.minutes_each_time * len(each.windows) for each in (one, two))
            assert now >= before_that
            assert len(two.requirements) >= len(one.requirements)
            assert {w.name for w in two.windows} >= {w.name for w in one.windows}


def _replacing(service: str, needs: ClientNeeds) -> set[int]:
    """Return the days on which another service makes this one needless."""
    return {
        day
        for demand in needs.requirements.demands
        if service in SERVICES[demand.service].excludes
        for day in demand.days
    }


def _assessed(record: HealthRecord, items: dict[str, int]) -> HealthRecord:
    one = Assessment(scheme="gbt42195", version="2022", item_scores=items, assessed_on=MONDAY)
    rest = tuple(each for each in record.assessments if each.scheme != "gbt42195")
    return record.model_copy(update={"assessments": (*rest, one)})


@FEW
@given(fields=persons)
def test_needed_is_entitled_and_cut(fields: dict[str, Any]) -> None:
    """What is needed is what is paid for and what is cut, of every service."""
    needs = needs_of(fields)
    assert needs.needed == needs.entitled + needs.cut
    assert all(one.entitled >= 0 <= one.cut for one in needs.funded)
    assert needs.needed == sum(minutes(needs.requirements).values())


@FEW
@given(fields=persons, days=st.integers(1, 9))
def test_deriving_twice_changes_nothing(fields: dict[str, Any], days: int) -> None:
    """Twice derived is once derived, and the same record gives the same visits."""
    scenario = world(person(fields), days=days)
    once = derive(scenario).scenario
    assert derive(once).scenario == once
    assert derive(scenario).scenario == once


@FEW
@given(several=st.lists(persons, min_size=1, max_size=3), seed=st.integers(0, 999))
def test_order_is_irrelevant(several: list[dict[str, Any]], seed: int) -> None:
    """Clients, assessments, conditions, devices and events may stand in any order."""
    rng = random.Random(seed)
    clients = [person(fields, f"C{n}") for n, fields in enumerate(several)]
    shuffled = [_shuffled(client, rng) for client in clients]
    rng.shuffle(shuffled)
    one, other = (derive(world(*each, days=7)).scenario for each in (clients, shuffled))
    assert _told(one) == _told(other)


def _shuffled(client: Client, rng: random.Random) -> Client:
    record = client.health_record
    assert record is not None
    names = ("assessments", "conditions", "devices", "risk_events")
    lists = {name: rng.sample(getattr(record, name), len(getattr(record, name))) for name in names}
    moved = {name: tuple(rows) for name, rows in lists.items()}
    return client.model_copy(update={"health_record": record.model_copy(update=moved)})


def _told(scenario: Scenario) -> tuple[dict[str, Visit], dict[str, Client], set[Coupling]]:
    """Return what does not depend on order; places in the record do."""

    def without_places(visit: Visit) -> Visit:
        trace = tuple(one.model_copy(update={"fields": ()}) for one in visit.trace)
        return visit.model_copy(update={"trace": trace})

    clients = {client.id: client for client in scenario.clients}
    visits = {visit.id: without_places(visit) for visit in scenario.visits}
    return visits, clients, set(scenario.couplings)


@FEW
@given(fields=persons, days=st.integers(1, 31))
def test_visits_stay_within_the_horizon(fields: dict[str, Any], days: int) -> None:
    """No visit has a day outside the horizon, or none at all."""
    dates = world(days=days).horizon.dates()
    for visit in needs_of(fields, days).visits:
        assert visit.dates
        assert set(visit.dates) <= set(dates)


@FEW
@given(fields=persons)
def test_every_visit_has_a_reason(fields: dict[str, Any]) -> None:
    """Every visit names a rule and fields that are there, in the record or with the client."""
    client = person(fields)
    rules = {rule.id for rule in BOOK.rules.rules}
    for visit in needs_of(fields, 7).visits:
        assert visit.trace
        for trace in visit.trace:
            assert trace.rule in rules
            assert trace.fields
            assert all(_is_there(client, field) for field in trace.fields)


def _is_there(client: Client, field: str) -> bool:
    place: Any = client if field in Client.model_fields else client.health_record
    for step in field.split("."):
        try:
            if isinstance(place, tuple):
                place = place[int(step)]
            elif isinstance(place, Mapping):
                place = place[step]
            else:
                place = getattr(place, step)
        except (LookupError, AttributeError):
            return False
    return place is not None


def staff() -> tuple[Caregiver, ...]:
    """Return two people who may do everything, at all hours."""
    held = tuple(Qualification(code=code, level=5) for code in ("N", "C", "HK", "R", "SW", "VOL"))
    shifts = tuple(
        Shift.model_validate(
            {"date": MONDAY + dt.timedelta(days=n), "start": "04:00", "end": "23:30"}
        )
        for n in range(7)
    )
    return tuple(
        Caregiver(id=name, home=HOME, qualifications=held, shifts=shifts) for name in ("W1", "W2")
    )


@FEW
@given(fields=persons)
def test_derived_scenario_has_no_faults(fields: dict[str, Any]) -> None:
    """What is derived is a sound scenario: its own check finds nothing wrong."""
    scenario = derive(world(person(fields), days=7)).scenario
    scenario = scenario.model_copy(update={"caregivers": staff()})
    assert check_scenario(scenario).faults == ()


@FEW
@given(fields=persons)
def test_couplings_can_be_kept(fields: dict[str, Any]) -> None:
    """All visits of one day can begin within their windows with every gap between them kept.

    Starts that differ by bounded amounts exist unless bounds form a negative circle
    (Bellman and Ford); days that may be chosen are looked at pair by pair.
    """
    plan = orders("HYG_BATH", per_week=7, per_day=2)
    result = derive(world(person(fields), days=7, care_plans=(plan,)))
    visits = {visit.id: visit for visit in result.scenario.visits}
    for day in result.scenario.horizon.dates():
        today = {name for name, visit in visits.items() if visit.dates == (day,)}
        assert _is_possible(
            {name: visits[name] for name in today},
            [c for c in result.scenario.couplings if {c.first, c.second} <= today],
        )
    for tie in result.scenario.couplings:
        first, second = visits[tie.first], visits[tie.second]
        if tie.kind is CouplingKind.APART:
            most = 99 if tie.max_days is None else tie.max_days
            gaps = [abs((b - a).days) for a in first.dates for b in second.dates]
            assert any(tie.min_days <= gap <= most for gap in gaps)
        else:
            assert set(first.dates) & set(second.dates)
            assert second.window.latest - first.window.earliest >= tie.min_gap


def _is_possible(visits: Mapping[str, Visit], ties: list[Coupling]) -> bool:
    """Return whether starts exist that keep all windows and gaps."""
    start = {name: visit.window.earliest for name, visit in visits.items()}
    for _ in range(len(visits) + 1):
        changed = False
        for tie in ties:
            lower = start[tie.first] + tie.min_gap
            if start[tie.second] < lower:
                start[tie.second], changed = lower, True
            if tie.max_gap is not None and start[tie.first] < start[tie.second] - tie.max_gap:
                start[tie.first], changed = start[tie.second] - tie.max_gap, True
        if not changed:
            return all(start[name] <= visit.window.latest for name, visit in visits.items())
    return False
