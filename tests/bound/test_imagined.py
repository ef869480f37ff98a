"""The bound with people who are only imagined, of whom so many are hired."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.bound.imagined import Imagined
from optimizer.bound.imagined_bound import HireWeights, hire_weights
from optimizer.bound.lower_bound import dual_weights
from optimizer.domain.caregiver import Qualification
from optimizer.generate import uncoupled_day
from optimizer.problem.compile import compile_problem

ROUNDS = 200


@pytest.fixture(scope="module")
def found() -> list[HireWeights]:
    """What 0, 1 and 2 hires leave of a scarce day, all of them with every qualification."""
    day = uncoupled_day(14, 2, 1, scarce=0.3)
    asked = {q.code for visit in day.visits for need in visit.carers for q in need.qualifications}
    held = tuple(Qualification(code=code, level=9) for code in sorted(asked))
    more = tuple(
        one.model_copy(update={"id": f"N-{one.id}", "qualifications": held})
        for one in day.caregivers
    )
    fuller = day.model_copy(update={"caregivers": (*day.caregivers, *more)})
    data = compile_problem(fuller)
    return list(hire_weights(data, len(day.caregivers), range(3), found={}, rounds=ROUNDS))


def test_without_a_hire_it_is_the_bound_of_the_staff(found: list[HireWeights]) -> None:
    """Whoever is imagined and not hired changes nothing."""
    alone = dual_weights(compile_problem(uncoupled_day(14, 2, 1, scarce=0.3)), 60.0)
    assert found[0].least_unserved == alone.least_unserved > 0


def test_more_hires_leave_fewer(found: list[HireWeights]) -> None:
    """Each hire can only lower what must stay."""
    least = [one.least_unserved for one in found]
    assert least == sorted(least, reverse=True)
    assert least[2] < least[0]


def test_weights_and_limits_add_up_to_what_is_proven(found: list[HireWeights]) -> None:
    """All weights less the limits of the staff less those of the best hires, in whole visits."""
    staff = len(found[0].limits) // 2
    for one in found:
        given = sum(one.limits[:staff]) + one.hires * max(one.limits[staff:])
        proven = -(-(sum(one.weights) - given) // one.unit)
        assert max(0, proven) == one.least_unserved


def test_whoever_works_two_shifts_shares_a_hire_out_among_them() -> None:
    """The shares of a person's routes are a hire together, those of the staff nothing."""
    imagined = Imagined(np.array([-1, 0, 0, 1, -1]), 2)
    assert imagined.shares().tolist() == [0.0, 0.5, 0.5, 1.0, 0.0]
    assert imagined.routes.tolist() == [1, 2, 3]
    assert imagined.most_saved(np.array([-9, -3, -4, -5, -9])).tolist() == [7, 5]
