"""Submitting a job: once it is committed it cannot be lost, and a repetition is recognised.

What costs most is the end of the transaction, which waits until the disk has it; next come its
beginning and, on SQLite, the wait for the writer before. Jobs of one organisation that come while
others are being written share all that (`Submitter`). Nobody hears that a job is accepted before
the transaction that holds it is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from optimizer.errors import HomecareError
from service.database import raw
from service.database.cipher import FieldCipher
from service.database.clock import utc_now
from service.database.engine import Database
from service.database.faults import StoreFull, StoreUnavailable
from service.database.identifiers import new_id
from service.database.tenancy import TenantSession, made_once
from service.idempotency import Idempotency, IdempotencyConflict, request_digest
from service.jobs.batching import Batching
from service.jobs.blobs import pack_blob, store_blob
from service.jobs.states import INITIAL, JobState, Lane
from service.jobs.store import (
    STATE_EVENT,
    Job,
    as_job,
    locked_row,
    open_jobs_of_key,
    row_of,
    set_state,
)
from service.jobs.tables import BlobRow, IdempotencyRow, JobEventRow, JobRow


class TooManyUnfinished(HomecareError):
    """The key has too many jobs that are not finished."""

    code = "too-many-jobs"
    exit_code = 2
    http_status = 429


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job that is ready to be written: what takes time is done, and no row was touched.

    Attributes
    ----------
    organisation, kind, lane, parameters, created_by, expires_at
        See `Job`.
    document, source, warm_start
        See `prepare_job`; packed.
    cache_key, idempotency, most_unfinished
        See `prepare_job`.
    """

    organisation: str
    kind: str
    lane: Lane
    parameters: Mapping[str, Any]
    created_by: str
    document: BlobRow
    source: BlobRow | None = None
    warm_start: BlobRow | None = None
    cache_key: str | None = None
    idempotency: Idempotency | None = None
    most_unfinished: int | None = None
    expires_at: datetime | None = None


def prepare_job(
    cipher: FieldCipher,
    organisation: str,
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
    most_unfinished: int | None = None,
    expires_at: datetime | None = None,
) -> NewJob:
    """Pack and seal the documents of a job, while nobody has to wait for it.

    Parameters
    ----------
    cipher
        Seals documents.
    organisation
        Whose job it is.
    kind, lane, parameters, created_by, expires_at
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
    most_unfinished
        Limit of unfinished jobs of `created_by`; a job beyond it is refused.
    """

    def packed(content: bytes | None) -> BlobRow | None:
        return None if content is None else pack_blob(cipher, organisation, content)

    return NewJob(
        organisation=organisation,
        kind=kind,
        lane=lane,
        parameters=parameters,
        created_by=created_by,
        document=pack_blob(cipher, organisation, document),
        source=packed(source),
        warm_start=packed(warm_start),
        cache_key=cache_key,
        idempotency=idempotency,
        most_unfinished=most_unfinished,
        expires_at=expires_at,
    )


