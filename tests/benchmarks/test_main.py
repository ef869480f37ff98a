"""Every suite runs from the command line, on tiny cases."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.ablation import COMPONENTS
from benchmarks.record import ROOT
from benchmarks.registry import SUITES


@pytest.mark.sweep
@pytest.mark.parametrize("suite", SUITES)
def test_every_suite_has_a_smoke_run(
    suite: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The smoke run ends well, prints its tables and keeps its rows where it is told to."""
    assert main([suite, "--smoke", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    rows = [json.loads(line) for line in (tmp_path / f"{suite}.jsonl").read_text().splitlines()]
    assert rows
    assert all(SUITES[suite].headline in row["figures"] for row in rows)
    assert all(row["case"] in printed for row in rows)
    (table,) = tmp_path.glob(f"{suite}-*.md")
    assert "| --" in table.read_text(encoding="utf-8")


@pytest.mark.parametrize("suite", SUITES)
def test_every_suite_is_documented(suite: str) -> None:
    """The page on benchmarks has a row and a section for each suite, `make` runs each smoke."""
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert f"\n| `{suite}` | " in page
    assert f"\n### {suite}" in page
    (loop,) = re.findall(r"for suite in (.+?); do", (ROOT / "Makefile").read_text("utf-8"))
    assert suite in loop.split()


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_is_documented(component: str) -> None:
    """The page says what takes the place of each component that can be switched off."""
    assert f"\n| `{component}` | " in (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")


def test_every_benchmark_solution_of_the_smoke_run_is_recounted(tmp_path: Path) -> None:
    """The suite calls a case valid only if the stand-alone script counts the same cost."""
    assert main(["hhcrsp", "--smoke", "--out", str(tmp_path)]) == 0
    rows = [json.loads(line) for line in (tmp_path / "hhcrsp.jsonl").read_text().splitlines()]
    assert [row["figures"]["valid"] for row in rows] == [True] * 3
    assert [row["figures"]["unserved"] for row in rows] == [0] * 3


def test_two_runs_can_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rows of a run compared with themselves show no change."""
    main(["day", "--smoke", "--out", str(tmp_path)])
    capsys.readouterr()
    path = str(tmp_path / "day.jsonl")
    assert main(["compare", path, path]) == 0
    assert "+0.00 %" in capsys.readouterr().out


def test_missing_instances_are_a_clear_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that is not there, or is empty, ends with one sentence and exit code 2."""
    assert main(["hhcrsp", "--data", str(tmp_path / "nowhere")]) == 2
    assert "github.com/iolab-uniud/hhcrsp" in capsys.readouterr().err
    assert main(["hhcrsp", "--data", str(tmp_path)]) == 2
    assert "holds no instance" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],  # no such suite
        ["day", "--seconds", "0"],  # no time
        ["day", "--only", "moon", "--smoke"],  # no such case
        ["compare", "a.jsonl", "b.jsonl"],  # no such files
    ],
)
def test_wrong_use_ends_with_code_two(arguments: list[str]) -> None:
    """Wrong use never starts a measurement."""
    assert main(arguments) == 2
