"""Visits that few may make are planned before the others, where a first roster leaves some out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy import int64
from numpy.typing import NDArray

from optimizer.domain.policy import Priority
from optimizer.generate import RECIPES, generate_scenario, uncoupled_day
from optimizer.needs import derive
from optimizer.problem import layout as at
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.part import Part
from optimizer.problem.translate import to_plan
from optimizer.progress import Progress
from optimizer.search.budget import Budget
from optimizer.search.parameters import SearchParameters
from optimizer.search.scarce_first import parameters_of_part, scarce_parts
from optimizer.search.search import Search, SearchResult
from optimizer.search.worker import Worker
from optimizer.stop import AfterIterations, Termination
from optimizer.verification import verify

USUAL = SearchParameters()
TOGETHER = replace(USUAL, scarce=0.0)
STEPS = 6_000


@pytest.fixture(scope="module")
def district() -> ProblemData:
    """A day of 300 visits with few nurses for those who need one, compiled."""
    staff = {"C": 34, "N": 3, "R": 2, "HK": 4, "VOL": 12}
    recipe = replace(RECIPES["zhenhai-day-l"], clients=400, staff=staff)
    return compile_problem(derive(generate_scenario(recipe, 21)).scenario)


@pytest.fixture(scope="module")
def left_out(district: ProblemData) -> NDArray[int64]:
    """The tasks that a first roster of the district leaves out."""
    worker = Worker(district, USUAL, 1, 0)
    worker.construct()
    return worker.unserved_tasks()


@pytest.fixture(scope="module")
def parts(district: ProblemData, left_out: NDArray[int64]) -> list[Part]:
    """What is planned before the whole of it."""
    return list(scarce_parts(district, USUAL, left_out))


@pytest.fixture(scope="module")
def found(district: ProblemData) -> SearchResult:
    """The plan of one worker in a few steps."""
    return search(district, USUAL)


def search(data: ProblemData, parameters: SearchParameters, workers: int = 1) -> SearchResult:
    """Search for a few steps."""
    by_steps = Search(data, parameters, seed=1, workers=workers)
    return by_steps.run(Budget(None, STEPS), AfterIterations(STEPS))


def num_critical(data: ProblemData, result: SearchResult) -> int:
    """Return how many critical visits a result leaves out."""
    served = {data.tasks[k].visit for k in result.routes.tasks}
    visits = data.scenario.visits
    return sum(v.priority is Priority.CRITICAL and i not in served for i, v in enumerate(visits))


def test_fewer_critical_visits_are_left_out(district: ProblemData, found: SearchResult) -> None:
    """In so few steps, planning everything at once leaves out more of what few may give."""
    assert num_critical(district, found) < num_critical(district, search(district, TOGETHER))


def test_parts_hold_what_few_routes_are_open_to(district: ProblemData, parts: list[Part]) -> None:
    """The dearest scarce visits come first, then others with them; together no half of the day."""
    assert len(parts) == 2
    first, second = (set(part.tasks.tolist()) for part in parts)
    assert first < second
    assert 2 * len(second) < district.num_tasks
    arrays = district.arrays
    tied = np.diff(arrays.tie_ptr) > 0
    routes = np.diff(arrays.row_ptr)[arrays.task[:, at.ROW]]
    dear = arrays.prize >= min(arrays.prize[k] for k in second if not tied[k])
    others = [k for k in range(district.num_tasks) if k not in second and dear[k] and not tied[k]]
    most = max(routes[k] for k in second if not tied[k])
    assert most < np.median(routes)
    assert all(routes[k] > most for k in others)


def test_a_small_part_is_planned_from_several_starts_and_at_once() -> None:
    """Nothing is planned before a part; a small one has several starts, a large one has one."""
    parameters = parameters_of_part(USUAL)
    assert (parameters.scarce, parameters.starts_unserved) == (0.0, True)
    assert parameters.restarts(30, 10_000) == USUAL.scarce_starts
    assert parameters.restarts(500, 10_000) == 0


def test_whoever_serves_all_leaves_nothing_to_plan_first(district: ProblemData) -> None:
    """Where a first roster leaves nobody out there are no parts."""
    assert list(scarce_parts(district, USUAL, np.array([], int64))) == []


def test_what_everybody_may_do_is_not_scarce() -> None:
    """Where most visits have the same routes the search is as if nothing were planned first."""
    data = compile_problem(uncoupled_day(60, 8, 1, scarce=0.4))
    usual, together = search(data, USUAL), search(data, TOGETHER)
    assert usual.cost == together.cost
    assert usual.routes.tasks.tolist() == together.routes.tasks.tolist()


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_steps_find_the_same_plan(
    district: ProblemData, found: SearchResult, workers: int
) -> None:
    """Seed, workers and steps fix the plan, the steps are counted, and the verifier agrees."""
    one = found if workers == 1 else search(district, USUAL, workers)
    two = search(district, USUAL, workers)
    assert one.routes.tasks.tolist() == two.routes.tasks.tolist()
    assert one.routes.starts.tolist() == two.routes.starts.tolist()
    assert (one.iterations, two.iterations) == (STEPS, STEPS)
    plan = to_plan(district, one.routes, lambda _: "crowded_out")
    assert verify(district.scenario, plan).cost == one.cost


def test_whoever_ends_it_early_gets_a_whole_roster(district: ProblemData) -> None:
    """A stop while a part is planned ends the run; the others are in the plan all the same."""
    heard: list[int] = []

    def after_some_steps(progress: Progress) -> Termination | None:
        heard.append(progress.iterations)
        return Termination.INTERRUPTED if progress.iterations >= 50 else None

    result = Search(district, USUAL, seed=1).run(Budget(None, STEPS), after_some_steps)
    assert result.termination is Termination.INTERRUPTED
    assert heard == sorted(heard)
    assert result.iterations < STEPS / 10
    assert len(result.routes.tasks) > district.num_tasks / 2
    assert verify(
        district.scenario, to_plan(district, result.routes, lambda _: "crowded_out")
    ).feasible


@pytest.mark.parametrize(
    ("budget", "steps", "seconds"),
    [
        (Budget(None, 10_000), 1_000, None),  # a tenth of the steps
        (Budget(None, 1_000_000), 5_000, None),  # no more than are of use
        (Budget(60.0, 10_000), 1_000, None),  # repeatable
        (Budget(60.0, None), 5_000, 6.0),  # whichever is used up sooner
        (Budget(None, None), 5_000, None),
    ],
)
def test_a_part_gets_a_tenth_at_most(budget: Budget, steps: int, seconds: float | None) -> None:
    """What a part may use is limited by steps, and where the clock ends the run by time too."""
    own = budget.for_part(5_000, 0.1)
    assert (own.iterations, own.seconds) == (steps, seconds)
    assert own.fraction(0.0, steps) == 1.0
    assert own.fraction(9.0, 0) == (0.0 if seconds is None else 1.0)
