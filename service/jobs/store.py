"""Jobs as those who ask for them see them: listed, read, stopped, cancelled.

They are accepted in `service.jobs.submit`, and what the coordinator does with them
is in `service.jobs.queue`. Every function works in the
transaction of the session that it is given; what it returns is a frozen record that outlives
the session.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import bindparam, func, or_, select

from service.database.clock import utc_now
from service.database.faults import Conflict, NotFound
from service.database.tenancy import TenantSession, made_once
from service.jobs.blobs import get_blob
from service.jobs.states import TERMINAL, WITH_RESULT, JobState, Lane, check_transition
from service.jobs.tables import CheckpointRow, JobEventRow, JobRow
from service.webhooks import outbox

Item = TypeVar("Item")

STATE_EVENT = "state"
PROGRESS_EVENT = "progress"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stood when it was read.

    Attributes
    ----------
    id, organisation, kind, lane, state
        What it is and where it stands.
    attempt
        How often it has been begun.
    losses, interruptions
        How often its worker died, and how often a coordinator did while it ran.
    parameters
        What it is to be done with; no personal data.
    created_by
        Public part of the key that asked for it.
    document
        Digest of the document that the worker gets.
    source
        Digest of the document as it was sent, or None if it is the same.
    warm_start
        Digest of a result to begin from, or None.
    result
        Digest of the result, or None while there is none.
    fault
        Why it failed, as ``{"code": ..., "message": ...}``.
    cached
        Whether an identical job of the organisation had this result already.
    replayed
        Whether `write_job` gave back an earlier job of the same idempotency key.
    last_event
        Number of its newest event.
    stop_requested, cancel_requested
        Whether somebody asked for it.
    created_at, expires_at, not_before, started_at, finished_at
        Moments in UTC.
    owner
        Coordinator that runs it, or None.
    """

    id: str
    organisation: str
    kind: str
    lane: Lane
    state: JobState
    attempt: int
    losses: int
    interruptions: int
    parameters: Mapping[str, Any]
    created_by: str
    document: str
    source: str | None
    warm_start: str | None
    result: str | None
    fault: Mapping[str, Any] | None
    cached: bool
    last_event: int
    stop_requested: bool
    cancel_requested: bool
    created_at: datetime
    expires_at: datetime | None
    not_before: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    owner: str | None
    replayed: bool = False

    @property
    def is_final(self) -> bool:
        """Whether its state will never change again."""
        return self.state in TERMINAL

    @property
    def has_result(self) -> bool:
        """Whether a result can be read."""
        return self.state in WITH_RESULT and self.result is not None


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Something that happened to a job.

    Attributes
    ----------
    number
        1, 2, 3 ... within the job; some are missing once old progress has been dropped.
    kind
        ``state`` or ``progress``.
    payload
        For ``state``: ``{"state", "attempt"}``; for ``progress``: what the worker told.
    at
        Moment in UTC.
    """

    number: int
    kind: str
    payload: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A part of a long list.

    Attributes
    ----------
    items
        The part.
    next
        What to pass as `after` for the following part; None if there is none.
    """

    items: Sequence[Item]
    next: str | None


def read_job(session: TenantSession, job_id: str) -> Job:
    """Return a job.

    Raises
    ------
    NotFound
        If there is none with this id in the session's scope.
    """
    return as_job(row_of(session, job_id))


