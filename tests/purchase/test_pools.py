"""Which pool pays how much: order, percentages, fixed amounts, and never more than there is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.domain.pool import Pool
from optimizer.purchase.pools import Month, in_order, is_open, months_until, paid_by, pays


def pool(id_: str, **fields: Any) -> Pool:
    """Return a pool of the district that lasts all year, and whatever else is given."""
    return Pool.model_validate(
        {
            "id": id_, "tier": "district", "amount_fen": 1000, "start": "2026-01-01",
            "end": "2026-12-31", **fields,
        }
    )  # fmt: skip


def payments(fen: int, visits: int, *pools: Pool) -> tuple[dict[str, int], int]:
    """Return who pays an amount from full pools, and what nobody pays."""
    made = paid_by(fen, visits, in_order(pools), {one.id: one.amount_fen for one in pools})
    assert all(made.asked[one] >= amount for one, amount in made.taken.items())
    return dict(made.taken), made.left


ORDERS = [
    (pool("b", categories=["x"]), pool("a")),  # narrow before wide
    (pool("b", categories=["x"], towns=["t"]), pool("a", categories=["x"])),  # narrower still
    (pool("b", categories=["x"]), pool("a", categories=["x", "y"])),  # fewer listed
    (pool("b", end="2026-06-30"), pool("a")),  # what expires first
    (pool("b", tier="social"), pool("a", tier="lottery")),  # gifts first
    (pool("b", tier="lottery"), pool("a", tier="community")),
    (pool("b", tier="community"), pool("a", tier="town")),
    (pool("b", tier="town"), pool("a")),  # the district's own money last
    (pool("b", rank=1), pool("a", rank=2)),
    (pool("a"), pool("b")),  # nothing but the id is left
]


@pytest.mark.parametrize("ordered", ORDERS)
def test_free_money_lasts_longest(ordered: tuple[Pool, Pool]) -> None:
    """The narrowest purpose first, then what expires first, then the tier; never the file."""
    assert in_order(ordered) == in_order(ordered[::-1]) == ordered


def test_one_pool_after_the_other() -> None:
    """The first pays what it has, the next the rest, and what is missing is told."""
    first, second = pool("a", amount_fen=70, tier="social"), pool("b", amount_fen=20)
    assert payments(60, 1, first, second) == ({"a": 60}, 0)
    assert payments(80, 1, first, second) == ({"a": 70, "b": 10}, 0)
    assert payments(100, 1, first, second) == ({"a": 70, "b": 20}, 10)


def test_percentages_add_up_to_the_fen() -> None:
    """Three shares of 100 fen are 34, 33 and 33: the largest remainder gets what is left over.

    Source: Huajing, Shanghai, 2025 (S82): one contract, three purses.
    """
    shares = [(one, percent) for one, percent in (("a", 34), ("b", 33), ("c", 33))]
    split = [pool(one, mode="split", percent=percent) for one, percent in shares]
    assert payments(100, 1, *split) == ({"a": 34, "b": 33, "c": 33}, 0)
    taken, left = payments(101, 1, *split)
    assert sum(taken.values()) == 101
    assert left == 0


def test_a_fixed_amount_per_visit_comes_first() -> None:
    """The town pays 3 yuan a meal, a charity what it has, the district takes the rest.

    Source: Dongguan, 2024 (S83): the town per meal, charity a fixed total, others the rest.
    """
    town = pool("town", tier="town", mode="per_unit", fen_per_visit=300, amount_fen=100_000)
    charity = pool("charity", tier="social", amount_fen=500)
    rest = pool("district", amount_fen=100_000)
    assert payments(3000, 4, town, charity, rest) == (
        {"town": 1200, "charity": 500, "district": 1300},
        0,
    )


def test_who_and_when_a_pool_is_for() -> None:
    """Towns and categories that are listed, and days up to its end unless it carries over."""
    narrow = pool("a", towns=["t"], categories=["x"], end="2026-06-30")
    assert pays(narrow, "t", "x")
    assert not pays(narrow, "u", "x")
    assert not pays(narrow, None, "x")
    assert not pays(narrow, "t", "y")
    july = Month(dt.date(2026, 7, 1), dt.date(2026, 7, 31))
    assert not is_open(narrow, july)
    assert is_open(narrow.model_copy(update={"carry_over": True}), july)
    assert not is_open(pool("later", start="2026-08-01"), july)


def test_months_begin_and_end_in_part() -> None:
    """From 3 March to 1 May there are 29, 30 and 1 days."""
    months = months_until(dt.date(2026, 3, 3), dt.date(2026, 5, 1))
    assert [month.days for month in months] == [29, 30, 1]


AMOUNTS = st.integers(0, 500)
POOLS = st.lists(
    st.tuples(
        st.sampled_from(["order", "split", "per_unit"]), AMOUNTS, st.integers(1, 100), AMOUNTS
    ),
    max_size=5,
)


@given(AMOUNTS, st.integers(0, 5), POOLS)
def test_nothing_is_paid_twice_and_no_pool_falls_below_zero(
    fen: int, visits: int, drawn: list[tuple[str, int, int, int]]
) -> None:
    """What pools pay and what nobody pays add up to the amount, whatever the pools are."""
    pools = [
        pool(
            f"p{n}", mode=mode, amount_fen=amount,
            **({"percent": percent} if mode == "split" else {}),
            **({"fen_per_visit": 1 + each} if mode == "per_unit" else {}),
        )
        for n, (mode, amount, percent, each) in enumerate(drawn)
    ]  # fmt: skip
    taken, left = payments(fen, visits, *pools)
    assert sum(taken.values()) + left == fen
    assert left >= 0
    assert all(0 < taken[one.id] <= one.amount_fen for one in pools if one.id in taken)
    assert (taken, left) == payments(fen, visits, *pools[::-1])
