"""The thread that deletes what is older than it is kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from optimizer.errors import HomecareError
from service.database.engine import Database
from service.people.retention import Retention, forget_old

_LOG = logging.getLogger(__name__)

FIRST_SWEEP_SECONDS = 60.0
"Time from the start of the process to the first sweep."
SWEEP_SECONDS = 3_600.0
"Time between two sweeps."


class RetentionSweep:
    """Deletes what is older than it is kept, once an hour; `run` in a thread of its own.

    It is no duty of the coordinator, whom a long sweep would keep from a wish to cancel.

    Parameters
    ----------
    database
        Where it is.
    is_leading
        Whether this process is to do it.
    keep
        How long finished jobs are kept.
    """

    def __init__(self, database: Database, is_leading: Callable[[], bool], keep: timedelta) -> None:
        self._database = database
        self._is_leading = is_leading
        self._retention = Retention(jobs=keep)
        self._ending = threading.Event()

    def stop(self) -> None:
        """Ask `run` to end."""
        self._ending.set()

    def run(self) -> None:
        """Delete once an hour until `stop`; what fails is tried again an hour later."""
        pause = FIRST_SWEEP_SECONDS
        while not self._ending.wait(pause):
            pause = SWEEP_SECONDS
            if not self._is_leading():
                continue
            try:
                forget_old(self._database, self._retention, actor="service")
            except HomecareError as fault:
                _LOG.warning("forget.pause", extra={"action": "forget", "code": fault.code})
