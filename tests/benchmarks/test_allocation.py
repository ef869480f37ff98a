"""The suite of allocations."""

from __future__ import annotations

import pytest

from benchmarks import allocation
from benchmarks.suite import Settings
from optimizer.errors import UsageError


def test_vectors_and_a_day_are_measured() -> None:
    """Deficits stay below one package, and the day's lines are redone by the script."""
    vectors, day = allocation.run(Settings(smoke=True))
    assert vectors.figures["valid"] is True
    assert 0 < float(str(vectors.figures["deficit"])) < 1
    assert day.figures["valid"] is True
    (table,) = allocation.tables([vectors, day])
    assert [row[0] for row in table.rows] == ["share vectors", "zhenhai-day-s"]


def test_an_unknown_case_is_a_wrong_use() -> None:
    """The names that there are are told."""
    with pytest.raises(UsageError, match="zhenhai-day-s"):
        list(allocation.run(Settings(only="nowhere")))
