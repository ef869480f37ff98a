"""The suite that sets plans made of the proof's routes against search alone."""

from __future__ import annotations

import pytest

from benchmarks import diving
from benchmarks.suite import Measurement, Settings
from optimizer.errors import UsageError


def test_every_way_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the three ways has a cost at least as high as what is proven."""
    monkeypatch.setattr(diving, "SMOKE_SECONDS", 0.4)
    (measured,) = diving.run(Settings(workers=1, smoke=True))
    figures = measured.figures
    assert figures["valid"] is True
    bound = figures["bound_minutes"]
    assert isinstance(bound, float)
    for way in ("alone", "beside", "with"):
        cost = figures[f"{way}_minutes"]
        assert isinstance(cost, float)
        assert cost >= bound
    (table,) = diving.tables([measured])
    assert len(table.rows) == 1


def test_the_change_is_against_the_search_beside_a_proof() -> None:
    """The table's mean is that of the rows."""
    figures = {
        **{
            f"{way}_{what}": 1
            for way in ("alone", "beside", "with", "dive")
            for what in ("minutes", "unserved", "seconds")
        },
        "dived": True,
    }
    rows = [Measurement("d", 1, {**figures, "change_percent": c}) for c in (-1.0, 0.5)]
    (table,) = diving.tables(rows)
    assert "-0.25 %" in table.notes[0]


def test_an_unknown_day_is_a_clear_error() -> None:
    """The days that there are are named."""
    with pytest.raises(UsageError, match="uncoupled-100"):
        list(diving.run(Settings(only="nowhere")))
