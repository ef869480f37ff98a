"""Accepting a job: once it is committed it cannot be lost, and a repetition is recognised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from service.jobs.states import INITIAL, JobState, Lane
from service.store.blobs import digest_of, pack_blob, store_blob
from service.store.clock import utc_now
from service.store.faults import IdempotencyConflict
from service.store.identifiers import new_id
from service.store.jobs import STATE_EVENT, Job, as_job, row_of, set_state
from service.store.models import IdempotencyRow, JobEventRow, JobRow
from service.store.tenancy import TenantSession


@dataclass(frozen=True, slots=True)
class Idempotency:
    """How the repetition of a request is recognised.

    Attributes
    ----------
    key
        What the caller sent as ``Idempotency-Key``.
    body_digest
        Digest of everything that makes the request what it is (`digest_of`).
    """

    key: str
    body_digest: str


def add_job(
    session: TenantSession,
    *,
    kind: str,
    lane: Lane,
    document: bytes,
    parameters: Mapping[str, Any],
    created_by: str,
    source: bytes | None = None,
    warm_start: bytes | None = None,
    cache_key: str | None = None,
    idempotency: Idempotency | None = None,
    expires_at: datetime | None = None,
    schedule: str | None = None,
    organisation: str | None = None,
) -> Job:
    """Accept a job: when the session's transaction is committed it cannot be lost any more.

    Parameters
    ----------
    session
        Of the organisation whose job it is.
    kind, lane, parameters, created_by, expires_at, schedule
        See `Job`.
    document
        What the worker gets: no names and no health records.
    source
        The document as it was sent, if that is another.
    warm_start
        An earlier result to begin from.
    cache_key
        Digest of all that decides the result. If the organisation has a completed job with the
        same one, the new job is completed at once with that result.
    idempotency
        If the key was used before by this caller for the same body, that job is given back.
    organisation
        Needed in a session of scope `SYSTEM` only.

    Raises
    ------
    IdempotencyConflict
        If the key was used for another body.
    """
    owner = organisation or session.organisation
    blobs = [
        None if content is None else pack_blob(session, owner, content)
        for content in (document, source, warm_start)
    ]
    earlier = idempotency and _replay(session, owner, created_by, idempotency)
    if earlier:
        return earlier
    now = utc_now()
    digests = [blob and store_blob(session, blob) for blob in blobs]
    row = JobRow(
        id=new_id("job"),
        organisation=owner,
        kind=kind,
        lane=lane.value,
        state=INITIAL.value,
        attempt=0,
        losses=0,
        parameters=dict(parameters),
        created_by=created_by,
        created_at=now,
        expires_at=expires_at,
        schedule=schedule,
        cache_key=cache_key,
        cached=False,
        document=digests[0],
        source=digests[1],
        warm_start=digests[2],
        last_event=1,
    )
    if idempotency is None:
        session.add(row)
        session.flush()
    else:
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
                session.add(_idempotency_row(owner, created_by, idempotency, row.id, now))
        except IntegrityError:
            # On PostgreSQL another session was a moment earlier with the same key.
            earlier = _replay(session, owner, created_by, idempotency)
            if earlier is None:
                raise
            return earlier
    session.add(
        JobEventRow(
            organisation=owner,
            job=row.id,
            number=row.last_event,
            kind=STATE_EVENT,
            payload={"state": row.state, "attempt": 0},
            at=now,
        )
    )
    known = cache_key and _known_result(session, owner, kind, cache_key)
    if known:
        row.result, row.cached = known, True
        set_state(session, row, JobState.COMPLETED, now)
    session.flush()
    return as_job(row)


def _idempotency_digest(created_by: str, key: str) -> str:
    return digest_of(f"{created_by}\n{key}".encode())


def _idempotency_row(
    organisation: str, created_by: str, idempotency: Idempotency, job: str, now: datetime
) -> IdempotencyRow:
    return IdempotencyRow(
        organisation=organisation,
        key=_idempotency_digest(created_by, idempotency.key),
        body_digest=idempotency.body_digest,
        job=job,
        created_at=now,
    )


def _replay(
    session: TenantSession, organisation: str, created_by: str, idempotency: Idempotency
) -> Job | None:
    query = select(IdempotencyRow).where(
        IdempotencyRow.organisation == organisation,
        IdempotencyRow.key == _idempotency_digest(created_by, idempotency.key),
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        return None
    if row.body_digest != idempotency.body_digest:
        raise IdempotencyConflict
    return as_job(row_of(session, row.job), replayed=True)


def _known_result(
    session: TenantSession, organisation: str, kind: str, cache_key: str
) -> str | None:
    query = (
        select(JobRow.result)
        .where(
            JobRow.organisation == organisation,
            JobRow.kind == kind,
            JobRow.cache_key == cache_key,
            JobRow.state == JobState.COMPLETED.value,
            JobRow.result.is_not(None),
        )
        .order_by(JobRow.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()
