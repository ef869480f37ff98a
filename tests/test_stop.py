"""Reasons to end: each looks at the progress alone."""

from __future__ import annotations

import threading

import pytest

from optimizer.progress import Progress, silent
from optimizer.stop import (
    AfterIterations,
    AfterNoImprovement,
    AfterSeconds,
    FirstOf,
    StoppingCriterion,
    Termination,
    WhenSet,
)

SET, UNSET = threading.Event(), threading.Event()
SET.set()


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (AfterSeconds(10.0), Termination.TIME),  # just over
        (AfterSeconds(10.1), None),  # not yet
        (AfterIterations(100), Termination.ITERATIONS),  # just done
        (AfterIterations(101), None),  # one is missing
        (AfterNoImprovement(3.0), Termination.NO_IMPROVEMENT),  # idle for three seconds
        (AfterNoImprovement(3.1), None),  # a little hope is left
        (WhenSet(SET), Termination.INTERRUPTED),  # somebody said so
        (WhenSet(UNSET), None),  # nobody did
        (FirstOf(()), None),  # no reason at all
        (FirstOf((WhenSet(UNSET), AfterSeconds(1))), Termination.TIME),  # the second holds
        (FirstOf((AfterIterations(1), AfterSeconds(1))), Termination.ITERATIONS),  # both hold
    ],
)
def test_the_progress_decides(stop: StoppingCriterion, reason: Termination | None) -> None:
    """After ten seconds, 100 steps and three idle seconds."""
    assert stop(Progress("search", elapsed=10.0, iterations=100, since_best=3.0)) is reason


def test_one_stop_serves_many_solves() -> None:
    """A stop remembers nothing."""
    stop = AfterIterations(5)
    assert stop(Progress("search", iterations=5)) is Termination.ITERATIONS
    assert stop(Progress("search", iterations=0)) is None


def test_the_silent_observer_takes_no_note() -> None:
    """The default observer does nothing with what it is told."""
    progress = Progress("search", cost=3)
    silent(progress)
    assert progress == Progress("search", cost=3)
