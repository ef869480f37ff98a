"""Cells about few people are left out, and enough beside them that none can be worked out."""

from __future__ import annotations

import random

import pytest

from optimizer.shortfall.suppression import SMALLEST, suppressed


@pytest.mark.parametrize(
    ("clients", "gaps"),
    [
        ({"a": 9, "b": 20}, set()),  # nobody is singled out
        ({"a": 0, "b": 20}, set()),  # a cell about nobody is about nobody
        ({}, set()),
        ({"a": 3, "b": 9, "c": 20}, {"a", "b"}),  # alone it could be filled in from the total
        ({"a": 1, "b": 1, "c": 6, "d": 20}, {"a", "b", "c"}),  # two gaps of two people in all
        ({"a": 4, "b": 4, "c": 20}, {"a", "b"}),  # eight people behind two gaps
        ({"a": 2}, {"a"}),  # a table of one cell
    ],
)
def test_gaps_hide_enough_people(clients: dict[str, int], gaps: set[str]) -> None:
    """Small cells, and then the next smallest ones as far as is needed."""
    assert suppressed(clients) == gaps


def test_no_gap_stands_alone_or_holds_few() -> None:
    """Of a table with more cells than gaps, the gaps are two at least and hold five people."""
    draw = random.Random(1)
    for _ in range(200):
        clients = {f"town {n}": draw.choice((0, 1, 3, 5, 8, 30)) for n in range(6)}
        gaps = suppressed(clients)
        small = {name for name, count in clients.items() if 0 < count < SMALLEST}
        shown = {name for name, count in clients.items() if count and name not in gaps}
        assert small <= gaps
        assert bool(gaps) == bool(small)
        if gaps and shown:
            assert len(gaps) > 1
            assert sum(clients[name] for name in gaps) >= SMALLEST
