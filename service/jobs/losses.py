"""Runs that do not come back: their jobs are put back, or fail if that happens too often.

What counts is whose fault it may be. A worker that dies may have been killed by its own document,
and a job that has lost three is not begun again. Whoever restarts the service, or cuts its power,
says nothing about the jobs that run; but one of them may have taken the whole service down with
it, for instance by memory, and must not do so for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from service.database.clock import utc_now
from service.database.tenancy import TenantSession
from service.jobs.queue import present_run
from service.jobs.states import MAX_INTERRUPTIONS, MAX_LOSSES, JobState
from service.jobs.store import Job, as_job, set_state
from service.jobs.tables import JobRow

LOST = "lost-too-often"
"Code of a job that was lost `MAX_LOSSES` times or interrupted `MAX_INTERRUPTIONS` times."


class Loss(StrEnum):
    """Why a run did not come back, which says what it counts as."""

    WORKER = "worker"
    "Its own worker died, or what it brought could not be stored: a loss."
    SERVICE = "service"
    "Its coordinator died, or no worker could be had: an interruption."
    ORDERLY = "orderly"
    "The service ended it, to go on with it later: nothing."


def requeue_running(session: TenantSession, *, but_owner: str | None = None) -> Sequence[Job]:
    """Put all running jobs back, as after a crash, and return them as they are then.

    For each it is an interruption.

    Parameters
    ----------
    session
        Of scope `SYSTEM`.
    but_owner
        Leave alone what this coordinator runs.
    """
    query = select(JobRow).where(JobRow.state == JobState.RUNNING.value).with_for_update()
    if but_owner is not None:
        query = query.where(JobRow.owner != but_owner)
    return [_put_back(session, row, Loss.SERVICE) for row in session.scalars(query).all()]


def requeue_lost(
    session: TenantSession,
    job_id: str,
    attempt: int,
    *,
    loss: Loss = Loss.WORKER,
    not_before: datetime | None = None,
) -> Job | None:
    """Put one job back whose run did not come back; it fails if that has happened too often.

    The next run has a new number in any case, so that a late word of this one is dropped.

    Parameters
    ----------
    session
        Of scope `SYSTEM`.
    job_id, attempt
        Which run.
    loss
        Why it did not come back.
    not_before
        When the next attempt may begin.

    Returns
    -------
    Job | None
        The job as it is then; None if this was not the present run.
    """
    row = present_run(session, job_id, attempt)
    return None if row is None else _put_back(session, row, loss, not_before)


def _put_back(
    session: TenantSession, row: JobRow, loss: Loss, not_before: datetime | None = None
) -> Job:
    now = utc_now()
    row.owner = None
    row.losses += loss is Loss.WORKER
    row.interruptions += loss is Loss.SERVICE
    if row.cancel_requested_at is not None:
        set_state(session, row, JobState.CANCELLED, now)
    elif row.losses >= MAX_LOSSES:
        _fail(session, row, f"The job was begun and its worker lost {row.losses} times.", now)
    elif row.interruptions >= MAX_INTERRUPTIONS:
        _fail(session, row, f"The service ended {row.interruptions} times under the job.", now)
    else:
        row.not_before = not_before
        set_state(session, row, JobState.QUEUED, now)
    return as_job(row)


def _fail(session: TenantSession, row: JobRow, message: str, now: datetime) -> None:
    row.fault = {"code": LOST, "message": message}
    set_state(session, row, JobState.FAILED, now)
