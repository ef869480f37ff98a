"""Who pays for what, what is cut first, and what belongs together."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from optimizer.domain.client import Client, Entitlement
from optimizer.domain.policy import Priority
from optimizer.domain.visit import Requirement
from optimizer.needs.catalogue import DayWindow
from optimizer.needs.charging import Charge
from optimizer.needs.derive import ClientNeeds
from optimizer.needs.funding import Funded, Funding, fund
from optimizer.needs.purses import priced
from optimizer.needs.required import Demand
from optimizer.needs.rules import Follow
from tests.needs.worlds import (
    BOOK,
    HOME,
    Known,
    days_ago,
    derived,
    has,
    needs_of,
    orders,
    ready_visit,
    visits_with,
)

DAY = DayWindow(name="day", earliest=32_400_000, latest=36_000_000)
NIGHT = DayWindow(name="night", earliest=64_800_000, latest=68_400_000)
PAIR = (Requirement(code="C"),) * 2


def demand(service: str, days: int = 4, minutes: int = 30, **fields: Any) -> Demand:
    """Return a demand of so many days, once a day with one carer if not said otherwise."""
    given: dict[str, Any] = {
        "requirements": (Requirement(code="C"),),
        "windows": (DAY,),
        "priority": Priority.ESSENTIAL,
        "rank": 0,
        "traces": (),
        **fields,
    }
    return Demand(
        service=service, minutes=minutes, shortest=minutes, days=tuple(range(days)), **given
    )


def purse(payer: str = "p", unit: str = "minutes", cap: int = 0, **fields: Any) -> Entitlement:
    """Return an entitlement, for a month if not said otherwise."""
    return Entitlement.model_validate(
        {"payer": payer, "unit": unit, "cap": cap, "period": "month", **fields}
    )


def funding(
    demands: list[Demand], *purses: Entitlement, follows: tuple[Follow, ...] = ()
) -> Funding:
    """Return what purses pay of some demands, no two services sharing a visit."""
    client = Client(id="C1", home=HOME, entitlements=purses)
    return fund(priced(client, BOOK.catalogue), demands, follows, BOOK, lambda *_: True)


def paid(demands: list[Demand], *purses: Entitlement) -> list[list[str | None]]:
    """Return the payers of the times of each demand, by day."""
    return [[one.payer for one in each.paid] for each in funding(demands, *purses).funded]


def test_without_entitlement_nothing_is_cut() -> None:
    """Nobody asks for an account of a client without entitlements."""
    one = funding([demand("CLEAN_HOME", 3)]).funded[0]
    assert [(each.day, each.window, each.payer) for each in one.paid] == [
        (day, "day", None) for day in range(3)
    ]
    assert (one.entitled, one.cut) == (90, 0)


@pytest.mark.parametrize(
    ("cap", "period", "times"),
    [
        (40, "week", 4),  # 30 minutes, and 10 for arrival and notes, once in each week
        (39, "week", 0),
        (79, "week", 4),  # what is left of one week is no help in the next
        (40, "month", 0),  # a month pays for 36.9 minutes in 28 days
        (44, "month", 1),  # 44 x 12 / 13 = 40.6
        (43, "month", 0),  # 39.7
        (87, "month", 2),  # 80.3
        (1, "horizon", 28),  # the roster is counted against it, not the cycle
        (0, "week", 0),
    ],
)
def test_periods(cap: int, period: str, times: int) -> None:
    """A week is each week of the cycle, a month 13/12 of it, a horizon limits nothing here."""
    assert len(paid([demand("CLEAN_HOME", 28)], purse(cap=cap, period=period))[0]) == times


@pytest.mark.parametrize(
    ("unit", "fields", "cap", "times"),
    [
        ("minutes", {}, 80, 2),
        ("minutes", {"minutes": 20}, 90, 3),
        ("minutes", {"requirements": PAIR}, 80, 1),  # two carers, who both arrive and write
        ("minutes", {"windows": (DAY, NIGHT)}, 80, 2),  # twice a day are two visits
        ("visits", {}, 2, 2),
        ("visits", {"requirements": PAIR}, 2, 2),  # two carers, one visit
        ("visits", {"windows": (DAY, NIGHT)}, 2, 2),
        ("fen", {}, 3600, 2),  # 40 minutes at 27 yuan are 18
        ("fen", {"requirements": PAIR}, 3600, 1),
    ],
)
def test_units(unit: str, fields: dict[str, Any], cap: int, times: int) -> None:
    """Minutes count all carers from arrival to notes, visits do not, fen follow the price book."""
    weekly = purse(unit=unit, cap=cap, period="week", price_book="zh2014")
    assert len(paid([demand("CLEAN_HOME", 28, **fields)], weekly)[0]) == 4 * times


@pytest.mark.parametrize(("least", "times"), [(40, 6), (60, 4), (61, 3)])
def test_least_length_is_charged(least: int, times: int) -> None:
    """A visit that a payer makes longer costs its whole length."""
    entitled = purse(cap=260, min_visit=least)  # 240 minutes in 28 days
    found = funding([demand("CLEAN_HOME", 28)], entitled)
    assert len(found.funded[0].paid) == times
    assert found.charged == {"p": Charge(minutes=times * least, visits=times)}


def test_services_that_a_payer_covers() -> None:
    """A payer who lists services pays for no other."""
    rows = [demand("CLEAN_HOME"), demand("GROOM")]
    assert paid(rows, purse(cap=999, services=("GROOM",))) == [[], ["p"] * 4]


def test_first_purse_first() -> None:
    """The purse that stands first is emptied first; a time is paid by one payer."""
    two = purse("a", cap=87), purse("b", cap=999)
    assert paid([demand("CLEAN_HOME")], *two) == [["a", "a", "b", "b"]]
    assert paid([demand("CLEAN_HOME")], *two[::-1]) == [["b"] * 4]


def test_all_that_one_payer_grants_has_to_have_room() -> None:
    """Minutes and visits of one payer limit each other."""
    both = purse(cap=999), purse(unit="visits", cap=3)
    assert len(paid([demand("CLEAN_HOME")], *both)[0]) == 2  # 3 x 12 / 13
    assert len(paid([demand("CLEAN_HOME")], purse(cap=87), purse(unit="visits", cap=9))[0]) == 2


def test_critical_care_is_paid_first_and_a_whole_day_at_a_time() -> None:
    """What is critical comes first, all its times of a day or none of them."""
    critical = demand("CATH_CARE", 4, windows=(DAY, NIGHT), priority=Priority.CRITICAL)
    rows = [critical, demand("CLEAN_HOME", 4)]
    one, other = funding(rows, purse(cap=216)).funded  # 199 minutes
    assert Counter(each.day for each in one.paid) == {0: 2, 1: 2}
    assert len(other.paid) == 0
    one, other = funding(rows, purse(cap=218)).funded  # 201: one time more of what may be one
    assert (len(one.paid), len(other.paid)) == (4, 1)


def test_even_spread() -> None:
    """Essential care is cut alike: each service has the same share of its times, as near as can be.

    Source: judgement, and the method of Webster and Sainte-Laguë.
    """
    rows = [demand("FEED_ASSIST", 28), demand("TOILET_CONT", 14), demand("VITALS", 7)]
    for minutes in range(40, 28 * 40, 40):
        found = funding(rows, purse(cap=-(-minutes * 13 // 12)))
        times = [len(one.paid) for one in found.funded]
        assert sum(times) == minutes // 40
        total = sum(times) / 49
        for got, all_times in zip(times, (28, 14, 7), strict=True):
            assert abs(got - total * all_times) < 1.5


def test_every_day_before_twice_a_day() -> None:
    """Care of several times a day is bought once on all days before it is bought twice on one."""
    twice = demand("TOILET_CONT", 28, windows=(DAY, NIGHT))
    for times in (5, 28, 40):
        (one,) = funding([twice], purse(cap=-(-times * 40 * 13 // 12))).funded
        per_day = Counter(each.day for each in one.paid)
        assert len(one.paid) == times
        assert max(per_day.values()) - (min(per_day.values()) if times >= 28 else 1) <= 1


def test_essential_care_before_flexible_care() -> None:
    """Nothing flexible is bought while something essential still fits."""
    rows = [demand("CLEAN_HOME", 4, priority=Priority.FLEXIBLE), demand("VITALS", 4)]
    assert paid(rows, purse(cap=130)) == [[], ["p"] * 3]


INSULIN = Known(has("diabetes_insulin"), items={"eating": 2, "bathing": 0, "daily_affairs": 0})


def times_of(needs: ClientNeeds, service: str) -> set[tuple[int, str]]:
    """Return the days and moments of a service that are paid for."""
    found = (one for one in needs.funded if one.demand.service == service)
    return {(each.day, each.window) for one in found for each in one.paid}


@pytest.mark.parametrize("cap", [300, 1000, 1500, 2500, 4000, 9000])
@pytest.mark.parametrize("unit", ["minutes", "visits"])
def test_no_injection_without_its_meal(unit: str, cap: int) -> None:
    """Blood sugar, injection and meal of one moment are paid for together or not at all.

    Source: rule R03; short-acting and premixed insulin within 30 minutes before the meal.
    """
    entitled = purse(unit=unit, cap=cap if unit == "minutes" else cap // 40)
    needs = derived(INSULIN.person(entitlements=(entitled,))).clients[0]
    injected, fed = times_of(needs, "INSULIN_INJ"), times_of(needs, "FEED_ASSIST")
    measured = times_of(needs, "GLUCOSE")
    assert injected <= fed
    assert measured <= injected
    due = {
        day for one in needs.funded if one.demand.service == "GLUCOSE" for day in one.demand.days
    }
    assert {day for day, _ in injected} & due <= {day for day, _ in measured}
    assert injected


def test_blood_sugar_is_first_in_the_nurses_visit() -> None:
    """One nurse measures, then injects; food is given before washing.

    Source: review by a nurse; blood sugar, injection, food, then washing.
    """
    known = Known(has("diabetes_insulin"), items={"eating": 1, "dressing_lower": 0})
    needs = needs_of(known)
    with_both = [v for v in visits_with(needs, "GLUCOSE") if "INSULIN_INJ" in v.services]
    assert len(with_both) == len(visits_with(needs, "GLUCOSE")) == 8
    assert all(visit.services == ("GLUCOSE", "INSULIN_INJ") for visit in with_both)
    meals = [v for v in visits_with(needs, "FEED_ASSIST") if "HYG_DAILY" in v.services]
    assert meals
    assert all(v.services.index("FEED_ASSIST") == 0 for v in meals)


@pytest.mark.parametrize("cap", [500, 1200, 2000, 9000])
def test_bath_only_with_a_dressing_afterwards(cap: int) -> None:
    """A wound is dressed on the day of the bath, at least an hour after it began.

    Source: judgement; a dressing gets wet in the bath.
    """
    known = Known(has("pressure_injury", stage=2), items={"bathing": 0})
    needs = derived(known.person(entitlements=(purse(cap=cap),)))
    (one,) = needs.clients
    assert {day for day, _ in times_of(one, "HYG_BATH")} <= {
        day for day, _ in times_of(one, "WOUND_PI")
    }
    dressed = {v.dates: v.id for v in visits_with(one, "WOUND_PI")}
    after = {(c.first, c.second): c.min_gap for c in needs.scenario.couplings}
    for bath in visits_with(one, "HYG_BATH"):
        assert after[bath.id, dressed[bath.dates]] >= 3_600_000


def test_what_no_payer_lists_keeps_nothing_back() -> None:
    """A payer of nursing alone pays for injections; the meal is then somebody else's."""
    entitled = purse(cap=9000, services=("INSULIN_INJ", "GLUCOSE"))
    needs = derived(INSULIN.person(entitlements=(entitled,))).clients[0]
    assert len(times_of(needs, "INSULIN_INJ")) == 56
    assert not times_of(needs, "FEED_ASSIST")


