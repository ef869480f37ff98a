"""The suite of workbooks."""

from __future__ import annotations

import pytest

from benchmarks import spreadsheets
from benchmarks.suite import Settings
from optimizer.errors import UsageError


def test_a_workbook_is_read_as_it_was_written() -> None:
    """The case counts only where the scenario is the same; its figures stand in the table."""
    (measured,) = spreadsheets.run(Settings(smoke=True))
    assert measured.figures["valid"] is True
    assert measured.figures["clients"] == 30
    (table,) = spreadsheets.tables([measured])
    assert table.rows[0][0] == "zhenhai-day-s"


def test_an_unknown_day_is_a_wrong_use() -> None:
    """The names that there are are told."""
    with pytest.raises(UsageError, match="zhenhai-day-s"):
        list(spreadsheets.run(Settings(only="nowhere")))
