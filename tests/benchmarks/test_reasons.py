"""First reasons of rosters on small random days, each sentence beside exhaustive trial."""

from __future__ import annotations

import pytest

from benchmarks.reasons import run, tables, told
from benchmarks.sentences import Sentences
from benchmarks.suite import Settings
from optimizer.domain import Plan, Scenario, Shift, UnservedReason
from optimizer.domain.caregiver import BreakRule
from optimizer.domain.client import Entitlement, EntitlementUnit
from optimizer.domain.visit import CarerNeed, StartWindow
from optimizer.travel import travel_matrices
from tests.sweeps import few
from tests.verification.worlds import (
    MONDAY,
    caregiver,
    lane,
    roster,
    route,
    with_client,
    with_visit,
)

CODES = frozenset(UnservedReason) - {UnservedReason.NOBODY_FOUND}


STRETCH = 20
"Days of one test."
SWEPT = 240
"Days of all tests; the suite of benchmarks goes through all of its own."


@pytest.mark.parametrize("first", few(range(0, SWEPT, STRETCH), 1))
def test_every_reason_is_confirmed(first: int) -> None:
    """What rosters say of each visit that they leave out is true, by trial of everything."""
    found = [one for day in range(first, first + STRETCH) for one in told(day)]
    assert found
    assert [one for one in found if not one[2]] == []


def test_the_suite_counts_and_confirms() -> None:
    """As many reasons are confirmed as are given, code by code."""
    (one,) = run(Settings(smoke=True))
    assert one.figures["valid"] is True
    assert one.figures["reasons"] == one.figures["confirmed"] != 0
    (table,) = tables([one])
    assert [row[0] for row in table.rows] == [*(code.value for code in UnservedReason), "all"]
    assert all(said == confirmed for _, said, confirmed in table.rows)


AT_NOON = BreakRule(duration=60, earliest="12:00", latest="12:00")
NOON = StartWindow(earliest="12:30", latest="12:30")
AT_TEN = StartWindow(earliest="10:15", latest="10:15")
GRANTED = Entitlement(payer="ltci", unit=EntitlementUnit.MINUTES, cap=20)
NIGHT = (Shift(date=MONDAY, start="20:00", end="04:00+1"),)
AFTER_MIDNIGHT = StartWindow(earliest="01:00+1", latest="01:00+1")


def alone(**fields: object) -> Scenario:
    """Return the lane with one caregiver."""
    return lane(caregivers=(caregiver("N1", **fields),))


def worlds() -> list[tuple[Scenario, Plan, set[str]]]:
    """Return worlds with a plan without V1, and the reasons that are true of V1."""
    nobody = roster(unserved=("V1", "V2", "V3"))
    at_ten = roster(route("N1", ("V2", "C2", "10:00", 60)), unserved=("V1", "V3"))
    ten = with_visit(with_visit(alone(), "V1", window=AT_TEN), "V2", window=AT_TEN)
    at_quarter = roster(route("N1", ("V2", "C2", "10:15", 60)), unserved=("V1", "V3"))
    two = with_visit(alone(), "V1", carers=(CarerNeed(minutes=30), CarerNeed(minutes=30)))
    paid = with_client(with_visit(alone(), "V1", payer="ltci"), "C1", entitlements=(GRANTED,))
    tired = {"rest": 660, "last_return": "22:00"}
    early = with_visit(alone(**tired), "V1", window=StartWindow(earliest="08:00", latest="09:09"))
    just = with_visit(alone(**tired), "V1", window=StartWindow(earliest="08:00", latest="09:10"))
    night = with_visit(alone(shifts=NIGHT), "V1", window=AFTER_MIDNIGHT)
    return [
        (alone(), nobody, {"fits"}),
        (early, nobody, {"rest"}),
        (just, nobody, {"fits"}),
        (night, nobody, {"fits"}),
        (with_visit(alone(), "V1", window=AFTER_MIDNIGHT), nobody, {"window_against_shift"}),
        (alone(), at_ten, {"fits"}),
        (ten, at_quarter, {"crowded_out"}),
        (two, nobody, {"partner_missing"}),
        (paid, nobody, {"entitlement"}),
        (alone(visits_per_day=0), nobody, {"work_limit"}),
        (alone(visits_per_day=1), at_ten, {"work_limit", "crowded_out"}),
        (alone(shifts=()), nobody, {"not_on_this_day"}),
        (with_visit(alone(break_rule=AT_NOON), "V1", window=NOON), nobody, {"break"}),
        (with_client(alone(), "C1", refused=("N1",)), nobody, {"refused_or_not_allowed"}),
        (alone(longest_leg=9), nobody, {"travel"}),
    ]


@pytest.mark.parametrize(("world", "plan", "true"), worlds())
def test_only_what_is_true_is_confirmed(world: Scenario, plan: Plan, true: set[str]) -> None:
    """Every other code is called untrue, so that the trial can fail."""
    sentences = Sentences(world, travel_matrices(world), plan)
    visit = next(one for one in world.visits if one.id == "V1")
    assert {code for code in CODES if sentences.is_true(visit, code)} == true
