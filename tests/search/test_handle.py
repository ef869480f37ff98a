"""A world is handed to compiled code as one address."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from optimizer.problem.compile import compile_problem
from optimizer.search.kernels.compiled import entry
from optimizer.search.kernels.handle import table_of
from optimizer.search.kernels.world import TASKS, World, new_world
from tests.worlds.random_small import random_small


@entry
def shapes(w: World, found: NDArray[np.int64]) -> None:
    """Note what compiled code sees of arrays of every kind, and write into one."""
    found[0], found[1] = w.node.shape[0], w.g[TASKS]
    found[2], found[3], found[4] = w.travel.shape
    found[5] = w.travel[0, 1, 0]
    found[6] = w.node[0].latest
    w.node[0].care = 77


def world() -> World:
    """Return the world of a small random day."""
    return new_world(compile_problem(random_small(3)).arrays)


def test_compiled_code_sees_the_arrays_of_the_tuple() -> None:
    """Shapes, entries and fields are the same on both sides, and so is what is written."""
    w, found = world(), np.zeros(7, np.int64)
    shapes(w, found)
    expected = [len(w.node), w.g[TASKS], *w.travel.shape, w.travel[0, 1, 0], w.node[0].latest]
    assert found.tolist() == [int(number) for number in expected]
    assert w.node[0].care == 77


def test_the_table_holds_address_and_shape_of_each_array() -> None:
    """An array takes one entry more than it has dimensions."""
    one, two = np.zeros(3), np.zeros((2, 5))
    assert table_of([one, two]).tolist() == [one.ctypes.data, 3, two.ctypes.data, 2, 5]


def test_arrays_in_another_order_are_refused() -> None:
    """Compiled code would read rows as columns."""
    with pytest.raises(ValueError, match="C-ordered"):
        table_of([np.zeros((2, 5)).T])
