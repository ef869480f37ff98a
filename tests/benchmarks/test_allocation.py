"""The suite of allocations."""

from __future__ import annotations

import pytest

from benchmarks import allocation
from benchmarks.allocation_district import TWIN, apart, district_in_lots, findings
from benchmarks.suite import Settings
from optimizer.allocation import allocate
from optimizer.errors import UsageError


def test_vectors_and_days_are_measured() -> None:
    """Deficits stay below one package, and the days' lines are redone by the script."""
    vectors, day, in_lots = allocation.run(Settings(smoke=True))
    assert vectors.figures["valid"] is True
    assert 0 < float(str(vectors.figures["deficit"])) < 1
    assert day.figures["valid"] is True
    assert in_lots.figures["valid"] is True
    (table,) = allocation.tables([vectors, day, in_lots])
    names = ["share vectors", "zhenhai-day-s", "zhenhai-day-m-in-lots"]
    assert [row[0] for row in table.rows] == names


def test_another_allocation_is_not_the_same() -> None:
    """Who can take whom differs as soon as one organisation loses a contract."""
    scenario, rules = district_in_lots("zhenhai-day-m")
    fewer = scenario.model_copy(update={"contracts": scenario.contracts[1:]})
    assert findings(allocate(scenario, rules)) != findings(allocate(fewer, rules))


def test_favour_sets_twins_apart() -> None:
    """Where one of two equal organisations is given all of both, they are far apart."""
    log = allocate(*district_in_lots("zhenhai-day-m"))
    first, second = TWIN
    favoured = log.model_copy(
        update={
            "lines": tuple(
                line.model_copy(update={"organisation": first})
                if line.organisation == second
                else line
                for line in log.lines
            )
        }
    )
    assert apart(log, TWIN) <= 1 < apart(favoured, TWIN)


def test_an_unknown_case_is_a_wrong_use() -> None:
    """The names that there are are told."""
    with pytest.raises(UsageError, match="zhenhai-day-s"):
        list(allocation.run(Settings(only="nowhere")))
