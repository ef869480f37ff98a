"""Qualified, allowed and pin: the smallest breach of each is found."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.domain.caregiver import Qualification
from optimizer.domain.client import Flag, Gender, GenderWish
from optimizer.domain.contract import Contract, Lending, Organisation
from optimizer.domain.policy import Rule
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, Pin, Requirement
from tests.verification.worlds import (
    MONDAY,
    TICKS,
    TUESDAY,
    breaches,
    clean,
    lane,
    roster,
    route,
    violations,
    with_caregiver,
    with_client,
    with_visit,
)

AT_V1 = "routes[0].stops[0]"


@pytest.mark.parametrize(("own", "of_all", "is_over"), [
    (1, None, True),
    (None, 1, True),
    (2, 1, False),  # the client's own number counts
    (None, None, False),
])  # fmt: skip
def test_caregivers_per_client(own: int | None, of_all: int | None, is_over: bool) -> None:
    """Two caregivers at C1 are one more than one, told at the stop of the second."""
    world = with_client(with_visit(lane(), "V2", client="C1"), "C1", most_caregivers=own)
    policy = world.policy.model_copy(update={"most_caregivers": of_all})
    world = world.model_copy(update={"policy": policy})
    plan = roster(
        route("N1", ("V1", "C1", "08:10", 30)),
        route("N2", ("V2", "C1", "09:00", 60)),
        unserved=("V3",),
    )
    found = breaches(world, plan)
    assert found == ([(Rule.CAREGIVERS_PER_CLIENT, "routes[1].stops[0]", 1)] if is_over else [])


def needing_nurse(*held: Qualification) -> Scenario:
    """Return the lane with V1 asking for a nurse of level 2, and what N1 holds."""
    need = CarerNeed(minutes=30, qualifications=(Requirement(code="nurse", level=2),))
    world = with_visit(lane(), "V1", carers=(need,))
    return with_caregiver(world, "N1", qualifications=held)


@pytest.mark.parametrize(
    ("held", "is_clean"),
    [
        ((), False),  # holds nothing
        ((Qualification(code="nurse", level=1),), False),  # level too low
        ((Qualification(code="cook", level=9),), False),  # another one
        ((Qualification(code="nurse", level=2),), True),  # just enough
        ((Qualification(code="nurse", level=3),), True),  # a higher level covers it
        ((Qualification(code="nurse", level=2, expires=MONDAY),), True),  # last day
        ((Qualification(code="nurse", level=2, expires="2025-03-02"),), False),  # the day after
    ],
)
def test_qualified(held: tuple[Qualification, ...], is_clean: bool) -> None:
    """The caregiver needs the qualification at that level, valid on the day."""
    found = breaches(needing_nurse(*held), clean())
    assert found == ([] if is_clean else [(Rule.QUALIFIED, AT_V1, None)])


def test_a_volunteer_alone_with_an_aggressive_client() -> None:
    """A volunteer is sent to an aggressive client only as the second of two carers."""
    world = with_client(lane(), "C1", flags=(Flag.AGGRESSIVE,))
    assert breaches(world, clean()) == []
    volunteer = with_caregiver(world, "N1", volunteer=True)
    assert breaches(volunteer, clean()) == [(Rule.ALLOWED, AT_V1, None)]


@pytest.mark.parametrize(
    ("client", "is_clean"),
    [
        ({"refused": ("N1",)}, False),  # refused
        ({"refused": ("N2",)}, True),  # refused somebody else
        ({"gender_wish": GenderWish(gender=Gender.FEMALE, hard=True)}, False),  # insists
        ({"gender_wish": GenderWish(gender=Gender.FEMALE)}, True),  # only wishes
    ],
)
def test_client_admits_the_caregiver(client: dict[str, Any], is_clean: bool) -> None:
    """Whom a client has refused, or whose gender the client does not accept, stays away."""
    world = with_client(with_caregiver(lane(), "N1", gender=Gender.MALE), "C1", **client)
    assert breaches(world, clean()) == ([] if is_clean else [(Rule.ALLOWED, AT_V1, None)])


@pytest.mark.parametrize(
    ("lending", "is_clean"),
    [
        (None, False),  # O1 does not lend
        (Lending(fen_per_hour=6000), True),  # O1 lends
    ],
)
def test_organisation(lending: Lending | None, is_clean: bool) -> None:
    """A client of another organisation is served only by an organisation that lends."""
    bodies = (Organisation(id="O1", lending=lending), Organisation(id="O2"))
    world = with_client(lane(organisations=bodies), "C1", organisation="O2")
    world = with_caregiver(world, "N1", organisation="O1")
    assert breaches(world, clean()) == ([] if is_clean else [(Rule.ALLOWED, AT_V1, None)])


@pytest.mark.parametrize(
    ("towns", "is_clean"),
    [
        (("T1",), True),  # the client's town
        (("T2",), False),  # another town only
        ((), True),  # all towns
    ],
)
def test_contract_covers_the_visit(towns: tuple[str, ...], is_clean: bool) -> None:
    """Where contracts are listed, each stop needs one that covers it."""
    bodies = (Organisation(id="O1"),)
    terms: dict[str, Any] = {"purchaser": "P", "organisation": "O1", "start": MONDAY}
    contract = Contract(id="K1", towns=towns, end=MONDAY, **terms)
    other = Contract(id="K2", towns=("T3",), end=MONDAY, **terms)
    world = lane(organisations=bodies, contracts=(contract, other))
    for name, town in (("C1", "T1"), ("C2", "T3"), ("C3", "T3")):
        world = with_client(world, name, town=town)
    for name in ("N1", "N2"):
        world = with_caregiver(world, name, organisation="O1")
    assert breaches(world, clean()) == ([] if is_clean else [(Rule.ALLOWED, AT_V1, None)])


def test_infectious_client_comes_last() -> None:
    """A clean client after an infectious one is found; two infectious ones may follow."""
    infectious = {"flags": (Flag.INFECTIOUS,)}
    first = with_client(lane(), "C1", **infectious)
    second = with_client(lane(), "C2", **infectious)
    both = with_client(first, "C2", **infectious)
    assert breaches(first, clean()) == [(Rule.ALLOWED, "routes[0].stops[1]", None)]
    assert breaches(second, clean()) == []
    assert breaches(both, clean()) == []


def test_visit_on_a_foreign_day() -> None:
    """A stop on a day that is not among the visit's dates breaks `allowed`."""
    world = with_visit(lane(horizon=Horizon(start=MONDAY, days=2)), "V1", dates=(TUESDAY,))
    assert breaches(world, clean()) == [(Rule.ALLOWED, AT_V1, None)]


