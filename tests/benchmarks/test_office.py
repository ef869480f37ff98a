"""The suite of the purchaser's office."""

from __future__ import annotations

import pytest

from benchmarks import office
from benchmarks.suite import Settings
from optimizer.errors import UsageError


def test_a_day_is_measured() -> None:
    """Every planted fault is found, nothing else is doubted, and all losses add up."""
    (day,) = office.run(Settings(smoke=True))
    assert day.figures["valid"] is True
    assert int(str(day.figures["planted"])) > 8
    assert day.figures["found"] == day.figures["planted"]
    assert day.figures["false"] == 0
    (table,) = office.tables([day])
    assert table.rows[0][0] == "zhenhai-day-m"


def test_an_unknown_case_is_a_wrong_use() -> None:
    """The names that there are are told."""
    with pytest.raises(UsageError, match="zhenhai-day-m"):
        list(office.run(Settings(only="nowhere")))
