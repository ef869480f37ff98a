"""A part of a problem is the problem of its visits alone, and its routes fit the whole."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.domain.scenario import Scenario
from optimizer.problem import layout as at
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.part import Part, part_of
from optimizer.problem.routes import Routes
from optimizer.search.parameters import SearchParameters
from optimizer.search.worker import Worker
from tests.worlds.random_small import random_small

CASES = range(12)


@pytest.fixture(scope="module", params=CASES)
def whole(request: pytest.FixtureRequest) -> ProblemData:
    """A small random scenario, compiled."""
    return compile_problem(random_small(request.param))


@pytest.fixture(scope="module")
def part(whole: ProblemData) -> Part:
    """Every other visit of it, with what these depend on."""
    return part_of(whole, whole.arrays.task[:, at.VISIT] % 2 == 0)


def without_others(part: Part) -> Scenario:
    """Return the scenario with the visits of the part only."""
    scenario = part.data.scenario
    kept = {scenario.visits[task.visit].id for task in part.data.tasks}
    return scenario.model_copy(
        update={
            "visits": tuple(visit for visit in scenario.visits if visit.id in kept),
            "couplings": tuple(c for c in scenario.couplings if {c.first, c.second} <= kept),
        }
    )


def test_a_part_is_what_compiling_its_visits_alone_gives(part: Part) -> None:
    """Tasks, couplings, units, prices and neighbours are those of the scenario of its visits."""
    alone = compile_problem(without_others(part)).arrays
    mine = part.data.arrays
    by_visit = (at.EARLIEST, at.DUE, at.LATEST, at.FULL, at.SHORT, at.PLACE, at.LEVEL, at.CARER)
    assert np.array_equal(mine.task[:, by_visit], alone.task[:, by_visit])
    for name in ("tie_ptr", "tie_to", "tie_out", "tie_in", "tie_differ", "space_ptr", "space_to"):
        assert np.array_equal(getattr(mine, name), getattr(alone, name)), name
    for name in ("unit", "prize", "near"):
        assert np.array_equal(getattr(mine, name), getattr(alone, name)), name


def test_a_part_has_the_routes_that_are_open_to_its_visits(part: Part, whole: ProblemData) -> None:
    """Each task may be on the same routes as in the whole, and every route is open to some."""
    mine, all_routes = part.data.arrays, whole.arrays
    for k, task in enumerate(part.tasks):
        row, whole_row = mine.task[k, at.ROW], all_routes.task[task, at.ROW]
        open_to = part.routes[mine.row_route[mine.row_ptr[row] : mine.row_ptr[row + 1]]]
        lo, hi = all_routes.row_ptr[whole_row : whole_row + 2]
        assert open_to.tolist() == all_routes.row_route[lo:hi].tolist()
    assert set(mine.row_route.tolist()) == set(range(len(part.routes)))


def test_dependent_visits_come_along(part: Part, whole: ProblemData) -> None:
    """No task of a part is coupled to, or to be apart from, one outside it."""
    inside = set(part.tasks.tolist())
    for k in inside:
        arrays = whole.arrays
        ties = arrays.tie_to[arrays.tie_ptr[k] : arrays.tie_ptr[k + 1]]
        apart = arrays.space_to[arrays.space_ptr[k] : arrays.space_ptr[k + 1]]
        assert {*ties.tolist(), *apart.tolist()} <= inside


def test_routes_go_into_the_whole_and_come_back(part: Part, whole: ProblemData) -> None:
    """What a search of the part plans breaks no rule in the whole, and returns as it was."""
    worker = Worker(part.data, SearchParameters(), 1, 0, recount=True)
    worker.construct()
    worker.run(100, 500.0, 50.0)
    routes = worker.best_routes()
    outside = part.into_whole(routes)
    assert Worker(whole, SearchParameters(), 1, 0).load(outside)
    back = part.from_whole(outside)
    assert stops(back) == stops(routes)
    assert len(outside.ptr) == whole.num_routes + 1
    assert set(outside.tasks.tolist()) <= set(part.tasks.tolist())


def stops(routes: Routes) -> list[list[int]]:
    """Return everything that routes hold."""
    return [
        array.tolist()
        for array in (routes.ptr, routes.tasks, routes.care, routes.starts, routes.pause)
    ]
