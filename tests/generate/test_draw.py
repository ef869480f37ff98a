"""Facts about the draws that the generator is made of."""

from __future__ import annotations

from collections import Counter

import pytest

from optimizer.generate.draw import deal, near, quotas, rounded, stream


@pytest.mark.parametrize(
    ("weights", "total", "counts"),
    [
        ((1, 1), 4, [2, 2]),  # divides evenly
        ((60, 28, 10, 1.5, 0.5), 5, [3, 1, 1, 0, 0]),  # largest remainders
        ((3, 1), 0, [0, 0]),  # nothing to share out
    ],
)
def test_quotas_follow_the_weights(
    weights: tuple[float, ...], total: int, counts: list[int]
) -> None:
    """Shares are whole, add up, and go by largest remainder."""
    assert quotas(weights, total) == counts


def test_a_deal_has_exact_counts_in_random_order() -> None:
    """Only the order is left to chance."""
    dealt = deal(stream(1, "deal"), (("a", 3), ("b", 1)), 100)
    assert Counter(dealt) == {"a": 75, "b": 25}
    assert dealt != sorted(dealt)


def test_streams_are_independent() -> None:
    """Draws depend on seed and name and on nothing else."""
    assert stream(1, "x").random() == stream(1, "x").random()
    assert stream(1, "x").random() != stream(1, "y").random()
    assert stream(1, "x").random() != stream(2, "x").random()


def test_points_scatter_by_kilometres() -> None:
    """The spread of points north of a centre is the one asked for."""
    rng = stream(1, "near")
    north = [(near(rng, (30.0, 121.0), 0.5)[0] - 30.0) * 111.2 for _ in range(2000)]
    assert 0.45 < (sum(x * x for x in north) / len(north)) ** 0.5 < 0.55


def test_places_are_rounded_to_three_decimals() -> None:
    """About a hundred metres remain unknown."""
    place = rounded((29.98765, 121.12345))
    assert (place.lat, place.lon) == (29.988, 121.123)