@pytest.mark.parametrize(
    ("pin", "amounts"),
    [
        (Pin(caregivers=("N1",), date=MONDAY, start="08:10"), []),  # all kept
        (Pin(caregivers=(None,)), []),  # nothing fixed
        (Pin(caregivers=("N2",)), [None]),  # another caregiver
        (Pin(date=TUESDAY), [1]),  # a day later
        (Pin(start="08:25"), [15 * TICKS]),  # a quarter of an hour later
        (Pin(caregivers=("N2",), start="08:00"), [None, 10 * TICKS]),  # two things at once
    ],
)
def test_pin(pin: Pin, amounts: list[int | None]) -> None:
    """Everything that a planner has fixed is kept, and nothing else is reported for it."""
    world = with_visit(lane(horizon=Horizon(start=MONDAY, days=2)), "V1", pin=pin)
    assert breaches(world, clean()) == [(Rule.PIN, AT_V1, amount) for amount in amounts]


def test_pinned_visit_may_stay_unserved() -> None:
    """A pin asks for nothing where the visit does not take place."""
    world = with_visit(lane(), "V1", pin=Pin(caregivers=("N2",), start="09:00"))
    plan = roster(route("N1", ("V2", "C2", "08:55", 60)), unserved=("V1", "V3"))
    assert breaches(world, plan) == []


def test_pin_of_the_second_carer() -> None:
    """Each carer number has its own pin."""
    two = (CarerNeed(minutes=30), CarerNeed(minutes=30))
    plan = roster(
        route("N1", ("V1", "C1", "08:10", 30)),
        route("N2", ("V1", "C1", "08:10", 30, 2)),
        unserved=("V2", "V3"),
    )
    kept = with_visit(lane(), "V1", carers=two, pin=Pin(caregivers=(None, "N2")))
    broken = with_visit(lane(), "V1", carers=two, pin=Pin(caregivers=(None, "N1")))
    assert breaches(kept, plan) == []
    assert breaches(broken, plan) == [(Rule.PIN, "routes[1].stops[0]", None)]


def test_sentence_names_those_concerned() -> None:
    """A violation carries ids, day and a sentence with both."""
    world = with_client(lane(), "C1", refused=("N1",))
    (found,) = violations(world, clean())
    assert (found.caregiver, found.visit, found.date) == ("N1", "V1", MONDAY)
    assert str(found) == f"{AT_V1}: allowed: C1 has refused N1."
