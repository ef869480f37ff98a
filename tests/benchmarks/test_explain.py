"""The suite that explains what plans leave out."""

from __future__ import annotations

import pytest

from benchmarks.explain import run, tables
from benchmarks.suite import Settings
from optimizer.errors import UsageError


def test_a_scarce_day_is_explained() -> None:
    """Every visit left out has its reason, and every fix told is clean."""
    (one,) = run(Settings(smoke=True))
    figures = one.figures
    assert figures["valid"] is True
    assert isinstance(figures["unserved"], int)
    assert figures["proven"] == figures["confirmed"]
    assert figures["crowded_out"] == figures["able_alone"]
    times, checks = tables([one])
    assert times.rows[0][0] == checks.rows[0][0] == "scarce-20"


def test_an_unknown_day_is_a_wrong_use() -> None:
    """The message lists the days."""
    with pytest.raises(UsageError, match="zhenhai-day-l"):
        list(run(Settings(only="nowhere")))
