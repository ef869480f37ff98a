"""Jobs with their documents and events, schedules, published plans and webhooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.database.columns import UtcTime
from service.database.migrations.row_security import secure

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None

OWNED = (
    "blobs",
    "webhooks",
    "jobs",
    "schedules",
    "webhook_deliveries",
    "checkpoints",
    "idempotency",
    "job_events",
    "published_plans",
)
"Tables whose rows belong to one organisation each."

TABLES = (
    "blobs",
    "webhooks",
    "jobs",
    "schedules",
    "webhook_deliveries",
    "checkpoints",
    "idempotency",
    "job_events",
    "published_plans",
)
"All tables of this revision, each after those that it refers to."


def upgrade() -> None:
    """Create the tables."""
    _create_tables()
    secure(OWNED)


def downgrade() -> None:
    """Remove the tables and all that is in them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_tables() -> None:
    op.create_table(
        "blobs",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_blobs_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation", "digest", name=op.f("pk_blobs")),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_webhooks_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("organisation", "id", name=op.f("uq_webhooks_organisation_id")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.BigInteger(), nullable=False),
        sa.Column("losses", sa.BigInteger(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=True),
        sa.Column("not_before", UtcTime(), nullable=True),
        sa.Column("started_at", UtcTime(), nullable=True),
        sa.Column("finished_at", UtcTime(), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("stop_requested_at", UtcTime(), nullable=True),
        sa.Column("cancel_requested_at", UtcTime(), nullable=True),
        sa.Column("cache_key", sa.String(length=64), nullable=True),
        sa.Column("cached", sa.Boolean(), nullable=False),
        sa.Column("schedule", sa.String(length=64), nullable=True),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("warm_start", sa.String(length=64), nullable=True),
        sa.Column("result", sa.String(length=64), nullable=True),
        sa.Column("fault", sa.JSON(), nullable=True),
        sa.Column("last_event", sa.BigInteger(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "document"],
            ["blobs.organisation", "blobs.digest"],
            name=op.f("fk_jobs_organisation_document_blobs"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation", "result"],
            ["blobs.organisation", "blobs.digest"],
            name=op.f("fk_jobs_organisation_result_blobs"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation", "source"],
            ["blobs.organisation", "blobs.digest"],
            name=op.f("fk_jobs_organisation_source_blobs"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation", "warm_start"],
            ["blobs.organisation", "blobs.digest"],
            name=op.f("fk_jobs_organisation_warm_start_blobs"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_jobs_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("organisation", "id", name=op.f("uq_jobs_organisation_id")),
    )
    op.create_index(
        op.f("ix_jobs_organisation_cache_key"), "jobs", ["organisation", "cache_key"], unique=False
    )
    op.create_index(
        op.f("ix_jobs_organisation_created_by_state"),
        "jobs",
        ["organisation", "created_by", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_jobs_organisation_document"), "jobs", ["organisation", "document"], unique=False
    )
    op.create_index(op.f("ix_jobs_organisation_id"), "jobs", ["organisation", "id"], unique=False)
    op.create_index(
        op.f("ix_jobs_organisation_result"), "jobs", ["organisation", "result"], unique=False
    )
    op.create_index(
        op.f("ix_jobs_organisation_source"), "jobs", ["organisation", "source"], unique=False
    )
    op.create_index(
        op.f("ix_jobs_organisation_warm_start"),
        "jobs",
        ["organisation", "warm_start"],
        unique=False,
    )
    op.create_index(
        op.f("ix_jobs_state_lane_created_at_id"),
        "jobs",
        ["state", "lane", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "schedules",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.String(length=64), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.Column("last_job", sa.String(length=64), nullable=True),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "document"],
            ["blobs.organisation", "blobs.digest"],
            name=op.f("fk_schedules_organisation_document_blobs"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_schedules_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )
    op.create_index(
        op.f("ix_schedules_enabled_next_at"), "schedules", ["enabled", "next_at"], unique=False
    )
    op.create_index(
        op.f("ix_schedules_organisation_document"),
        "schedules",
        ["organisation", "document"],
        unique=False,
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("webhook", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.Column("last_fault", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("settled_at", UtcTime(), nullable=True),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "webhook"],
            ["webhooks.organisation", "webhooks.id"],
            name=op.f("fk_webhook_deliveries_organisation_webhook_webhooks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_webhook_deliveries_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(
        op.f("ix_webhook_deliveries_state_next_at"),
        "webhook_deliveries",
        ["state", "next_at"],
        unique=False,
    )
    op.create_table(
        "checkpoints",
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "job"],
            ["jobs.organisation", "jobs.id"],
            name=op.f("fk_checkpoints_organisation_job_jobs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_checkpoints_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "idempotency",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "job"],
            ["jobs.organisation", "jobs.id"],
            name=op.f("fk_idempotency_organisation_job_jobs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_idempotency_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "job_events",
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "job"],
            ["jobs.organisation", "jobs.id"],
            name=op.f("fk_job_events_organisation_job_jobs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_job_events_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("job", "number", name=op.f("pk_job_events")),
    )
    op.create_table(
        "published_plans",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("scenario", sa.String(length=200), nullable=False),
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("published_by", sa.String(length=64), nullable=False),
        sa.Column("published_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "job"],
            ["jobs.organisation", "jobs.id"],
            name=op.f("fk_published_plans_organisation_job_jobs"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_published_plans_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation", "scenario", name=op.f("pk_published_plans")),
    )
