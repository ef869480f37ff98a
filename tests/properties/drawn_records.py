"""Health records, purses and clients drawn at random, for what holds of needs whatever they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from optimizer.domain.client import Client, Entitlement, MealTimes
from optimizer.domain.health import Assessment, Condition, HealthRecord, RiskEvent
from optimizer.needs.derive import ClientNeeds, derive
from optimizer.units import MS_PER_MINUTE
from tests.needs.tables import RULES
from tests.needs.worlds import BEST, HOME, MONDAY, days_ago, world

CONDITIONS = sorted({one.code for _, known, _ in RULES for one in known.conditions})
DEVICES = [
    "nasogastric_tube",
    "gastrostomy",
    "urinary_catheter",
    "stoma",
    "oxygen",
    "picc",
    "hoist",
    "wheelchair",
]
DAYS = st.integers(0, 400).map(days_ago)


def scores(at_most: Mapping[str, int] = BEST) -> st.SearchStrategy[dict[str, int]]:
    """Draw a score of every item, none better than allowed."""
    return st.fixed_dictionaries({item: st.integers(0, best) for item, best in at_most.items()})


conditions = st.builds(
    Condition,
    code=st.sampled_from(CONDITIONS),
    since=st.none() | DAYS,
    stage=st.none() | st.integers(1, 5),
    weekdays=st.sets(st.integers(1, 7), max_size=3).map(lambda days: tuple(sorted(days))),
)
events = st.builds(
    RiskEvent, kind=st.sampled_from(["fall", "choking", "aggression", "self_harm"]), on=DAYS
)
ability = st.builds(
    Assessment,
    scheme=st.just("gbt42195"),
    version=st.just("2022"),
    item_scores=scores(),
    assessed_on=DAYS,
)
others = st.builds(
    Assessment,
    scheme=st.just("ltci"),
    version=st.just("2021"),
    raw_grade=st.integers(0, 5).map(str),
    assessed_on=DAYS,
)
records = st.builds(
    HealthRecord,
    recorded_on=st.just(MONDAY),
    assessments=st.lists(ability | others, max_size=3).map(tuple),
    conditions=st.lists(conditions, max_size=4).map(tuple),
    devices=st.sets(st.sampled_from(DEVICES), max_size=3).map(lambda codes: tuple(sorted(codes))),
    risk_events=st.lists(events, max_size=4).map(tuple),
    weight_kg=st.none() | st.integers(35, 120),
)
purses = st.builds(
    lambda payer, unit, cap, period, items, least: Entitlement(
        payer=payer,
        unit=unit,
        cap=cap,
        period=period,
        max_items=items,
        min_visit=least,
        price_book="ltci2024",
    ),
    st.sampled_from(["a", "b"]),
    st.sampled_from(["minutes", "visits", "fen"]),
    st.integers(0, 3000),
    st.sampled_from(["week", "month"]),
    st.none() | st.integers(1, 4),
    st.none() | st.sampled_from([30, 60]),
)
meal_times = st.builds(
    lambda breakfast, until_lunch, until_dinner: MealTimes(
        breakfast=breakfast * MS_PER_MINUTE,
        lunch=(breakfast + until_lunch) * MS_PER_MINUTE,
        dinner=(breakfast + until_lunch + until_dinner) * MS_PER_MINUTE,
    ),
    st.integers(5 * 60, 10 * 60),
    st.integers(3 * 60, 5 * 60),
    st.integers(3 * 60, 8 * 60),
)
persons = st.fixed_dictionaries(
    {
        "home": st.just(HOME),
        "health_record": records,
        "living": st.sampled_from([None, "alone", "spouse"]),
        "age": st.none() | st.integers(60, 100),
        "entitlements": st.lists(purses, max_size=2, unique_by=lambda one: one.payer).map(tuple),
        "meals": st.none() | meal_times,
    }
)


def person(fields: Mapping[str, Any], name: str = "C1") -> Client:
    """Return a client of these fields."""
    return Client(id=name, **fields)


def needs_of(fields: Mapping[str, Any], days: int = 28) -> ClientNeeds:
    """Return the needs of one client."""
    return derive(world(person(fields), days=days)).clients[0]
