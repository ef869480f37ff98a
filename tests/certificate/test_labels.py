"""The most that one route can collect is found exactly, or bounded from above."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.certificate import Relaxation
from optimizer.certificate import labels as labelling
from optimizer.certificate.labels import most_weight
from tests.worlds.random_small import random_small

SEEDS = range(40)


def by_trying(relaxation: Relaxation, day_number: int, weights: list[int]) -> int:
    """Return the most weights over all orders of all stops."""
    day, paths = relaxation.days[day_number], relaxation.paths
    may = np.flatnonzero(relaxation.allowed[:, day_number]).tolist()
    back = paths.to(day.group, day.end)

    def most(row: int, ready: int, made: frozenset[int]) -> int:
        best = 0
        for stop in set(may) - made:
            there = int(relaxation.place[stop])
            start = max(
                int(relaxation.earliest[stop]), ready + int(paths.from_(day.group, row)[there])
            )
            done = start + int(relaxation.care[stop])
            if start <= relaxation.latest[stop]:
                if done + back[there] <= day.closes:
                    best = max(best, sum(weights[one] for one in made | {stop}))
                best = max(best, most(there, done, made | {stop}))
        return best

    return most(day.home, day.opens, frozenset())


@pytest.mark.parametrize("many", [500, 0], ids=["few-labels", "bounded"])
def test_the_most_points_are_found(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels agree with trying every order, with and without the bound over a grid."""
    monkeypatch.setattr(labelling, "_MANY", many)
    for seed in SEEDS:
        relaxation = Relaxation.of(random_small(seed, 5, 2))
        count = len(relaxation.place)
        weights = [(7 * stop + seed) % 5 for stop in range(count)]
        for day in range(len(relaxation.days)):
            found = most_weight(relaxation, day, np.arange(count), np.array(weights))
            assert found == by_trying(relaxation, day, weights)


def test_too_many_labels_leave_an_upper_bound() -> None:
    """Whoever stops early is told no less than the truth."""
    for seed in SEEDS:
        relaxation = Relaxation.of(random_small(seed, 6, 2))
        count = len(relaxation.place)
        stops, ones = np.arange(count), np.ones(count, np.int64)
        for day in range(len(relaxation.days)):
            exact = most_weight(relaxation, day, stops, ones)
            assert exact <= most_weight(relaxation, day, stops, ones, most_labels=1) <= count
