"""The whole way from records to visits."""

from __future__ import annotations

import datetime as dt

import pytest

from optimizer.domain.care_plan import CarePlanItem
from optimizer.domain.client import Client
from optimizer.domain.policy import Policy
from optimizer.domain.scenario import Familiar
from optimizer.domain.visit import Requirement
from optimizer.generate import RECIPES, generate_scenario
from optimizer.needs.derive import derive
from tests.needs.worlds import (
    HOME,
    MONDAY,
    Known,
    days_ago,
    derived,
    fell,
    has,
    needs_of,
    orders,
    plan,
    ready_visit,
    visits_with,
    world,
)

TUESDAY = MONDAY + dt.timedelta(days=1)
AGGRESSIVE = Known(has("aggression", since=days_ago(3)) + has("heart_failure"))
FED = Known(has("dysphagia"))


def test_nobody_with_a_record() -> None:
    """A scenario without records and care plans is handed back as it is."""
    scenario = world(Client(id="C1", home=HOME, need_tier=2), visits=(ready_visit("GROOM"),))
    needs = derive(scenario)
    assert needs.scenario is scenario
    assert needs.clients == ()


def test_others_are_left_alone() -> None:
    """A client without a record keeps tier, entitlements and visits."""
    other = Client(id="C2", home=HOME, need_tier=2)
    result = derived(FED.person(), other)
    assert result.scenario.clients[1] is other
    assert [each.client for each in result.clients] == ["C1"]


def test_deriving_twice() -> None:
    """What is derived has no records left, so deriving again changes nothing."""
    once = derived(FED.person(), days=7).scenario
    assert derive(once).scenario is once


def test_care_plan_without_a_record() -> None:
    """A care plan is enough for visits."""
    client = Client(id="C1", home=HOME)
    result = derived(client, days=7, care_plans=(orders("VITALS", per_week=7),))
    assert len(result.scenario.visits) == 7
    assert result.scenario.care_plans == ()


def test_plan_holds_on_its_days_only() -> None:
    """A plan that begins and ends within the horizon asks for nothing before and after."""
    ordered = plan(
        CarePlanItem(service="VITALS", per_week=7), ago=-2, until=MONDAY + dt.timedelta(days=4)
    )
    needs = needs_of(Known(), days=7, care_plans=(ordered,))
    days = [visit.dates[0] for visit in needs.visits]
    assert days == [MONDAY + dt.timedelta(days=n) for n in (2, 3, 4)]


@pytest.mark.parametrize(("ago", "until"), [(-7, None), (9, -1)])
def test_plan_that_does_not_hold(ago: int, until: int | None) -> None:
    """A plan of later days, or one that has ended, asks for nothing."""
    end = None if until is None else MONDAY + dt.timedelta(days=until)
    ordered = plan(CarePlanItem(service="VITALS", per_week=7), ago=ago, until=end)
    assert needs_of(Known(), days=7, care_plans=(ordered,)).visits == ()


def test_ready_visit_on_its_day() -> None:
    """A ready visit takes the place of what is derived of its service on that day only."""
    alone = needs_of(FED, days=7)
    ready = ready_visit("FEED_ASSIST", "11:20", "12:00", dates=(MONDAY,))
    beside = needs_of(FED, days=7, visits=(ready,))
    assert len(visits_with(alone, "FEED_ASSIST")) == 14
    feeds = visits_with(beside, "FEED_ASSIST")
    assert len(feeds) == 13
    assert [v.series for v in feeds if v.dates == (MONDAY,)] == ["C1:FEED_ASSIST:dinner"]


def test_ready_visit_with_a_choice_of_days() -> None:
    """A ready visit that may be on several days takes one place, not one on each of them."""
    for dates in ((MONDAY, TUESDAY), ()):
        ready = ready_visit("FEED_ASSIST", dates=dates)
        assert len(visits_with(needs_of(FED, days=7, visits=(ready,)), "FEED_ASSIST")) == 13


def test_ready_visit_of_another_service() -> None:
    """Another service, or another client's visit, takes no place."""
    for ready in (ready_visit("GROOM"), ready_visit("FEED_ASSIST", client="C2")):
        other = Client(id="C2", home=HOME)
        needs = derived(FED.person(), other, days=7, visits=(ready,)).clients[0]
        assert len(visits_with(needs, "FEED_ASSIST")) == 14


