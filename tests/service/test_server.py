"""What the process of the service does before it listens."""

from __future__ import annotations

import ctypes
from unittest.mock import Mock

import pytest

from service import server


@pytest.mark.parametrize(("chosen", "told"), [(None, [(-8, 2)]), ("4", [])])
def test_threads_share_two_heaps_unless_somebody_chose(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, told: list[tuple[int, int]]
) -> None:
    """The C library is told a number of heaps, but no other than the one in the environment."""
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    if chosen is not None:
        monkeypatch.setenv("MALLOC_ARENA_MAX", chosen)
    library = Mock()
    monkeypatch.setattr(ctypes, "CDLL", Mock(return_value=library))
    server._share_heaps()
    assert [call.args for call in library.mallopt.call_args_list] == told


def test_a_library_without_heaps_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is nothing to choose, the service starts all the same."""
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    asked = Mock(return_value=Mock(spec=[]))
    monkeypatch.setattr(ctypes, "CDLL", asked)
    server._share_heaps()
    assert asked.called
