"""The suite that mends rosters."""

from __future__ import annotations

import pytest

from benchmarks.replan import KINDS, run, tables
from benchmarks.suite import Settings
from optimizer.errors import UsageError


def test_every_kind_of_event_is_mended() -> None:
    """Each proposal is clean, and what has begun is not moved."""
    found = list(run(Settings(smoke=True)))
    assert [one.case for one in found] == list(KINDS)
    assert all(one.figures["valid"] is True for one in found)
    (table,) = tables(found)
    assert [row[0] for row in table.rows] == list(KINDS)


def test_an_unknown_kind_is_a_wrong_use() -> None:
    """The message lists the kinds."""
    with pytest.raises(UsageError, match="cancelled"):
        list(run(Settings(only="nothing")))
