"""Jobs as the coordinator sees them: claimed, watched, finished exactly once.

A run is one attempt at a job. Whatever a run reports carries the number of its attempt; what
comes from an attempt that is no longer the present one is dropped, so that a worker that was
given up cannot overwrite the work of its successor. Runs that do not come back are put back by
`service.jobs.losses`. Sessions are of scope `SYSTEM`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, or_, select

from service.database.clock import utc_now
from service.database.faults import NotFound
from service.database.tenancy import TenantSession
from service.jobs.blobs import put_blob
from service.jobs.states import SUSPECT_INTERRUPTIONS, WITH_RESULT, JobState, Lane
from service.jobs.store import PROGRESS_EVENT, Job, add_event, as_job, locked_row, set_state
from service.jobs.tables import CheckpointRow, JobEventRow, JobRow

MAX_PROGRESS_EVENTS = 240
"Number of progress events that a job keeps (two minutes at two a second); older ones go."

LONGEST_WAIT = timedelta(minutes=10)
"Longest wait of a job that was put back; a longer one means that the clock was set back."


class Verb(StrEnum):
    """What somebody asked of a running job."""

    STOP = "stop"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class EndRequest:
    """The request that a running job be ended.

    Attributes
    ----------
    job, attempt
        Which run.
    verb
        ``cancel`` if both were asked for.
    """

    job: str
    attempt: int
    verb: Verb


@dataclass(frozen=True, slots=True)
class LaneStatistics:
    """How a lane is doing.

    Attributes
    ----------
    queued, running
        Number of jobs.
    oldest_queued_at
        Since when the oldest waiting job waits; None if none does.
    """

    queued: int
    running: int
    oldest_queued_at: datetime | None


def claim_next(
    session: TenantSession,
    lane: Lane,
    *,
    owner: str,
    skip_organisations: Collection[str] = (),
    skip_keys: Collection[str] = (),
    skip_suspects: bool = False,
) -> Job | None:
    """Begin the oldest waiting job of a lane and return it; None if there is none.

    Parameters
    ----------
    session
        Of scope `SYSTEM`; the job runs once its transaction is committed.
    lane
        Where to look.
    owner
        Id of the coordinator that will run it.
    skip_organisations, skip_keys
        Organisations and keys that have enough running.
    skip_suspects
        Whether to pass over jobs that ran `SUSPECT_INTERRUPTIONS` times when a coordinator died.
    """
    now = utc_now()
    query = (
        select(JobRow)
        .where(
            JobRow.state == JobState.QUEUED.value,
            JobRow.lane == lane.value,
            or_(
                JobRow.not_before.is_(None),
                JobRow.not_before <= now,
                # Beyond the longest wait: the clock was set back.
                JobRow.not_before > now + LONGEST_WAIT,
            ),
            or_(JobRow.expires_at.is_(None), JobRow.expires_at > now),
        )
        .order_by(JobRow.created_at, JobRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if skip_organisations:
        query = query.where(JobRow.organisation.not_in(list(skip_organisations)))
    if skip_keys:
        query = query.where(JobRow.created_by.not_in(list(skip_keys)))
    if skip_suspects:
        query = query.where(JobRow.interruptions < SUSPECT_INTERRUPTIONS)
    row = session.scalars(query).one_or_none()
    if row is None:
        return None
    row.attempt += 1
    row.owner = owner
    row.started_at = now
    row.not_before = None
    set_state(session, row, JobState.RUNNING, now)
    return as_job(row)


def queue_heads(session: TenantSession) -> Mapping[Lane, Job]:
    """Return the job that waits longest in each lane that is not empty."""
    heads = {}
    for lane in Lane:
        query = (
            select(JobRow)
            .where(JobRow.state == JobState.QUEUED.value, JobRow.lane == lane.value)
            .order_by(JobRow.created_at, JobRow.id)
            .limit(1)
        )
        row = session.scalars(query).one_or_none()
        if row is not None:
            heads[lane] = as_job(row)
    return heads


def record_progress(
    session: TenantSession, job_id: str, attempt: int, payload: Mapping[str, Any]
) -> bool:
    """Write down progress of a run; old progress is dropped beyond `MAX_PROGRESS_EVENTS`.

    Returns
    -------
    bool
        False if this is no longer the present run; nothing was written.
    """
    row = present_run(session, job_id, attempt)
    if row is None:
        return False
    number = add_event(session, row, PROGRESS_EVENT, payload, utc_now())
    session.execute(
        delete(JobEventRow)
        .where(
            JobEventRow.job == job_id,
            JobEventRow.kind == PROGRESS_EVENT,
            JobEventRow.number <= number - MAX_PROGRESS_EVENTS,
        )
        .execution_options(synchronize_session=False)
    )
    return True


def store_checkpoint(session: TenantSession, job_id: str, attempt: int, content: bytes) -> bool:
    """Keep the best result so far of a run in place of an earlier one.

    Returns
    -------
    bool
        False if this is no longer the present run; nothing was written.
    """
    row = present_run(session, job_id, attempt)
    if row is None:
        return False
    sealed = session.cipher.seal(
        content, organisation=row.organisation, place=checkpoint_place(job_id)
    )
    checkpoint = session.find(CheckpointRow, job_id)
    if checkpoint is None:
        checkpoint = CheckpointRow(organisation=row.organisation, job=job_id)
        session.add(checkpoint)
    checkpoint.content, checkpoint.at = sealed, utc_now()
    return True


def read_checkpoint(session: TenantSession, job_id: str) -> bytes | None:
    """Return the best result so far of an unfinished job, or None."""
    row = session.find(CheckpointRow, job_id)
    if row is None:
        return None
    return session.cipher.open(
        row.content, organisation=row.organisation, place=checkpoint_place(job_id)
    )


def finish(
    session: TenantSession,
    job_id: str,
    attempt: int,
    state: JobState,
    *,
    result: bytes | None = None,
    fault: Mapping[str, Any] | None = None,
) -> bool:
    """End a run, once.

    A run that ends well although its job was to be cancelled ends cancelled, without result.

    Parameters
    ----------
    session
        Of scope `SYSTEM`.
    job_id, attempt
        Which run.
    state
        A final state.
    result
        Needed for ``completed`` and ``incomplete``.
    fault
        ``{"code": ..., "message": ...}`` for ``failed``; no personal data.

    Returns
    -------
    bool
        False if the run is no longer the present one, because it was finished or put back
        before: what it brought is to be dropped.

    Raises
    ------
    IllegalTransition
        If `state` cannot follow ``running``.
    """
    row = present_run(session, job_id, attempt)
    if row is None:
        return False
    if row.cancel_requested_at is not None:
        state, result, fault = JobState.CANCELLED, None, None
    if state in WITH_RESULT and result is not None:
        row.result = put_blob(session, row.organisation, result)
    row.fault = dict(fault) if fault is not None else None
    set_state(session, row, state, utc_now())
    return True


def requested(session: TenantSession) -> Sequence[EndRequest]:
    """Return what was asked of running jobs and has not happened yet."""
    query = select(JobRow.id, JobRow.attempt, JobRow.cancel_requested_at).where(
        JobRow.state == JobState.RUNNING.value,
        or_(JobRow.stop_requested_at.is_not(None), JobRow.cancel_requested_at.is_not(None)),
    )
    return [
        EndRequest(job, attempt, Verb.STOP if cancelled is None else Verb.CANCEL)
        for job, attempt, cancelled in session.execute(query)
    ]


def expire_queued(session: TenantSession) -> Sequence[Job]:
    """End the waiting jobs whose time to begin is over, and return them."""
    now = utc_now()
    query = (
        select(JobRow)
        .where(JobRow.state == JobState.QUEUED.value, JobRow.expires_at <= now)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(query).all()
    for row in rows:
        set_state(session, row, JobState.EXPIRED, now)
    return [as_job(row) for row in rows]


def lane_statistics(session: TenantSession) -> Mapping[Lane, LaneStatistics]:
    """Return how many jobs wait and run in each lane, and since when."""
    query = (
        select(JobRow.lane, JobRow.state, func.count(), func.min(JobRow.created_at))
        .where(JobRow.state.in_([JobState.QUEUED.value, JobState.RUNNING.value]))
        .group_by(JobRow.lane, JobRow.state)
    )
    found = {
        (lane, state): (count, oldest) for lane, state, count, oldest in session.execute(query)
    }
    statistics = {}
    for lane in Lane:
        queued, oldest = found.get((lane.value, JobState.QUEUED.value), (0, None))
        running, _ = found.get((lane.value, JobState.RUNNING.value), (0, None))
        statistics[lane] = LaneStatistics(queued, running, oldest)
    return statistics


def running_per_organisation(session: TenantSession) -> Mapping[str, int]:
    """Return how many jobs of each organisation run; those with none are left out."""
    query = (
        select(JobRow.organisation, func.count())
        .where(JobRow.state == JobState.RUNNING.value)
        .group_by(JobRow.organisation)
    )
    return {name: count for name, count in session.execute(query)}  # noqa: C416 (typed rows)


def running_per_key(session: TenantSession) -> Mapping[str, int]:
    """Return how many jobs of each key run; keys with none are left out."""
    query = (
        select(JobRow.created_by, func.count())
        .where(JobRow.state == JobState.RUNNING.value)
        .group_by(JobRow.created_by)
    )
    return {name: count for name, count in session.execute(query)}  # noqa: C416 (typed rows)


def states_count(session: TenantSession) -> Mapping[JobState, int]:
    """Return how many jobs are in each state; states without jobs are left out."""
    query = select(JobRow.state, func.count()).group_by(JobRow.state)
    return {JobState(state): count for state, count in session.execute(query)}


def present_run(session: TenantSession, job_id: str, attempt: int) -> JobRow | None:
    """Return the locked row of a job if this attempt is the one that runs."""
    try:
        row = locked_row(session, job_id)
    except NotFound:
        return None
    return row if row.state == JobState.RUNNING and row.attempt == attempt else None


def checkpoint_place(job_id: str) -> str:
    """Return the place to which a job's best result so far is sealed."""
    return f"checkpoints/{job_id}"
