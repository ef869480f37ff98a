"""Contract caps and entitlements: the smallest breach of each is found."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.domain.client import Entitlement, EntitlementUnit
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Rule
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CarerNeed
from tests.verification.worlds import (
    MONDAY,
    TICKS,
    breaches,
    clean,
    lane,
    roster,
    route,
    visit,
    with_caregiver,
    with_client,
    with_visit,
)


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


def test_visit_without_payer_charges_nothing() -> None:
    """Only visits that name the payer use up its entitlement."""
    world = with_visit(granted(EntitlementUnit.VISITS, 1), "W1", payer=None)
    assert breaches(world, two_visits()) == []


def test_unserved_visit_charges_nothing() -> None:
    """An entitlement is used up by visits that take place."""
    plan = roster(route("N1", ("V1", "C1", "09:00", 30)), unserved=("W1",))
    assert breaches(granted(EntitlementUnit.VISITS, 1), plan) == []
