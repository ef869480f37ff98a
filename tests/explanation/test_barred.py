"""What is asked once of all who are alike is the same as what is asked of each."""

from __future__ import annotations

import pytest

from optimizer.domain.scenario import Scenario
from optimizer.explanation import Insertions, PlanState
from optimizer.explanation.codes import OF_MATCHING, RANK
from optimizer.matching import reasons_against, skill_reasons
from optimizer.travel import travel_matrices
from tests.explanation.days import nobody
from tests.worlds.random_small import USUAL, random_small


def places_of(scenario: Scenario) -> Insertions:
    """Return a day on which nobody is served."""
    return Insertions(PlanState.of(scenario, nobody(scenario), travel_matrices(scenario)))


@pytest.mark.parametrize("seed", range(40))
def test_the_hardest_reason_of_each_is_told(seed: int) -> None:
    """Of every visit, caregiver and day it is the hardest lack of a skill, else the hardest."""
    scenario = random_small(seed, 9, 5, USUAL)
    together, singly = places_of(scenario), places_of(scenario)
    index = together.state.index
    keys = [(one.id, day, 0) for one in scenario.caregivers for day in index.dates]
    for visit in scenario.visits:
        for carer, need in enumerate(visit.carers, 1):
            task = together.state.task(visit, carer)
            found = together.barred_from(task, keys)
            for key in keys:
                person = index.caregiver[key[0]]
                reasons = list(skill_reasons(need.qualifications, person, key[1])) or (
                    reasons_against(index, visit, carer, person, key[1])
                )
                expected = min(
                    (OF_MATCHING[one] for one in reasons), key=RANK.__getitem__, default=None
                )
                assert found[key] == singly.barred(task, key) == expected
