"""With routes and order fixed, starts are decided for the best."""

from __future__ import annotations

import numpy as np

from optimizer.exact.retiming import retime
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.problem.translate import to_plan
from optimizer.search.parameters import SearchParameters
from optimizer.search.worker import Worker
from optimizer.verification import Verdict, verify
from tests.worlds.random_small import USUAL, random_small

CASES = 60


def judged(data: ProblemData, routes: Routes) -> Verdict:
    """Return what the verifier says of the routes."""
    plan = to_plan(data, routes, lambda _: "crowded_out")
    return verify(data.scenario, plan, data.matrices)


def test_what_is_saved_is_what_the_verifier_saves() -> None:
    """Starts move, routes and care stay; no rule breaks, and the cost falls by what is said."""
    gained = 0
    for case in range(CASES):
        data = compile_problem(random_small(case, 7, 3, USUAL))
        worker = Worker(data, SearchParameters(), 1, 0)
        worker.construct()
        before = worker.best_routes()
        after, saved = retime(data, before)
        verdict = judged(data, after)
        assert verdict.violations == ()
        assert judged(data, before).cost - verdict.cost == saved >= 0
        for kept in ("ptr", "tasks", "care", "pause"):
            np.testing.assert_array_equal(getattr(before, kept), getattr(after, kept))
        gained += saved > 0
    assert gained > CASES // 10


def test_nothing_is_left_to_save_a_second_time() -> None:
    """Starts that are the best ones stay."""
    for case in range(0, CASES, 6):
        data = compile_problem(random_small(case, 7, 3, USUAL))
        worker = Worker(data, SearchParameters(), 1, 0)
        worker.construct()
        routes, _ = retime(data, worker.best_routes())
        assert retime(data, routes)[1] == 0