def test_nobody_is_fed_every_day_and_changed_on_none() -> None:
    """Doubly incontinent, 25 hours of insurance a month: fed, changed and turned."""
    known = Known(
        has("incontinence"),
        items={
            "eating": 0,
            "bladder": 0,
            "bowel": 0,
            "bed_positioning": 0,
            "walking": 0,
            "transfer": 2,
            "bathing": 0,
            "dressing_lower": 0,
        },
        grade=5,
    )
    for least in (0, 60):
        entitled = purse(cap=1500, min_visit=least, max_visit=120, price_book="ltci2024")
        needs = derived(known.person(entitlements=(entitled,))).clients[0]
        fed = {day for day, _ in times_of(needs, "FEED_ASSIST")}
        changed = {day for day, _ in times_of(needs, "TOILET_CONT")}
        turned = {day for day, _ in times_of(needs, "TURN_SKIN")}
        assert min(len(fed), len(changed), len(turned)) >= 5
        given = sum(carer.minutes for visit in needs.visits for carer in visit.carers) // 60_000
        assert given == needs.charged["p"].minutes <= 1500 * 12 // 13


@pytest.mark.parametrize("unit", ["minutes", "visits", "fen"])
@pytest.mark.parametrize("cap", [0, 7, 100, 100_000])
def test_needed_is_entitled_and_cut(unit: str, cap: int) -> None:
    """Three figures, of which the first is the sum of the other two, always."""
    known = Known(has("diabetes_insulin", "parkinson"), items={"eating": 0, "bathing": 1})
    purses = purse(unit=unit, cap=cap), purse("q", unit=unit, cap=cap, period="week")
    needs = derived(known.person(entitlements=purses)).clients[0]
    assert needs.needed == needs.entitled + needs.cut
    assert needs.needed == needs_of(known).needed
    assert all(one.cut >= 0 for one in needs.funded)


