"""The states of a job, the lanes it may wait in, and the one table of legal transitions.

::

    queued ──▶ running ──▶ completed    the work is done and its result is kept
       │  ▲        │ ├───▶ incomplete   stopped on request; the best so far is kept
       │  └────────┤ ├───▶ failed       it cannot be done, or was lost too often
       │           │ └───▶ cancelled    given up on request; nothing is kept
       │        (worker or service lost: attempt + 1)
       ├─────────────────▶ completed    the same work was done before
       ├─────────────────▶ cancelled
       └─────────────────▶ expired      not begun in time

What stands on the right is final. A row changes its state only through this table; the store
asks it before every write.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from optimizer.errors import InternalError

MAX_LOSSES = 3
"So often a job's own worker may die; then the job is failed, for its document may kill workers."
SUSPECT_INTERRUPTIONS = 3
"Jobs that ran so often when a coordinator died run one at a time, until it is clear whose fault."
MAX_INTERRUPTIONS = 20
"So often a coordinator may die while a job runs; then the job is failed."


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Lane(StrEnum):
    """Where a job waits; one slot is always kept for the interactive lane."""

    INTERACTIVE = "interactive"
    ROSTER = "roster"
    STUDY = "study"


INITIAL = JobState.QUEUED
"The state in which a job is accepted."

TRANSITIONS: Mapping[JobState, frozenset[JobState]] = MappingProxyType(
    {
        JobState.QUEUED: frozenset(
            {JobState.RUNNING, JobState.COMPLETED, JobState.CANCELLED, JobState.EXPIRED}
        ),
        JobState.RUNNING: frozenset(
            {
                JobState.QUEUED,
                JobState.COMPLETED,
                JobState.INCOMPLETE,
                JobState.FAILED,
                JobState.CANCELLED,
            }
        ),
        JobState.COMPLETED: frozenset(),
        JobState.INCOMPLETE: frozenset(),
        JobState.FAILED: frozenset(),
        JobState.CANCELLED: frozenset(),
        JobState.EXPIRED: frozenset(),
    }
)
"For each state, the states that may follow it."

TERMINAL = frozenset(state for state, following in TRANSITIONS.items() if not following)
"States that nothing follows."

WITH_RESULT = frozenset({JobState.COMPLETED, JobState.INCOMPLETE})
"States in which a job has a result."


class IllegalTransition(InternalError):
    """A job was to change into a state that cannot follow its present one.

    Parameters
    ----------
    present, following
        The two states.
    """

    def __init__(self, present: JobState, following: JobState) -> None:
        self.present = present
        self.following = following
        super().__init__(f"A job that is {present} cannot become {following}.")


def is_legal(present: JobState, following: JobState) -> bool:
    """Return whether a job in the state `present` may change to `following`."""
    return following in TRANSITIONS[present]


def check_transition(present: JobState, following: JobState) -> None:
    """Refuse a transition that is not in the table.

    Raises
    ------
    IllegalTransition
        If `following` cannot follow `present`.
    """
    if not is_legal(present, following):
        raise IllegalTransition(present, following)
