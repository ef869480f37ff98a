"""The random scenarios are what other tests take them for."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.visit import CouplingKind
from optimizer.matching import eligible
from tests.worlds.random_small import LATE_STARTS, USUAL, random_small

SCENARIOS = [random_small(seed, features=USUAL | LATE_STARTS) for seed in range(120)]


def test_the_same_seed_gives_the_same_scenario() -> None:
    """Two calls with equal arguments give equal scenarios, other seeds other ones."""
    assert random_small(5) == random_small(5)
    assert random_small(5) != random_small(6)


def test_plain_scenarios_are_plain() -> None:
    """Without features there is one day, one carer per visit and no tie."""
    scenario = random_small(3, visits=4, caregivers=2, features=())
    assert (len(scenario.visits), len(scenario.caregivers)) == (4, 2)
    assert scenario.horizon.days == 1
    assert scenario.couplings == ()
    assert all(len(visit.carers) == 1 for visit in scenario.visits)


@pytest.mark.parametrize("kind", list(CouplingKind))
def test_every_tie_turns_up(kind: CouplingKind) -> None:
    """Every kind of coupling occurs more than once."""
    assert sum(c.kind is kind for s in SCENARIOS for c in s.couplings) > 1


def test_most_visits_can_be_served_by_some_but_not_all() -> None:
    """Neither everybody nor nobody may come: matching has a say and leaves a choice."""
    found = [eligible(ScenarioIndex.of(scenario)) for scenario in SCENARIOS]
    shares = [one.tables[one.kind_of].mean() for one in found]
    assert 0.3 < np.mean(shares) < 0.9


def test_visits_of_one_client_only_are_tied() -> None:
    """Couplings join visits of one client, as the format asks."""
    for scenario in SCENARIOS:
        owner = {visit.id: visit.client for visit in scenario.visits}
        assert all(owner[c.first] == owner[c.second] for c in scenario.couplings)
