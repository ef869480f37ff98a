"""A run of a job in the memory of the coordinator: what it has told and is not stored yet."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from optimizer.gap import gap_to
from optimizer.parallel import Cancelled, Failed, Finished, Lost
from optimizer.progress import Progress
from service.jobs.store import Job


@dataclass(slots=True)
class Run:
    """One attempt at a job.

    Attributes
    ----------
    job
        The job as it was when it was claimed.
    is_submitted
        Whether the executor has it.
    progress, checkpoint
        The latest that was told and is not stored yet.
    refusals
        How often in a row the database has refused what was told.
    ending
        How it ended, not stored yet.
    is_stopped, is_cancelled
        Whether the executor was told to stop or kill it.
    begun_at
        When it was begun, in seconds of a clock that only grows.
    """

    job: Job
    is_submitted: bool = False
    progress: Progress | None = None
    checkpoint: bytes | None = None
    refusals: int = 0
    ending: Finished | Failed | Lost | Cancelled | None = None
    is_stopped: bool = False
    is_cancelled: bool = False
    begun_at: float = field(default_factory=time.monotonic)

    @property
    def key(self) -> str:
        """Name of its work item: what a lost attempt tells too late is nobody's any more."""
        return f"{self.job.id}.{self.job.attempt}"

    def forget_told(self) -> None:
        """Let go of what was told: it is stored, or it cannot be."""
        self.progress = self.checkpoint = None
        self.refusals = 0


def progress_payload(progress: Progress) -> dict[str, Any]:
    """Return progress as it is stored and sent to whoever watches; costs in ticks of travel."""
    return {
        "phase": progress.phase,
        "elapsed": round(progress.elapsed, 3),
        "iterations": progress.iterations,
        "cost": progress.cost,
        "unserved": progress.unserved,
        "bound": progress.bound,
        "gap": None if progress.cost is None else gap_to(progress.bound, progress.cost),
        "ticks_per_minute": progress.ticks_per_minute,
    }
