"""The most that one route can collect is found exactly, or bounded from above."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.coverage import Outline
from optimizer.coverage import labels as labelling
from optimizer.coverage.labels import most_points
from tests.worlds.random_small import random_small

SEEDS = range(40)


def by_trying(outline: Outline, duty_number: int, points: list[int]) -> int:
    """Return the most points over all orders of all stops."""
    duty, ways = outline.duties[duty_number], outline.ways
    may = np.flatnonzero(outline.allowed[:, duty_number]).tolist()
    back = ways.to(duty.group, duty.end)

    def most(row: int, ready: int, made: frozenset[int]) -> int:
        best = 0
        for stop in set(may) - made:
            there = int(outline.place[stop])
            start = max(
                int(outline.earliest[stop]), ready + int(ways.from_(duty.group, row)[there])
            )
            done = start + int(outline.care[stop])
            if start <= outline.latest[stop]:
                if done + back[there] <= duty.closes:
                    best = max(best, sum(points[one] for one in made | {stop}))
                best = max(best, most(there, done, made | {stop}))
        return best

    return most(duty.home, duty.opens, frozenset())


@pytest.mark.parametrize("many", [500, 0], ids=["few-labels", "bounded"])
def test_the_most_points_are_found(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels agree with trying every order, with and without the bound over a grid."""
    monkeypatch.setattr(labelling, "_MANY", many)
    for seed in SEEDS:
        outline = Outline.of(random_small(seed, 5, 2))
        count = len(outline.place)
        points = [(7 * stop + seed) % 5 for stop in range(count)]
        for duty in range(len(outline.duties)):
            found = most_points(outline, duty, np.arange(count), np.array(points))
            assert found == by_trying(outline, duty, points)


def test_too_many_labels_leave_an_upper_bound() -> None:
    """Whoever stops early is told no less than the truth."""
    for seed in SEEDS:
        outline = Outline.of(random_small(seed, 6, 2))
        count = len(outline.place)
        stops, ones = np.arange(count), np.ones(count, np.int64)
        for duty in range(len(outline.duties)):
            exact = most_points(outline, duty, stops, ones)
            assert exact <= most_points(outline, duty, stops, ones, most_labels=1) <= count
