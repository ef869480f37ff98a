"""The compiled hamlet holds what its file says, figure by figure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from optimizer.domain.policy import Policy, UnservedWeights, Weights
from optimizer.errors import InputError
from optimizer.formats import read_scenario
from optimizer.problem import layout as at
from optimizer.problem.compile import compile_problem
from optimizer.problem.data import ProblemData, Task
from tests.verification.worlds import lane

HAMLET = Path(__file__).parents[2] / "scenarios" / "hamlet.json"


def clock(hours: int, minutes: int = 0) -> int:
    """Return ticks (seconds) since midnight."""
    return 3600 * hours + 60 * minutes


@pytest.fixture(scope="module")
def hamlet() -> ProblemData:
    """The hamlet, compiled."""
    return compile_problem(read_scenario(HAMLET))


def task_of(data: ProblemData, visit: str, carer: int = 1) -> int:
    """Return the index of a carer's task."""
    ids = [found.id for found in data.scenario.visits]
    return data.tasks.index(Task(ids.index(visit), carer))


def test_every_carer_is_a_task(hamlet: ProblemData) -> None:
    """Twelve visits, one of them with two carers, are thirteen tasks on three routes."""
    assert (hamlet.num_tasks, hamlet.num_routes) == (13, 3)
    assert hamlet.tasks[2:5] == (Task(2, 1), Task(2, 2), Task(3, 1))


@pytest.mark.parametrize(
    ("visit", "times"),
    [
        ("V0001", (clock(7, 30), clock(8, 30), clock(8, 30), 900, 900)),  # no preferred time
        ("V0005", (clock(9, 45), clock(10, 20), clock(10, 20), 3600, 2700)),  # may be shortened
        ("V0008", (clock(13, 15), clock(13, 15), clock(13, 15), 1800, 1800)),  # start pinned
        ("V0011", (clock(10, 30), clock(10, 45), clock(11), 3000, 3000)),  # late after 10:45
    ],
)
def test_windows_and_durations_are_in_ticks(
    hamlet: ProblemData, visit: str, times: tuple[int, ...]
) -> None:
    """Earliest, preferred and latest start, full and shortest duration, in seconds."""
    columns = [at.EARLIEST, at.DUE, at.LATEST, at.FULL, at.SHORT]
    assert tuple(hamlet.arrays.task[task_of(hamlet, visit), columns].tolist()) == times


@pytest.mark.parametrize(
    ("visit", "carer", "routes"),
    [
        ("V0001", 1, [0]),  # only G001 is a nurse
        ("V0002", 1, [0, 1, 2]),  # everybody cares at level 1
        ("V0003", 1, [0, 1]),  # level 2 covers level 2, level 1 does not
        ("V0003", 2, [0, 1, 2]),  # the second carer of the bath needs level 1
        ("V0008", 1, [1]),  # pinned to G002
        ("V0010", 1, [0, 1, 2]),  # anybody may look in
    ],
)
def test_routes_that_may_take_a_task_are_listed(
    hamlet: ProblemData, visit: str, carer: int, routes: list[int]
) -> None:
    """Who may not is barred by a price of -1 and is missing from the task's row."""
    arrays = hamlet.arrays
    row = arrays.task[task_of(hamlet, visit, carer), at.ROW]
    assert arrays.row_route[arrays.row_ptr[row] : arrays.row_ptr[row + 1]].tolist() == routes
    assert np.flatnonzero(arrays.price[row] >= 0).tolist() == routes


def test_an_unmet_wish_has_its_price(hamlet: ProblemData) -> None:
    """C0005 prefers G002: the others cost 15 minutes."""
    row = hamlet.arrays.task[task_of(hamlet, "V0006"), at.ROW]
    assert hamlet.arrays.price[row].tolist() == [900, 0, 900]


@pytest.mark.parametrize(
    ("visit", "minutes"),
    [
        ("V0001", 100_000 + 10 * 15),  # critical
        ("V0003", 20_000 + 10 * 120),  # essential, an hour of each of two carers
        ("V0005", 4_000 + 10 * 60),  # flexible, at its full length
    ],
)
def test_leaving_a_visit_out_has_its_price(hamlet: ProblemData, visit: str, minutes: int) -> None:
    """The price of the priority and of each minute of care, at the first carer's task."""
    assert hamlet.arrays.prize[task_of(hamlet, visit)] == 60 * minutes


def test_the_second_carer_adds_no_price(hamlet: ProblemData) -> None:
    """A visit is left out once, however many carers it needs."""
    assert hamlet.arrays.prize[task_of(hamlet, "V0003", 2)] == 0


def test_travel_is_in_ticks_between_places(hamlet: ProblemData) -> None:
    """From A to D it is 20 minutes by e-bike; the same place is no way at all."""
    arrays = hamlet.arrays
    place = arrays.task[[task_of(hamlet, v) for v in ("V0001", "V0012", "V0010")], at.PLACE]
    assert arrays.travel.shape == (1, 4, 4)
    assert arrays.travel[0, place[0], place[1]] == 1200
    assert place[0] == place[2]
    assert place[0] == arrays.route[0, at.HOME] == arrays.route[0, at.END]


def test_weights_are_per_tick_or_per_count(hamlet: ProblemData) -> None:
    """Weights of times stay as they are, weights of counts become those of 60 ticks."""
    weight = hamlet.arrays.weight
    assert weight[[at.W_LATE, at.W_SHORT, at.W_OVERTIME, at.W_WAIT]].tolist() == [2, 8, 4, 1]
    assert weight[[at.W_CONTINUITY, at.W_DISRUPTION, at.FLAT]].tolist() == [900, 72_000, 2]
    assert weight[at.TOLERANCE] == 15 * 60


def test_arrays_are_read_only(hamlet: ProblemData) -> None:
    """Nobody changes a compiled problem."""
    assert [name for name in hamlet.arrays._fields if _writeable(hamlet, name)] == []
    with pytest.raises(ValueError, match="read-only"):
        hamlet.arrays.task[0, 0] = 1


def _writeable(data: ProblemData, name: str) -> bool:
    array = getattr(data.arrays, name)
    assert isinstance(array, np.ndarray)
    return array.flags.writeable


def test_each_task_is_its_own_nearest_neighbour(hamlet: ProblemData) -> None:
    """Every row of neighbours begins with the task itself and names each other task once."""
    near = hamlet.arrays.near
    assert near[:, 0].tolist() == list(range(13))
    assert [sorted(row) for row in near.tolist()] == [list(range(13))] * 13


def test_prices_beyond_32_bits_are_refused() -> None:
    """Weights so large that a stop's price does not fit are an input error."""
    world = lane(
        policy=Policy(weights=Weights(unserved=UnservedWeights(), preference=10_000_000_000)),
    )
    client = world.clients[0].model_copy(update={"preferred": ("N9",)})
    with pytest.raises(InputError, match="weights"):
        compile_problem(world.model_copy(update={"clients": (client, *world.clients[1:])}))


def test_a_client_who_needs_few_faces_pays_more_for_each_change() -> None:
    """A step of the continuity scale costs the client's own multiple of the weight."""
    scenario = lane()
    clients = (scenario.clients[0].model_copy(update={"continuity": 3}), *scenario.clients[1:])
    prices = compile_problem(scenario.model_copy(update={"clients": clients})).arrays.face_price
    step = scenario.policy.weights.continuity * scenario.ticks_per_minute
    assert prices.tolist() == [3 * step, *[step] * (len(clients) - 1)]
