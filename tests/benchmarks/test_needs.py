"""The suite that derives visits from health records."""

from __future__ import annotations

import pytest

from benchmarks.needs import run, tables
from benchmarks.suite import Settings
from optimizer.errors import UsageError


def test_the_small_day_is_derived_and_timed() -> None:
    """Records become visits, needed care is paid for or cut, twice the same."""
    (one,) = run(Settings(smoke=True))
    figures = one.figures
    assert figures["valid"] is True
    assert isinstance(figures["seconds"], float)
    assert figures["records"] == 30
    (table,) = tables([one])
    assert table.rows[0][:2] == ("zhenhai-day-s", "30")


def test_an_unknown_day_is_a_wrong_use() -> None:
    """The message lists the days."""
    with pytest.raises(UsageError, match="zhenhai-day-xl"):
        list(run(Settings(only="nowhere")))
