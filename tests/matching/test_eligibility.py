"""Everybody against everything at once gives the same answers as one by one."""

from __future__ import annotations

from collections import Counter

import pytest

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Horizon
from optimizer.matching.eligibility import eligible
from optimizer.matching.reasons import Reason, reasons_against
from tests.matching.worlds import MONDAY, random_world, world


@pytest.mark.parametrize("seed", range(60))
def test_same_answers_as_reasons_against(seed: int) -> None:
    """A caregiver is eligible exactly where no reason speaks against."""
    scenario = random_world(seed)
    index = ScenarioIndex.of(scenario)
    expected = [
        [
            [reasons_against(index, visit, carer, g, day) == () for day in index.dates]
            for g in scenario.caregivers
        ]
        for visit in scenario.visits
        for carer in range(1, len(visit.carers) + 1)
    ]
    found = eligible(index)
    assert found.tables[found.kind_of].tolist() == expected


def test_the_random_worlds_hold_every_reason() -> None:
    """The comparison above means something: each reason decides some case alone."""
    alone: Counter[tuple[Reason, ...]] = Counter()
    for seed in range(60):
        scenario = random_world(seed)
        index = ScenarioIndex.of(scenario)
        alone.update(
            reasons_against(index, visit, carer, g, day)
            for visit in scenario.visits
            for carer in range(1, len(visit.carers) + 1)
            for g in scenario.caregivers
            for day in index.dates
        )
    assert alone[()] > 0
    assert [reason for reason in Reason if not alone[reason,]] == []


def test_nobody_and_nothing() -> None:
    """Without visits or without caregivers the table is empty in that direction."""
    assert eligible(ScenarioIndex.of(world(visits=()))).tables.shape == (0, 1, 3)
    assert eligible(ScenarioIndex.of(world(caregivers=()))).tables.shape == (1, 0, 3)


@pytest.mark.sweep
def test_a_large_day_is_matched() -> None:
    """Ten thousand tasks and 1,400 caregivers make one table of the few kinds of tasks."""
    scenario = random_world(5, clients=2500, caregivers=1400, visits=6700)
    scenario = scenario.model_copy(update={"horizon": Horizon(start=MONDAY)})
    index = ScenarioIndex.of(scenario)
    found = eligible(index)
    assert len(found.kind_of) > 9_900
    assert found.tables.shape[1:] == (1400, 1)
