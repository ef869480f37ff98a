"""Whose routes begin near a task, and what the kernels look up about routes."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.generate import RECIPES, generate_scenario, uncoupled_day
from optimizer.problem import layout as at
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.near_routes import NEAREST_ROUTES, near_routes
from tests.worlds.random_small import random_small


@pytest.fixture(scope="module")
def day() -> ProblemData:
    """A day of 60 independent visits by 40 caregivers, compiled."""
    return compile_problem(uncoupled_day(60, 40, 3))


@pytest.fixture(scope="module", params=range(6))
def small(request: pytest.FixtureRequest) -> ProblemData:
    """A small random scenario of one or several days with journeys that differ by direction."""
    return compile_problem(random_small(request.param))


def test_allowed_says_the_same_as_the_list_of_routes(small: ProblemData) -> None:
    """A row's mark is 1 exactly for the routes that its list names."""
    arrays = small.arrays
    assert arrays.allowed.shape == (len(arrays.row_ptr) - 1, small.num_routes)
    for row, marks in enumerate(arrays.allowed):
        listed = arrays.row_route[arrays.row_ptr[row] : arrays.row_ptr[row + 1]]
        assert np.flatnonzero(marks).tolist() == listed.tolist()


def test_travel_is_also_kept_by_where_it_leads_to(small: ProblemData) -> None:
    """`travel_from` has the ways to a place where `travel` has the ways from it."""
    arrays = small.arrays
    assert arrays.travel_from.flags.c_contiguous
    assert np.array_equal(arrays.travel_from, arrays.travel.transpose(0, 2, 1))


def test_travel_alike_both_ways_is_kept_once(day: ProblemData) -> None:
    """Journeys worked out from coordinates need no second copy."""
    assert day.arrays.travel_from is day.arrays.travel


def test_routes_with_the_nearest_homes_come_first(day: ProblemData) -> None:
    """On one day they are simply the nearest allowed ones, and then nobody."""
    arrays = day.arrays
    assert arrays.near_route.shape == (day.num_tasks, NEAREST_ROUTES)
    for k in range(day.num_tasks):
        away = {
            v: arrays.travel[
                arrays.route[v, at.MODE], arrays.route[v, at.HOME], arrays.task[k, at.PLACE]
            ]
            for v in np.flatnonzero(arrays.allowed[arrays.task[k, at.ROW]]).tolist()
        }
        nearest = sorted(away, key=lambda v: (away[v], v))[:NEAREST_ROUTES]
        padding = [-1] * (NEAREST_ROUTES - len(nearest))
        assert arrays.near_route[k].tolist() == nearest + padding


def test_every_day_has_its_share_of_near_routes() -> None:
    """On three days with 20 routes each the nearest 8 of every day are listed, nearest first."""
    route = np.zeros((60, at.ROUTE_COLUMNS), np.int64)
    route[:, at.DATE] = np.repeat([0, 1, 2], 20)
    route[:, at.HOME] = np.arange(60) % 20 + 1
    travel = np.abs(np.subtract.outer(np.arange(21), np.arange(21))).astype(np.int32)[None]
    task = np.zeros((1, at.TASK_COLUMNS), np.int64)
    near = near_routes(task, route, travel, np.ones((1, 60), np.int8))
    assert near[0].tolist() == [20 * date + home for home in range(8) for date in range(3)]


def test_places_that_a_day_does_not_use_go_to_the_others() -> None:
    """A day with a single route leaves the other 23 places to the day with thirty."""
    route = np.zeros((31, at.ROUTE_COLUMNS), np.int64)
    route[30, at.DATE] = 1
    near = near_routes(
        np.zeros((1, at.TASK_COLUMNS), np.int64),
        route,
        np.zeros((1, 1, 1), np.int32),
        np.ones((1, 31), np.int8),
    )
    assert near[0].tolist() == [*range(23), 30]


def test_near_routes_are_allowed_and_named_once() -> None:
    """Near routes are distinct allowed routes; -1 stands only at the end."""
    data = compile_problem(generate_scenario(RECIPES["hamlet"], 1))
    arrays = data.arrays
    assert arrays.near_route.shape == (data.num_tasks, min(data.num_routes, NEAREST_ROUTES))
    for k, near in enumerate(arrays.near_route):
        found = near[near >= 0].tolist()
        may = np.flatnonzero(arrays.allowed[arrays.task[k, at.ROW]])
        assert len(set(found)) == len(found) == min(len(near), len(may))
        assert set(found) <= set(may.tolist())
        assert (near[len(found) :] == -1).all()
