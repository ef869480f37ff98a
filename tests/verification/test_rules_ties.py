"""Together, gap and spacing: the smallest breach of each is found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimizer.domain.plan import Plan
from optimizer.domain.policy import Rule
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, Coupling, CouplingKind
from tests.verification.worlds import (
    MONDAY,
    TICKS,
    TUESDAY,
    breaches,
    lane,
    roster,
    route,
    shifts,
    visit,
    with_caregiver,
    with_visit,
)


def bath() -> Scenario:
    """Return the lane with a V1 that needs two carers for 30 minutes, on two days."""
    world = lane(horizon=Horizon(start=MONDAY, days=2))
    for name in ("N1", "N2"):
        world = with_caregiver(world, name, shifts=shifts(MONDAY, TUESDAY))
    return with_visit(world, "V1", carers=(CarerNeed(minutes=30), CarerNeed(minutes=30)))


def bathed(second: str, start: str = "09:00", day: dt.date = MONDAY) -> Plan:
    """Return a plan with carer 1 of the bath at 09:00 and carer 2 as given."""
    return roster(
        route("N1", ("V1", "C1", "09:00", 30)),
        route(second, ("V1", "C1", start, 30, 2), day=day),
        unserved=("V2", "V3"),
    )


@pytest.mark.parametrize(
    ("plan", "amounts"),
    [
        (bathed("N2"), []),  # as one
        (bathed("N2", "09:10"), [10 * TICKS]),  # ten minutes later
        (bathed("N2", day=TUESDAY), [1]),  # a day later
        (bathed("N1", day=TUESDAY), [None, 1]),  # the same person a day later
    ],
)
def test_two_carers_begin_as_one(plan: Plan, amounts: list[int | None]) -> None:
    """Both carers of a visit come on the same day, at the same moment, and are two people."""
    place = "routes[1].stops[0]"
    assert breaches(bath(), plan) == [(Rule.TOGETHER, place, amount) for amount in amounts]


def test_one_carer_alone() -> None:
    """A visit with only one of its two carers breaks `together` and is not served."""
    plan = roster(route("N1", ("V1", "C1", "09:00", 30)), unserved=("V2", "V3"))
    assert breaches(bath(), plan) == [
        (Rule.TOGETHER, "routes[0].stops[0]", None),
        (Rule.SERVED_ONCE, "routes[0].stops[0]", None),
    ]


def coupled(kind: CouplingKind, **fields: Any) -> Scenario:
    """Return the lane over two days with V1 and W1, both of C1 and 30 minutes, coupled."""
    tie = Coupling(kind=kind, first="V1", second="W1", **fields)
    visits = (visit("V1", "C1", 30), visit("W1", "C1", 30))
    world = lane(horizon=Horizon(start=MONDAY, days=3), visits=visits, couplings=(tie,))
    for name in ("N1", "N2"):
        world = with_caregiver(world, name, shifts=shifts(MONDAY, TUESDAY))
    return world


def pair(name: str, start: str, day: dt.date = MONDAY) -> Plan:
    """Return a plan with V1 by N1 on Monday at 09:00 and W1 as given."""
    return roster(
        route("N1", ("V1", "C1", "09:00", 30)),
        route(name, ("W1", "C1", start, 30), day=day),
    )


@pytest.mark.parametrize(
    ("plan", "amounts"),
    [
        (pair("N2", "09:00"), []),  # as one
        (pair("N2", "09:07"), [7 * TICKS]),  # seven minutes apart
        (pair("N2", "09:00", TUESDAY), [1]),  # a day apart
        (pair("N1", "09:00", TUESDAY), [None, 1]),  # the same person a day later
    ],
)
def test_visits_coupled_together(plan: Plan, amounts: list[int | None]) -> None:
    """Visits coupled `together` begin as one, with different caregivers."""
    found = breaches(coupled(CouplingKind.TOGETHER), plan)
    assert found == [(Rule.TOGETHER, "routes[1].stops[0]", amount) for amount in amounts]


def test_visits_coupled_together_are_both_served_or_none() -> None:
    """One of two visits coupled `together` does not take place alone; none of them may."""
    world = coupled(CouplingKind.TOGETHER)
    one = roster(route("N1", ("V1", "C1", "09:00", 30)), unserved=("W1",))
    none = roster(unserved=("V1", "W1"))
    assert breaches(world, one) == [(Rule.TOGETHER, "routes[0].stops[0]", None)]
    assert breaches(world, none) == []


@pytest.mark.parametrize(
    ("plan", "amount"),
    [
        (pair("N2", "10:00"), None),  # 60 minutes after, the minimum
        (pair("N2", "11:00"), None),  # 120 minutes after, the maximum
        (pair("N2", "09:55"), 5 * TICKS),  # five minutes too soon
        (pair("N2", "11:01"), 1 * TICKS),  # a minute too late
        (pair("N2", "08:50"), 70 * TICKS),  # before the first one
        (pair("N2", "10:00", TUESDAY), 1),  # on the next day
        (roster(route("N2", ("W1", "C1", "08:30", 30)), unserved=("V1",)), None),  # first left out
    ],
)
def test_gap(plan: Plan, amount: int | None) -> None:
    """If both are served, the second begins the minimum to the maximum after the first."""
    found = breaches(coupled(CouplingKind.AFTER, min_gap=60, max_gap=120), plan)
    assert [entry[::2] for entry in found] == ([] if amount is None else [(Rule.GAP, amount)])


def test_gap_by_different_caregivers() -> None:
    """Where the coupling says so, the same caregiver does not come twice."""
    stops = (("V1", "C1", "09:00", 30), ("W1", "C1", "10:00", 30))
    plan = roster(route("N1", *stops))
    free = coupled(CouplingKind.AFTER, min_gap=60)
    strict = coupled(CouplingKind.AFTER, min_gap=60, different_caregivers=True)
    assert breaches(free, plan) == []
    assert breaches(strict, plan) == [(Rule.GAP, "routes[0].stops[1]", None)]


@pytest.mark.parametrize(
    ("least", "most", "day", "amount"),
    [
        (1, 1, TUESDAY, None),  # one day apart, just that
        (2, None, TUESDAY, 1),  # one day too close
        (0, 0, TUESDAY, 1),  # one day too far
        (1, None, MONDAY, 1),  # the same day
    ],
)
def test_spacing(least: int, most: int | None, day: dt.date, amount: int | None) -> None:
    """Visits coupled `apart` lie the minimum to the maximum of days from each other."""
    world = coupled(CouplingKind.APART, min_days=least, max_days=most)
    found = breaches(world, pair("N2", "10:00", day))
    expected = [] if amount is None else [(Rule.SPACING, "routes[1].stops[0]", amount)]
    assert found == expected


def test_spacing_counts_both_ways() -> None:
    """The visit named second may be the earlier one."""
    world = coupled(CouplingKind.APART, min_days=1, max_days=1)
    plan = roster(
        route("N1", ("V1", "C1", "09:00", 30), day=TUESDAY),
        route("N2", ("W1", "C1", "09:00", 30), day=MONDAY),
    )
    assert breaches(world, plan) == []
