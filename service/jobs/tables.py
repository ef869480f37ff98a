"""The tables of jobs: their documents, rows, events, checkpoints and published plans."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.database.columns import CODE, DIGEST, ID, ORGANISATION
from service.database.tables import Base, Owned


class BlobRow(Owned, Base):
    """A document, packed and sealed, under the digest of its content."""

    __tablename__ = "blobs"

    organisation: Mapped[str] = mapped_column(
        ORGANISATION, ForeignKey("organisations.organisation"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes]
    created_at: Mapped[datetime]


class JobRow(Owned, Base):
    """A job; the row is the truth about it."""

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(CODE)
    lane: Mapped[str] = mapped_column(CODE)
    state: Mapped[str] = mapped_column(CODE)
    attempt: Mapped[int] = mapped_column(default=0)
    losses: Mapped[int] = mapped_column(default=0)
    interruptions: Mapped[int] = mapped_column(default=0)
    parameters: Mapped[dict[str, Any]]
    created_by: Mapped[str] = mapped_column(ID)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(ID)
    stop_requested_at: Mapped[datetime | None]
    cancel_requested_at: Mapped[datetime | None]
    cache_key: Mapped[str | None] = mapped_column(DIGEST)
    cached: Mapped[bool] = mapped_column(default=False)
    document: Mapped[str] = mapped_column(DIGEST)
    source: Mapped[str | None] = mapped_column(DIGEST)
    warm_start: Mapped[str | None] = mapped_column(DIGEST)
    result: Mapped[str | None] = mapped_column(DIGEST)
    fault: Mapped[dict[str, Any] | None]
    last_event: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("organisation", "id"),
        *(
            ForeignKeyConstraint(["organisation", column], ["blobs.organisation", "blobs.digest"])
            for column in ("document", "source", "warm_start", "result")
        ),
        Index(None, "state", "lane", "created_at", "id"),
        Index(None, "organisation", "id"),
        Index(None, "organisation", "cache_key"),
        # The database asks for these whenever a document is to be deleted.
        *(Index(None, "organisation", column) for column in ("document", "source", "warm_start")),
        Index(None, "organisation", "result"),
        Index(None, "organisation", "created_by", "state"),
    )


class JobEventRow(Owned, Base):
    """Something that happened to a job: progress, or a change of state."""

    __tablename__ = "job_events"

    job: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(CODE)
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation", "job"], ["jobs.organisation", "jobs.id"], ondelete="CASCADE"
        ),
    )


class CheckpointRow(Owned, Base):
    """The best result so far of a running job, replaced every few seconds."""

    __tablename__ = "checkpoints"

    job: Mapped[str] = mapped_column(ID, primary_key=True)
    content: Mapped[bytes]
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation", "job"], ["jobs.organisation", "jobs.id"], ondelete="CASCADE"
        ),
    )


class IdempotencyRow(Owned, Base):
    """A request that must not be done twice, under a digest of who asked and of its key."""

    __tablename__ = "idempotency"

    organisation: Mapped[str] = mapped_column(
        ORGANISATION, ForeignKey("organisations.organisation"), primary_key=True
    )
    key: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    body_digest: Mapped[str] = mapped_column(DIGEST)
    job: Mapped[str] = mapped_column(ID)
    created_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation", "job"], ["jobs.organisation", "jobs.id"], ondelete="CASCADE"
        ),
    )


class PublishedRow(Owned, Base):
    """Which job's plan is in force for a scenario, and which version of it that is."""

    __tablename__ = "published_plans"

    organisation: Mapped[str] = mapped_column(
        ORGANISATION, ForeignKey("organisations.organisation"), primary_key=True
    )
    scenario: Mapped[str] = mapped_column(String(200), primary_key=True)
    job: Mapped[str] = mapped_column(ID)
    version: Mapped[int]
    published_by: Mapped[str] = mapped_column(ID)
    published_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["organisation", "job"], ["jobs.organisation", "jobs.id"]),
    )
