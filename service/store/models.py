"""The tables of the service.

Every table belongs to organisations (`Owned`) or is listed in `SHARED` with the reason why
not. References carry the organisation along, so that the database itself refuses a row of one
organisation that points at a row of another.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from service.store.columns import UtcTime

ORGANISATION = String(64)
ID = String(64)
CODE = String(64)
DIGEST = String(64)

SHARED = {
    "audit_head": "One row: the end of the one chain that runs through all organisations.",
    "installation": "One row: facts about the installation, such as whether it has its first key.",
}
"Tables without an organisation, each with the reason."


class Base(DeclarativeBase):
    """Every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
        bytes: LargeBinary,
        int: BigInteger,
    }


class Owned:
    """A row that belongs to one organisation; its sessions see no other rows."""

    organisation: Mapped[str] = mapped_column(
        ORGANISATION, ForeignKey("organisations.organisation")
    )


class OrganisationRow(Owned, Base):
    """An organisation; it owns the row that speaks of it."""

    __tablename__ = "organisations"

    organisation: Mapped[str] = mapped_column(ORGANISATION, primary_key=True)
    created_at: Mapped[datetime]


class KeyRow(Owned, Base):
    """An API key, of which only a check value is kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    role: Mapped[str] = mapped_column(CODE)
    label: Mapped[str] = mapped_column(String(200))
    check_value: Mapped[bytes]
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(ID)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


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
    schedule: Mapped[str | None] = mapped_column(ID)
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


class AnswerRow(Owned, Base):
    """A sealed answer that is given again, under a digest of who asked and of the key."""

    __tablename__ = "answers"

    organisation: Mapped[str] = mapped_column(
        ORGANISATION, ForeignKey("organisations.organisation"), primary_key=True
    )
    key: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    body_digest: Mapped[str] = mapped_column(DIGEST)
    content: Mapped[bytes]
    created_at: Mapped[datetime]


class PersonalRow(Owned, Base):
    """One sealed field of a person, such as the name; nothing else knows who the person is."""

    __tablename__ = "personal_data"

    organisation: Mapped[str] = mapped_column(
        ORGANISATION, ForeignKey("organisations.organisation"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(CODE, primary_key=True)
    person: Mapped[str] = mapped_column(String(200), primary_key=True)
    field: Mapped[str] = mapped_column(CODE, primary_key=True)
    sealed: Mapped[bytes]
    changed_at: Mapped[datetime]


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


class WebhookRow(Owned, Base):
    """Where an organisation wants to hear of finished jobs."""

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]]
    secret: Mapped[bytes]
    enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("organisation", "id"),)


class DeliveryRow(Owned, Base):
    """A message in the outbox: waiting, delivered, or given up."""

    __tablename__ = "webhook_deliveries"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    webhook: Mapped[str] = mapped_column(ID)
    event: Mapped[str] = mapped_column(CODE)
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(CODE)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    last_fault: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation", "webhook"],
            ["webhooks.organisation", "webhooks.id"],
            ondelete="CASCADE",
        ),
        Index(None, "state", "next_at"),
    )


class ScheduleRow(Owned, Base):
    """A standing order for work; the table stands in every database, and nothing uses it yet."""

    __tablename__ = "schedules"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(CODE)
    lane: Mapped[str] = mapped_column(CODE)
    document: Mapped[str] = mapped_column(DIGEST)
    parameters: Mapped[dict[str, Any]]
    at: Mapped[str] = mapped_column(String(5))
    weekdays: Mapped[list[str]]
    time_zone: Mapped[str] = mapped_column(String(64))
    enabled: Mapped[bool] = mapped_column(default=True)
    next_at: Mapped[datetime]
    last_job: Mapped[str | None] = mapped_column(ID)
    created_by: Mapped[str] = mapped_column(ID)
    created_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["organisation", "document"], ["blobs.organisation", "blobs.digest"]),
        Index(None, "organisation", "document"),
        Index(None, "enabled", "next_at"),
    )


class AuditRow(Owned, Base):
    """One entry of the audit log; the database refuses to change or delete it."""

    __tablename__ = "audit_log"

    # No reference to `organisations`: an entry outlives whatever it speaks of.
    organisation: Mapped[str] = mapped_column(ORGANISATION, index=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(ID)
    action: Mapped[str] = mapped_column(CODE)
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(DIGEST)
    link: Mapped[str] = mapped_column(DIGEST)


class AuditHeadRow(Base):
    """The last entry of the audit log: what the next one is chained to."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    link: Mapped[str] = mapped_column(DIGEST)


class InstallationRow(Base):
    """Facts about the installation."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    created_at: Mapped[datetime]
    first_key_at: Mapped[datetime | None]
    secrets_check: Mapped[bytes]