def test_more_money_never_pays_for_less() -> None:
    """With a larger purse as much care is paid for, at least."""
    before = -1
    for cap in range(0, 4000, 90):
        client = INSULIN.person(entitlements=(purse(cap=cap),))
        needs = derived(client).clients[0]
        critical = sum(len(times_of(needs, code)) for code in ("INSULIN_INJ",))
        assert critical >= before
        before = critical


def test_services_of_one_visit_are_one_visit() -> None:
    """A payer who grants visits pays once for what shares a visit, and only then."""
    known = Known(items={"grooming": 1, "bathing": 2})
    orders_ = orders("VITALS", per_week=2), orders("GROOM", per_week=2)
    for most in (None, 1):
        for cap in (1, 2, 3):
            entitled = purse(unit="visits", cap=cap, period="week", max_items=most)
            needs = derived(known.person(entitlements=(entitled,)), care_plans=orders_).clients[0]
            assert len(needs.visits) <= 4 * cap
    shared = purse(unit="visits", cap=8, period="week")
    both = derived(known.person(entitlements=(shared,)), care_plans=orders_).clients[0]
    assert len(both.visits) < sum(len(one.paid) for one in both.funded)


def test_cut_on_some_days() -> None:
    """What nobody pays for is told by day, for the days that are planned."""
    twice = demand("TOILET_CONT", 4, windows=(DAY, NIGHT))
    one: Funded = funding([twice], purse(cap=217)).funded[0]  # 200 minutes, five times
    assert (one.entitled, one.cut) == (150, 90)
    assert [one.cut_on([day]) for day in range(5)] == [0, 30, 30, 30, 0]
    assert one.cut_on(range(28)) == 90


