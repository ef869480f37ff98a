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
    assert (document["visits"], document["caregivers"]) == (30, 6)


def test_an_unknown_recipe_lists_those_known(homecare: Run) -> None:
    """A mistyped name is bad usage and shows the names."""
    code, _, err = homecare("generate", "zhenhai")
    assert code == 2
    assert "hamlet" in err
    assert "zhenhai-day-xl" in err
