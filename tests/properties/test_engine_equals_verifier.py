"""Engine and verifier agree on every plan, whatever moves have led to it."""

from __future__ import annotations

import random

import numpy as np
import pytest

from optimizer.generate import coupled_day
from optimizer.problem import layout as at
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData
from optimizer.problem.routes import Routes
from optimizer.search.parameters import SearchParameters
from optimizer.search.worker import Worker
from tests.properties.moves import Walk, agree, walk
from tests.sweeps import few
from tests.worlds.random_small import USUAL, random_small

BLOCK = 40
"Random days per test."
STEPS = 40
"Moves on each of them: 16,000 in all, more than half of them accepted."
EVERYTHING = USUAL


@pytest.mark.parametrize("first", few(range(1, 10 * BLOCK + 1, BLOCK), 2))
def test_moves_keep_the_count(first: int) -> None:
    """After random moves, cost, starts and accounts are those of a count from scratch."""
    done = Walk()
    for case in range(first, first + BLOCK):
        scenario = random_small(case, 3 + case % 6, 2 + case % 3, EVERYTHING)
        done.add(walk(scenario, case, STEPS))
    assert done.steps >= BLOCK * STEPS
    assert done.accepted > done.steps // 2
    assert done.rejected > 0
    assert done.plans > BLOCK


@pytest.mark.parametrize("first", few(range(5_001, 5_201, BLOCK), 1))
def test_moves_keep_the_count_of_overtime(first: int) -> None:
    """The same on days whose routes end late, where every return home has its price."""
    features = {"after", "breaks", "lateness", "overtime", "together", "unreachable"}
    done = Walk()
    for case in range(first, first + BLOCK):
        done.add(walk(random_small(case, 4 + case % 4, 2 + case % 2, features), case, STEPS))
    assert done.accepted > done.steps // 3
    assert done.rejected > 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_moves_keep_the_count_of_a_day_with_couplings(seed: int) -> None:
    """The same on a day of 40 visits, some with two carers, some in sequence."""
    done = walk(coupled_day(40, 6, seed), seed, 400)
    assert done.accepted > 50
    assert done.plans > 40


def random_routes(data: ProblemData, rng: random.Random) -> Routes:
    """Draw up to four tasks on routes that may take them, with breaks anywhere."""
    arrays = data.arrays
    lists: list[list[int]] = [[] for _ in range(data.num_routes)]
    for k in rng.sample(range(data.num_tasks), min(data.num_tasks, rng.randint(1, 4))):
        row = arrays.task[k, at.ROW]
        allowed = arrays.row_route[arrays.row_ptr[row] : arrays.row_ptr[row + 1]].tolist()
        if allowed:
            lists[rng.choice(allowed)].append(k)
    return routes_with(data, lists, [rng.randint(0, len(stops)) for stops in lists])


def routes_with(data: ProblemData, lists: list[list[int]], pause: list[int]) -> Routes:
    """Return routes of these tasks in full length; their starts are the engine's affair."""
    ptr = np.zeros(data.num_routes + 1, np.int64)
    np.cumsum([len(stops) for stops in lists], out=ptr[1:])
    tasks = np.array([k for stops in lists for k in stops], np.int64)
    care = data.arrays.task[tasks, at.FULL].copy()
    return Routes(ptr, tasks, care, np.zeros(len(tasks), np.int64), np.array(pause, np.int64))


@pytest.mark.parametrize("first", few(range(1, 10 * BLOCK + 1, BLOCK), 2))
def test_random_plans_are_taken_only_if_they_break_no_rule(first: int) -> None:
    """What the engine takes in, the verifier finds clean and of the same cost."""
    taken = 0
    for case in range(first, first + BLOCK):
        scenario = random_small(case, 3 + case % 6, 2 + case % 3, EVERYTHING)
        data = compile_problem(scenario)
        rng = random.Random(case)
        for _ in range(5):
            worker = Worker(data, SearchParameters(), 1, 0)
            if data.num_routes and worker.load(random_routes(data, rng)):
                agree(data, worker)
                taken += 1
    assert taken > BLOCK // 4


def test_random_plans_with_anybody_are_taken_only_if_they_break_no_rule() -> None:
    """Routes of caregivers who may not serve the visit are not taken in either."""
    refused = 0
    for case in range(1, BLOCK + 1):
        scenario = random_small(case, 3 + case % 6, 2 + case % 3, EVERYTHING)
        data = compile_problem(scenario)
        rng = random.Random(case)
        for _ in range(5):
            lists: list[list[int]] = [[] for _ in data.days]
            if lists:
                rng.choice(lists).append(rng.randrange(data.num_tasks))
            worker = Worker(data, SearchParameters(), 1, 0)
            if worker.load(routes_with(data, lists, [0] * len(lists))):
                agree(data, worker)
            else:
                refused += 1
    assert refused > BLOCK // 2
