"""Whether a process still lives: it is not stopped, and tells something or uses a processor.

A process that was stopped (SIGSTOP, a debugger) ends neither by itself nor by its limit of
processor time, and would hold its slot for ever. Nor does one that hangs before it has begun: a
fork copies locks as they are, and whoever held one is not copied.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

STOPPED_SECONDS = 30.0
"Time after which a process that is stopped counts as lost; a debugger may hold it for less."
BEGINNING_SECONDS = 30.0
"Time without any use of a processor until a new process has said its first word."
SILENT_SECONDS = 900.0
"Time without a word and without any use of a processor: it may wait for kernels to be compiled."


@dataclass(frozen=True, slots=True)
class Sign:
    """What the system says of a process.

    Attributes
    ----------
    seconds
        Processor time that it has used.
    is_stopped
        Whether it is held by a signal or by a debugger.
    """

    seconds: float
    is_stopped: bool


class Pulse:
    """Watches a process.

    Parameters
    ----------
    look
        Returns what the system says of it; None where it says nothing, which is no bad sign.
    stopped_seconds, beginning_seconds, silent_seconds
        Time after which it is gone: while it is stopped, before its first word, and after it.
    clock
        Seconds that only grow.
    """

    def __init__(
        self,
        look: Callable[[], Sign | None],
        *,
        stopped_seconds: float = STOPPED_SECONDS,
        beginning_seconds: float = BEGINNING_SECONDS,
        silent_seconds: float = SILENT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look = look
        self._stopped_seconds = stopped_seconds
        self._beginning_seconds = beginning_seconds
        self._silent_seconds = silent_seconds
        self._has_told = False
        self._clock = clock
        self._last: Sign | None = None
        self._beat_at = clock()

    def beat(self) -> None:
        """Note that it has told something."""
        self._has_told = True
        self._beat_at = self._clock()

    def is_gone(self) -> bool:
        """Return whether there was no sign of life for too long."""
        sign = self._look()
        if sign is None or self._last is None or sign.seconds != self._last.seconds:
            self._beat_at = self._clock()
        self._last = sign
        if sign is not None and sign.is_stopped:
            patience = self._stopped_seconds
        elif self._has_told:
            patience = self._silent_seconds
        else:
            patience = self._beginning_seconds
        return self._clock() - self._beat_at >= patience


def sign_of(pid: int) -> Sign | None:
    """Return what the system says of a process; None where it says nothing, or of none."""
    with suppress(OSError, ValueError, IndexError):
        # The name of the program, in brackets, may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        return Sign(ticks / os.sysconf("SC_CLK_TCK"), fields[0] in "Tt")
    return None
