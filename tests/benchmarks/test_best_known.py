"""The table of published costs."""

from __future__ import annotations

import pytest

from benchmarks.best_known import Published, best_known


def test_all_seventy_instances_are_in_the_table() -> None:
    """Ten instances of each of seven sizes."""
    sizes = [name.split("_")[2] for name in best_known()]
    assert {size: sizes.count(size) for size in set(sizes)} == dict.fromkeys(
        ("10", "25", "50", "75", "100", "200", "300"), 10
    )


@pytest.mark.parametrize(
    ("instance", "cost"),
    [
        ("InstanzVNS_HCSRP_100_1", 1255.93),  # the first source is lower
        ("InstanzCPLEX_HCSRP_50_9", 531.2),  # the second source is lower
        ("InstanzCPLEX_HCSRP_10_2", 246.627),  # the second is lower by rounding only
    ],
)
def test_the_lower_of_two_sources_counts(instance: str, cost: float) -> None:
    """The best published cost is the lower one, unless only rounding makes it so."""
    assert best_known()[instance].cost == cost


@pytest.mark.parametrize(
    ("cost", "verdict"),
    [
        (99.9, "better"),  # clearly below
        (99.996, "equal"),  # prints as 100.00
        (100.004, "equal"),  # prints as 100.00
        (100.1, "worse"),  # clearly above
    ],
)
def test_rounding_of_the_table_makes_no_record(cost: float, verdict: str) -> None:
    """Within half a unit of the printed figure's last digit two costs are equal."""
    assert Published(100.0, 0.005).judge(cost) == verdict


def test_a_gap_below_zero_is_better_than_published() -> None:
    """The gap is in percent of the published cost."""
    assert Published(200.0, 0.05).gap(190.0) == pytest.approx(-5.0)
