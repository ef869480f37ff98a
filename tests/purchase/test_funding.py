"""Money set aside: the served keep their care, the list is kept, no pool falls below zero."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.domain.eligibility import Track
from optimizer.generate import RECIPES, generate_scenario
from optimizer.purchase import Funding, FundingState, cascade, trace
from optimizer.purchase.funding import copay_of
from tests.purchase.test_cascade import losses, minutes
from tests.purchase.town import admitted, applies, office, town

YEAR = {"start": "2026-01-01", "end": "2026-12-31"}
MARCH = {"start": "2026-01-01", "end": "2026-03-29"}
"Four weeks from the first day planned: each visit of the town is paid for 28 times."


def money(*applications: dict[str, Any], **fields: Any) -> Any:
    """Return an office of one pool of 1,000 yuan until the end of four weeks."""
    pools = [{"id": "p", "tier": "district", "amount_fen": 100_000, **MARCH}]
    return office(*applications, **{"pools": pools, "draw": "3D 052: 385", **fields})


def funding(of: Any, scenario: Any = None) -> Funding:
    """Return the funding of the town under an office."""
    found = admitted(of, scenario).funding
    assert found is not None
    return found


def by_client(of: Funding) -> dict[str, FundingState]:
    """Return how everybody stands."""
    return {one.client: one.standing for one in of.commitments}


NEW = (applies("C1", hardship="low_income"), applies("C2"))
C1 = 28 * 1350
"Fen of 28 visits of half an hour at 27 yuan."
C2 = 28 * 2700


def test_the_town_by_hand() -> None:
    """C1 costs 378 yuan in four weeks and C2 756; the pool of 1,000 yuan reaches for C1 only."""
    found = funding(money(*NEW))
    assert by_client(found) == {"C1": FundingState.ADMITTED, "C2": FundingState.WAITING}
    (use,) = found.pools
    assert (use.committed, use.free, use.used) == (C1, 100_000 - C1, 37)
    second = found.commitments[1]
    assert (second.place, second.four_weeks_fen, second.short_in) == (2, C2, dt.date(2026, 3, 2))
    (whole,) = cascade(trace(admitted(money(*NEW))))
    assert losses(whole) == {"not_eligible": 40, "pool_dry": 60}
    assert minutes(whole)["funded"] == 50


def test_to_the_fen() -> None:
    """A pool that has exactly enough reaches, one of a fen less does not."""
    for amount, standing in ((C1 + C2, FundingState.ADMITTED), (C1 + C2 - 1, FundingState.WAITING)):
        pools = [{"id": "p", "tier": "district", "amount_fen": amount, **MARCH}]
        assert by_client(funding(money(*NEW, pools=pools)))["C2"] is standing


def test_nobody_served_is_cut() -> None:
    """C2 has been served since January: an empty pool takes nothing away, and the sum is told."""
    served = (NEW[0], applies("C2", served_since="2026-01-01"))
    pools = [{"id": "p", "tier": "district", "amount_fen": 10_000, **MARCH}]
    of = money(*served, pools=pools)
    found = funding(of)
    assert by_client(found) == {"C2": FundingState.SERVED, "C1": FundingState.WAITING}
    assert found.uncovered == C2 - 10_000
    assert found.pools[0].free == 0
    assert "V2" not in admitted(of).refused


def test_who_was_recorded_before_counts_as_served() -> None:
    """Only somebody who has applied can wait."""
    assert set(by_client(funding(money())).values()) == {FundingState.SERVED}


def test_who_begins_to_be_served_later_is_new() -> None:
    """A date after the first day planned makes nobody served."""
    later = (NEW[0], applies("C2", served_since="2026-03-03"))
    assert by_client(funding(money(*later)))["C2"] is FundingState.WAITING


@pytest.mark.parametrize(("overtaking", "standing"), [(False, "waiting"), (True, "admitted")])
def test_nobody_overtakes_on_the_same_money(overtaking: bool, standing: str) -> None:
    """C1 would fit behind the dearer C2 who waits: only where the office allows it."""
    visits = [one.model_dump(mode="json") for one in town().visits]
    visits[0]["priority"], visits[1]["priority"] = "essential", "critical"
    given = town(visits=visits)
    pools = [{"id": "p", "tier": "district", "amount_fen": C2 - 1, **MARCH}]
    found = funding(money(*NEW, pools=pools, overtaking=overtaking), given)
    assert by_client(found) == {"C2": FundingState.WAITING, "C1": FundingState(standing)}
    assert found.commitments[1].is_behind is (not overtaking)


def test_the_rank_is_shown_with_and_without() -> None:
    """C1 comes first by rank alone; without it the day of the application decides."""
    visits = [one.model_dump(mode="json") for one in town().visits]
    visits[0]["priority"] = "essential"
    people = [one.model_dump(mode="json") for one in town().clients]
    people[1]["flags"], people[0]["living"], people[1]["living"] = [], "alone", "alone"
    given = town(visits=visits, clients=people)
    pools = [{"id": "p", "tier": "district", "amount_fen": C2, **MARCH}]
    shown = (NEW[0], applies("C2", applied_on="2026-01-09"))
    found = admitted(money(*shown, pools=pools, overtaking=True), given)
    assert found.funding is not None
    assert found.unranked is not None
    assert by_client(found.funding)["C2"] is FundingState.WAITING
    assert by_client(found.unranked)["C2"] is FundingState.ADMITTED


def test_money_of_another_town_pays_nothing() -> None:
    """C1 and C2 live in the east."""
    pools = [{"id": "p", "tier": "town", "amount_fen": 10**9, "towns": ["west"], **MARCH}]
    assert set(by_client(funding(money(*NEW, pools=pools))).values()) == {FundingState.WAITING}


def test_who_begins_next_month_costs_nothing_before() -> None:
    """Applied in March, begun in April: the pool that ends in March pays nothing."""
    shown = (applies("C1", hardship="low_income", applied_on="2026-03-01"),)
    found = funding(money(*shown))
    assert next(one for one in found.commitments if one.client == "C1").paid == {}


@pytest.mark.parametrize(
    ("amount", "dry"),
    [
        (C1, "2026-03-30"),  # enough for 28 days
        (C1 * 3 // 2, "2026-04-13"),  # for 42
        (2 * C1, None),  # to its end, 56 days
    ],
)
def test_the_day_a_pool_runs_dry(amount: int, dry: str | None) -> None:
    """What is left lasts as long as the spending of the first four weeks lets it."""
    pools = [{"id": "p", "tier": "district", "amount_fen": amount, **YEAR, "end": "2026-04-26"}]
    served = (applies("C1", hardship="low_income", served_since="2026-01-01"),)
    alone = town(visits=[one for one in town().visits if one.id == "V1"])
    (use,) = funding(money(*served, pools=pools), alone).pools
    assert use.used == 100
    assert (None if use.dry_on is None else str(use.dry_on)) == dry


@pytest.mark.parametrize(
    ("track", "most", "fen"),
    [
        (Track.FREE, None, 0),  # costs the client nothing
        (Track.REDUCED, None, 299),  # 30 % of 999, rounded down
        (Track.REDUCED, 200, 200),  # up to the limit
    ],
)
def test_what_the_client_pays(track: Track, most: int | None, fen: int) -> None:
    """A percentage of reduced care, rounded down, up to the limit of a month."""
    of = office(copay_percent=30, copay_monthly_max_fen=most)
    assert copay_of(of, track, 999, 28) == fen


def test_the_pool_pays_what_the_client_does_not() -> None:
    """C2's care is reduced: with 30 % of her own 756 yuan the pool sets aside 529.20."""
    found = funding(money(NEW[1], copay_percent=30))
    one = next(one for one in found.commitments if one.client == "C2")
    assert (one.copay_fen, dict(one.paid)) == (C2 * 30 // 100, {"p": C2 - C2 * 30 // 100})


SMALL = generate_scenario(RECIPES["zhenhai-day-s"], 1)
CODES = sorted({one.category or "" for one in SMALL.clients})


@settings(max_examples=4, deadline=None)
@given(st.lists(st.integers(0, 400_000), min_size=1, max_size=3), st.booleans())
def test_pools_never_fall_below_zero(amounts: list[int], overtaking: bool) -> None:
    """Whatever the pools, what they pay is what people are paid, and files' order is nothing."""
    categories = [
        {"code": code, "zh": "某", "en": "x", "monthly_minutes": 480, "start": "2026-01-01",
         "rank": n, "test": {"min_age": 60 + n}}
        for n, code in enumerate(CODES, 1)
    ]  # fmt: skip
    pools = [
        {"id": f"p{n}", "tier": "town", "amount_fen": amount, **YEAR}
        for n, amount in enumerate(amounts)
    ]
    shown = [applies(one.id) for one in SMALL.clients[::2]]
    fields: dict[str, Any] = {"price_book": "zh2014", "overtaking": overtaking}
    found = funding(money(*shown, categories=categories, pools=pools, **fields), SMALL)
    for use in found.pools:
        paid = sum(one.paid.get(use.pool.id, 0) for one in found.commitments)
        assert (use.free, use.committed) == (use.pool.amount_fen - paid, paid)
        assert use.free >= 0
    assert all(not one.paid for one in found.commitments if one.standing is FundingState.WAITING)
    turned = money(*shown[::-1], categories=categories[::-1], pools=pools[::-1], **fields)
    assert funding(turned, SMALL).commitments == found.commitments
