"""The suite of days of growing size."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from typing import NoReturn

import numpy as np
import pytest

from benchmarks import scale
from benchmarks.memory import peak_megabytes
from benchmarks.record import ROOT
from benchmarks.suite import Figure, Measurement, Settings


def measured(**figures: Figure) -> Measurement:
    """Return a measurement of these figures."""
    return Measurement("day", 1, figures)


@pytest.mark.parametrize("exponent", [0.0, 1.0, 1.7])
def test_growth_is_the_exponent(exponent: float) -> None:
    """A figure that grows with a power of the size has this power as its growth."""
    sizes = [measured(visits=v, time=3 * float(v) ** exponent) for v in (100, 300, 1_000)]
    assert scale.growth(sizes, "time") == pytest.approx(exponent)


def test_one_size_does_not_grow() -> None:
    """Two seeds of one size have no slope, and a size that failed is left out."""
    twice = [measured(visits=100, time=1.0), measured(visits=100, time=2.0)]
    assert scale.growth(twice, "time") is None
    assert scale.growth([*twice, measured(visits=300, valid=False)], "time") is None


@pytest.mark.parametrize(
    ("settings", "iterations"),
    [
        (Settings(iterations=1_000, smoke=True), 60),  # in proportion
        (Settings(iterations=1_000, smoke=True, workers=2), 60),  # over all workers
        (Settings(iterations=1, smoke=True), 1),  # never none at all
    ],
)
def test_the_budget_is_in_proportion(settings: Settings, iterations: int) -> None:
    """Sixty visits have 60 thousandths of the iterations of a thousand."""
    figures = scale.planned(60, 1, settings)
    assert figures["iterations"] == iterations
    assert figures["valid"] is True
    assert (figures["visits"], figures["caregivers"]) == (60, 9)


def test_a_process_that_breaks_down_is_a_failed_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other sizes are still measured, and the table shows what is known."""

    def break_down(*_: object) -> NoReturn:
        raise BrokenProcessPool

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor.submit", break_down)
    found = list(scale.run(Settings(iterations=10, smoke=True)))
    assert [m.figures["valid"] for m in found] == [False, False]
    assert "memory" in str(found[0].figures["fault"])
    (table,) = scale.tables(found)
    assert [row[:3] for row in table.rows] == [("30", "1", "-"), ("60", "1", "-")]


def test_peak_memory_is_in_megabytes_of_this_process_alone() -> None:
    """A hundred megabytes held and given back show; what the parent holds does not."""
    held_here = np.ones(500_000_000, np.int8)
    program = (
        "from benchmarks.memory import peak_megabytes\n"
        "before = peak_megabytes()\n"
        "rows = b'x' * 100_000_000\n"
        "del rows\n"
        "print(before, peak_megabytes())\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    before, after = map(float, answer.stdout.split())
    assert after - before == pytest.approx(100, abs=5)
    assert before < held_here.nbytes / 1e6 < peak_megabytes()
