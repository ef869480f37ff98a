"""Outputs that would destroy an input or each other, or that cannot be written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import FakeEngine, Run

Arrange = Callable[[Path], Path]


def _dotted(path: Path) -> Path:
    return path.parent / "." / ".." / path.parent.name / path.name


def _symlink(path: Path) -> Path:
    link = path.with_name("link.json")
    link.symlink_to(path)
    return link


def _hard_link(path: Path) -> Path:
    link = path.with_name("hard.json")
    os.link(path, link)
    return link


NAMES: list[Arrange] = [lambda path: path, _dotted, _symlink, _hard_link]


@pytest.mark.parametrize("other_name", NAMES)
def test_no_output_is_written_onto_an_input(
    homecare: Run, village_file: Path, plan_file: Path, engine: FakeEngine, other_name: Arrange
) -> None:
    """By whatever name an output is an input, nothing runs and the input stays as it is."""
    before = village_file.read_bytes(), plan_file.read_bytes()
    scenario = other_name(village_file)
    calls = [
        ("solve", village_file, "-o", scenario),
        ("solve", village_file, "--audit", scenario),
        ("needs", village_file, "-o", scenario),
        ("certify", village_file, "-o", scenario),
        ("convert", village_file, scenario),
        ("convert", plan_file, scenario, "--scenario", village_file),
        ("solve", village_file, "--start", plan_file, "-o", plan_file),
        ("certify", village_file, plan_file, "-o", plan_file),
    ]
    for call in calls:
        code, out, err = homecare(*call)
        assert (code, out, len(err.splitlines())) == (2, "", 1), call
        assert "is read by this command" in err
    assert (village_file.read_bytes(), plan_file.read_bytes()) == before
    assert engine.asked == {}


@pytest.mark.parametrize("other_name", [lambda path: path, _dotted, _symlink])
def test_no_two_outputs_are_one_file(
    homecare: Run, village_file: Path, tmp_path: Path, engine: FakeEngine, other_name: Arrange
) -> None:
    """Two outputs onto one file, which need not exist yet, are refused before the work."""
    target = tmp_path / "roster.json"
    code, out, err = homecare("solve", village_file, "-o", target, "--audit", other_name(target))
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "is the same file as the output" in err
    assert engine.asked == {}
    assert not target.exists()


def test_outputs_beside_the_input_are_written(
    homecare: Run, village_file: Path, engine: FakeEngine
) -> None:
    """Other files of the input's folder are fine, existing ones included."""
    target = village_file.with_name("roster.json")
    target.write_text("old", encoding="utf-8")
    code, _, _ = homecare("solve", village_file, "-o", target, "--csv", target.with_suffix(".csv"))
    assert code == 0
    assert json.loads(target.read_bytes())["format"] == "homecare-plan"


def test_an_output_that_fails_does_not_cost_the_others(
    homecare: Run,
    village_file: Path,
    tmp_path: Path,
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the disk refuses one file after the work, the others are written all the same."""
    refused, table = tmp_path / "roster.json", tmp_path / "roster.csv"
    write = Path.write_bytes

    def full(path: Path, raw: bytes) -> int:
        if path == refused:
            raise OSError(28, "No space left on device")
        return write(path, raw)

    monkeypatch.setattr(Path, "write_bytes", full)
    code, out, err = homecare("solve", village_file, "-o", refused, "-o", table)
    assert code == 2
    assert (
        f"{refused} cannot be written: No space left on device; make room, or use another disk."
        in err
    )
    assert str(table) in out
    assert table.exists()


def test_the_folder_of_a_demo_is_no_file(
    homecare: Run, village_file: Path, engine: FakeEngine
) -> None:
    """A file named as the folder of the demo is refused before the work, also from inside."""
    for folder in (village_file, village_file / "inside"):
        code, _, err = homecare("demo", "-o", folder)
        assert (code, len(err.splitlines())) == (2, 1)
    assert engine.asked == {}
