"""What a proven bound says of a roster."""

from __future__ import annotations

import pytest

from optimizer.gap import gap_to, is_loose


@pytest.mark.parametrize(
    ("bound", "cost", "gap"),
    [
        (None, 100, None),  # nothing is proven
        (75, 100, 0.25),
        (100, 100, 0.0),
        (0, 0, 0.0),  # a roster that costs nothing cannot be improved
        (0, 100, 1.0),  # nothing but that costs are not negative
    ],
)
def test_gap_is_the_part_above_the_bound(bound: int | None, cost: int, gap: float | None) -> None:
    """It goes from 0, the best possible, to 1; without a bound there is none."""
    assert gap_to(bound, cost) == gap


@pytest.mark.parametrize(
    ("gap", "loose"),
    [(None, False), (0.0, False), (0.25, False), (0.2501, True), (1.0, True)],
)
def test_gaps_above_a_quarter_are_loose(gap: float | None, loose: bool) -> None:
    """A gap of a quarter still says something of the roster."""
    assert is_loose(gap) is loose
