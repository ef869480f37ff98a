"""How the comparison is run and shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.__main__ import main
from benchmarks.named_days import independent_visits
from benchmarks.peers import suite
from benchmarks.peers.by_ours import OURS
from benchmarks.suite import Measurement, Settings
from optimizer.domain import Policy, Weights

MISSING = replace(OURS, name="nobody", package="no-such-package", module="no_such_package")


def measured(case: str, seed: int | None, minutes: float) -> Measurement:
    """Return the figures that the table shows."""
    figures = dict.fromkeys(("budget_seconds", "threads", "solve_seconds"), 1)
    figures |= {"unserved": 0, "dropped": 0}
    return Measurement(case, seed, {**figures, "version": "an engine", "cost_minutes": minutes})


def test_costs_are_shown_in_proportion_to_the_mean_of_our_seeds() -> None:
    """Each size has its own yardstick; without ours there is none."""
    (table,) = suite.tables(
        [
            measured("200/ours", 1, 90.0),
            measured("200/ours", 2, 110.0),
            measured("200/vroom", None, 150.0),
            measured("870/vroom", None, 150.0),
        ]
    )
    assert [row[-1] for row in table.rows] == ["0.900", "1.100", "1.500", "-"]


def test_a_missing_peer_is_one_clear_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is measured, one sentence says what is missing and what mends it."""
    monkeypatch.setattr(suite, "ENGINES", (OURS, MISSING))
    assert main(["peers", "--seconds", "1"]) == 2
    printed = capsys.readouterr()
    assert "no-such-package is not installed" in printed.err
    assert "pip install '.[bench]'" in printed.err
    assert "200/ours" not in printed.out


def test_a_smoke_run_passes_over_missing_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    """To see that the suite works, the engines at hand are enough."""
    monkeypatch.setattr(suite, "ENGINES", (OURS, MISSING))
    measurements = list(suite.run(Settings(smoke=True, seeds=(1, 2))))
    assert [(m.case, m.seed) for m in measurements] == [("12/ours", 1), ("12/ours", 2)]
    assert all(m.figures["valid"] for m in measurements)


def test_ours_has_a_sixth_of_the_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty seconds for a peer are ten for us, and the row says so."""
    monkeypatch.setattr(suite, "SIZES", (12,))
    (measurement,) = suite.run(Settings(seconds=1.2, only="*12/ours"))
    assert measurement.figures["budget_seconds"] == pytest.approx(0.2)


def test_a_day_that_asks_for_more_than_was_told_is_invalid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A cost term that the engines were not told of shows itself in the recount."""
    weights = Weights(staff_used=5)
    day = independent_visits(12, 3, 1).model_copy(update={"policy": Policy(weights=weights)})
    monkeypatch.setattr(suite, "_scenario", lambda visits: day)
    (measurement,) = suite.run(Settings(smoke=True, only="*/ours"))
    assert measurement.figures["valid"] is False
    assert "were told" in str(measurement.figures["fault"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["peers", "--iterations", "100"],  # peers count no iterations
        ["peers", "--only", "moon"],  # no such engine
        ["peers", "--only", "12/", "--seconds", "1"],  # a size of smoke runs only
    ],
)
def test_wrong_use_ends_with_code_two(arguments: list[str]) -> None:
    """Wrong use never starts a measurement."""
    assert main(arguments) == 2
