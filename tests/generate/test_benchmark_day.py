"""Facts about benchmark days of any size."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from optimizer.domain.scenario import Scenario
from optimizer.domain.visit import CouplingKind
from optimizer.formats import check_scenario, format_scenario
from optimizer.generate import coupled_day, uncoupled_day


@pytest.mark.parametrize("day", [uncoupled_day, coupled_day])
def test_benchmark_days_follow_from_their_seed(day: Callable[[int, int, int], Scenario]) -> None:
    """The same numbers give the same bytes, another seed gives another day."""
    assert format_scenario(day(60, 9, 3)) == format_scenario(day(60, 9, 3))
    assert day(60, 9, 3).visits != day(60, 9, 4).visits


def test_uncoupled_visits_are_independent() -> None:
    """One carer each, one client each, no tie, no break, nothing mandatory."""
    day = uncoupled_day(200, 28, 1)
    assert (len(day.visits), len(day.caregivers)) == (200, 28)
    assert len({visit.client for visit in day.visits}) == 200
    assert day.couplings == ()
    assert all(len(visit.carers) == 1 and not visit.mandatory for visit in day.visits)
    assert all(caregiver.break_rule is None for caregiver in day.caregivers)
    assert {caregiver.mode.value for caregiver in day.caregivers} == {"ebike", "car"}


def test_a_scarce_day_only_lacks_caregivers() -> None:
    """With 30 % taken away the visits and the remaining caregivers stay as they were."""
    ample, scarce = uncoupled_day(200, 28, 1), uncoupled_day(200, 28, 1, scarce=0.3)
    assert scarce.visits == ample.visits
    assert len(scarce.caregivers) == 20
    assert set(scarce.caregivers) < set(ample.caregivers)
    assert scarce.id != ample.id


def test_coupled_days_have_every_kind_of_tie_within_a_day() -> None:
    """There are two-carer visits, visits given together, and visits that follow others."""
    day = coupled_day(200, 28, 1)
    assert len(day.visits) == 200
    assert {c.kind for c in day.couplings} == {CouplingKind.AFTER, CouplingKind.TOGETHER}
    assert any(len(visit.carers) == 2 for visit in day.visits)


@pytest.mark.parametrize("seed", range(1, 6))
def test_benchmark_days_have_no_fault_and_no_warning(seed: int) -> None:
    """Days of five seeds pass all checks of the format."""
    for day in (uncoupled_day(150, 21, seed), coupled_day(150, 21, seed)):
        findings = check_scenario(day)
        assert findings.faults == ()
        assert findings.warnings == ()


@pytest.mark.sweep
def test_a_day_of_ten_thousand_visits_is_made() -> None:
    """Each of 10,000 visits has a name of its own."""
    day = uncoupled_day(10_000, 1_400, 1)
    assert len({visit.id for visit in day.visits}) == 10_000


@pytest.mark.parametrize(
    ("visits", "caregivers", "scarce"),
    [
        (0, 3, 0.0),  # no visits
        (3, 0, 0.0),  # no caregivers
        (3, 3, 1.0),  # nobody left
        (3, 3, -0.1),  # more than all
    ],
)
def test_impossible_numbers_are_refused(visits: int, caregivers: int, scarce: float) -> None:
    """A day without visits, without caregivers or with a senseless share is no day."""
    with pytest.raises(ValueError, match="a day has visits and caregivers"):
        uncoupled_day(visits, caregivers, 1, scarce)
