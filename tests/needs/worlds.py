"""Tiny named worlds: one client at a time, of whom only what a test is about is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from optimizer.domain.care_plan import CarePlan, CarePlanItem
from optimizer.domain.client import Client, MealTimes
from optimizer.domain.health import Assessment, Condition, HealthRecord, RiskEvent, Scheme
from optimizer.domain.place import Place
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, StartWindow, Visit
from optimizer.needs.book import Book, default_book
from optimizer.needs.derive import ClientNeeds, Needs, derive
from optimizer.needs.facts import Facts, facts_of
from optimizer.needs.required import Demand, Requirements, required_services
from optimizer.needs.scales import load_scales
from optimizer.units import format_clock, parse_clock

MONDAY = dt.date(2026, 8, 3)
"First day of the horizon in all of these worlds; the record is of that day as well."
HOME = Place(lat=29.95, lon=121.7)
BOOK = default_book()
BEST: Mapping[str, int] = load_scales()["gbt42195"].items
"The best score of every item of the ability assessment."


def days_ago(days: int) -> dt.date:
    """Return a day so many days before the Monday."""
    return MONDAY - dt.timedelta(days=days)


def assessed(
    scheme: Scheme = "gbt42195", version: str = "2022", *, ago: int = 10, **fields: Any
) -> Assessment:
    """Return an assessment made some days ago."""
    return Assessment(scheme=scheme, version=version, assessed_on=days_ago(ago), **fields)


def ability(ago: int = 10, **worse: int) -> Assessment:
    """Return an ability assessment of nothing but best scores, save those that are named."""
    return assessed(ago=ago, item_scores={**BEST, **worse})


def fell(*ago: int, kind: str = "fall") -> tuple[RiskEvent, ...]:
    """Return a risk event for each number of days ago."""
    return tuple(RiskEvent(kind=kind, on=days_ago(days)) for days in ago)


def has(*codes: str, **details: Any) -> tuple[Condition, ...]:
    """Return conditions, all with the same details."""
    return tuple(Condition(code=code, **details) for code in codes)


@dataclass(frozen=True)
class Known:
    """What a record says, as little as a test needs.

    Items are scores of the ability assessment, `score` its sum without them, `grade` one of
    long-term care insurance.
    """

    conditions: tuple[Condition, ...] = ()
    devices: tuple[str, ...] = ()
    events: tuple[RiskEvent, ...] = ()
    items: Mapping[str, int] = field(default_factory=dict)
    grade: int | None = None
    score: int | None = None
    weight: int | None = None
    client: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    "Further fields of the health record."

    def record(self) -> HealthRecord:
        """Return the health record; without items and grade it has no assessment."""
        assessments = []
        if self.items:
            assessments.append(assessed(item_scores=dict(self.items)))
        if self.score is not None:
            assessments.append(assessed(raw_score=self.score))
        if self.grade is not None:
            assessments.append(assessed("ltci", "2021", raw_grade=str(self.grade)))
        return HealthRecord(
            recorded_on=MONDAY,
            assessments=tuple(assessments),
            conditions=self.conditions,
            devices=self.devices,
            risk_events=self.events,
            weight_kg=self.weight,
            **self.more,
        )

    def person(self, name: str = "C1", **fields: Any) -> Client:
        """Return the client with that record."""
        return Client(id=name, home=HOME, health_record=self.record(), **{**self.client, **fields})

    def facts(self) -> Facts:
        """Return what is known."""
        return facts_of(self.person(), MONDAY)

    def required(self, *plans: CarePlan, book: Book = BOOK) -> Requirements:
        """Return what follows from it, and from care plans."""
        return required_services("C1", self.facts(), plans, book)


def world(*clients: Client, days: int = 1, start: dt.date = MONDAY, **fields: Any) -> Scenario:
    """Return a scenario of some clients and nobody who could go there."""
    horizon = Horizon(start=start, days=days)
    return Scenario(id="world", horizon=horizon, clients=clients, caregivers=(), **fields)


def needs_of(known: Known, days: int = 28, **fields: Any) -> ClientNeeds:
    """Return the needs of one client over some days, all four weeks if not said otherwise."""
    return derive(world(known.person(), days=days, **fields)).clients[0]


def derived(*clients: Client, days: int = 28, **fields: Any) -> Needs:
    """Return the needs of some clients, over all four weeks if not said otherwise."""
    return derive(world(*clients, days=days, **fields))


def plan(*items: CarePlanItem, ago: int = 5, **fields: Any) -> CarePlan:
    """Return a care plan of client C1."""
    return CarePlan(client="C1", ordered_on=days_ago(ago), items=items, **fields)


def orders(service: str, **fields: Any) -> CarePlan:
    """Return a care plan of client C1 that orders one service."""
    return plan(CarePlanItem(service=service, **fields))


def demand_of(required: Requirements, service: str) -> Demand:
    """Return the demand of a service that is needed."""
    return next(demand for demand in required.demands if demand.service == service)


def visits_with(needs: ClientNeeds, service: str) -> list[Visit]:
    """Return the visits that hold a service."""
    return [visit for visit in needs.visits if service in visit.services]


def ready_visit(
    service: str, earliest: str = "09:00", latest: str = "10:00", **fields: Any
) -> Visit:
    """Return a visit of client C1 that stands ready."""
    given: dict[str, Any] = {
        "id": "ready",
        "client": "C1",
        "services": (service,),
        "carers": (CarerNeed(minutes=30),),
        "window": StartWindow(earliest=parse_clock(earliest), latest=parse_clock(latest)),
        **fields,
    }
    return Visit(**given)


def meals(breakfast: str, lunch: str, dinner: str) -> MealTimes:
    """Return meal times."""
    return MealTimes(
        breakfast=parse_clock(breakfast), lunch=parse_clock(lunch), dinner=parse_clock(dinner)
    )


def clock(window: StartWindow) -> tuple[str, str]:
    """Return a window as a person reads it."""
    return format_clock(window.earliest), format_clock(window.latest)


def all_tests(tests: Iterable[Any]) -> Iterable[Any]:
    """Yield tests with everything inside them."""
    for test in tests:
        yield test
        yield from all_tests((*test.any_of, *test.all_of, *test.none_of))
