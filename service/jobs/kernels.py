"""The engine's kernels, compiled by a child from the start on, so that no job has to wait."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Sequence

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
        self._child: subprocess.Popen[bytes] | None = None
        self._has_told = False

    def start(self) -> None:
        """Begin to compile; returns at once."""
        self._child = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)  # noqa: S603 (ours)

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