@pytest.mark.parametrize("unit", ["minutes", "visits", "fen"])
@pytest.mark.parametrize("period", ["week", "month"])
def test_roster_grants_what_was_derived(unit: str, period: str) -> None:
    """A recurring purse grants the visits derived from it, whatever a week has of them."""
    for cap in range(0, 4000, 400):
        granted = purse(unit=unit, cap=cap, period=period, price_book="zh2014")
        known = Known(items={"bathing": 0}, client={"entitlements": (granted,)})
        planned = derived(known.person(), days=7)
        (kept,) = planned.scenario.clients[0].entitlements
        visits = planned.scenario.visits
        minutes = sum(need.minutes for one in visits for need in one.carers) // 60_000
        charged = {"minutes": minutes, "visits": len(visits), "fen": 0}[unit]
        assert kept.cap >= max(cap, charged)
        assert (kept.payer, kept.unit, kept.period) == ("p", unit, period)


def test_ready_visits_have_what_derived_ones_leave() -> None:
    """A ready visit widens no purse, so it competes for what is left of the period."""
    known = Known(items={"bathing": 0}, client={"entitlements": (purse(cap=90),)})
    ready = ready_visit("ERRAND", payer="p")
    alone, beside = (
        derived(known.person(), days=7, visits=visits).scenario.clients[0].entitlements
        for visits in ((), (ready,))
    )
    assert beside == alone


