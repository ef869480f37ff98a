"""What every way to spread work looks like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from optimizer.parallel.events import Event
from optimizer.parallel.task import Task


class Executor(Protocol):
    """Does tasks somewhere else, and tells of them.

    One thread uses an executor; the work itself happens elsewhere.
    """

    @property
    def slots(self) -> int:
        """Return how many tasks can be in flight at once (at least 1)."""

    @property
    def in_flight(self) -> int:
        """Return how many tasks have been submitted and not yet ended in an event."""

    def prepare(self) -> None:
        """Get ready, in the background, so that the first task need not wait for that."""

    def submit(self, task: Task, /) -> None:
        """Begin a task.

        Raises
        ------
        UsageError
            If no slot is free, or a task of this key is in flight.
        """

    def events(self, timeout: float) -> Sequence[Event]:
        """Return what has happened since the last call, after at most `timeout` seconds.

        The answer is bounded: at most one report, one checkpoint and one ending per task, so
        that work which tells much keeps nobody from their own.
        """

    def stop(self, key: str) -> None:
        """Ask a task to end and keep its best; nothing happens if it is not in flight."""

    def cancel(self, key: str) -> None:
        """Kill a task, also inside compiled code; nothing happens if it is not in flight."""

    def close(self) -> None:
        """Kill all tasks and give back what is held; no event follows."""
