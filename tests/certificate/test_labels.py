"""The most that one route can collect is found exactly, or bounded from above."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from optimizer.certificate import Relaxation
from optimizer.certificate import labels as labelling
from optimizer.certificate.labels import most_weight
from optimizer.certificate.route_field import RouteField
from optimizer.generate import uncoupled_day
from tests.worlds.random_small import random_small

SEEDS = range(40)


def by_trying(relaxation: Relaxation, day_number: int, weights: list[int]) -> int:
    """Return the most weights over all orders of all stops."""
    day, paths = relaxation.days[day_number], relaxation.paths
    may = np.flatnonzero(relaxation.allowed[:, day_number]).tolist()
    back = paths.to(day.group, day.end)

    def most(row: int, ready: int, made: frozenset[int]) -> int:
        best = 0
        visits = {int(relaxation.visit_of[one]) for one in made}
        for stop in may:
            if int(relaxation.visit_of[stop]) in visits:
                continue  # Nobody is both carers of a visit.
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


def rested(relaxation: Relaxation, day_number: int, weights: list[int]) -> int:
    """Return the most weight over all orders, a break taken and infectious clients last."""
    day, paths = relaxation.days[day_number], relaxation.paths
    may = np.flatnonzero(relaxation.allowed[:, day_number]).tolist()
    back = paths.to(day.group, day.end)
    assert day.pause is not None
    begin, until, length = day.pause

    def most(row: int, ready: int, made: frozenset[int], is_over: bool) -> int:
        best = 0
        if not is_over and ready <= until:
            best = most(row, max(ready, begin) + length, made, True)
        visits = {int(relaxation.visit_of[one]) for one in made}
        for stop in may:
            there = int(relaxation.place[stop])
            arrival = ready + int(paths.from_(day.group, row)[there])
            start = max(int(relaxation.earliest[stop]), arrival)
            done = start + int(relaxation.care[stop])
            if start > relaxation.latest[stop] or int(relaxation.visit_of[stop]) in visits:
                continue
            if relaxation.infectious[list(made)].any() and not relaxation.infectious[stop]:
                continue
            if done + back[there] <= day.closes and (is_over or done + back[there] <= until):
                best = max(best, sum(weights[one] for one in made | {stop}))
            best = max(best, most(there, done, made | {stop}, is_over))
        return best

    return most(day.home, day.opens, frozenset(), False)


def with_breaks(relaxation: Relaxation) -> Relaxation:
    """Return the same day with a break in the middle of each shift, long enough to be felt."""
    days = []
    for day in relaxation.days:
        third = (day.closes - day.opens) // 3
        pause = day.opens + third, day.closes - third, third // 2
        days.append(replace(day, pause=pause))
    return replace(relaxation, days=tuple(days))


def test_a_break_is_never_counted_longer_than_it_is() -> None:
    """With its break a route collects no more than without, and no less than any real route."""
    fewer = exact = 0
    for seed in SEEDS:
        relaxation = with_breaks(Relaxation.of(random_small(seed, 5, 2)))
        count = len(relaxation.place)
        weights = [(5 * stop + seed) % 4 for stop in range(count)]
        for number in range(len(relaxation.days)):
            stops = np.arange(count), np.array(weights)
            found = most_weight(relaxation, number, *stops, strict=True)
            without = most_weight(relaxation, number, *stops)
            truth = rested(relaxation, number, weights)
            assert truth <= found <= without, (seed, number)
            fewer += found < without
            exact += found == truth
    assert fewer >= 3
    assert exact > 20


def test_labels_are_never_more_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many routes there are, few pairs are looked at together and few labels are kept."""
    relaxation = Relaxation.of(uncoupled_day(24, 1, 1))
    stops = np.arange(len(relaxation.place))
    weights = np.full(len(stops), 10) + stops % 3
    at_once, room, made = 2_000, 3_000, []
    pairs, look, next_of = [], labelling._open, labelling._next

    def watched(field: RouteField, layer: labelling._Layer) -> NDArray[np.bool_]:
        pairs.append(len(layer.last) * len(field.weights))
        return look(field, layer)

    def counted(field: RouteField, layer: labelling._Layer) -> labelling._Layer:
        found = next_of(field, layer)
        made.append(len(found.last))
        return found

    monkeypatch.setattr(labelling, "_AT_ONCE", at_once)
    monkeypatch.setattr(labelling, "_MANY", 1 << 40)
    monkeypatch.setattr(labelling, "_open", watched)
    monkeypatch.setattr(labelling, "_next", counted)
    found = most_weight(relaxation, 0, stops, weights, most_labels=room)
    assert max(pairs) <= at_once
    assert room < sum(made) < 10 * room
    assert 0 < found <= weights.sum()
