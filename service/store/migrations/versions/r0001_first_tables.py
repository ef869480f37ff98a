"""The first tables, with row-level security and a log that cannot be changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import UtcTime

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

OWNED = (
    "audit_log",
    "organisations",
    "api_keys",
    "blobs",
    "personal_data",
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
    "audit_head",
    "audit_log",
    "installation",
    "organisations",
    "api_keys",
    "blobs",
    "personal_data",
    "webhooks",
    "jobs",
    "schedules",
    "webhook_deliveries",
    "checkpoints",
    "idempotency",
    "job_events",
    "published_plans",
)
"All tables, each after those that it refers to."


def upgrade() -> None:
    """Create the tables."""
    _create_tables()
    op.execute(
        sa.text("INSERT INTO audit_head (id, number, link) VALUES (1, 0, :link)").bindparams(
            link="0" * 64
        )
    )
    if op.get_bind().dialect.name == "postgresql":
        _secure_rows()
        _keep_log_postgresql()
    else:
        _keep_log_sqlite()


def downgrade() -> None:
    """Remove the tables and all that is in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DROP FUNCTION homecare_keep()"))


def _secure_rows() -> None:
    # `FORCE` binds the owner of the table too. A transaction that says nothing sees nothing:
    # the setting is then NULL or empty, and equals neither.
    scope = "current_setting('homecare.scope', true)"
    rule = f"organisation = {scope} OR {scope} = '*system*'"
    for table in OWNED:
        op.execute(sa.text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))
        op.execute(sa.text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
        op.execute(
            sa.text(f"CREATE POLICY {table}_tenancy ON {table} USING ({rule}) WITH CHECK ({rule})")
        )


def _keep_log_postgresql() -> None:
    op.execute(
        sa.text(
            "CREATE FUNCTION homecare_keep() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log is only ever added to'; END $$"
        )
    )
    op.execute(
        sa.text(
            "CREATE TRIGGER audit_log_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
            "FOR EACH STATEMENT EXECUTE FUNCTION homecare_keep()"
        )
    )


def _keep_log_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            sa.text(
                f"CREATE TRIGGER audit_log_keep_{verb.lower()} BEFORE {verb} ON audit_log "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END"
            )
        )


def _create_tables() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_log",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_organisation"), "audit_log", ["organisation"], unique=False)
    op.create_table(
        "installation",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("first_key_at", UtcTime(), nullable=True),
        sa.Column("secrets_check", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "organisations",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", name=op.f("pk_organisations")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("check_value", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("expires_at", UtcTime(), nullable=True),
        sa.Column("revoked_at", UtcTime(), nullable=True),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_api_keys_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
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
        "personal_data",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_personal_data_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation", "kind", "person", "field", name=op.f("pk_personal_data")
        ),
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
