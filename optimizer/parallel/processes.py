"""Work items done by child processes of this machine, one child per work item."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from typing import Literal

from optimizer.errors import UsageError
from optimizer.parallel.child import BEGUN, STOP, run_child
from optimizer.parallel.events import (
    OUT_OF_CPU,
    OUT_OF_TIME,
    Cancelled,
    Ending,
    Event,
    Failed,
    Finished,
    Lost,
)
from optimizer.parallel.mailbox import Mailbox
from optimizer.parallel.pulse import STOPPED_SECONDS, Pulse, sign_of
from optimizer.parallel.work_item import WorkItem

SECONDS_BETWEEN_STARTS = (0.1, 0.5, 2.0)
"Waiting times before a child that could not be started is started again."
STARTING = threading.Lock()
"multiprocessing looks after all children whenever one starts; two threads would disturb it."


@dataclass(slots=True)
class _Child:
    """A child in the eyes of its parent."""

    item: WorkItem
    process: ForkServerProcess
    pipe: Connection
    lifeline: Connection
    other_ends: tuple[Connection, Connection]
    cancelled: threading.Event = field(default_factory=threading.Event)
    has_task: threading.Event = field(default_factory=threading.Event)
    "Set once the work item has been sent, or will never be."
    thread: threading.Thread | None = None
    server: Pulse | None = None
    "That of the fork server, while it is to start this child."
    pulse: Pulse | None = None


class ProcessExecutor:
    """Does each work item in a child of its own, forked from a server that has everything loaded.

    A child that crashes takes nothing with it, a work item can be killed at any moment, and when
    this process dies, however that happens, its children die too. Each child has a thread here
    that reads what it tells, so that one that is slow or talks much holds up nobody.

    Parameters
    ----------
    slots
        Children at once (at least 1).
    preload
        Names of modules that the fork server imports once, for all children. The first
        executor of a process that names any decides, as there is one server per process.
    stopped_seconds
        Time after which a child that somebody has stopped is killed, and counts as lost.
    """

    def __init__(
        self, slots: int, preload: Sequence[str] = (), *, stopped_seconds: float = STOPPED_SECONDS
    ) -> None:
        if slots < 1:
            raise UsageError(f"slots must be 1 or more, not {slots}")
        self._slots = slots
        self._stopped_seconds = stopped_seconds
        self._context = multiprocessing.get_context("forkserver")
        if preload:
            self._context.set_forkserver_preload(list(preload))
        self._mailbox = Mailbox()
        self._children: dict[str, _Child] = {}

    @property
    def slots(self) -> int:
        """Return how many children there may be."""
        return self._slots

    @property
    def in_flight(self) -> int:
        """Return how many work items have no ending that somebody has heard of."""
        return len(self._mailbox)

    def prepare(self) -> None:
        """Start the fork server, which loads the modules that children need."""
        with STARTING:
            forkserver.ensure_running()

    def submit(self, item: WorkItem, /) -> None:
        """Begin a work item in a child of its own.

        Raises
        ------
        UsageError
            If no slot is free, or a work item of this key is in flight.
        """
        if self.in_flight >= self._slots:
            raise UsageError("No slot is free.")
        self._mailbox.open(item.key)
        here, there = self._context.Pipe()
        end, lifeline = self._context.Pipe(duplex=False)
        process = self._context.Process(target=run_child, args=(there, end, item.key), daemon=True)
        child = _Child(item, process, here, lifeline, (there, end))
        self._children[item.key] = child
        child.thread = threading.Thread(
            target=self._attend, args=(child,), name=f"attend {item.key}", daemon=True
        )
        child.thread.start()

    def events(self, timeout: float) -> Sequence[Event]:
        """Return what has happened, after at most `timeout` seconds; kill children that hang."""
        for child in list(self._children.values()):
            if child.pulse is not None:
                if child.pulse.is_gone():
                    _kill(child)
            elif child.server is not None and child.server.is_gone():
                child.server = None
                _kill_server()
        events = self._mailbox.take(timeout)
        for event in events:
            if isinstance(event, Ending):
                self._children.pop(event.key, None)
        return events

    def stop(self, key: str) -> None:
        """Send word to the child that it is to end and keep its best."""
        child = self._children.get(key)
        if child is not None:
            # In a thread: a child that does not read would hold up whoever asks.
            threading.Thread(target=_send_stop, args=(child,), daemon=True).start()

    def cancel(self, key: str) -> None:
        """Kill the child."""
        child = self._children.get(key)
        if child is not None:
            child.cancelled.set()
            _kill(child)

    def close(self) -> None:
        """Kill all children and wait for their threads."""
        children = list(self._children.values())
        for child in children:
            child.cancelled.set()
            _kill(child)
        for child in children:
            if child.thread is not None:
                child.thread.join()
        self._children.clear()
        self._mailbox = Mailbox()

    def _attend(self, child: _Child) -> None:
        """Start a child, read all that it tells, and leave word of how it ended."""
        mailbox = self._mailbox
        key = child.item.key
        try:
            self._start(child)
        except Exception as error:  # noqa: BLE001 (whatever it is, somebody waits for an ending)
            mailbox.put(Lost(key, f"no child could be started: {error}", was_working=False))
            child.has_task.set()
            return
        finally:
            for end in child.other_ends:
                end.close()
        if child.cancelled.is_set():
            _kill(child)
        ending: Ending | None
        try:
            ending = self._read_to_end(child)
        except Exception as error:  # noqa: BLE001 (for instance a payload that cannot be sent)
            ending = Failed.of(key, error)
            _kill(child)
        child.has_task.set()
        exit_code = _ended(child)
        if child.cancelled.is_set() and not isinstance(ending, Finished | Failed):
            ending = Cancelled(key)
        mailbox.put(ending or _without_a_word(key, exit_code))

    def _start(self, child: _Child) -> None:
        """Start a child, again where the fork server has died: the next start has a new one."""
        for pause in (*SECONDS_BETWEEN_STARTS, None):
            try:
                with STARTING:
                    forkserver.ensure_running()
                    look = partial(sign_of, _server())
                    child.server = Pulse(look, stopped_seconds=self._stopped_seconds)
                    child.process.start()
            except (OSError, EOFError):
                if pause is None or child.cancelled.wait(pause):
                    raise
            else:
                return
            finally:
                child.server = None

    def _read_to_end(self, child: _Child) -> Ending | None:
        """Hand on what a child tells until it has ended; return its last word, if it had one."""
        limit = child.item.limits.seconds
        deadline = None if limit is None else time.monotonic() + limit
        ending: Ending | None = None
        look = partial(sign_of, child.process.pid or 0)
        child.pulse = Pulse(look, stopped_seconds=self._stopped_seconds)
        with suppress(EOFError, OSError):
            child.pipe.send(child.item)
            child.has_task.set()
            while True:
                left = None if deadline is None else max(0.0, deadline - time.monotonic())
                if not wait([child.pipe], left):
                    _kill(child)
                    return Failed(
                        child.item.key, OUT_OF_TIME, "The work did not end when its time was over."
                    )
                event: Event | Literal["begun"] = child.pipe.recv()
                child.pulse.beat()
                if event == BEGUN:
                    continue
                if isinstance(event, Ending):
                    ending = event
                else:
                    self._mailbox.put(event)
        return ending


def _send_stop(child: _Child) -> None:
    child.has_task.wait()
    with suppress(OSError):
        child.pipe.send_bytes(STOP)


def _kill(child: _Child) -> None:
    # Before its start there is nothing to kill, and whoever starts it looks again; after its end
    # the process object is closed, which is a ValueError.
    with suppress(OSError, ValueError):
        if child.process.pid is not None:
            child.process.kill()


def _server() -> int:
    """Return the number of the fork server's process; 0 where there is none."""
    return forkserver._forkserver._forkserver_pid or 0  # type: ignore[attr-defined]  # noqa: SLF001


def _kill_server() -> None:
    """End a fork server that does not answer; what it has forked goes on."""
    if _server():
        with suppress(OSError):
            os.kill(_server(), signal.SIGKILL)


def _ended(child: _Child) -> int | None:
    """Wait for the end of a process, tidy up after it, and return its exit code."""
    wait([child.process.sentinel])
    with STARTING:
        child.process.join()
        exit_code = child.process.exitcode
        child.process.close()
    child.pipe.close()
    child.lifeline.close()
    return exit_code


def _without_a_word(key: str, exit_code: int | None) -> Ending:
    if exit_code is not None and -exit_code == signal.SIGXCPU:
        return Failed(key, OUT_OF_CPU, "The work used up its processor time.")
    if exit_code is not None and exit_code < 0:
        return Lost(key, f"its process was ended by signal {-exit_code}")
    return Lost(key, f"its process ended with code {exit_code}")
