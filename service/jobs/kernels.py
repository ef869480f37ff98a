"""The engine's kernels, compiled by a child from the start on, so that no job has to wait."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence

from optimizer.progress import Compiling

_LOG = logging.getLogger(__name__)

COMPILING = (sys.executable, "-m", "service.jobs.compile_kernels")
"Ends at once where the kernels are compiled already."


class Kernels:
    """Compiles the kernels in a child process.

    Parameters
    ----------
    command
        What compiles them.
    """

    def __init__(self, command: Sequence[str] = COMPILING) -> None:
        self._command = tuple(command)
        self._child: subprocess.Popen[str] | None = None
        self._has_told = False
        self._latest: Compiling | None = None

    def start(self) -> None:
        """Begin to compile; returns at once."""
        self._child = subprocess.Popen(  # noqa: S603 (ours)
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        child = self._child
        threading.Thread(target=self._listen, args=(child,), name="kernels", daemon=True).start()

    def _listen(self, child: subprocess.Popen[str]) -> None:
        if child.stdout is not None:
            with child.stdout as lines:
                self.hear(lines)

    def hear(self, lines: Iterable[str]) -> None:
        """Take note of all that the child says, until it says no more."""
        for line in lines:
            self._latest = Compiling(**json.loads(line))

    def compiling(self) -> Compiling | None:
        """Return how far the child has come; None before it says so and once it is done."""
        return None if self.are_ready() else self._latest

    def are_ready(self) -> bool:
        """Return whether the child is done; where it failed, jobs compile as they need to."""
        if self._child is None or self._child.poll() is None:
            return False
        if self._child.returncode != 0 and not self._has_told:
            self._has_told = True
            _LOG.error("kernels.failed", extra={"status": self._child.returncode})
        return True

    def stop(self) -> None:
        """End the child if it is still at work."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
