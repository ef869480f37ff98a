"""What the exact model says of visits that it leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CarerNeed, Pin, Requirement
from optimizer.exact.unserved import first_reason
from optimizer.exact.world import World
from tests.verification.worlds import MONDAY, TUESDAY, caregiver, lane, with_client, with_visit

SKILLED = CarerNeed(minutes=30, qualifications=(Requirement(code="nursing"),))


def varied_visit(**fields: Any) -> Scenario:
    """Return the lane with V1 varied."""
    return with_visit(lane(), "V1", **fields)


@pytest.mark.parametrize(
    ("world", "reason"),
    [
        (lane(), "crowded_out"),  # anybody may, so only others can be in the way
        (varied_visit(carers=(SKILLED,)), "nobody_qualified"),  # nobody holds anything
        (varied_visit(dates=(TUESDAY,)), "not_on_this_day"),  # the horizon is Monday
        (with_client(lane(), "C1", refused=("N1", "N2")), "refused_or_not_allowed"),  # both
        (varied_visit(pin=Pin(caregivers=("N9",))), "refused_or_not_allowed"),  # pinned away
        (lane(caregivers=(caregiver("N1", shifts=()),)), "not_on_this_day"),  # no shift at all
    ],
)
def test_the_first_reason_is_told(world: Scenario, reason: str) -> None:
    """The first test that no caregiver and day passes gives the reason."""
    assert world.horizon.start == MONDAY
    assert first_reason(World.of(world), 0) == reason
