"""``homecare doctor``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.search.kernels.compiled import FOLDER
from tests.cli.conftest import Run


def test_json_has_versions_cores_and_the_engines_state(homecare: Run) -> None:
    """Everything a report of a defect needs."""
    code, out, _ = homecare("doctor", "--json")
    facts = json.loads(out)
    assert code == 0
    assert facts["cores"] >= 1
    assert facts["libraries"].keys() >= {"numba", "numpy", "ortools", "pydantic"}
    assert isinstance(facts["kernels_compiled"], bool)
    assert isinstance(facts["bound_compiled"], bool)


def test_people_read_a_table(homecare: Run) -> None:
    """One line per fact, in either language."""
    assert "Usable cores" in homecare("doctor")[1]
    assert "可用核心" in homecare("doctor", "--lang", "zh")[1]


def test_the_engines_state_is_that_of_the_engine(
    homecare: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether kernels are compiled is the engine's word, in either case."""
    for state in (True, False):
        monkeypatch.setattr("optimizer.commands.doctor.is_compiled", lambda state=state: state)
        facts = json.loads(homecare("doctor", "--json")[1])
        assert facts["kernels_compiled"] is state
        monkeypatch.setattr("optimizer.bound.warm_up.is_compiled", lambda state=state: not state)
        assert json.loads(homecare("doctor", "--json")[1])["bound_compiled"] is not state
        assert Path(facts["cache"]) == FOLDER
