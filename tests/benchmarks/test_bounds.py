"""The suite that measures bounds."""

from __future__ import annotations

import pytest

from benchmarks.bounds import run, tables
from benchmarks.suite import Settings
from optimizer.errors import UsageError


@pytest.mark.sweep
def test_bounds_are_checked_and_measured() -> None:
    """No bound lies above an optimum or a plan, and the gap of a day is told."""
    found = list(run(Settings(smoke=True)))
    assert [m.case for m in found] == ["enumerated", "plans", "zhenhai-day-s"]
    assert all(m.figures["valid"] for m in found)
    checks, gaps = tables(found)
    assert [row[2] for row in checks.rows] == ["0", "0"]
    assert gaps.rows[0][0] == "zhenhai-day-s"


def test_an_unknown_day_is_a_wrong_use() -> None:
    """The message lists the days."""
    with pytest.raises(UsageError, match="uncoupled-200"):
        list(run(Settings(only="nowhere")))


@pytest.mark.sweep
def test_a_scarce_day_is_measured_in_four_ways() -> None:
    """By priority, by number, with a dive and by proof; the proof never lies above."""
    found = list(run(Settings(only="scarce-100-3", seconds=2.0)))
    assert [m.case for m in found] == ["scarce-100-3"]
    figures = found[0].figures
    assert figures["valid"]
    named = [figures[name] for name in ("unserved", "fewest", "fewest_dived", "least_unserved")]
    assert all(isinstance(number, int) for number in named)
    assert tables(found)[0].rows == (("scarce-100-3", *map(str, named), str(figures["within"])),)
