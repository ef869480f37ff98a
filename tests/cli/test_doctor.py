"""``homecare doctor``."""

from __future__ import annotations

import json
import os
from pathlib import Path

from optimizer.commands.doctor import kernels_compiled
from tests.cli.conftest import Run


def test_json_has_versions_cores_and_the_engines_state(homecare: Run) -> None:
    """Everything a report of a defect needs."""
    code, out, _ = homecare("doctor", "--json")
    facts = json.loads(out)
    assert code == 0
    assert facts["cores"] >= 1
    assert facts["libraries"].keys() >= {"numba", "numpy", "ortools", "pydantic"}
    assert isinstance(facts["kernels_compiled"], bool)


def test_people_read_a_table(homecare: Run) -> None:
    """One line per fact, in either language."""
    assert "Usable cores" in homecare("doctor")[1]
    assert "可用核心" in homecare("doctor", "--lang", "zh")[1]


def test_compiled_kernels_must_be_newer_than_their_sources(tmp_path: Path) -> None:
    """An empty cache and an outdated one both mean: not compiled."""
    source, cache = tmp_path / "kernels", tmp_path / "cache"
    source.mkdir()
    cache.mkdir()
    (source / "a.py").touch()
    assert not kernels_compiled(cache, source)
    index = cache / "a.nbi"
    index.touch()
    os.utime(index, (1, 1))
    assert not kernels_compiled(cache, source)
    os.utime(source / "a.py", (0, 0))
    assert kernels_compiled(cache, source)
