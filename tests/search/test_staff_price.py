"""What using a caregiver-day costs may differ from one to the next."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimizer.bound.network import network_of
from optimizer.generate import coupled_day
from optimizer.problem import layout as at
from optimizer.problem.compile import compile_problem
from optimizer.problem.translate import to_plan
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.search import Search
from optimizer.stop import AfterIterations
from optimizer.verification import verify

STEPS = 2_000
DEAR = 10_000_000


def test_a_dear_caregiver_is_used_only_where_the_cost_says_so() -> None:
    """The search leaves a dear caregiver at home, and its cost is the verifier's and the prices."""
    scenario = coupled_day(40, 8, 1)
    data = compile_problem(scenario)
    route = data.arrays.route.copy()
    route[0, at.STAFF] = DEAR
    route[1:, at.STAFF] = 7
    priced = replace(data, arrays=data.arrays._replace(route=route))
    search = Search(priced, SearchParameters(), seed=1, recount=True)
    found = search.run(Budget(None, STEPS), AfterIterations(STEPS))
    used = np.diff(found.routes.ptr) > 0
    verdict = verify(scenario, to_plan(priced, found.routes, lambda _: ""))
    assert verdict.feasible
    assert not used[0]
    assert found.cost == verdict.cost + int(route[used, at.STAFF].sum())


def test_the_bound_counts_the_same_price() -> None:
    """The way to the first stop of a dear caregiver costs so much more in the bound's network."""
    data = compile_problem(coupled_day(20, 4, 1))
    route = data.arrays.route.copy()
    route[0, at.STAFF] = DEAR
    priced = replace(data, arrays=data.arrays._replace(route=route))
    plain, dear = network_of(data).routes[0], network_of(priced).routes[0]
    difference = dear.cost_in - plain.cost_in
    assert set(difference[plain.first < at.BIG].tolist()) == {DEAR}
