"""Care plans that begin or end: on which days of a cycle they count, and what purses then pay."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from optimizer.domain.care_plan import CarePlan, CarePlanItem
from optimizer.domain.client import Client, Entitlement
from optimizer.needs.cycle import day_of_cycle
from optimizer.needs.derive import ClientNeeds, derive
from optimizer.needs.holding import held_in_cycles, joined, monday_of
from tests.needs.worlds import HOME, MONDAY, Known, has, world

CYCLE = MONDAY + dt.timedelta(days=14)
"The first day of a cycle."


def day(number: int) -> dt.date:
    """Return a day of the cycle."""
    return CYCLE + dt.timedelta(days=number)


def ordered(service: str, begins: int, ends: int | None, per_week: int | None = 7) -> CarePlan:
    """Return an order for the days of the cycle from one to another."""
    until = None if ends is None else day(ends)
    item = CarePlanItem(service=service, per_week=per_week)
    return CarePlan(client="C1", ordered_on=day(begins), until=until, items=(item,))


def needs_with(
    *plans: CarePlan,
    cap: int | None = None,
    period: str = "week",
    known: Known | None = None,
    first: int = 0,
    days: int = 28,
) -> ClientNeeds:
    """Return the needs of a client with a purse of minutes, over some days of the cycle."""
    fields = {"payer": "p", "unit": "minutes", "cap": cap, "period": period}
    purses = () if cap is None else (Entitlement.model_validate(fields),)
    client = (known or Known()).person(entitlements=purses)
    return derive(world(client, days=days, start=day(first), care_plans=plans)).clients[0]


def given(needs: ClientNeeds) -> dict[dt.date, int]:
    """Return the minutes of each day, arrival and notes included."""
    minutes: Counter[dt.date] = Counter()
    for visit in needs.visits:
        minutes[visit.dates[0]] += sum(carer.minutes // 60_000 for carer in visit.carers)
    return dict(minutes)


@pytest.mark.parametrize(
    ("plan", "first", "days", "held"),
    [
        (ordered("VITALS", -99, None), 9, 3, range(28)),  # holds throughout: four usual weeks
        (ordered("VITALS", 9, None), 9, 3, range(28)),  # ordered on the first day, no last one
        (ordered("VITALS", -40, 11), 9, 3, range(28)),  # long, and holds on each day planned
        (ordered("VITALS", 10, None), 9, 3, range(10, 28)),  # begins on the second
        (ordered("VITALS", -40, 10), 9, 3, range(11)),  # ends on the second
        (ordered("VITALS", 9, 11), 9, 3, range(9, 12)),  # short: its own days
        (ordered("VITALS", 7, 20), 9, 3, range(7, 21)),  # also those that are not planned
        (ordered("VITALS", -20, 6), 0, 28, range(7)),  # 27 days
        (ordered("VITALS", 20, 47), 21, 7, range(28)),  # 28 days, holds throughout
    ],
)
def test_days_on_which_a_plan_counts(plan: CarePlan, first: int, days: int, held: range) -> None:
    """A short order counts on its own days, a longer one around the horizon as at its ends."""
    horizon = [day(first + n) for n in range(days)]
    assert held_in_cycles([plan], horizon) == {CYCLE: (frozenset(held),)}


def test_a_horizon_over_two_cycles() -> None:
    """Each cycle has its own days, told apart by its Monday."""
    horizon = [day(n) for n in range(26, 31)]
    found = held_in_cycles([ordered("VITALS", 27, 29)], horizon)
    assert found == {CYCLE: (frozenset({27}),), day(28): (frozenset({0, 1}),)}
    assert [monday_of(one) for one in (day(27), day(28))] == [CYCLE, day(28)]


@pytest.mark.parametrize("turn", range(1, 28, 2))
def test_a_weekly_cap_holds_while_a_plan_ends(turn: int) -> None:
    """One purse pays before and after a plan ends: no week is charged more than is granted."""
    plans = (ordered("TURN_SKIN", -40, turn), ordered("HYG_DAILY", turn + 1, None))
    needs = needs_with(*plans, cap=100, known=Known(items={"memory": 1}))
    weeks: Counter[int] = Counter()
    for date, minutes in given(needs).items():
        weeks[day_of_cycle(date) // 7] += minutes
    assert max(weeks.values()) <= 100
    assert sum(weeks.values()) == needs.charged["p"].minutes


@pytest.mark.parametrize("turn", [1, 6, 13, 20])
@pytest.mark.parametrize("cap", [0, 60, 700, 99_999])
def test_a_monthly_cap_holds_while_a_plan_ends(turn: int, cap: int) -> None:
    """What is charged in four weeks is what is given, and what is given is needed and not cut."""
    plans = (ordered("TURN_SKIN", -40, turn), ordered("FEED_ASSIST", turn, turn + 3))
    needs = needs_with(*plans, cap=cap, period="month", known=Known(has("diabetes_insulin")))
    total = sum(given(needs).values())
    assert total == sum(one.minutes for one in needs.charged.values())
    assert total * 13 <= cap * 12
    assert sum(needs.care.values()) == needs.entitled == needs.needed - needs.cut
    assert needs.cut == needs.cut_in_horizon


def test_money_of_days_without_a_plan_is_left_for_the_others() -> None:
    """What a plan no longer asks for pays for more of what is still needed."""
    known = Known(items={"memory": 1})
    caps = {"cap": 700, "period": "month", "known": known}
    whole, half = (
        needs_with(ordered("VITALS", -40, end), **caps)  # type: ignore[arg-type]
        for end in (None, 13)
    )
    pills = [
        sum("MED_ADMIN" in visit.services for visit in needs.visits) for needs in (whole, half)
    ]
    assert pills[0] < pills[1]


def test_a_short_order_is_given_on_its_days() -> None:
    """What is asked for once in four weeks is given within the few days of its order."""
    for begins in range(26):
        needs = needs_with(ordered("INJ_BLOOD", begins, begins + 1, None))
        (visit,) = needs.visits
        assert day(begins) <= visit.dates[0] <= day(begins + 1)


@pytest.mark.parametrize(
    ("per_week", "lasts", "times"),
    [(7, 3, 3), (3, 7, 3), (3, 14, 6), (3, 3, 2), (1, 3, 1), (2, 14, 4)],
)
def test_a_short_order_is_given_as_often_as_its_days_ask(
    per_week: int, lasts: int, times: int
) -> None:
    """Days in four weeks shrink with the days of the order, a part of one counted as one."""
    needs = needs_with(ordered("VITALS", 8, 7 + lasts, per_week))
    assert len(needs.visits) == times


def test_a_rule_goes_on_where_a_plan_ends() -> None:
    """While an order asks for more than a rule it decides, and before and after it the rule."""
    known = Known(has("hypertension"))
    alone, both = (needs_with(*plans, known=known) for plans in ((), (ordered("VITALS", 7, 13),)))
    days = [{visit.dates[0] for visit in needs.visits} for needs in (alone, both)]
    week = {day(n) for n in range(7, 14)}
    assert days[1] & week == week
    assert days[1] - week == days[0] - week


def test_another_length_while_a_plan_holds() -> None:
    """A service may take longer while a plan holds; both lengths are charged as they are."""
    item = CarePlanItem(service="VITALS", per_week=7, minutes=40)
    longer = CarePlan(client="C1", ordered_on=day(7), until=day(13), items=(item,))
    needs = needs_with(longer, cap=9999, known=Known(has("heart_failure")))
    assert set(given(needs).values()) == {25, 50}
    assert sum(given(needs).values()) == 21 * 25 + 7 * 50 == needs.charged["p"].minutes
    assert {len(one.demand.days) for one in needs.funded} == {7, 21}


def test_what_no_plan_touches_stays_one_demand() -> None:
    """A change of plans splits the demands that it changes and no others."""
    known = Known(has("heart_failure"))
    needs = needs_with(ordered("GROOM", 3, 9), known=known)
    assert [one.demand.service for one in needs.funded] == ["VITALS", "GROOM"]
    demands = known.required().demands
    whole = joined([()] * 28, {(): demands})
    assert [set(one.days) for one in whole] == [set(one.days) for one in demands]


def test_a_client_with_nothing_but_a_short_plan() -> None:
    """Outside its days nothing is needed, and nothing is left over."""
    client = Client(id="C1", home=HOME)
    plan = ordered("HYG_BATH", 2, 4)
    needs = derive(world(client, days=28, start=CYCLE, care_plans=(plan,))).clients[0]
    assert {visit.dates[0] for visit in needs.visits} <= {day(n) for n in (2, 3, 4)}
    assert needs.cut == 0
