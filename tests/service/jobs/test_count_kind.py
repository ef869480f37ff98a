"""Counting as a job."""

from __future__ import annotations

import json
from pathlib import Path

from service.jobs.kind import Assignment
from service.jobs.kinds.count import KIND, work
from tests.service.jobs.test_solve_kind import NobodysLink

HAMLET = Path(__file__).parents[3] / "scenarios" / "hamlet.json"


def test_the_visits_are_counted() -> None:
    """The result is how many there are, and it is complete."""
    visits = len(json.loads(HAMLET.read_text(encoding="utf-8"))["visits"])
    outcome = work(Assignment({}, HAMLET.read_bytes()), NobodysLink())
    assert (json.loads(outcome.result), outcome.is_complete) == ({"visits": visits}, True)


def test_a_count_is_limited() -> None:
    """It may use the memory of a job, and a minute."""
    limits = KIND.limits({}, 1_000)
    assert (limits.seconds, limits.memory_bytes) == (60.0, 1_000)
