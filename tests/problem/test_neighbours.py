"""The nearest tasks are found without comparing every task with every other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy import float64, int32
from numpy.typing import NDArray

from optimizer.domain.place import GeodesicTravel
from optimizer.domain.scenario import Scenario
from optimizer.formats import read_scenario
from optimizer.generate import RECIPES, generate_scenario, uncoupled_day
from optimizer.needs import derive
from optimizer.problem import layout as at
from optimizer.problem import neighbours
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.neighbours import NEAREST, WINDOW_SHARE, near_tasks
from optimizer.problem.surroundings import groups
from optimizer.travel.matrix import travel_matrices

DISTRICT = Path(__file__).parents[2] / "scenarios" / "zhenhai-day-l.json"


@pytest.fixture(scope="module", params=["coordinates", "zones"])
def day(request: pytest.FixtureRequest) -> ProblemData:
    """A day of about 600 visits, compiled."""
    if request.param == "coordinates":
        return compile_problem(uncoupled_day(600, 100, 2))
    return compile_problem(derive(read_scenario(DISTRICT)).scenario)


def scores(data: ProblemData, near: NDArray[int32]) -> NDArray[float64]:
    """Return how far the listed tasks are, by the definition, task by task."""
    arrays = data.arrays
    task = arrays.task
    middle = (task[:, at.EARLIEST] + np.minimum(task[:, at.DUE], task[:, at.LATEST])) / 2
    place = task[:, at.PLACE]
    travel = arrays.travel[:, place[:, None], place[near]].min(axis=0)
    found: NDArray[float64] = travel + WINDOW_SHARE * np.abs(middle[:, None] - middle[near])
    return found


def test_the_nearest_are_found_among_few(day: ProblemData, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at 150 candidates first leads to neighbours as near as looking at all of them."""
    whole = day.arrays.near
    monkeypatch.setattr(neighbours, "CANDIDATES", 150)
    few = near_tasks(day.scenario, day.matrices, day.arrays.task)
    assert few.shape == whole.shape == (day.num_tasks, NEAREST + 1)
    assert (few[:, 0] == np.arange(day.num_tasks)).all()
    assert np.array_equal(scores(day, few), scores(day, whole))
    everybody = np.tile(np.arange(day.num_tasks, dtype=int32), (day.num_tasks, 1))
    assert np.array_equal(scores(day, few)[:, -1], _of_rank(scores(day, everybody), NEAREST))


def _of_rank(table: NDArray[float64], rank: int) -> NDArray[float64]:
    np.fill_diagonal(table, -1.0)
    found: NDArray[float64] = np.sort(table, axis=1)[:, rank]
    return found


def test_same_neighbours_again(day: ProblemData) -> None:
    """Neighbours do not depend on anything but the scenario."""
    again = near_tasks(day.scenario, travel_matrices(day.scenario), day.arrays.task)
    assert np.array_equal(again, day.arrays.near)


def test_every_task_is_in_one_group(day: ProblemData) -> None:
    """Groups share the tasks out, and each knows all tasks and how far they are at least."""
    place = day.arrays.task[:, at.PLACE]
    moment: NDArray[float64] = np.multiply(0.1, day.arrays.task[:, [at.EARLIEST]])
    found = list(groups(day.scenario, day.matrices, place, moment))
    assert sorted(np.concatenate([group.tasks for group in found])) == list(range(day.num_tasks))
    for group in found:
        assert sorted(group.others) == list(range(day.num_tasks))
        assert (np.diff(group.least) >= 0).all()
        assert set(group.others[: len(group.tasks)]) == set(group.tasks)
        travel = day.arrays.travel[:, place[group.tasks][:, None], place[group.others]]
        between = travel.min(axis=0) + np.abs(moment[group.tasks] - moment[group.others].T)
        assert (between.min(axis=0) >= group.least).all()
        assert (group.least > 0).any()


def test_with_explicit_matrices_only_the_moments_count() -> None:
    """Where coordinates say nothing about travel, everybody of the same moment is next door."""
    hamlet = generate_scenario(RECIPES["hamlet"], 1)
    assert not isinstance(hamlet.travel, GeodesicTravel)
    moment = np.repeat([0.0, 500.0], 50)[:, None]
    found = list(groups(hamlet, travel_matrices(hamlet), np.zeros(100, np.int64), moment))
    assert [len(group.tasks) for group in found] == [50, 50]
    assert found[0].least == pytest.approx([0.0] * 50 + [500.0] * 50)


def test_tasks_in_one_spot() -> None:
    """Among more tasks alike than are looked at, each still comes first in its own list."""
    day = uncoupled_day(300, 40, 1)
    first = day.visits[0]
    alike = tuple(
        visit.model_copy(update={"client": first.client, "window": first.window})
        for visit in day.visits
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "CANDIDATES", 120)
        near = compile_problem(day.model_copy(update={"visits": alike})).arrays.near
    assert near[:, 0].tolist() == list(range(300))


@pytest.mark.sweep
def test_a_day_of_three_thousand_visits() -> None:
    """Where groups are many, each task still comes first in its own list."""
    day: Scenario = uncoupled_day(3000, 430, 1)
    assert compile_problem(day).arrays.near[:, 0].tolist() == list(range(3000))
