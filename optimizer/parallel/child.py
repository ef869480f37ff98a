"""The inside of a child process: it does one work item, listens to its parent, and dies with it."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import threading
import time
from multiprocessing.connection import Connection
from typing import Final, Literal

from optimizer.parallel.events import Event, Failed, Finished, Kept, Reported
from optimizer.parallel.work_item import Limits, WorkItem
from optimizer.progress import Progress

STOP = b"stop"
"What the parent sends when the work item is to end and keep its best."
BEGUN: Final = "begun"
"What a child sends once it has its work item: from then on it may be silent for long."
SECONDS_BETWEEN_REPORTS = 0.5
NICENESS = 10
"Whoever asks for work is answered while every processor is busy doing it."
ORPHANED = 113
"Exit code of a child whose parent is gone."


class PipeLink:
    """A child's link to its parent: a pipe in both directions."""

    def __init__(self, key: str, pipe: Connection) -> None:
        self._key = key
        self._pipe = pipe
        self._writing = threading.Lock()
        self._reported = float("-inf")
        self._stopped = threading.Event()

    @property
    def stopped(self) -> threading.Event:
        """Return the event that the parent's word sets."""
        return self._stopped

    def report(self, progress: Progress, /) -> None:
        """Tell the parent how far the work is, at most twice a second."""
        now = time.monotonic()
        if now - self._reported >= SECONDS_BETWEEN_REPORTS:
            self._reported = now
            self.send(Reported(self._key, progress))

    def keep(self, checkpoint: bytes, /) -> None:
        """Hand the best so far to the parent."""
        self.send(Kept(self._key, checkpoint))

    def begin(self) -> None:
        """Tell the parent that the work item has arrived."""
        self.send(BEGUN)

    def send(self, event: Event | Literal["begun"]) -> None:
        """Write an event into the pipe; nobody needs it if the parent is gone."""
        try:
            with self._writing:
                self._pipe.send(event)
        except OSError:
            os._exit(ORPHANED)

    def listen(self) -> None:
        """Wait for the parent's word; the end of the pipe is the end of the parent."""
        while True:
            try:
                word = self._pipe.recv_bytes()
            except (EOFError, OSError):
                # Not sys.exit: only this thread would end, and the work go on for nobody.
                os._exit(ORPHANED)
            if word == STOP:
                self._stopped.set()


def run_child(pipe: Connection, lifeline: Connection, key: str) -> None:
    """Do the one work item that comes through the pipe, send its ending, and end the process.

    Parameters
    ----------
    pipe
        To the parent and back.
    lifeline
        The reading end of a pipe that nobody writes into; it ends with the parent.
    key
        Name of the work item.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent.
    die_with_parent(lifeline)
    os.nice(NICENESS)
    link = PipeLink(key, pipe)
    ending: Event
    try:
        item = _receive(pipe)
        link.begin()
        threading.Thread(target=link.listen, name="listen", daemon=True).start()
        limit_itself(item.limits)
        ending = Finished(key, item.work(item.payload, link))
    except BaseException as error:  # noqa: BLE001 (whatever the work raises is its ending)
        ending = Failed.of(key, error)
    try:
        link.send(ending)
    except Exception as error:  # noqa: BLE001 (a result that cannot be sent is a failure)
        link.send(Failed.of(key, error))
    # At once: neither threads that the work has left behind nor what a library does at the end
    # of a process may hold up the next work item.
    os._exit(0)


def _receive(pipe: Connection) -> WorkItem:
    try:
        item: WorkItem = pipe.recv()
    except (EOFError, ConnectionError):
        os._exit(ORPHANED)
    return item


def die_with_parent(lifeline: Connection) -> None:
    """Have the kernel end this process when the other end of its lifeline is closed.

    The end of `pipe` says the same, but a thread hears it only between two steps of Python, and
    compiled code may hold the interpreter for long. A signal without a handler needs no
    interpreter. (The signal at a parent's death would be no use: the parent in the eyes of the
    kernel is the fork server, which outlives its own parent as long as it has children.)
    """
    descriptor = lifeline.fileno()
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_ASYNC)
    if lifeline.poll(0):  # It ended before the kernel was asked to tell.
        os._exit(ORPHANED)


def limit_itself(limits: Limits) -> None:
    """Lower what this process may take; a limit of None is left as it is."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # No picture of its memory on a disk.
    if limits.memory_bytes is not None:
        # RLIMIT_DATA counts what is allocated; RLIMIT_AS also what threads only reserve.
        _lower(resource.RLIMIT_DATA, limits.memory_bytes)
    if limits.cpu_seconds is not None:
        _lower(resource.RLIMIT_CPU, limits.cpu_seconds)


def _lower(which: int, wanted: int) -> None:
    """Lower a limit of this process, as far as it is not lower already."""
    _, hard = resource.getrlimit(which)
    bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(which, (bound, hard))
