"""A piece of work for an executor, its limits, and the link it has to whoever supervises it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from optimizer.errors import UsageError
from optimizer.progress import Progress


class Link(Protocol):
    """What a running piece of work has of its supervisor."""

    @property
    def stopped(self) -> threading.Event:
        """Return the event that is set once the work is to end and keep its best so far."""

    def report(self, progress: Progress, /) -> None:
        """Tell how far the work is; more than two reports a second are left out."""

    def keep(self, checkpoint: bytes, /) -> None:
        """Hand over the best so far, from which another attempt can start."""


Work = Callable[[Any, Link], Any]
"A function of a module, of its payload and a link; what it returns is its result."


@dataclass(frozen=True, slots=True)
class Limits:
    """What a piece of work may use; None is no limit.

    Attributes
    ----------
    seconds
        Wall time after which it is killed (positive).
    cpu_seconds
        Processor time over all its threads (at least 1); processes only.
    memory_bytes
        Memory it may allocate (positive); processes only.
    """

    seconds: float | None = None
    cpu_seconds: int | None = None
    memory_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A piece of work that an executor is to do once.

    Attributes
    ----------
    key
        Name by which events speak of it; unique among the work items in flight.
    work
        A function that can be imported by its name, so that another process finds it.
    payload
        What it works on; picklable, and without personal data: it may leave this machine.
    limits
        What it may use.
    is_urgent
        Whether it begins at once where others would wait for a free processor of a cluster.

    Raises
    ------
    UsageError
        If `work` is a method, a lambda or a function inside another one.
    """

    key: str
    work: Work
    payload: Any
    limits: Limits = Limits()
    is_urgent: bool = False

    def __post_init__(self) -> None:
        name = getattr(self.work, "__qualname__", "<object>")
        if "." in name or "<" in name:
            raise UsageError(f"{name} cannot be imported by its name in another process.")
