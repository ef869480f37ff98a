"""What an executor tells of its work items.

Any number of `Reported` and `Kept` come for a work item, then exactly one of `Finished`, `Failed`,
`Lost` and `Cancelled`, and nothing after it.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import Any

from optimizer.errors import HomecareError
from optimizer.progress import Progress

OUT_OF_MEMORY = "out-of-memory"
"The work asked for more memory than its limit."
OUT_OF_CPU = "cpu-limit"
"The work used up its processor time."
OUT_OF_TIME = "wall-limit"
"The work had not ended when its time was over."


@dataclass(frozen=True, slots=True)
class Reported:
    """How far a work item is; only the latest report is told."""

    key: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class Kept:
    """The best a work item has so far; only the latest is told."""

    key: str
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class Finished:
    """A work item has returned its result."""

    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """A work item has raised an error or broken a limit; another attempt would do the same.

    Attributes
    ----------
    code
        The error's stable code, ``internal`` for errors that have none.
    message
        What the error says.
    details
        Where it was raised, for whoever mends the program; nothing of the data.
    """

    key: str
    code: str
    message: str
    details: str = ""

    @classmethod
    def of(cls, key: str, error: BaseException) -> Failed:
        """Return the event for an error that the work has raised."""
        if isinstance(error, MemoryError):
            return cls(key, OUT_OF_MEMORY, "The work needs more memory than it may use.")
        code = error.code if isinstance(error, HomecareError) else "internal"
        details = "".join([*traceback.format_tb(error.__traceback__), type(error).__name__])
        return cls(key, code, str(error) or type(error).__name__, details)


@dataclass(frozen=True, slots=True)
class Lost:
    """A work item ended without a word: its process or machine is gone. It may be tried again.

    Attributes
    ----------
    reason
        What is known of it, for a log.
    was_working
        Whether its own worker died. False if it never had one, or lost it with a whole machine:
        that says nothing about the work.
    """

    key: str
    reason: str
    was_working: bool = True


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A work item was killed on request."""

    key: str


Ending = Finished | Failed | Lost | Cancelled
Event = Reported | Kept | Ending
