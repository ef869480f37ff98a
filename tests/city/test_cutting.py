"""Parts are alike in work, and each has its share of what only few may do."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.city.cutting import cut, nearest_part, points, staff_parts
from optimizer.generate import uncoupled_day


@pytest.mark.parametrize("parts", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("angle", [0.0, 35.0])
def test_parts_weigh_alike(parts: int, angle: float) -> None:
    """Recursive medians by weight: no part has a third more than its share."""
    draw = np.random.default_rng(1)
    at, weights = draw.random((400, 2)), draw.integers(20, 60, 400).astype(float)
    label = cut(at, weights, parts, angle)
    sums = np.bincount(label, weights, minlength=parts)
    assert len(sums) == parts
    assert sums.max() < 1.34 * weights.sum() / parts


def test_another_angle_cuts_elsewhere() -> None:
    """Many who were in one part are in two of the next round."""
    at = np.random.default_rng(1).random((400, 2))
    one, two = (cut(at, np.ones(400), 4, angle) for angle in (0.0, 35.0))
    together = [np.bincount(two[one == part], minlength=4) for part in range(4)]
    assert all(np.count_nonzero(row > 5) >= 2 for row in together)


def test_few_points_are_not_cut_further() -> None:
    """More parts than clients leave some empty instead of failing."""
    assert set(cut(np.zeros((2, 2)), np.ones(2), 5)) <= set(range(5))


def test_every_part_has_its_share_of_each_qualification() -> None:
    """With all nurses at one end of the city they are shared out by the injections asked for."""
    city = uncoupled_day(400, 60, 1)
    nurses = [
        one for one in city.caregivers if any(held.code == "N" for held in one.qualifications)
    ]
    assert len(nurses) >= 4
    west = min((one.home for one in city.clients), key=lambda place: place.lon)
    city = city.model_copy(
        update={
            "caregivers": tuple(
                one.model_copy(update={"home": west}) if one in nurses else one
                for one in city.caregivers
            )
        }
    )
    homes = points([one.home for one in city.clients])
    of_client = cut(homes, np.ones(len(homes)), 2)
    people = points([one.home for one in city.caregivers])
    first = nearest_part(people, homes, of_client)
    rows = {one.id: number for number, one in enumerate(city.clients)}
    of_visit = np.array([of_client[rows[visit.client]] for visit in city.visits])
    found = staff_parts(city, of_visit, people, first, 2)
    is_nurse = np.array([one.id in {each.id for each in nurses} for one in city.caregivers])
    assert np.bincount(first[is_nurse], minlength=2).min() == 0
    assert np.bincount(found[is_nurse], minlength=2).min() >= 1
