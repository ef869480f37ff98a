"""A lock that is handed on in the order in which it was asked for."""

from __future__ import annotations

import threading
from collections import deque


class FairLock:
    """Like `threading.Lock`, but nobody who comes later goes first.

    It may be released by another thread than the one that took it.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Event] = deque()

    def acquire(self, timeout: float) -> bool:
        """Take the lock, and return whether that was possible within `timeout` seconds."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._guard:
            if turn.is_set():  # It was handed on in this very moment.
                return True
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        """Hand the lock on to whoever has waited longest.

        Raises
        ------
        RuntimeError
            If nobody has it.
        """
        with self._guard:
            if not self._is_taken:
                raise RuntimeError("The lock was not taken.")
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False
