"""What every way to spread work looks like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from optimizer.parallel.events import Event
from optimizer.parallel.work_item import WorkItem


class Executor(Protocol):
    """Does work items somewhere else, and tells of them.

    One thread uses an executor; the work itself happens elsewhere.
    """

    @property
    def slots(self) -> int:
        """Return how many work items can be in flight at once (at least 1)."""

    @property
    def in_flight(self) -> int:
        """Return how many work items have been submitted and not yet ended in an event."""

    def prepare(self) -> None:
        """Get ready, in the background, so that the first work item need not wait for that."""

    def submit(self, item: WorkItem, /) -> None:
        """Begin a work item.

        Raises
        ------
        UsageError
            If no slot is free, or a work item of this key is in flight.
        """

    def events(self, timeout: float) -> Sequence[Event]:
        """Return what has happened since the last call, after at most `timeout` seconds.

        The answer is bounded: at most one report, one checkpoint and one ending per work item, so
        that work which tells much keeps nobody from their own.
        """

    def stop(self, key: str) -> None:
        """Ask a work item to end and keep its best; nothing happens if it is not in flight."""

    def cancel(self, key: str) -> None:
        """Kill a work item, also inside compiled code; nothing happens if it is not in flight."""

    def close(self) -> None:
        """Kill all work items and give back what is held; no event follows."""
