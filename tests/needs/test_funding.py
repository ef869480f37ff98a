"""Who pays for what, and what is cut first."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.domain.client import Entitlement
from optimizer.domain.policy import Priority
from optimizer.domain.visit import Requirement
from optimizer.needs.catalogue import DayWindow
from optimizer.needs.funding import each_time_a_visit, fen_per_day, fund
from optimizer.needs.required import Demand
from tests.needs.worlds import BOOK, Known, derived, has, needs_of, orders, ready_visit

CATALOGUE = BOOK.catalogue
DAY = DayWindow(name="day", earliest=0, latest=3_600_000)
NIGHT = DayWindow(name="night", earliest=0, latest=3_600_000)


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


def paid(demands: list[Demand], *purses: Entitlement) -> list[list[str | None]]:
    """Return the payers of the days of each demand."""
    return [[payer for _, payer in one.paid] for one in fund(demands, purses, CATALOGUE)]


def test_without_entitlement_nothing_is_cut() -> None:
    """Nobody asks for an account of a client without entitlements."""
    one = fund([demand("CLEAN_HOME", 3)], [], CATALOGUE)[0]
    assert one.paid == ((0, None), (1, None), (2, None))
    assert (one.entitled, one.cut) == (90, 0)


@pytest.mark.parametrize(
    ("cap", "period", "days"),
    [
        (30, "week", 4),  # 30 a week are 120 in four weeks
        (29, "week", 3),
        (30, "month", 0),  # a month pays for 27.7 minutes in 28 days
        (33, "month", 1),  # 33 x 12 / 13 = 30.46
        (32, "month", 0),  # 29.5
        (65, "month", 2),  # 60
        (1, "horizon", 28),  # the roster is counted against it, not the cycle
        (0, "week", 0),
    ],
)
def test_periods(cap: int, period: str, days: int) -> None:
    """A week is a fourth of the cycle, a month 13/12 of it, and a horizon limits nothing here."""
    assert len(paid([demand("CLEAN_HOME", 28)], purse(cap=cap, period=period))[0]) == days


@pytest.mark.parametrize(
    ("unit", "fields", "cap", "days"),
    [
        ("minutes", {}, 60, 2),
        ("minutes", {"minutes": 20}, 60, 3),
        ("minutes", {"requirements": (Requirement(code="C"),) * 2}, 60, 1),  # two carers
        ("minutes", {"windows": (DAY, NIGHT)}, 60, 1),  # twice a day
        ("visits", {}, 2, 2),
        ("visits", {"requirements": (Requirement(code="C"),) * 2}, 2, 2),  # two carers, one visit
        ("visits", {"windows": (DAY, NIGHT)}, 2, 1),
        ("fen", {}, 2700, 2),  # half an hour of 27 yuan
        ("fen", {"requirements": (Requirement(code="C"),) * 2}, 2700, 1),
    ],
)
def test_units(unit: str, fields: dict[str, Any], cap: int, days: int) -> None:
    """Minutes count all carers, visits do not, fen follow the price book."""
    weekly = purse(unit=unit, cap=cap, period="week", price_book="zh2014")
    assert len(paid([demand("CLEAN_HOME", 28, **fields)], weekly)[0]) == 4 * days


def test_price_per_time_is_for_all_carers() -> None:
    """A price per time is for both carers together, a price per hour for each."""
    both = (Requirement(code="C"),) * 2
    bath = CATALOGUE.services["HYG_BATH"]
    assert fen_per_day(demand("HYG_BATH", minutes=60, requirements=both), bath, "zh2014") == 10_000
    assert (
        fen_per_day(demand("HYG_BATH", minutes=60, requirements=both), bath, "ltci2024") == 12_000
    )
    assert fen_per_day(demand("HYG_BATH", windows=(DAY, NIGHT)), bath, "zh2014") == 20_000
    assert fen_per_day(demand("HYG_BATH"), bath, "unheard") == 0


def test_services_that_a_payer_covers() -> None:
    """A payer who lists services pays for no other."""
    rows = [demand("CLEAN_HOME"), demand("GROOM")]
    assert paid(rows, purse(cap=999, services=("GROOM",))) == [[], ["p"] * 4]


def test_first_purse_first() -> None:
    """The purse that stands first is emptied first; a day is paid by one payer."""
    two = purse("a", cap=66), purse("b", cap=999)
    assert paid([demand("CLEAN_HOME")], *two) == [["a", "a", "b", "b"]]
    assert paid([demand("CLEAN_HOME")], *two[::-1]) == [["b"] * 4]


def test_important_care_is_paid_first() -> None:
    """What is asked for first is paid first, so what is cut is the least important."""
    rows = [demand("CATH_CARE", 4), demand("CLEAN_HOME", 4)]
    assert paid(rows, purse(cap=165)) == [["p"] * 4, ["p"]]


def test_critical_care_is_cut_last() -> None:
    """Whatever the purse, where a critical day is cut, too little is left for one of its days."""
    known = Known(
        has("diabetes_insulin", "dementia"), items={"eating": 0, "bathing": 0, "daily_affairs": 0}
    )
    before = -1
    for cap in range(0, 4000, 90):
        client = known.person(entitlements=(purse(cap=cap),))
        needs = derived(client).clients[0]
        critical = [o for o in needs.funded if o.demand.priority is Priority.CRITICAL]
        left = cap * 12 / 13 - sum(one.entitled for one in needs.funded)
        for one in critical:
            assert one.cut == 0 or left < one.demand.minutes_per_day
        assert needs.entitled >= before  # more money never pays for less
        before = needs.entitled


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


def test_count_without_sharing() -> None:
    """If nothing is known of visits, each time is one."""
    assert each_time_a_visit((demand("GROOM"), demand("VITALS", windows=(DAY, NIGHT)))) == 3


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
    both = purse(cap=30, period="week"), purse(unit="visits", cap=3, period="week")
    assert paid([demand("CLEAN_HOME", 28)], *both) == [["p"] * 4]
    assert paid([demand("CLEAN_HOME", 28)], *both[::-1]) == [["p"] * 4]
    more = purse(cap=300, period="week"), both[1]
    assert paid([demand("CLEAN_HOME", 28)], *more) == [["p"] * 12]


def test_purse_per_service() -> None:
    """Purses of one payer for different services do not limit each other."""
    rows = [demand("CLEAN_HOME", 28), demand("GROOM", 28)]
    purses = (
        purse(cap=60, period="week", services=("CLEAN_HOME",)),
        purse(cap=30, period="week", services=("GROOM",)),
    )
    assert paid(rows, *purses) == [["p"] * 8, ["p"] * 4]


def test_prices_of_the_purse_itself() -> None:
    """Prices that an entitlement lists stand in place of its price book."""
    listed = {"service": "CLEAN_HOME", "fen_per_hour": 1000, "fen_per_time": 100}
    weekly = purse(unit="fen", cap=600, period="week", prices=(listed,))
    assert paid([demand("CLEAN_HOME", 28)], weekly) == [["p"] * 4]  # 600 fen for half an hour


def test_purse_of_the_horizon_stays() -> None:
    """What is left for the horizon is handed on as it is."""
    left = purse(cap=100, period="horizon")
    known = Known(items={"bathing": 0}, client={"entitlements": (left, purse("q", cap=900))})
    granted = derived(known.person(), days=7).scenario.clients[0].entitlements
    assert granted[0] == left
    assert [one.payer for one in granted] == ["p", "q"]
