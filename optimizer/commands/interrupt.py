"""Ctrl-C: the first one asks the work to end, the second one aborts."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _say(note: str) -> None:
    """Write a line on standard error, past the stream that may be writing just now."""
    # A handler may run in the middle of a buffered write, which refuses to be entered again.
    os.write(2, f"{note}\n".encode())


@contextmanager
def first_interrupt(note: str) -> Iterator[threading.Event]:
    """Give an event that the first SIGINT or SIGTERM sets; the second one aborts.

    Parameters
    ----------
    note
        Line to write on standard error when the event is set.

    Raises
    ------
    KeyboardInterrupt
        Inside the block, on the second signal.
    """
    event = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 (the signature)
        if event.is_set():
            raise KeyboardInterrupt
        event.set()
        _say(note)

    before = {one: signal.signal(one, on_signal) for one in _SIGNALS}
    try:
        yield event
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
