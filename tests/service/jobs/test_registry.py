"""The kinds of jobs that there are."""

from __future__ import annotations

import sys
import types

import pytest

from optimizer.errors import InternalError
from optimizer.parallel import WorkItem
from service.jobs import registry


def test_every_kind_can_be_handed_out() -> None:
    """Its work is found by its name in another process, and its name fits into a row."""
    for name, kind in registry.kinds().items():
        assert name == kind.name
        assert len(name) <= 64
        WorkItem("key", kind.work, None)


def test_solving_is_a_kind() -> None:
    """The one that the service begins with."""
    assert "solve" in registry.kinds()


def test_a_module_without_a_kind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a kind is a fault at the start, not at the first job."""
    monkeypatch.setitem(sys.modules, "service.jobs.kinds.solve", types.ModuleType("solve"))
    registry.kinds.cache_clear()
    with pytest.raises(InternalError):
        registry.kinds()
    monkeypatch.undo()
    registry.kinds.cache_clear()
