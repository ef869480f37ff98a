"""All slots at once say what each line says of each of its slots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimizer.explanation import Insertions, PlanState
from optimizer.explanation.slots import MOST_STOPS
from optimizer.explanation.timeline import Task
from optimizer.travel import travel_matrices
from tests.explanation.days import SEEDS, nobody, planned
from tests.verification.worlds import lane


def tasks(state: PlanState) -> list[Task]:
    """Return every carer's part of every visit, as it is and with its window cut short."""
    whole = [state.task(v, n + 1) for v in state.scenario.visits for n in range(len(v.carers))]
    halves = [replace(one, latest=(one.earliest + one.latest) // 2) for one in whole]
    return [*whole, *halves]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gap_is_named_where_a_line_finds_a_start(seed: int) -> None:
    """Of every line those places and stops to take out are named that leave a task a start."""
    insertions = planned(seed)
    lines = insertions.state.lines
    for task in tasks(insertions.state):
        found = insertions.slots.fitting(task, lines)
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
    insertions = Insertions(PlanState.of(scenario, nobody(scenario), travel_matrices(scenario)))
    first, *others = insertions.state.lines
    task = insertions.state.task(scenario.visits[0], 1)
    assert others
    assert list(insertions.slots.fitting(task, [first])) == [first]
    assert dict(insertions.slots.fitting(task, [])) == {}


@pytest.mark.parametrize("seed", range(6))
def test_ways_begin_at_home(seed: int) -> None:
    """The way to a task is that from the caregiver's home by their means of travel."""
    insertions = planned(seed)
    for task in tasks(insertions.state):
        expected = {
            k: line.travel_time(line.home, task.place) for k, line in insertions.state.lines.items()
        }
        assert insertions.slots.travel_times(task) == expected
