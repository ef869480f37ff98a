"""Who comes first where money is short."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest

from optimizer.domain.client import Client
from optimizer.domain.place import Place
from optimizer.domain.policy import Priority
from optimizer.purchase.eligibility import eligibility_of
from optimizer.purchase.waiting import Urgency, months_between, urgencies
from tests.purchase.town import DAY, applies, office, town

LAST = Urgency(False, 0, False, 3, 0, dt.date(2026, 1, 10), 5)
STEPS = [
    replace(LAST, is_urgent=True),  # critical care, or alone and not safe
    replace(LAST, tier=4, rank=3),  # the need tier, the higher first
    replace(LAST, tier=1),
    replace(LAST, is_alone=True),  # living alone
    replace(LAST, rank=1),  # rank of the category
    replace(LAST, applied_on=dt.date(2026, 1, 9)),  # day applied
    replace(LAST, drawn=4),  # the draw
    LAST,
]


def test_the_order_of_the_list() -> None:
    """Each step decides before all that follow, however much speaks for the other there.

    Source: New York's waiver for children waits by class of need (S89), Wisconsin first come first
    served (S88); an opaque list hides rationing (S90), so every step is told.
    """
    keys = [one.key() for one in STEPS]
    assert all(before < after for before, after in pairwise(keys))


def test_the_rank_can_be_left_out() -> None:
    """Without it the first category comes no earlier."""
    first = replace(LAST, rank=1, drawn=9)
    assert first.key() < LAST.key()
    assert first.key(with_rank=False) > LAST.key(with_rank=False)


@pytest.mark.parametrize(
    ("applied", "months", "tier"),
    [
        ("2026-01-03", 1, 1),  # a day short of two months
        ("2025-12-03", 2, 1),  # a day short of three
        ("2025-12-02", 3, 2),  # three months lift one tier
        ("2025-06-02", 9, 4),  # nine months three
        ("2020-01-01", 74, 4),  # never above the highest
        ("2026-03-09", 0, 1),  # after the first day planned
    ],
)
def test_waiting_lifts_a_tier_every_three_months(applied: str, months: int, tier: int) -> None:
    """So that nobody waits for ever behind newcomers of a higher tier."""
    person = Client(id="C1", home=Place(lat=29.95, lon=121.7), age=80, need_tier=1)
    of = office(applies("C1", applied_on=applied, hardship="low_income"))
    found = {"C1": eligibility_of(person, of, DAY)}
    urgency = urgencies([person], found, {}, {}, of, DAY)["C1"]
    assert (urgency.months, urgency.tier) == (months, tier)


def test_months_are_whole() -> None:
    """From the last of January to the first of March one month has passed."""
    assert months_between(dt.date(2026, 1, 31), dt.date(2026, 3, 1)) == 1


def test_critical_visits_make_urgent() -> None:
    """C1's visit is critical, C2's is not; C3 is eligible for nothing and has no place."""
    given = town()
    of = office(draw="3D 052: 385")
    found = {one.id: eligibility_of(one, of, DAY) for one in given.clients}
    ready = {visit.client: [visit] for visit in given.visits}
    assert given.visits[0].priority is Priority.CRITICAL
    placed = urgencies(given.clients, found, {}, ready, of, DAY)
    assert {client: one.is_urgent for client, one in placed.items()} == {"C1": True, "C2": False}
    assert {one.drawn for one in placed.values()} == {0, 1}
