"""Contract caps and entitlements: the smallest breach of each is found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimizer.domain.client import Entitlement, EntitlementUnit, ServicePrice
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Rule
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed
from tests.verification.worlds import (
    MONDAY,
    TICKS,
    breaches,
    clean,
    lane,
    roster,
    route,
    shifts,
    visit,
    with_caregiver,
    with_client,
    with_visit,
)

SUNDAY = MONDAY - dt.timedelta(days=1)
LAST_OF_MONTH = dt.date(2025, 3, 31)
"A Monday."


def contracted(**caps: Any) -> Scenario:
    """Return the lane with one contract for everything; the clean plan charges 135 minutes."""
    contract = Contract(id="K1", purchaser="P", organisation="O1", start=MONDAY, end=MONDAY, **caps)
    world = lane(organisations=(Organisation(id="O1"),), contracts=(contract,))
    for name in ("N1", "N2"):
        world = with_caregiver(world, name, organisation="O1")
    return world


@pytest.mark.parametrize(
    ("caps", "over"),
    [
        ({"cap": 135}, None),  # 30 + 60 + 45 minutes
        ({"cap": 130}, 5 * TICKS),  # five minutes too many
        ({"cap_visits": 3}, None),  # three visits
        ({"cap_visits": 2}, 1),  # one too many
        ({"cap_visits": 4, "used_visits": 1}, None),  # with an earlier one, four of four
        ({"cap_visits": 3, "used_visits": 1}, 1),  # an earlier one has used what is missing
        # 1,001 fen an hour: 500 (500.5) + 1,001 + 750 (750.75) = 2,251 fen
        ({"cap_fen": 2251, "fen_per_hour": 1001}, None),  # each stop rounded down
        ({"cap_fen": 2250, "fen_per_hour": 1001}, 1),  # one fen too many
    ],
)
def test_contract_cap(caps: dict[str, int], over: int | None) -> None:
    """Care, visits and fen charged to a contract stay within its caps."""
    found = breaches(contracted(**caps), clean())
    assert found == ([] if over is None else [(Rule.CONTRACT_CAP, "plan", over)])


def test_visit_of_two_carers_counts_once_and_its_care_twice() -> None:
    """A visit is counted at carer 1's stop, its care at both."""
    two = (CarerNeed(minutes=30), CarerNeed(minutes=30))
    plan = roster(
        route("N1", ("V1", "C1", "09:00", 30)),
        route("N2", ("V1", "C1", "09:00", 30, 2)),
        unserved=("V2", "V3"),
    )
    world = with_visit(contracted(cap=59, cap_visits=1), "V1", carers=two)
    assert breaches(world, plan) == [(Rule.CONTRACT_CAP, "plan", 1 * TICKS)]


def test_first_covering_contract_is_charged() -> None:
    """Only the first contract that covers a stop is charged, in the scenario's order."""
    world = contracted(cap=135)
    spare = world.contracts[0].model_copy(update={"id": "K2", "cap": 0})
    assert (
        breaches(world.model_copy(update={"contracts": (*world.contracts, spare)}), clean()) == []
    )


def granted(unit: EntitlementUnit, cap: int) -> Scenario:
    """Return the lane with V1 and W1 of C1 (30 minutes each) paid by an entitlement."""
    visits = (visit("V1", "C1", 30, payer="ltci"), visit("W1", "C1", 30, payer="ltci"))
    paid = Entitlement(payer="ltci", unit=unit, cap=cap)
    return with_client(lane(visits=visits), "C1", entitlements=(paid,))


def two_visits() -> Plan:
    """Return a plan of V1 and W1, one after the other."""
    return roster(route("N1", ("V1", "C1", "09:00", 30), ("W1", "C1", "09:30", 30)))


@pytest.mark.parametrize(
    ("unit", "cap", "over"),
    [
        (EntitlementUnit.MINUTES, 60, None),  # 30 + 30 minutes
        (EntitlementUnit.MINUTES, 59, 1 * TICKS),  # a minute too many
        (EntitlementUnit.VISITS, 2, None),  # two visits
        (EntitlementUnit.VISITS, 1, 1),  # one too many
    ],
)
def test_entitlement(unit: EntitlementUnit, cap: int, over: int | None) -> None:
    """What a client's visits charge to a payer stays within the entitlement."""
    found = breaches(granted(unit, cap), two_visits())
    expected = [] if over is None else [(Rule.ENTITLEMENT, "routes[0].stops[1]", over)]
    assert found == expected


BATH = ServicePrice(service="bath", fen_per_hour=3_001, fen_per_time=500)
MEAL = ServicePrice(service="meal", fen_per_hour=2_000, fen_per_time=100)


