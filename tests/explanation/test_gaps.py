"""All gaps at once say what each line says of each of its gaps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimizer.explanation import Board, Places
from optimizer.explanation.gaps import MOST_STOPS
from optimizer.explanation.timeline import Task
from optimizer.travel import travel_matrices
from tests.explanation.days import SEEDS, nobody, planned
from tests.verification.worlds import lane


def tasks(board: Board) -> list[Task]:
    """Return every carer's part of every visit, as it is and with its window cut short."""
    whole = [board.task(v, n + 1) for v in board.scenario.visits for n in range(len(v.carers))]
    halves = [replace(one, latest=(one.earliest + one.latest) // 2) for one in whole]
    return [*whole, *halves]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gap_is_named_where_a_line_finds_a_start(seed: int) -> None:
    """Of every line those places and stops to take out are named that leave a task a start."""
    places = planned(seed)
    lines = places.board.lines
    for task in tasks(places.board):
        found = places.gaps.fitting(task, lines)
        for key, line in lines.items():
            count = len(line.tasks)
            expected = [
                (first, last)
                for first in range(count + 1)
                for last in range(first, min(first + MOST_STOPS, count) + 1)
                if line.spans(first, last, task)
            ]
            assert found.get(key, []) == expected


def test_only_the_lines_asked_about_are_named() -> None:
    """Whoever may not come is not looked at."""
    scenario = lane()
    places = Places(Board.of(scenario, nobody(scenario), travel_matrices(scenario)))
    first, *others = places.board.lines
    task = places.board.task(scenario.visits[0], 1)
    assert others
    assert list(places.gaps.fitting(task, [first])) == [first]
    assert dict(places.gaps.fitting(task, [])) == {}


@pytest.mark.parametrize("seed", range(6))
def test_ways_begin_at_home(seed: int) -> None:
    """The way to a task is that from the caregiver's home by their means of travel."""
    places = planned(seed)
    for task in tasks(places.board):
        expected = {k: line.way(line.home, task.place) for k, line in places.board.lines.items()}
        assert places.gaps.ways(task) == expected
