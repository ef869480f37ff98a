"""Reasons to end a search: small frozen callables over its progress."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from optimizer.progress import Progress


class Termination(StrEnum):
    """Why a solve ended."""

    TIME = "time"
    ITERATIONS = "iterations"
    NO_IMPROVEMENT = "no_improvement"
    INTERRUPTED = "interrupted"
    OPTIMAL = "optimal"


class StoppingCriterion(Protocol):
    """Decides from the progress alone whether to end, and says why."""

    def __call__(self, progress: Progress, /) -> Termination | None:
        """Return the reason to end now, or None to go on."""


@dataclass(frozen=True, slots=True)
class AfterSeconds:
    """End after so many seconds (positive)."""

    seconds: float

    def __call__(self, progress: Progress, /) -> Termination | None:
        """Return ``TIME`` once the time is over."""
        return Termination.TIME if progress.elapsed >= self.seconds else None


@dataclass(frozen=True, slots=True)
class AfterIterations:
    """End after so many iterations (at least 0)."""

    iterations: int

    def __call__(self, progress: Progress, /) -> Termination | None:
        """Return ``ITERATIONS`` once they are done."""
        return Termination.ITERATIONS if progress.iterations >= self.iterations else None


@dataclass(frozen=True, slots=True)
class AfterNoImprovement:
    """End when the best plan has not improved for so many seconds (positive)."""

    seconds: float

    def __call__(self, progress: Progress, /) -> Termination | None:
        """Return ``NO_IMPROVEMENT`` once the search has been idle for too long."""
        return Termination.NO_IMPROVEMENT if progress.since_best >= self.seconds else None


@dataclass(frozen=True, slots=True)
class WhenSet:
    """End when somebody sets the event, for instance a signal handler."""

    event: threading.Event

    def __call__(self, progress: Progress, /) -> Termination | None:
        """Return ``INTERRUPTED`` once the event is set."""
        return Termination.INTERRUPTED if self.event.is_set() else None


@dataclass(frozen=True, slots=True)
class FirstOf:
    """End as soon as one of several reasons holds."""

    stops: tuple[StoppingCriterion, ...]

    def __call__(self, progress: Progress, /) -> Termination | None:
        """Return the first reason that holds, in the order given."""
        for stop in self.stops:
            reason = stop(progress)
            if reason is not None:
                return reason
        return None
