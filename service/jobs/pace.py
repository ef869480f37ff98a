"""How often the coordinator looks at the database: seldom while there is nothing to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from optimizer.parallel import Event, Executor

LOOK_SECONDS = 0.1
"Time between two looks at the database for new jobs and requests to stop or cancel."
IDLE_LOOK_SECONDS = 0.5
"The same once nothing was to do for a while, unless somebody calls `Pace.wake`."
IDLE_AFTER_SECONDS = 2.0
"How long nothing has to wait or run until then."


class Pace:
    """Waits between two looks; `wake` may be called by every thread."""

    def __init__(self) -> None:
        self._news = threading.Event()
        self._busy_at = time.monotonic()

    def wake(self) -> None:
        """Let the next look be at once."""
        self._news.set()

    def events(self, executor: Executor, *, is_running: bool) -> Sequence[Event]:
        """Wait until there is something to do, but not for long; return what work items tell.

        Parameters
        ----------
        executor
            Who does them.
        is_running
            Whether there are any.
        """
        now = time.monotonic()
        if is_running:
            self._busy_at = now
        if now - self._busy_at < IDLE_AFTER_SECONDS:
            return executor.events(LOOK_SECONDS)
        # Nothing runs, so nobody tells anything; only jobs may come, of other processes too.
        if self._news.wait(IDLE_LOOK_SECONDS):
            self._news.clear()
            self._busy_at = now
        return executor.events(0)