def test_all_purses_of_a_payer_hold_at_once() -> None:
    """A day is paid only if every purse of the payer that covers the service can pay."""
    both = purse(cap=40, period="week"), purse(unit="visits", cap=3, period="week")
    assert paid([demand("CLEAN_HOME", 28)], *both) == [["p"] * 4]
    assert paid([demand("CLEAN_HOME", 28)], *both[::-1]) == [["p"] * 4]
    more = purse(cap=300, period="week"), both[1]
    assert paid([demand("CLEAN_HOME", 28)], *more) == [["p"] * 12]


def test_purse_per_service() -> None:
    """Purses of one payer for different services do not limit each other."""
    rows = [demand("CLEAN_HOME", 28), demand("GROOM", 28)]
    purses = (
        purse(cap=80, period="week", services=("CLEAN_HOME",)),
        purse(cap=40, period="week", services=("GROOM",)),
    )
    assert paid(rows, *purses) == [["p"] * 8, ["p"] * 4]


def test_prices_of_the_purse_itself() -> None:
    """Prices that an entitlement lists stand in place of its price book."""
    listed = {"service": "CLEAN_HOME", "fen_per_hour": 1000, "fen_per_time": 100}
    weekly = purse(unit="fen", cap=766, period="week", prices=(listed,))
    assert paid([demand("CLEAN_HOME", 28)], weekly) == [
        ["p"] * 4
    ]  # 666 fen for 40 minutes, and 100


def test_purse_of_the_horizon_stays() -> None:
    """What is left for the horizon is handed on as it is."""
    left = purse(cap=100, period="horizon")
    known = Known(items={"bathing": 0}, client={"entitlements": (left, purse("q", cap=900))})
    granted = derived(known.person(), days=7).scenario.clients[0].entitlements
    assert granted[0] == left
    assert [one.payer for one in granted] == ["p", "q"]


def test_first_visit_in_pairs_is_not_charged() -> None:
    """The second carer of a first visit is there for the first one's safety, at nobody's cost."""
    known = Known(has("aggression", since=days_ago(3)) + has("heart_failure"))
    needs = derived(known.person(entitlements=(purse(cap=9000),)), days=28).clients[0]
    given = sum(carer.minutes for visit in needs.visits for carer in visit.carers) // 60_000
    assert given - needs.charged["p"].minutes == needs.visits[0].carers[1].minutes // 60_000
