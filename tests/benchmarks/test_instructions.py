"""Counting the instructions between two marks of a process."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from benchmarks.instructions import MARK, Perf, Valgrind, find_counter, plain_output
from optimizer.errors import UsageError

LOOP = f"""
import os, sys
os.{MARK}()
for number in range(int(sys.argv[1])): pass
os.{MARK}()
print(number)
"""
SEED = {"PYTHONHASHSEED": "0"}

PERF = """#!/bin/sh
# Counts one instruction for each letter of the last word.
for word; do case $word in --output=*) report=${word#--output=} ;; esac; done
echo "# started" > "$report"
echo "${#word},,instructions:u,100,100.00,," >> "$report"
echo done
"""


def loop(rounds: int, marks: int = 2) -> tuple[str, ...]:
    """Return a process that goes so many rounds between its marks."""
    text = LOOP if marks == 2 else LOOP.replace(f"os.{MARK}()", "", 1)
    return (sys.executable, "-I", "-S", "-c", text, str(rounds))


@pytest.mark.sweep
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")
def test_valgrind_counts_the_stretch_alone() -> None:
    """Ten times the rounds cost about ten times the instructions: the start is not counted."""
    counter = find_counter()
    assert isinstance(counter, Valgrind)
    few = counter.count(loop(10_000), loop(1), SEED)
    many = counter.count(loop(100_000), loop(1), SEED)
    assert many.output == "99999\n"
    assert many.instructions == pytest.approx(10 * few.instructions, rel=0.5)


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")
def test_a_process_without_its_marks_is_refused() -> None:
    """What cannot be told from the start of the process is no figure."""
    counter = find_counter()
    assert counter is not None
    with pytest.raises(UsageError, match="two marks"):
        counter.count(loop(10, marks=1), loop(1), SEED)


def stub(folder: Path, name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `name` the only program on the path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_perf_takes_the_difference_to_an_idle_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only perf is installed, what the start costs is subtracted."""
    stub(tmp_path, "perf", PERF, monkeypatch)
    counter = find_counter()
    assert isinstance(counter, Perf)
    counted = counter.count(("loop", "x" * 70), ("loop", "x" * 20), {})
    assert (counted.instructions, counted.output) == (50, "done\n")


def test_a_perf_that_counts_nothing_is_no_counter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Virtual machines often lack the processor's counters; then there is no counter."""
    stub(tmp_path, "perf", PERF.replace("${#word}", "<not supported>"), monkeypatch)
    assert find_counter() is None


def test_nothing_installed_is_no_counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without valgrind and perf nothing counts."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_counter() is None


def test_a_process_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process complained of is handed on."""
    with pytest.raises(UsageError, match="ZeroDivisionError"):
        plain_output((sys.executable, "-c", "1 / 0"), {})
