"""Work items done in this very process, one after the other: for tests and for finding defects."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from optimizer.errors import UsageError
from optimizer.parallel.events import Cancelled, Event, Failed, Finished, Kept, Reported
from optimizer.parallel.mailbox import Mailbox
from optimizer.parallel.work_item import WorkItem
from optimizer.progress import Progress


@dataclass(frozen=True, slots=True)
class _InlineLink:
    """Leaves word in the mailbox directly."""

    key: str
    mailbox: Mailbox
    stopped: threading.Event = field(default_factory=threading.Event)

    def report(self, progress: Progress, /) -> None:
        """Leave a report; every one of them, as nobody waits."""
        self.mailbox.put(Reported(self.key, progress))

    def keep(self, checkpoint: bytes, /) -> None:
        """Leave the best so far."""
        self.mailbox.put(Kept(self.key, checkpoint))


class InlineExecutor:
    """Does a waiting work item whenever it is asked for events. Limits are not enforced.

    Parameters
    ----------
    slots
        Work items that may wait at once (at least 1).
    """

    def __init__(self, slots: int = 1) -> None:
        self._slots = slots
        self._mailbox = Mailbox()
        self._waiting: dict[str, tuple[WorkItem, _InlineLink]] = {}

    @property
    def slots(self) -> int:
        """Return how many work items may wait."""
        return self._slots

    @property
    def in_flight(self) -> int:
        """Return how many work items wait or have an ending that nobody has heard of."""
        return len(self._mailbox)

    def prepare(self) -> None:
        """Do nothing: this process is ready."""

    def submit(self, item: WorkItem, /) -> None:
        """Put a work item behind the waiting ones.

        Raises
        ------
        UsageError
            If no slot is free, or a work item of this key is in flight.
        """
        if self.in_flight >= self._slots:
            raise UsageError("No slot is free.")
        self._mailbox.open(item.key)
        self._waiting[item.key] = (item, _InlineLink(item.key, self._mailbox))

    def events(self, timeout: float) -> Sequence[Event]:
        """Do the work item that has waited longest, and return what is to be told."""
        if self._waiting:
            key = next(iter(self._waiting))
            item, link = self._waiting.pop(key)
            try:
                ending: Event = Finished(key, item.work(item.payload, link))
            except Exception as error:  # noqa: BLE001 (whatever the work raises is its ending)
                ending = Failed.of(key, error)
            self._mailbox.put(ending)
        return self._mailbox.take(timeout)

    def stop(self, key: str) -> None:
        """Let a waiting work item end as soon as it looks."""
        if key in self._waiting:
            self._waiting[key][1].stopped.set()

    def cancel(self, key: str) -> None:
        """Take a waiting work item away."""
        if self._waiting.pop(key, None):
            self._mailbox.put(Cancelled(key))

    def close(self) -> None:
        """Forget all waiting work items."""
        self._waiting.clear()
        self._mailbox = Mailbox()
