"""What a kind of job is: how a job becomes a work item, and what the work item brings back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from optimizer.parallel import Limits, Link
from service.jobs.states import Lane


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a worker gets of a job: no names, no health records, nothing of the service.

    Attributes
    ----------
    parameters
        How the work is to be done.
    document
        What it is to be done with.
    start
        An earlier result or checkpoint to begin from, or None.
    """

    parameters: Mapping[str, Any]
    document: bytes
    start: bytes | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a worker brings back.

    Attributes
    ----------
    result
        The result, as it is stored.
    is_complete
        False if the work was ended on request before it was done.
    gap
        How far the result is at most from the best there can be, as a share of it; None if no
        bound is known.
    """

    result: bytes
    is_complete: bool = True
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job. Each has a module of its own in `service.jobs.kinds` with a ``KIND``.

    Attributes
    ----------
    name
        What jobs of this kind have in their row.
    lane
        Where they wait if nobody says otherwise.
    work
        Does the work, in another process.
    limits
        What the work may use, by its parameters and the memory that a job may take (bytes).
    collection
        Where jobs of this kind are found under ``/v1``, for links.
    """

    name: str
    lane: Lane
    work: Callable[[Assignment, Link], Outcome]
    limits: Callable[[Mapping[str, Any], int], Limits]
    collection: str
