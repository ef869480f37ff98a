"""Ids are never the same, and tell their order."""

from __future__ import annotations

import re
import threading

import pytest

from service.database.identifiers import new_id


def test_ids_sort_in_the_order_in_which_they_were_made() -> None:
    """Thousands within a millisecond still do."""
    made = [new_id("job") for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(r"job_[0-9a-z]{26}", each) for each in made)


def test_threads_make_different_ids() -> None:
    """Two that ask at once get two."""
    made: list[str] = []

    def make() -> None:
        made.extend(new_id("job") for _ in range(500))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4000


def test_a_clock_that_is_set_back_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Later ids stay later."""
    before = new_id("job")
    monkeypatch.setattr(
        "service.database.identifiers.time.time_ns", lambda: 1_700_000_000_000_000_000
    )
    assert new_id("job") > before
