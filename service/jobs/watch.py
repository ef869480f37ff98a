"""Who is told what becomes of runs, for the figures of operation."""

from __future__ import annotations

from typing import Protocol

from service.jobs.states import JobState


class Watch(Protocol):
    """Is told by the coordinator what becomes of the runs that it has handed out."""

    def ended(
        self,
        kind: str,
        state: JobState,
        seconds: float | None,
        *,
        gap: float | None,
        code: str | None,
    ) -> None:
        """Note that a run has ended for good.

        Parameters
        ----------
        kind
            Of the job.
        state
            Its final state.
        seconds
            From when it was begun until its end was stored; None if its worker was lost.
        gap
            See `Outcome`.
        code
            Of the error, if it failed.
        """

    def put_back(self) -> None:
        """Note that a job was lost with its worker, and waits for its next attempt."""


class NobodyWatches:
    """Takes note of nothing."""

    def ended(
        self,
        kind: str,
        state: JobState,
        seconds: float | None,
        *,
        gap: float | None,
        code: str | None,
    ) -> None:
        """Do nothing."""

    def put_back(self) -> None:
        """Do nothing."""
