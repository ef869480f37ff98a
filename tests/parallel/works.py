"""Pieces of work for the tests of executors; children import them by name."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from optimizer.errors import UsageError
from optimizer.parallel import Link
from optimizer.progress import Progress


def double(payload: int, link: Link) -> int:
    """Return twice the payload."""
    return 2 * payload


def echo(payload: object, link: Link) -> object:
    """Return the payload."""
    return payload


def refuse(payload: str, link: Link) -> None:
    """Raise an error of this project."""
    raise UsageError(payload)


def end_of_file(payload: None, link: Link) -> None:
    """Raise an error that a pipe also raises."""
    raise EOFError("no such record")


def stumble(payload: None, link: Link) -> float:
    """Raise an error of Python."""
    return 1 / 0


def unsendable(payload: None, link: Link) -> object:
    """Return what no other process can receive."""
    return threading.Lock()


def wait_for_stop(payload: None, link: Link) -> str:
    """Report, keep, and end when asked to."""
    link.report(Progress("search", cost=7))
    link.keep(b"best so far")
    return "stopped" if link.stopped.wait(30) else "never asked"


def chatter(payload: int, link: Link) -> str:
    """Tell far more than anybody wants to know."""
    block = bytes(10_000)
    for number in range(payload):
        link.keep(b"%d" % number + block)
        link.report(Progress("search", iterations=number))
    return "said all"


def hold_the_interpreter(payload: str, link: Link) -> int:
    """Spend minutes inside one step of compiled code, without a look at anything else."""
    if payload:
        Path(payload).write_text(str(os.getpid()), encoding="utf-8")
    link.report(Progress("search"))
    return pow(3, 10**1_000, 10**100_000 + 7) & 1


def burn(payload: None, link: Link) -> None:
    """Use up processor time."""
    while True:
        pass


def devour(payload: int, link: Link) -> int:
    """Ask for so many bytes."""
    return len(bytearray(payload))


def sleep(payload: float, link: Link) -> float:
    """Wait for so many seconds."""
    time.sleep(payload)
    return payload


def die(payload: int, link: Link) -> None:
    """End this process by a signal."""
    os.kill(os.getpid(), payload)


class Hanging:
    """A payload that nobody gets to see: who unpacks it waits for ever."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _wait_for_ever, ()


def _wait_for_ever() -> None:
    threading.Event().wait()


def leave(payload: int, link: Link) -> None:
    """End this process with an exit code, past everything."""
    os._exit(payload)


def freeze_half_way(payload: None, link: Link) -> None:
    """Stop this process in the middle of telling something long."""
    pid = os.getpid()
    threading.Timer(0.05, lambda: os.kill(pid, signal.SIGSTOP)).start()
    while True:
        link.keep(bytes(50_000_000))


def loaded(payload: str, link: Link) -> bool:
    """Return whether a module was there when the work began."""
    return payload in sys.modules