def write_job(session: TenantSession, new: NewJob) -> Job:
    """Accept a job: when the session's transaction is committed it cannot be lost any more.

    A job that is refused leaves nothing behind, so that others may be accepted in the same
    transaction.

    Raises
    ------
    IdempotencyConflict
        If the key was used for another body.
    TooManyUnfinished
        If the caller has as many unfinished jobs as it may have.
    """
    earlier = new.idempotency and _replay(session, new, new.idempotency)
    if earlier:
        return earlier
    known = new.cache_key and _known_result(session, new, new.cache_key)
    if not known and new.most_unfinished is not None:
        unfinished = sum(open_jobs_of_key(session, new.created_by).values())
        if unfinished >= new.most_unfinished:
            raise TooManyUnfinished
    now = utc_now()
    blobs = [new.document, new.source, new.warm_start]
    digests = [blob and store_blob(session, blob) for blob in blobs]
    row = JobRow(
        id=new_id("job"),
        organisation=new.organisation,
        kind=new.kind,
        lane=new.lane.value,
        state=INITIAL.value,
        attempt=0,
        losses=0,
        interruptions=0,
        parameters=dict(new.parameters),
        created_by=new.created_by,
        created_at=now,
        expires_at=new.expires_at,
        cache_key=new.cache_key,
        cached=False,
        document=digests[0],
        source=digests[1],
        warm_start=digests[2],
        last_event=1,
    )
    if new.idempotency is None:
        raw.insert_row(session, row)
    else:
        try:
            with raw.against_others(session):
                raw.insert_row(session, row)
                raw.insert_row(session, _idempotency_row(new, new.idempotency, row.id, now))
        except IntegrityError:
            # On PostgreSQL another session was a moment earlier with the same key.
            earlier = _replay(session, new, new.idempotency)
            if earlier is None:
                raise
            return earlier
    raw.insert_row(
        session,
        JobEventRow(
            organisation=new.organisation,
            job=row.id,
            number=row.last_event,
            kind=STATE_EVENT,
            payload={"state": row.state, "attempt": 0},
            at=now,
        ),
    )
    if known:
        row = locked_row(session, row.id)
        row.result, row.cached = known, True
        set_state(session, row, JobState.COMPLETED, now)
        session.flush()
    return as_job(row)


class Submitter:
    """Writes jobs into the database, in batches; every thread of the process may use it.

    Parameters
    ----------
    database
        Where jobs are kept.
    told
        Called after jobs were accepted.
    """

    def __init__(self, database: Database, told: Callable[[], None] | None = None) -> None:
        self._database = database
        self._told = told
        self._batching: Batching[NewJob, Job] = Batching(self._write, _concerns_all)

    def submit(self, new: NewJob) -> Job:
        """Accept a job; on return it is committed and cannot be lost any more.

        Raises
        ------
        IdempotencyConflict
            If the key was used for another body.
        TooManyUnfinished
            If the caller has as many unfinished jobs as it may have.
        StoreUnavailable, StoreFull
            If the database does not take it.
        """
        job = self._batching.do(new.organisation, new)
        if self._told is not None:
            self._told()
        return job

    def _write(self, organisation: str, jobs: Iterator[NewJob]) -> Sequence[Job | HomecareError]:
        told: list[Job | HomecareError] = []
        with self._database.session(organisation) as session:
            for new in jobs:
                try:
                    told.append(write_job(session, new))
                except (IdempotencyConflict, TooManyUnfinished) as refusal:
                    told.append(refusal)  # It has left nothing in the transaction.
        return told


def _concerns_all(error: Exception) -> bool:
    return isinstance(error, StoreUnavailable | StoreFull)


def _idempotency_row(
    new: NewJob, idempotency: Idempotency, job: str, now: datetime
) -> IdempotencyRow:
    return IdempotencyRow(
        organisation=new.organisation,
        key=request_digest(new.created_by, idempotency),
        body_digest=idempotency.body_digest,
        job=job,
        created_at=now,
    )


def _replay(session: TenantSession, new: NewJob, idempotency: Idempotency) -> Job | None:
    key = request_digest(new.created_by, idempotency)
    row = session.find(IdempotencyRow, new.organisation, key)
    if row is None:
        return None
    if row.body_digest != idempotency.body_digest:
        raise IdempotencyConflict
    return as_job(row_of(session, row.job), replayed=True)


def _known_result(session: TenantSession, new: NewJob, cache_key: str) -> str | None:
    given = {"owner": new.organisation, "kind": new.kind, "cache_key": cache_key}
    return session.scalars(_KNOWN_RESULT, given).one_or_none()


_KNOWN_RESULT = made_once(
    select(JobRow.result)
    .where(
        JobRow.organisation == bindparam("owner"),
        JobRow.kind == bindparam("kind"),
        JobRow.cache_key == bindparam("cache_key"),
        JobRow.state == JobState.COMPLETED.value,
        JobRow.result.is_not(None),
    )
    .order_by(JobRow.id.desc())
    .limit(1)
)
