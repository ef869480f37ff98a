"""The suite of weeks: figures of continuity, and a small fortnight planned whole."""

from __future__ import annotations

from benchmarks import weeks
from benchmarks.suite import Settings


def test_a_small_fortnight_has_all_figures() -> None:
    """Every column is filled, the plan is valid and its cost the verifier's."""
    (found,) = weeks.run(Settings(iterations=300, smoke=True))
    assert found.figures["valid"] is True
    assert all(found.figures[name] is not None for name in weeks.COLUMNS)
    mean, most, main, two = (
        float(str(found.figures[name]))
        for name in ("carers_mean", "carers_most", "main_share", "top_two_share")
    )
    assert 1 <= mean <= most <= 6
    assert 0 < main <= two <= 100
    (table,) = weeks.tables([found])
    assert len(table.rows) == 1
    assert len(table.rows[0]) == len(table.columns)
