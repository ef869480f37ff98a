"""Steps that hand a visit over to somebody who comes to its client more often."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from statistics import mean

import numpy as np
import pytest

from optimizer.generate import weeks_of_daily_care
from optimizer.needs import derive
from optimizer.problem import layout as at
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.stop import AfterIterations

STEPS = 4_000


@pytest.fixture(scope="module")
def week() -> ProblemData:
    """A week of 24 clients with series, and 9 caregivers."""
    return compile_problem(derive(weeks_of_daily_care(24, 9, 7, 1)).scenario)


def found(week: ProblemData, share: float) -> tuple[float, int]:
    """Return caregivers per client and the cost of who is served, with so many such steps."""
    usual = SearchParameters().fitted(week.num_tasks, returning=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SearchParameters, "fitted", lambda *_, **__: replace(usual, hand_over=share))
        search = Search(week, SearchParameters(), seed=1)
    result = search.run(Budget(None, STEPS), AfterIterations(STEPS))
    seen = defaultdict(set)
    on = np.repeat(np.arange(len(result.routes.ptr) - 1), np.diff(result.routes.ptr))
    for k, v in zip(result.routes.tasks.tolist(), on.tolist(), strict=True):
        client, caregiver = week.arrays.task[k, at.CLIENT], week.arrays.route[v, at.CAREGIVER]
        seen[int(client)].add(int(caregiver))
    unserved = np.setdiff1d(np.arange(week.num_tasks), result.routes.tasks)
    return mean(map(len, seen.values())), result.cost - int(week.arrays.prize[unserved].sum())


def test_they_lead_to_fewer_caregivers_at_a_lower_cost(week: ProblemData) -> None:
    """After equal steps a client sees fewer caregivers, and care costs less."""
    fewer, cheaper = found(week, 0.9)
    more, dearer = found(week, 0.0)
    assert fewer < more
    assert cheaper < dearer


def test_they_repeat_themselves(week: ProblemData) -> None:
    """The same seed and steps give the same roster, and another one than without such steps."""
    assert found(week, 0.9) == found(week, 0.9) != found(week, 0.0)


def test_one_day_has_none_of_them() -> None:
    """Only where caregivers are to come again on other days are visits handed over."""
    usual = SearchParameters()
    assert usual.hand_over == usual.fitted(500).hand_over == 0
    assert usual.fitted(500, returning=True).hand_over > 0
