"""Wishes a caregiver leaves unmet."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.domain.client import Gender, GenderWish
from optimizer.domain.index import ScenarioIndex
from optimizer.matching.affinity import preference_counts, unmet_wishes
from tests.matching.worlds import caregiver, client, random_world

FEMALE, MALE = Gender.FEMALE, Gender.MALE


@pytest.mark.parametrize(
    ("wish", "who", "unmet"),
    [
        ({}, {}, 0),  # No wish.
        ({"preferred": ("N2",)}, {}, 1),  # Somebody else is preferred.
        ({"preferred": ("N2", "N1")}, {}, 0),  # One of the preferred.
        ({"gender_wish": GenderWish(gender=FEMALE)}, {"gender": MALE}, 1),  # Another gender.
        ({"gender_wish": GenderWish(gender=FEMALE)}, {"gender": FEMALE}, 0),  # The wished one.
        ({"gender_wish": GenderWish(gender=FEMALE)}, {}, 1),  # Unknown does not meet it.
        (
            {"gender_wish": GenderWish(gender=FEMALE, hard=True)},
            {"gender": MALE},
            0,
        ),  # Insisted on: a rule, not a wish.
        ({"languages": ("nb",)}, {"languages": ("zh", "wuu")}, 1),  # None in common.
        ({"languages": ("nb", "zh")}, {"languages": ("zh",)}, 0),  # One in common.
        ({"languages": ("nb",)}, {}, 0),  # Nothing known of the caregiver's.
        ({}, {"languages": ("zh",)}, 0),  # Nothing known of the client's.
        (
            {
                "preferred": ("N2",),
                "gender_wish": GenderWish(gender=FEMALE),
                "languages": ("nb",),
            },
            {"gender": MALE, "languages": ("zh",)},
            3,
        ),  # All three.
    ],
)
def test_unmet_wishes(wish: dict[str, Any], who: dict[str, Any], unmet: int) -> None:
    """Preferred caregivers, a wished gender and a shared language count one each."""
    assert unmet_wishes(client(**wish), caregiver("N1", **who)) == unmet


@pytest.mark.parametrize("seed", range(10))
def test_preference_counts(seed: int) -> None:
    """The table holds the unmet wishes of each visit's client with each caregiver."""
    scenario = random_world(seed)
    index = ScenarioIndex.of(scenario)
    expected = [
        [unmet_wishes(index.client[visit.client], g) for g in scenario.caregivers]
        for visit in scenario.visits
    ]
    assert preference_counts(index).tolist() == expected
