"""The first reason why a visit is left out, each in the smallest world that shows it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from optimizer.domain.caregiver import Qualification
from optimizer.domain.client import Entitlement, EntitlementUnit
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.place import MatrixTravel, Mode
from optimizer.domain.reason import UnservedReason
from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CarerNeed, Requirement, StartWindow
from optimizer.problem.compile import compile_problem
from optimizer.problem.first_reason import first_reason
from tests.verification.worlds import (
    MINUTES,
    MONDAY,
    TUESDAY,
    caregiver,
    lane,
    with_caregiver,
    with_client,
    with_visit,
)

NURSING = (Requirement(code="nursing"),)
SKILLED = CarerNeed(minutes=30, qualifications=NURSING)
PLAIN = CarerNeed(minutes=30)
FAR = tuple(
    tuple(-1 if place == 1 != other else way for other, way in enumerate(row))
    for place, row in enumerate(MINUTES)
)
"There is no way back from C1."
CONTRACT = Contract(
    id="K1", purchaser="civil", organisation="O1", towns=("east",), start=MONDAY, end=MONDAY
)


def first(**fields: Any) -> Scenario:
    """Return the lane with V1 varied."""
    return with_visit(lane(), "V1", **fields)


def paid(unit: EntitlementUnit, cap: int) -> Scenario:
    """Return the lane with V1 paid by an entitlement of so many minutes or visits."""
    grant = Entitlement(payer="ltci", unit=unit, cap=cap)
    return with_client(first(payer="ltci"), "C1", entitlements=(grant,))


def window(earliest: str, latest: str) -> StartWindow:
    """Return a window."""
    return StartWindow(earliest=earliest, latest=latest)


ONE_NURSE = with_caregiver(lane(), "N1", qualifications=(Qualification(code="nursing"),))
EXPIRED = Qualification(code="nursing", expires=MONDAY - dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("world", "reason"),
    [
        (lane(), "crowded_out"),  # anybody could serve it
        (first(carers=(SKILLED,)), "nobody_qualified"),  # nobody holds anything
        (
            with_caregiver(first(carers=(SKILLED,)), "N1", qualifications=(EXPIRED,)),
            "nobody_qualified",
        ),  # held until yesterday
        (first(dates=(TUESDAY,)), "not_on_this_day"),  # the horizon is Monday
        (lane(caregivers=(caregiver("N1", shifts=()),)), "not_on_this_day"),  # nobody works
        (with_client(lane(), "C1", refused=("N1", "N2")), "refused_or_not_allowed"),  # both
        (first(window=window("17:00", "18:00")), "window_against_shift"),  # work is over
        (first(window=window("06:00", "08:09")), "window_against_shift"),  # ten minutes away
        (first(window=window("06:00", "08:10")), "crowded_out"),  # reached in time
        (first(window=window("16:20", "16:20")), "crowded_out"),  # home at 17:00
        (first(window=window("16:21", "16:21")), "window_against_shift"),  # home at 17:01
        (lane(travel=MatrixTravel(minutes={Mode.EBIKE: FAR})), "travel"),  # no way back
        (lane(caregivers=(caregiver("N1", longest_leg=9),)), "travel"),  # ten minutes to C1
        (first(carers=(PLAIN, PLAIN)), "crowded_out"),  # two are there
        (
            with_visit(lane(caregivers=(caregiver("N1"),)), "V1", carers=(PLAIN, PLAIN)),
            "partner_missing",
        ),  # one is there
        (
            with_visit(ONE_NURSE, "V1", carers=(SKILLED, SKILLED)),
            "partner_missing",
        ),  # the only nurse cannot be both
        (paid(EntitlementUnit.MINUTES, 29), "entitlement"),  # 30 minutes are needed
        (paid(EntitlementUnit.MINUTES, 30), "crowded_out"),  # just enough
        (paid(EntitlementUnit.VISITS, 0), "entitlement"),  # used up
        (
            lane(
                organisations=(Organisation(id="O1"),),
                contracts=(CONTRACT,),
                caregivers=(caregiver("N1", organisation="O1"),),
            ),
            "contract",
        ),  # C1 lives in no town that the contract covers
    ],
)
def test_the_first_reason_is_the_one_no_roster_could_mend(world: Scenario, reason: str) -> None:
    """Every reachable reason, and the cases next to it that are only crowded out."""
    assert first_reason(compile_problem(world))(0) == reason


def test_every_reason_is_reached() -> None:
    """The rows above show every code of the closed list."""
    (marks,) = test_the_first_reason_is_the_one_no_roster_could_mend.pytestmark  # type: ignore[attr-defined]
    shown = {reason for _, reason in marks.args[1]}
    assert shown == {reason.value for reason in UnservedReason}
