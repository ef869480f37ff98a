"""The suite that looks at the search loop alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numba
import pytest

from benchmarks import kernel_loop, kernels
from benchmarks.comparison import compare
from benchmarks.instructions import NO_COUNTER, Counted
from benchmarks.markdown import markdown
from benchmarks.named_days import named_day
from benchmarks.record import Run
from benchmarks.suite import Measurement, Settings
from optimizer.problem import compile_problem


class HundredAnInsertion:
    """Counts 100 instructions for each insertion, without running anything twice."""

    name = "an abacus"

    def count(
        self, command: Sequence[str], idle: Sequence[str], environment: Mapping[str, str]
    ) -> Counted:
        """Do the stretch in this process."""
        problem, seed, steps = command[-3:]
        worker = kernel_loop.at_work(kernel_loop.read_problem(Path(problem)), int(seed))
        done = kernel_loop.go_on(worker, int(steps))
        text = json.dumps({"iterations": done.iterations, "insertions": done.insertions})
        return Counted(100 * done.insertions, text)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Measurement]:
    """Return the measurements of a tiny case, its instructions counted by an abacus."""
    monkeypatch.setattr(kernels, "CASES", ("hamlet",))
    monkeypatch.setattr(kernels, "find_counter", HundredAnInsertion)
    monkeypatch.setattr(kernels, "plain_output", lambda command, environment: "")
    return list(kernels.run(Settings(iterations=50, seeds=(1, 2))))


def test_instructions_are_told_per_step_and_per_insertion(measured: list[Measurement]) -> None:
    """The counted process says how many insertions it priced; they divide the instructions."""
    assert [m.seed for m in measured] == [1, 2]
    for m in measured:
        assert m.figures["iterations"] == 50
        assert m.figures["instructions_per_insertion"] == 100
        share = m.figures["insertions_per_iteration"]
        assert isinstance(share, float)
        assert m.figures["instructions_per_iteration"] == pytest.approx(100 * share)
    assert "counted by an abacus" in markdown(kernels.tables(measured)[0])


def test_two_runs_are_compared_by_instructions(measured: list[Measurement]) -> None:
    """The main figure is the count, which no neighbour on the machine disturbs."""
    rows = [Run.begin("kernels", Settings()).row(m) for m in measured]
    table = compare(rows, rows, kernels.SUITE.headline)
    assert table.rows[0] == ("hamlet", "100.000", "100.000", "+0.00 %")


def test_without_a_counter_the_table_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times are measured all the same, and a sentence says why there are no counts."""
    monkeypatch.setattr(kernels, "CASES", ("hamlet",))
    monkeypatch.setattr(kernels, "find_counter", lambda: None)
    (m,) = kernels.run(Settings(iterations=20))
    assert m.figures["instructions_per_insertion"] is None
    assert m.figures["nanoseconds_per_insertion"] is not None
    assert NO_COUNTER in markdown(kernels.tables([m])[0])


def test_a_stretch_is_the_same_each_time() -> None:
    """Problem, seed and steps determine what is done, so that counts can be compared."""
    data = compile_problem(named_day("hamlet"))
    first, second = (kernel_loop.go_on(kernel_loop.at_work(data, 1), 100) for _ in range(2))
    assert first == second
    assert first.iterations == 100
    assert first.insertions > 100


def test_the_counted_process_says_what_it_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It prints steps and insertions as JSON."""
    data = compile_problem(named_day("hamlet"))
    problem = tmp_path / "problem"
    kernel_loop.write_problem(data, problem)
    kernel_loop.main(str(problem), "1", "100")
    done = kernel_loop.go_on(kernel_loop.at_work(data, 1), 100)
    printed = json.loads(capsys.readouterr().out)
    assert printed == {"iterations": done.iterations, "insertions": done.insertions}


def test_a_problem_read_back_is_of_the_same_types(tmp_path: Path) -> None:
    """Its arrays are read-only as before: kernels compiled for one serve the other."""
    data = compile_problem(named_day("hamlet"))
    kernel_loop.write_problem(data, tmp_path / "problem")
    again = kernel_loop.read_problem(tmp_path / "problem")
    assert numba.typeof(again.arrays) == numba.typeof(data.arrays)
