"""One work item at a time in a thread of this process: for children, which have none themselves."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.errors import UsageError
from optimizer.parallel.events import Ending, Event, Failed, Finished, Kept, Reported
from optimizer.parallel.mailbox import Mailbox
from optimizer.parallel.work_item import WorkItem
from optimizer.progress import Progress


@dataclass(frozen=True, slots=True)
class _ThreadLink:
    """Leaves word in the mailbox; is stopped with whoever has the executor."""

    key: str
    mailbox: Mailbox
    stopped: threading.Event

    def report(self, progress: Progress, /) -> None:
        """Leave a report."""
        self.mailbox.put(Reported(self.key, progress))

    def keep(self, checkpoint: bytes, /) -> None:
        """Leave the best so far."""
        self.mailbox.put(Kept(self.key, checkpoint))


class ThreadExecutor:
    """Does each work item in a thread, and tells of it meanwhile. Limits are not enforced.

    A thread cannot be killed: what is cancelled is told to stop, and heard to its end.

    Parameters
    ----------
    stopped
        Tells every work item that it is to end and keep its best.
    """

    def __init__(self, stopped: threading.Event) -> None:
        self._stopped = stopped
        self._mailbox = Mailbox()

    @property
    def slots(self) -> int:
        """Return that one work item can be in flight."""
        return 1

    @property
    def in_flight(self) -> int:
        """Return whether one is."""
        return len(self._mailbox)

    def prepare(self) -> None:
        """Do nothing: this process is ready."""

    def submit(self, item: WorkItem, /) -> None:
        """Begin a work item.

        Raises
        ------
        UsageError
            If one is in flight.
        """
        if self.in_flight:
            raise UsageError("No slot is free.")
        self._mailbox.open(item.key)
        threading.Thread(target=self._do, args=(item,), name=item.key, daemon=True).start()

    def events(self, timeout: float) -> Sequence[Event]:
        """Return what has happened since the last call, after at most `timeout` seconds."""
        return self._mailbox.take(timeout)

    def stop(self, key: str) -> None:  # noqa: ARG002 (there is one)
        """Ask the work item to end and keep its best."""
        self._stopped.set()

    def cancel(self, key: str) -> None:
        """Ask the work item to end; what it still tells is heard."""
        self.stop(key)

    def close(self) -> None:
        """Ask the work item to end; no event follows."""
        self._stopped.set()
        self._mailbox = Mailbox()

    def _do(self, item: WorkItem) -> None:
        mailbox = self._mailbox
        try:
            link = _ThreadLink(item.key, mailbox, self._stopped)
            ending: Ending = Finished(item.key, item.work(item.payload, link))
        except BaseException as error:  # noqa: BLE001 (whatever the work raises is its ending)
            ending = Failed.of(item.key, error)
        mailbox.put(ending)