@pytest.mark.parametrize(
    ("fields", "over"),
    [
        # bath: 500 fen and half an hour at 3,001 (1,500.5) make 2,000; meal: 100 and 1,000
        ({"unit": "fen", "cap": 3_100, "prices": (BATH, MEAL)}, None),
        ({"unit": "fen", "cap": 3_099, "prices": (BATH, MEAL)}, 1),
        ({"unit": "fen", "cap": 2_000, "prices": (BATH, MEAL), "services": ("bath",)}, None),
        ({"unit": "fen", "cap": 1_099, "prices": (BATH, MEAL), "services": ("meal",)}, 1),
        ({"unit": "fen", "cap": 1_999, "prices": (BATH,)}, 1),  # a meal costs nothing
        ({"unit": "minutes", "cap": 30, "services": ("bath",)}, None),  # V1 only
        ({"unit": "minutes", "cap": 29, "services": ("bath",)}, 1 * TICKS),
        ({"unit": "visits", "cap": 1, "services": ("bath", "meal")}, 1),  # one of them each
        ({"unit": "visits", "cap": 0, "services": ("other",)}, None),
        ({"unit": "visits", "cap": 1, "period": "week"}, 1),  # both on one day
        ({"unit": "visits", "cap": 1, "period": "month"}, 1),
        ({"unit": "visits", "cap": 0, "payer": "other"}, None),
    ],
)
def test_every_purse_of_the_payer_holds(fields: dict[str, Any], over: int | None) -> None:
    """A purse counts the visits of its payer that have one of its services, beside any other."""
    wide = {"payer": "ltci", "unit": "visits", "cap": 9}
    purses = [Entitlement.model_validate({**wide, **one}) for one in (wide, fields, wide)]
    world = with_client(granted(EntitlementUnit.MINUTES, 60), "C1", entitlements=tuple(purses))
    world = with_visit(with_visit(world, "V1", services=("bath",)), "W1", services=("meal",))
    found = breaches(world, two_visits())
    place = 0 if fields.get("services") == ("bath",) else 1
    expected = [] if over is None else [(Rule.ENTITLEMENT, f"routes[0].stops[{place}]", over)]
    assert found == expected


def test_a_visit_of_several_services_pays_the_dearest_hour() -> None:
    """Half an hour of bath and meal costs the hour of the bath, and both prices per time."""
    paid = Entitlement(payer="ltci", unit="fen", cap=2_099, prices=(MEAL, BATH))
    world = with_client(granted(EntitlementUnit.VISITS, 1), "C1", entitlements=(paid,))
    world = with_visit(with_visit(world, "V1", services=("bath", "meal")), "W1", payer=None)
    assert breaches(world, two_visits()) == [(Rule.ENTITLEMENT, "routes[0].stops[0]", 1)]


def test_a_price_per_time_is_paid_once_for_two_carers() -> None:
    """Two carers charge their hours each, and the visit's price per time once."""
    plan = roster(
        route("N1", ("V1", "C1", "09:00", 30)),
        route("N2", ("V1", "C1", "09:00", 30, 2)),
        unserved=("W1",),
    )
    paid = Entitlement(payer="ltci", unit="fen", cap=3_499, prices=(BATH,))
    world = with_client(granted(EntitlementUnit.VISITS, 1), "C1", entitlements=(paid,))
    two = (CarerNeed(minutes=30), CarerNeed(minutes=30))
    world = with_visit(world, "V1", services=("bath",), carers=two)
    assert breaches(world, plan) == [(Rule.ENTITLEMENT, "routes[1].stops[0]", 1)]


@pytest.mark.parametrize(
    ("start", "period", "over"),
    [
        (SUNDAY, "week", None),  # Sunday and Monday lie in two weeks
        (SUNDAY, "month", 1),
        (SUNDAY, "horizon", 1),
        (MONDAY, "week", 1),
        (LAST_OF_MONTH, "month", None),
        (LAST_OF_MONTH, "week", 1),  # Monday 31 March, Tuesday 1 April
    ],
)
def test_a_purse_begins_anew_with_week_and_month(
    start: dt.date, period: str, over: int | None
) -> None:
    """One visit in a period: two on neighbouring days are too many unless it ends between."""
    both = (start, start + dt.timedelta(days=1))
    paid = Entitlement(payer="ltci", unit="visits", cap=1, period=period)
    world = with_client(granted(EntitlementUnit.VISITS, 1), "C1", entitlements=(paid,))
    world = with_caregiver(world, "N1", shifts=shifts(*both))
    world = world.model_copy(update={"horizon": Horizon(start=start, days=2)})
    plan = roster(
        route("N1", ("V1", "C1", "09:00", 30), day=both[0]),
        route("N1", ("W1", "C1", "09:30", 30), day=both[1]),
    )
    expected = [] if over is None else [(Rule.ENTITLEMENT, "routes[1].stops[0]", over)]
    assert breaches(world, plan) == expected


def test_visit_without_payer_charges_nothing() -> None:
    """Only visits that name the payer use up its entitlement."""
    world = with_visit(granted(EntitlementUnit.VISITS, 1), "W1", payer=None)
    assert breaches(world, two_visits()) == []


def test_unserved_visit_charges_nothing() -> None:
    """An entitlement is used up by visits that take place."""
    plan = roster(route("N1", ("V1", "C1", "09:00", 30)), unserved=("W1",))
    assert breaches(granted(EntitlementUnit.VISITS, 1), plan) == []
