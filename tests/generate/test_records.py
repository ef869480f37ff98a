"""Facts about drawn health records."""

from __future__ import annotations

from collections import Counter

import pytest

from optimizer.domain.client import Client, EntitlementUnit, Period
from optimizer.domain.health import HealthRecord
from optimizer.domain.scenario import Scenario
from optimizer.generate import RECIPES
from optimizer.generate.district import load_district
from optimizer.generate.prevalence import load_prevalence
from optimizer.generate.records import draw_health
from optimizer.needs import default_book
from optimizer.needs.conditions import all_hold
from optimizer.needs.facts import facts_of
from optimizer.needs.scales import last_day, load_scales, score_of
from optimizer.units import MS_PER_MINUTE, parse_clock
from tests.generate.days import generated
from tests.sweeps import few

DATE = RECIPES["zhenhai-day-l"].date


@pytest.fixture(scope="module", params=few(range(1, 4), 1))
def district(request: pytest.FixtureRequest) -> Scenario:
    """Return the district with records of some seed."""
    return generated("zhenhai-day-l", request.param)


def record(client: Client) -> HealthRecord:
    """Return a client's record."""
    assert client.health_record is not None
    return client.health_record


def test_item_scores_sum_to_the_score(district: Scenario) -> None:
    """All 26 items are there, none above its best, and the score is their sum."""
    best = load_scales()["gbt42195"].items
    for client in district.clients:
        (assessment,) = record(client).assessments
        assert assessment.item_scores.keys() == best.keys()
        assert all(0 <= score <= best[item] for item, score in assessment.item_scores.items())
        assert score_of(assessment) == sum(assessment.item_scores.values())


def test_impossible_pairs_never_occur(district: Scenario) -> None:
    """No catheter with bladder control, no tube with eating, nobody out alone without walking."""
    for client in district.clients:
        facts = facts_of(client, DATE)
        found = [rule.id for rule in default_book().rules.impossible if all_hold(rule.when, facts)]
        assert found == []


def test_assessments_hold_on_the_day_and_nothing_lies_in_the_future(district: Scenario) -> None:
    """Everything was recorded before the day, in the order in which it happened."""
    for client in district.clients:
        kept = record(client)
        (assessment,) = kept.assessments
        assert assessment.assessed_on <= kept.recorded_on < DATE <= last_day(assessment)
        assert all(event.on <= kept.recorded_on for event in kept.risk_events)
        assert all(c.since is None or c.since <= kept.recorded_on for c in kept.conditions)


def test_derived_tiers_are_those_of_the_mix(district: Scenario) -> None:
    """25, 35, 20, 13 and 7 per cent, all raises for dementia and falls applied."""
    tiers = Counter(facts_of(client, DATE).tier for client in district.clients)
    assert [tiers[tier] for tier in range(5)] == [217, 305, 174, 113, 61]
    raised = [facts_of(client, DATE).raised for client in district.clients]
    assert 0.1 < sum("mental" in one for one in raised) / len(raised) < 0.22
    assert 0 < sum("risk_events" in one for one in raised) / len(raised) < 0.04


@pytest.mark.parametrize("code", sorted(load_prevalence().conditions))
def test_conditions_are_as_common_as_their_share(code: str) -> None:
    """Of 870 clients as many have a condition as its share says, or one more or less."""
    tiers = [tier for tier, count in enumerate((217, 305, 174, 113, 61)) for _ in range(count)]
    people = draw_health(tiers, [65] * len(tiers), (), 1)
    expected = len(people) * load_prevalence().conditions[code].share / 100
    assert abs(sum(code in person.traits for person in people) - expected) <= 1


@pytest.mark.parametrize(
    ("code", "most"),
    [
        ("diabetes_insulin", 0.02),  # nurses inject before breakfast
        ("pressure_injury", 0.045),  # the bed-bound and the frailest only
    ],
)
def test_what_asks_for_nurses_is_rare(district: Scenario, code: str, most: float) -> None:
    """Seven nurses are enough for them."""
    having = [c for c in district.clients if any(x.code == code for x in record(c).conditions)]
    assert 0 < len(having) <= most * len(district.clients)


def test_dementia_shows_in_the_mind(district: Scenario) -> None:
    """Clients with dementia remember less than others of the same tier."""
    memory: dict[bool, list[int]] = {True: [], False: []}
    for client in district.clients:
        if facts_of(client, DATE).tier in (2, 3):
            scores = record(client).assessments[0].item_scores
            has = any(condition.code == "dementia" for condition in record(client).conditions)
            memory[has].append(scores["memory"])
    with_it, without = (sum(memory[has]) / len(memory[has]) for has in (True, False))
    assert with_it < without - 0.7


def test_pressure_injuries_only_among_those_in_need(district: Scenario) -> None:
    """Each has a stage, and its client a tier of 3 or 4."""
    for client in district.clients:
        for condition in record(client).conditions:
            if condition.code == "pressure_injury":
                assert condition.stage in (1, 2, 3, 4)
                assert facts_of(client, DATE).tier >= 3


def test_few_strokes_are_fresh(district: Scenario) -> None:
    """Strokes are spread over years; less than a tenth lies within half a year."""
    strokes = [
        (record(client).recorded_on - condition.since).days
        for client in district.clients
        for condition in record(client).conditions
        if condition.code == "stroke_hemiplegia" and condition.since is not None
    ]
    assert sum(days <= 180 for days in strokes) < len(strokes) / 10


def test_ages_are_those_from_which_a_category_is_served(district: Scenario) -> None:
    """65 in hardship, 75 alone or disabled, 80 special; nobody is older than 94."""
    least = load_district().people.least_ages
    for client in district.clients:
        assert client.age is not None
        assert client.category is not None
        assert least[client.category] <= client.age <= 94


def test_meals_are_personal(district: Scenario) -> None:
    """On a grid of five minutes, dinner at most ten and a half hours after breakfast."""
    breakfasts = set()
    for client in district.clients:
        assert client.meals is not None
        meals = client.meals
        breakfasts.add(meals.breakfast)
        assert meals.breakfast % (5 * MS_PER_MINUTE) == 0
        assert parse_clock("07:00") <= meals.breakfast <= parse_clock("08:20")
        assert 570 <= (meals.dinner - meals.breakfast) // MS_PER_MINUTE <= 630
        assert meals.breakfast < meals.lunch < meals.dinner
    assert len(breakfasts) == 17


def test_everybody_has_the_bureaus_purse_and_one_in_ten_is_insured(district: Scenario) -> None:
    """10, 8, 20 or 8 hours a month by category; the insured have 25 more, used first."""
    hours = load_district().purses.civil.hours
    insured = 0
    for client in district.clients:
        *insurance, civil = client.entitlements
        assert client.category is not None
        assert civil.cap == 60 * hours[client.category]
        assert (civil.payer, civil.period) == ("civil", Period.MONTH)
        for one in insurance:
            assert (one.payer, one.cap, one.unit) == ("ltci", 1500, EntitlementUnit.MINUTES)
            assert "INSULIN_INJ" in one.services
            assert "CLEAN_HOME" not in one.services
            insured += 1
    assert insured == 87


def test_whoever_is_nursed_daily_is_insured(district: Scenario) -> None:
    """Insulin, tubes and catheters do not eat up the purse for everything else."""
    for client in district.clients:
        codes = {condition.code for condition in record(client).conditions}
        codes |= set(record(client).devices)
        if codes & {"diabetes_insulin", "nasogastric_tube", "urinary_catheter"}:
            assert client.entitlements[0].payer == "ltci"
