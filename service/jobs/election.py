"""Who is the coordinator: the one process that holds a lock which dies with it."""

from __future__ import annotations

import fcntl
import os
from io import TextIOWrapper
from typing import Protocol

from service.database.engine import Database

NAME = "homecare coordinator"


class Leadership(Protocol):
    """The lock that makes a process the coordinator."""

    def is_held(self) -> bool:
        """Return whether this process is still the coordinator."""

    def release(self) -> None:
        """Let another process be it."""


class FileLeadership:
    """A lock on the file beside a SQLite database."""

    def __init__(self, file: TextIOWrapper) -> None:
        self._file = file

    def is_held(self) -> bool:
        """Return whether the locked file still is the one that others would lock."""
        try:
            there = os.stat(self._file.name)  # noqa: PTH116 (compared with an open file)
        except OSError:
            return False
        return os.path.samestat(there, os.fstat(self._file.fileno()))

    def release(self) -> None:
        """Close the file, which gives the lock back."""
        self._file.close()


def try_to_lead(database: Database) -> Leadership | None:
    """Become the coordinator, or return None if another process is.

    Raises
    ------
    StoreUnavailable
        If the database does not answer.
    """
    if database.dialect == "postgresql":
        return database.try_advisory_lock(NAME)
    file = database.lock_file.open("a", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return FileLeadership(file)
