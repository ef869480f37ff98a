"""The suite that asks for the fewest hires."""

from __future__ import annotations

import pytest

from benchmarks.staffing import CASES, run, tables
from benchmarks.suite import Settings
from optimizer.errors import UsageError


def test_a_tiny_day_is_asked_about() -> None:
    """The plan with hires keeps every rule, and no proof is refused."""
    (found,) = run(Settings(smoke=True))
    assert found.figures["valid"] is True
    days, curves = tables([found])
    assert [row[0] for row in days.rows] == ["hamlet"]
    assert curves.rows[0][1].startswith("0: ")


def test_every_scarce_day_lacks_somebody() -> None:
    """Each case leaves a staff, smaller than it was."""
    for name in ("m-no-nurses", "s-away"):
        scarce, whole = CASES[name].scenario()
        assert 0 < len(scarce.caregivers) < len(whole)


def test_an_unknown_case_is_a_wrong_use() -> None:
    """The message lists the cases."""
    with pytest.raises(UsageError, match="m-away-8"):
        list(run(Settings(only="nothing")))
