"""``homecare generate``."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_the_same_seed_gives_the_same_file(homecare: Run, tmp_path: Path) -> None:
    """Byte for byte, and another seed gives another one."""
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        path = tmp_path / f"{name}.json"
        assert homecare("generate", "zhenhai-day-s", "--seed", seed, "-o", path)[0] == 0
    first, second, other = ((tmp_path / f"{name}.json").read_bytes() for name in "abc")
    assert first == second != other


def test_without_a_file_it_is_printed(homecare: Run) -> None:
    """The scenario itself goes to standard output."""
    code, out, _ = homecare("generate", "hamlet")
    assert code == 0
    assert json.loads(out)["format"] == "homecare-scenario"


def test_json_tells_what_was_made(homecare: Run, tmp_path: Path) -> None:
    """Sizes and seed of the scenario that was written."""
    _, out, _ = homecare("generate", "zhenhai-day-s", "-o", tmp_path / "s.json", "--json")
    document = json.loads(out)
    assert (document["clients"], document["caregivers"]) == (30, 7)
    assert document["visits"] >= 20


def test_the_report_shows_targets_beside_what_was_drawn(homecare: Run) -> None:
    """A table instead of the scenario, in both languages."""
    code, out, _ = homecare("generate", "zhenhai-day-m", "--report")
    assert code == 0
    assert "homecare-scenario" not in out
    assert "Yuan per client and month" in out
    assert "297.2" in out
    assert "需求档" in homecare("generate", "zhenhai-day-m", "--report", "--lang", "zh")[1]


def test_the_report_is_there_for_programs_as_well(homecare: Run, tmp_path: Path) -> None:
    """With ``--json`` the figures stand in one document, and the scenario can be kept."""
    path = tmp_path / "m.json"
    _, out, _ = homecare("generate", "zhenhai-day-m", "--report", "--json", "-o", path)
    figures = {row["figure"]: row for row in json.loads(out)["figures"]}
    assert figures["clients"] == {"figure": "clients", "target": 150, "drawn": 150}
    assert figures["needed"]["drawn"] == figures["entitled"]["drawn"] + figures["cut"]["drawn"]
    assert path.exists()


def test_an_unknown_recipe_lists_those_known(homecare: Run) -> None:
    """A mistyped name is bad usage and shows the names."""
    code, _, err = homecare("generate", "zhenhai")
    assert code == 2
    assert "hamlet" in err
    assert "zhenhai-day-xl" in err