def test_first_visit_in_pairs() -> None:
    """Two carers come to the very first visit of somebody aggressive, and to no later one.

    The second one needs to be a care worker only, even beside a nurse.
    """
    first, *rest = needs_of(AGGRESSIVE, days=7).visits
    assert len(first.carers) == 2
    assert first.carers[1].qualifications == (Requirement(code="C", level=1),)
    assert first.carers[0].minutes == first.carers[1].minutes
    assert all(len(visit.carers) == 1 for visit in rest)


def test_no_pairs_for_whom_somebody_knows() -> None:
    """Who has been visited before, or has a ready visit, is visited by one as usual."""
    known_one = (Familiar(client="C1", caregiver="W1"),)
    for fields in ({"history": known_one}, {"visits": (ready_visit("GROOM"),)}):
        assert all(
            len(visit.carers) == 1 for visit in needs_of(AGGRESSIVE, days=7, **fields).visits
        )
    stranger = (Familiar(client="C2", caregiver="W1"),)
    assert len(needs_of(AGGRESSIVE, days=7, history=stranger).visits[0].carers) == 2


def test_figures_are_of_four_weeks() -> None:
    """Needed, entitled and cut count four weeks, however many days are planned."""
    assert needs_of(FED, days=1).needed == needs_of(FED, days=28).needed == 28 * 2 * 20


@pytest.mark.parametrize(
    ("policy", "own", "most"),
    [
        ({}, None, None),
        ({}, 5, 5),
        ({"caps_by_need": True}, None, 2),
        ({"caps_by_need": True}, 5, 2),
        ({"caps_by_need": True}, 1, 1),  # the stricter of the two
    ],
)
def test_dementia_caps_caregivers_where_the_policy_says_so(
    policy: dict[str, bool], own: int | None, most: int | None
) -> None:
    """What the engine hears of dementia is a number of caregivers, and no diagnosis."""
    person = Known(has("dementia")).person().model_copy(update={"most_caregivers": own})
    client = derived(person, days=1, policy=Policy(**policy)).scenario.clients[0]
    assert client.most_caregivers == most
    assert client.health_record is None


def test_the_same_days_whatever_the_horizon() -> None:
    """A day planned alone has the visits it has in a week: plans of adjoining days fit together."""
    known = Known(has("dementia"), items={"bathing": 0, "daily_affairs": 0, "dressing_upper": 1})
    week = needs_of(known, days=7)
    for number in range(7):
        day = MONDAY + dt.timedelta(days=number)
        alone = derive(world(known.person(), start=day)).clients[0]
        meant = {visit.id: visit.services for visit in week.visits}
        assert {v.id: v.services for v in alone.visits} == {
            name: services for name, services in meant.items() if f"-{day:%m%d}-" in name
        }


def test_two_falls_lead_to_more_care() -> None:
    """An example from end to end: two falls raise the tier, and somebody looks in and bathes."""
    before = Known(score=50)
    after = Known(score=50, events=fell(4, 20))
    one, two = needs_of(before), needs_of(after)
    assert (one.facts.tier, two.facts.tier) == (2, 3)
    assert len(visits_with(one, "HYG_BATH")) == 2
    assert len(visits_with(two, "HYG_BATH")) == 4
    assert not visits_with(one, "SAFE_VISIT")
    assert visits_with(two, "SAFE_VISIT")


def test_what_is_like_before_is_derived_alike() -> None:
    """A day that differs in one client's purse is the same as if it were derived as a whole."""
    day = generate_scenario(RECIPES["zhenhai-day-s"], 1)
    before = derive(day)
    place = next(n for n, one in enumerate(before.clients) if one.visits)
    rich = day.clients[place]
    purses = tuple(one.model_copy(update={"cap": 0}) for one in rich.entitlements)
    poorer = rich.model_copy(update={"entitlements": purses})
    people = (*day.clients[:place], poorer, *day.clients[place + 1 :])
    changed = day.model_copy(update={"clients": people})
    found = derive(changed, like=before)
    assert found.scenario == derive(changed).scenario
    assert found.clients[place].visits == ()
    kept = [one is two for one, two in zip(found.clients, before.clients, strict=True)]
    assert kept == [n != place for n in range(len(kept))]
    later = changed.model_copy(update={"horizon": day.horizon.model_copy(update={"days": 2})})
    assert derive(later, like=before).scenario == derive(later).scenario
