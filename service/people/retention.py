"""Retention: how long things are kept, and the deletion of what is older."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, not_, or_, select, tuple_

from service.audit_log import INSTALLATION, append_entry
from service.database.clock import utc_now
from service.database.engine import Database
from service.database.scope import SYSTEM
from service.database.tenancy import TenantSession
from service.drafts.tables import DraftMoveRow, DraftRow
from service.idempotency import SNAPSHOTS, AnswerRow
from service.jobs.states import TERMINAL
from service.jobs.tables import BlobRow, IdempotencyRow, JobRow, PublishedRow
from service.webhooks.outbox import WAITING
from service.webhooks.tables import DeliveryRow

BATCH = 200
"Number of rows deleted in one transaction; more of them would let others wait."

SWEEP_AFTER = timedelta(hours=1)
"Age from which documents that no job refers to are deleted; younger ones may be in use soon."

_FINAL = [state.value for state in TERMINAL]


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept.

    Attributes
    ----------
    jobs
        Finished jobs with their documents and results, where published plans stay; and drafts
        that nobody has changed for so long.
    idempotency
        Keys of requests, within which a repetition is recognised, and answers kept for it.
    deliveries
        Messages that were delivered or given up.
    snapshots
        What was told of a month to the district's analysts: a later answer about the same month is
        held against it.
    """

    jobs: timedelta = timedelta(days=90)
    idempotency: timedelta = timedelta(hours=24)
    deliveries: timedelta = timedelta(days=30)
    snapshots: timedelta = timedelta(days=1_096)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was deleted.

    Attributes
    ----------
    jobs, documents, idempotency, deliveries, fields, drafts
        Number of rows.
    """

    jobs: int = 0
    documents: int = 0
    idempotency: int = 0
    deliveries: int = 0
    fields: int = 0
    drafts: int = 0


def forget_old(database: Database, retention: Retention, *, actor: str) -> Forgotten:
    """Delete what is older than it is kept, in small transactions.

    Parameters
    ----------
    database
        Of all organisations.
    retention
        How long things are kept.
    actor
        Who asked for it: a key, or ``service``.
    """
    now = utc_now()
    jobs = 0
    while batch := _forget_jobs(database, now - retention.jobs):
        jobs += batch
    drafts = 0
    while batch := _forget_drafts(database, now - retention.jobs):
        drafts += batch
    with database.session(SYSTEM) as session:
        keys = _delete_older(session, now - retention.idempotency, now - retention.snapshots)
    with database.session(SYSTEM) as session:
        deliveries = _delete_settled(session, now - retention.deliveries)
    documents = sweep_documents(database, older_than=now - SWEEP_AFTER)
    forgotten = Forgotten(jobs, documents, keys, deliveries, drafts=drafts)
    if forgotten != Forgotten():
        with database.session(SYSTEM) as session:
            append_entry(
                session,
                actor=actor,
                action="retention.apply",
                subject="everything old",
                details={"jobs": jobs, "documents": documents, "drafts": drafts},
                organisation=INSTALLATION,
            )
        database.forget_old_pages()
    return forgotten


def sweep_documents(database: Database, *, older_than: datetime) -> int:
    """Delete the documents that nothing refers to any more, and return their number.

    Finding them takes a while, during which others go on writing.
    """
    with database.session(SYSTEM, read_only=True) as session:
        unused = unused_documents(session, older_than)
    for begin in range(0, len(unused), BATCH):
        with database.session(SYSTEM) as session:
            delete_documents(session, unused[begin : begin + BATCH], older_than)
    return len(unused)


def _forget_jobs(database: Database, before: datetime) -> int:
    with database.session(SYSTEM) as session:
        query = (
            select(JobRow)
            .where(JobRow.state.in_(_FINAL), JobRow.finished_at < before)
            .where(~exists(select(PublishedRow.job).where(PublishedRow.job == JobRow.id)))
            .limit(BATCH)
        )
        rows = session.scalars(query).all()
        for row in rows:
            session.delete(row)
        return len(rows)


def _forget_drafts(database: Database, before: datetime) -> int:
    with database.session(SYSTEM) as session:
        query = select(DraftRow).where(DraftRow.changed_at < before).limit(BATCH)
        rows = session.scalars(query).all()
        for row in rows:
            session.delete(row)
        return len(rows)


def _delete_older(session: TenantSession, before: datetime, told_before: datetime) -> int:
    jobs = session.scalars(select(IdempotencyRow).where(IdempotencyRow.created_at < before)).all()
    is_snapshot = AnswerRow.key.startswith(SNAPSHOTS)
    answers = session.scalars(
        select(AnswerRow).where(
            or_(
                and_(AnswerRow.created_at < before, not_(is_snapshot)),
                and_(AnswerRow.created_at < told_before, is_snapshot),
            )
        )
    ).all()
    for row in (*jobs, *answers):
        session.delete(row)
    return len(jobs) + len(answers)


def _delete_settled(session: TenantSession, before: datetime) -> int:
    rows = session.scalars(
        select(DeliveryRow).where(DeliveryRow.state != WAITING, DeliveryRow.settled_at < before)
    ).all()
    for row in rows:
        session.delete(row)
    return len(rows)


def unused_documents(session: TenantSession, older_than: datetime) -> list[tuple[str, str]]:
    """Return organisation and digest of documents that nothing refers to and that are that old."""
    query = select(BlobRow.organisation, BlobRow.digest).where(BlobRow.created_at < older_than)
    for table, columns in _REFERRING:
        for column in columns:
            query = query.where(
                ~exists(
                    select(table.organisation).where(
                        table.organisation == BlobRow.organisation, column == BlobRow.digest
                    )
                )
            )
    return [(organisation, digest) for organisation, digest in session.execute(query)]


_REFERRING: Sequence[tuple[type[JobRow | DraftRow | DraftMoveRow], Sequence[Any]]] = (
    (JobRow, (JobRow.document, JobRow.source, JobRow.warm_start, JobRow.result)),
    (DraftRow, (DraftRow.document, DraftRow.plan)),
    (DraftMoveRow, (DraftMoveRow.document, DraftMoveRow.plan)),
)
"Tables that refer to documents, and by which columns."


def delete_documents(
    session: TenantSession, unused: Sequence[tuple[str, str]], older_than: datetime
) -> None:
    """Delete documents that `unused_documents` found."""
    # The age is asked for again: one that was taken up in the meantime bears a new date.
    session.execute(
        delete(BlobRow)
        .where(tuple_(BlobRow.organisation, BlobRow.digest).in_(unused))
        .where(BlobRow.created_at < older_than)
        .execution_options(synchronize_session=False)
    )
