"""The suite of the extended set: what is compared with what, and where the set lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.hhcrsp_extended import FOLDER, published_sums, run
from benchmarks.suite import Settings
from optimizer.errors import UsageError


def test_the_published_components_are_added_up(tmp_path: Path) -> None:
    """The sum is of the six components, whatever other columns there are."""
    table = tmp_path / "published.csv"
    table.write_text(
        "instance,travel,total_tardiness,highest_tardiness,total_waiting,total_extra_time,"
        "max_idle,remark\n001-town,1,2,4,8,16,32,64\n",
        encoding="utf-8",
    )
    assert published_sums(table) == {"001-town": 63.0}
    assert published_sums(tmp_path / "none.csv") == {}


def test_a_case_is_compared_with_the_row_of_its_file() -> None:
    """Cases are called after files; one without a published row has no gap."""
    first, second = run(Settings(iterations=20, smoke=True))
    assert [first.case, second.case] == ["tiny-0", "tiny-1"]
    assert first.figures["published_sum"] == 60_000
    assert isinstance(first.figures["gap_percent"], float)
    assert second.figures["gap_percent"] is None


def test_the_smoke_run_overruns_shifts_and_serves_everybody() -> None:
    """Shifts too short for the patients give extra time, and the recount agrees."""
    figures = list(run(Settings(iterations=200, smoke=True)))[1].figures
    assert (figures["unserved"], figures["valid"]) == (0, True)
    assert isinstance(figures["total_extra_time"], float)
    assert figures["total_extra_time"] > 0


def test_the_folder_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder it is said where the set is to be had; a given one is looked into."""
    monkeypatch.delenv(FOLDER, raising=False)
    with pytest.raises(UsageError, match="fetch it from"):
        next(run(Settings()))
    monkeypatch.setenv(FOLDER, str(tmp_path))
    with pytest.raises(UsageError, match="holds no instance"):
        next(run(Settings()))
