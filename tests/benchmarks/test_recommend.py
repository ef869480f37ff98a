"""The suite that asks who could take a new visit."""

from __future__ import annotations

import pytest

from benchmarks.recommend import run, tables
from benchmarks.suite import Settings
from optimizer.errors import UsageError


def test_first_suggestions_are_verified() -> None:
    """Their difference is the one that the verifier counts."""
    (one,) = run(Settings(smoke=True))
    assert one.figures["valid"] is True
    (table,) = tables([one])
    assert table.rows[0][0] == "hamlet"


def test_an_unknown_day_is_a_wrong_use() -> None:
    """The message lists the days."""
    with pytest.raises(UsageError, match="zhenhai-day-xl"):
        list(run(Settings(only="nowhere")))
