"""From futures to figures: unbiased, sharper with controls, honest with few."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist, fmean

import pytest

from optimizer.shortfall.estimate import difference, level, student_95
from optimizer.shortfall.rows import Effort, Row
from optimizer.shortfall.streams import normal


def row(replication: int, unserved: int, lost: float = 0.0, arm: str = "base") -> Row:
    """Return a row that leaves so many visits out, where so many more hours were lost."""
    return Row(
        arm=arm,
        replication=replication,
        carers=10,
        absent=0,
        new_clients=0,
        gone_clients=0,
        visits={"critical": 0, "essential": 100, "flexible": 0},
        unserved={"critical": 0, "essential": unserved, "flexible": 0},
        minutes=6_000,
        unmet=60 * unserved,
        shortened=0,
        cost=0,
        steps=1,
        surplus={"hours_asked": 0.0, "hours_lost": lost},
    )


def drawn(count: int, slope: float = 0.5, noise: float = 1.0, seed: int = 1) -> list[Row]:
    """Return futures in which hours lost leave visits out, with a mean of 20."""
    rows = []
    for n in range(count):
        lost = 8 * normal(seed, "lost", "", 0, 2 * n)
        own = noise * normal(seed, "own", "", 0, n)
        rows.append(row(n, round(20 + slope * lost + own), lost))
    return rows


def test_controls_sharpen_a_level() -> None:
    """What the hours lost explain is taken off: the error falls, and the truth stays inside."""
    rows = drawn(60)
    blind = [replace(one, surplus={}) for one in rows]
    assert level(rows).half_width < level(blind).half_width
    assert level(rows).low < 20 < level(rows).high
    assert level(blind).mean == pytest.approx(fmean(one.num_unserved for one in rows))


def test_a_confidence_interval_holds_its_promise() -> None:
    """Of a hundred studies the mean lies inside the range in about ninety-five."""
    inside = 0
    for seed in range(100):
        found = level(drawn(40, seed=seed))
        inside += found.low <= 20 <= found.high
    assert 88 <= inside <= 100


def test_longer_searches_correct_the_level() -> None:
    """Where longer searches leave two visits less out, the level is two lower."""
    rows = drawn(40)
    longer = [
        replace(
            one, effort=Effort.LONG, unserved={**one.unserved, "essential": one.num_unserved - 2}
        )
        for one in rows[::10]
    ]
    plain, found = level(rows), level([*rows, *longer])
    assert found.excess == pytest.approx(-2)
    assert found.mean == pytest.approx(plain.mean - 2)
    assert found.p50 == pytest.approx(plain.p50 - 2)
    assert found.plain == pytest.approx(plain.plain)
    assert found.error >= plain.error


def test_a_paired_difference_forgets_common_luck() -> None:
    """Where an arm always leaves four visits more out, that is known at once."""
    rows = drawn(10, noise=6.0)
    worse = [
        replace(one, arm="away", unserved={**one.unserved, "essential": one.num_unserved + 4})
        for one in rows
    ]
    found = difference(worse, rows)
    assert found.mean == pytest.approx(4)
    assert found.error == pytest.approx(0, abs=1e-9)
    assert difference(worse[:6], rows).replications == 6


def test_a_difference_is_corrected_where_longer_searches_gain_more() -> None:
    """If long searches save three visits in one arm and one in the other, it is two smaller."""

    def longer(rows: list[Row], gain: int) -> list[Row]:
        return [
            replace(
                one,
                effort=Effort.LONG,
                unserved={**one.unserved, "essential": one.num_unserved - gain},
            )
            for one in rows[::10]
        ]

    rows = drawn(40)
    worse = [
        replace(one, arm="away", unserved={**one.unserved, "essential": one.num_unserved + 4})
        for one in rows
    ]
    found = difference([*worse, *longer(worse, 3)], [*rows, *longer(rows, 1)])
    assert found.excess == pytest.approx(-2)
    assert found.mean == pytest.approx(2)
    assert found.plain == pytest.approx(4)


def test_one_future_tells_no_range() -> None:
    """The range of a mean of one observation is unknown, not nothing."""
    found = level([row(0, 3)])
    assert found.mean == 3
    assert math.isinf(found.error)
    assert math.isinf(found.high)


def test_two_mirrored_futures_are_one_observation() -> None:
    """Halves of a pair that cancel add no certainty about others."""
    assert math.isinf(level([row(0, 1), row(1, 9)]).error)
    assert level([row(0, 1), row(1, 9), row(2, 4), row(3, 6)]).error == pytest.approx(0)


def test_a_95th_percentile_needs_many_futures() -> None:
    """Below four hundred futures none is told."""
    assert level(drawn(100)).p95 is None
    assert level(drawn(400)).p95 is not None


def test_nothing_is_left_out_less_than_never() -> None:
    """The range of a level begins at nothing."""
    assert level([row(n, 5 * (n == 3)) for n in range(6)]).low == 0


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (10, 2.228), (30, 2.042), (1_000, 1.962)],
)
def test_students_quantile_is_that_of_the_tables(freedom: int, quantile: float) -> None:
    """The expansion agrees with the printed table; of many degrees it is the normal one."""
    assert student_95(freedom) == pytest.approx(quantile, abs=0.02)
    assert student_95(10**7) == pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-5)
