"""Random numbers by name: order-free, mirrored in pairs, evenly spread."""

from __future__ import annotations

from itertools import product
from statistics import fmean, pstdev

import pytest

from optimizer.shortfall.streams import normal, uniform

NAMES = list(product((1, 2), ("sick", "leave"), ("P1", "P2"), (0, 1), (0, 2)))


def test_a_number_depends_on_its_name_alone() -> None:
    """Asked in the other order, every name has the number it had."""
    forth = {name: uniform(*name) for name in NAMES}
    back = {name: uniform(*name) for name in reversed(NAMES)}
    assert forth == back


def test_no_two_names_share_a_number() -> None:
    """Seed, kind, entity, period and pair of replications each make another draw."""
    assert len({uniform(*name) for name in NAMES}) == len(NAMES)


def test_numbers_stay_what_they_are() -> None:
    """A study made today can be drawn again by a later version: the scheme is fixed."""
    assert uniform(1, "sick", "P1") == pytest.approx(0.9199941494522363, abs=0)
    assert uniform(1, "sick", "P1", 3, 8) == pytest.approx(0.17610095390781472, abs=0)


def test_an_odd_replication_mirrors_the_one_before() -> None:
    """Both together have the mean of all exactly; the normal draws cancel."""
    for replication in (0, 8, 98):
        one = uniform(1, "sick", "P1", 0, replication)
        two = uniform(1, "sick", "P1", 0, replication + 1)
        assert one + two == 1.0
        pair = [normal(1, "sick", "P1", 0, replication + odd) for odd in (0, 1)]
        assert sum(pair) == pytest.approx(0.0, abs=1e-9)


def test_draws_are_spread_evenly() -> None:
    """Two thousand draws have the mean and the deviation of their distribution."""
    numbers = [uniform(7, "sick", f"P{n}") for n in range(2_000)]
    assert 0.0 < min(numbers) < 0.005
    assert 0.995 < max(numbers) < 1.0
    assert fmean(numbers) == pytest.approx(0.5, abs=0.02)
    assert pstdev(numbers) == pytest.approx(12**-0.5, abs=0.01)
    assert pstdev([normal(7, "sick", f"P{n}") for n in range(2_000)]) == pytest.approx(1, abs=0.05)