def list_jobs(
    session: TenantSession,
    *,
    limit: int = 50,
    after: str | None = None,
    states: Collection[JobState] = (),
    kinds: Collection[str] = (),
) -> Page[Job]:
    """Return jobs, the newest first.

    Parameters
    ----------
    session
        Whose jobs are listed.
    limit
        Length of the page, 1 to 500.
    after
        `Page.next` of the page before.
    states, kinds
        Only these, if any are named.
    """
    query = select(JobRow).order_by(JobRow.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(JobRow.id < after)
    if states:
        query = query.where(JobRow.state.in_([state.value for state in states]))
    if kinds:
        query = query.where(JobRow.kind.in_(list(kinds)))
    rows = session.scalars(query).all()
    page = rows[:limit]
    return Page([as_job(row) for row in page], page[-1].id if len(rows) > limit else None)


def read_document(session: TenantSession, job: Job) -> bytes:
    """Return the document that the worker gets."""
    return get_blob(session, job.organisation, job.document)


def read_source(session: TenantSession, job: Job) -> bytes | None:
    """Return the document as it was sent, if that is another than the worker's."""
    return None if job.source is None else get_blob(session, job.organisation, job.source)


def read_warm_start(session: TenantSession, job: Job) -> bytes | None:
    """Return the result that the job begins from, if it has one."""
    return None if job.warm_start is None else get_blob(session, job.organisation, job.warm_start)


def read_result(session: TenantSession, job: Job) -> bytes:
    """Return the result.

    Raises
    ------
    NotFound
        If the job has none (yet).
    """
    if not job.has_result or job.result is None:
        raise NotFound("result")
    return get_blob(session, job.organisation, job.result)


def read_events(
    session: TenantSession, job_id: str, *, after: int = 0, limit: int = 200
) -> Sequence[JobEvent]:
    """Return what happened to a job after the event with number `after`, in order."""
    query = (
        select(JobEventRow)
        .where(JobEventRow.job == job_id, JobEventRow.number > after)
        .order_by(JobEventRow.number)
        .limit(limit)
    )
    return [JobEvent(row.number, row.kind, row.payload, row.at) for row in session.scalars(query)]


def request_stop(session: TenantSession, job_id: str) -> Job:
    """Ask that a job end and its best so far be kept.

    A job that has not begun has nothing to keep: it is cancelled at once. One that was begun
    before and waits for another attempt ends as soon as that begins.

    Raises
    ------
    NotFound
        If there is no such job.
    Conflict
        If it is over and was not stopped.
    """
    row = locked_row(session, job_id)
    now = utc_now()
    if row.state in TERMINAL:
        if row.stop_requested_at is None:
            raise Conflict(f"The job is {row.state} already.")
        return as_job(row)
    row.stop_requested_at = row.stop_requested_at or now
    if row.state == JobState.QUEUED and session.find(CheckpointRow, row.id) is None:
        set_state(session, row, JobState.CANCELLED, now)
    return as_job(row)


def request_cancel(session: TenantSession, job_id: str) -> Job:
    """Ask that a job end and nothing be kept; one that waits is cancelled at once.

    Raises
    ------
    NotFound
        If there is no such job.
    Conflict
        If it is over and was not cancelled.
    """
    row = locked_row(session, job_id)
    now = utc_now()
    if row.state in TERMINAL:
        if row.state != JobState.CANCELLED:
            raise Conflict(f"The job is {row.state} already.")
        return as_job(row)
    row.cancel_requested_at = row.cancel_requested_at or now
    if row.state == JobState.QUEUED:
        set_state(session, row, JobState.CANCELLED, now)
    return as_job(row)


def open_jobs_of_key(session: TenantSession, key_id: str) -> Mapping[JobState, int]:
    """Return how many jobs of a key wait and run."""
    found = session.execute(_OPEN_OF_KEY, {"key": key_id})
    return {JobState(state): count for state, count in found}


_OPEN_OF_KEY = made_once(
    select(JobRow.state, func.count())
    .where(
        JobRow.created_by == bindparam("key"),
        # `IN` would be put together anew each time.
        or_(JobRow.state == JobState.QUEUED.value, JobRow.state == JobState.RUNNING.value),
    )
    .group_by(JobRow.state)
)


def locked_row(session: TenantSession, job_id: str) -> JobRow:
    """Return a job's row as it is now, and let nobody else change it until the end.

    Raises
    ------
    NotFound
        If there is no such job.
    """
    return row_of(session, job_id, lock=True)


def set_state(session: TenantSession, row: JobRow, state: JobState, now: datetime) -> None:
    """Change the state of a locked row, with its event and, at the end, its messages.

    Raises
    ------
    IllegalTransition
        If `state` cannot follow the present one.
    """
    check_transition(JobState(row.state), state)
    row.state = state.value
    payload: dict[str, Any] = {"state": row.state, "attempt": row.attempt}
    if row.fault is not None:
        payload["code"] = row.fault.get("code")
    add_event(session, row, STATE_EVENT, payload, now)
    if state in TERMINAL:
        row.finished_at = now
        row.owner = None
        checkpoint = session.find(CheckpointRow, row.id)
        if checkpoint is not None:
            session.delete(checkpoint)
        data = {"id": row.id, "kind": row.kind, "state": row.state}
        outbox.post(session, row.organisation, f"job.{row.state}", data, now)


def add_event(
    session: TenantSession, row: JobRow, kind: str, payload: Mapping[str, Any], now: datetime
) -> int:
    """Write down what happened to a locked row's job and return the event's number."""
    row.last_event += 1
    event = JobEventRow(
        organisation=row.organisation,
        job=row.id,
        number=row.last_event,
        kind=kind,
        payload=dict(payload),
        at=now,
    )
    session.add(event)
    return row.last_event


def as_job(row: JobRow, *, replayed: bool = False) -> Job:
    """Return a row as a record."""
    return Job(
        id=row.id,
        organisation=row.organisation,
        kind=row.kind,
        lane=Lane(row.lane),
        state=JobState(row.state),
        attempt=row.attempt,
        losses=row.losses,
        interruptions=row.interruptions,
        parameters=row.parameters,
        created_by=row.created_by,
        document=row.document,
        source=row.source,
        warm_start=row.warm_start,
        result=row.result,
        fault=row.fault,
        cached=row.cached,
        last_event=row.last_event,
        stop_requested=row.stop_requested_at is not None,
        cancel_requested=row.cancel_requested_at is not None,
        created_at=row.created_at,
        expires_at=row.expires_at,
        not_before=row.not_before,
        started_at=row.started_at,
        finished_at=row.finished_at,
        owner=row.owner,
        replayed=replayed,
    )


def row_of(session: TenantSession, job_id: str, *, lock: bool = False) -> JobRow:
    """Return a job's row; locked, it is as it is now.

    Raises
    ------
    NotFound
        If there is no such job in the session's scope.
    """
    query = select(JobRow).where(JobRow.id == job_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("job")
    return row
