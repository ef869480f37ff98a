"""Where work on documents is done: small ones in this process, large ones each in a child.

A child has limits of memory and time, and leaves nothing behind. This process never holds the
interpreter for long, so that it answers others meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from optimizer.errors import HomecareError, InternalError
from optimizer.parallel import Ending, Executor, Failed, Finished, Limits, Link, WorkItem
from service.documents.limits import LimitExceeded

SMALL = 20_000
"Bytes up to which a document is read where it is also written: to read it takes some milliseconds."
LARGE = 200_000
"Bytes from which a document is worked on in a child; to start one takes as long as to read these."

Given = TypeVar("Given")
Made = TypeVar("Made")


class WorkLost(HomecareError):
    """The work on the document was interrupted; try again."""

    code = "too-busy"
    exit_code = 75
    http_status = 503


@dataclass(frozen=True, slots=True)
class _Errand:
    function: Callable[[Any], Any]
    given: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """What a function has raised on purpose, brought back as it is."""

    error: HomecareError


class Workroom:
    """Does work on documents; many threads may use it.

    Parameters
    ----------
    executors
        Makes an executor with room for one work item; None to do everything in this process.
    memory_mb, seconds
        What work on a large document may take.
    """

    def __init__(
        self, executors: Callable[[], Executor] | None, *, memory_mb: int, seconds: int
    ) -> None:
        self._executors = executors
        self._memory_mb = memory_mb
        self._seconds = seconds
        self._numbers = count(1)

    def do(self, function: Callable[[Given], Made], given: Given, size: int) -> Made:
        """Return what a function returns.

        Parameters
        ----------
        function
            A function of a module, which another process finds by its name.
        given
            What it works on.
        size
            Bytes of the document.

        Raises
        ------
        HomecareError
            What the function raises.
        LimitExceeded
            If it takes more memory or time than it may.
        WorkLost
            If its process was ended by somebody.
        """
        if self._executors is None or size < LARGE:
            return function(given)
        limits = Limits(self._seconds, self._seconds, self._memory_mb * 2**20)
        item = WorkItem(f"document {next(self._numbers)}", run, _Errand(function, given), limits)
        executor = self._executors()
        try:
            executor.submit(item)
            made: Made = result_of(_ending(executor), self._memory_mb, self._seconds)
        finally:
            executor.close()
        return made


def result_of(ending: Ending, memory_mb: int, seconds: float) -> Any:
    """Return what a function has returned in a child, or raise what it has raised.

    Parameters
    ----------
    ending
        Of the work.
    memory_mb, seconds
        What it could take.

    Raises
    ------
    HomecareError
        What the function raised.
    LimitExceeded
        If it took more memory or time than it may.
    WorkLost
        If its process was ended by somebody.
    """
    if isinstance(ending, Finished):
        if isinstance(ending.value, Refused):
            raise ending.value.error
        return ending.value
    if not isinstance(ending, Failed):
        raise WorkLost
    if ending.code == "out-of-memory":
        raise LimitExceeded(
            f"To work on the document takes more than {memory_mb} MB of memory.",
            limit="document_memory_mb",
            value=memory_mb,
        )
    if ending.code in {"cpu-limit", "wall-limit"}:
        raise LimitExceeded(
            f"To work on the document takes more than {seconds} seconds.",
            limit="document_seconds",
            value=seconds,
        )
    raise InternalError(ending.details)


def run(errand: _Errand, _link: Link) -> Any:
    """Do an errand in a child."""
    try:
        return errand.function(errand.given)
    except HomecareError as error:
        return Refused(error)


def _ending(executor: Executor) -> Ending:
    while True:
        for event in executor.events(1.0):
            if isinstance(event, Ending):
                return event
