"""The days that suites share."""

from __future__ import annotations

import pytest

from benchmarks.named_days import DISTRICTS, SCARCE, named_day
from optimizer.formats import check_scenario


@pytest.mark.parametrize(
    "name", ["uncoupled-200", "coupled-100", "pairs-100", DISTRICTS[0], *SCARCE]
)
def test_days_hold_what_their_names_say(name: str) -> None:
    """The number in a name is that of the visits, give or take what a tie needs."""
    day = named_day(name)
    assert len(day.visits) == pytest.approx(int(name.split("-")[1]), rel=0.1)
    assert check_scenario(day).faults == ()


def test_scarce_days_differ_and_lack_three_in_ten_caregivers() -> None:
    """The five scarce days are five days, each with 20 of 29 caregivers."""
    days = [named_day(name) for name in SCARCE]
    assert len({day.id for day in days}) == len(days) == 5
    assert {len(day.caregivers) for day in days} == {20}


def test_every_visit_of_the_pairs_is_tied() -> None:
    """On this day each insertion places two tasks."""
    day = named_day("pairs-100")
    tied = {visit for coupling in day.couplings for visit in (coupling.first, coupling.second)}
    assert all(visit.id in tied or len(visit.carers) == 2 for visit in day.visits)
