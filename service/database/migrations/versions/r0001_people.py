"""Organisations, their keys and people, and the log that can only be added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.database.columns import UtcTime
from service.database.migrations.row_security import secure

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

OWNED = ("audit_log", "organisations", "api_keys", "personal_data")
"Tables whose rows belong to one organisation each."

TABLES = ("audit_head", "audit_log", "installation", "organisations", "api_keys", "personal_data")
"All tables of this revision, each after those that it refers to."


def upgrade() -> None:
    """Create the tables."""
    _create_tables()
    secure(OWNED)
    op.execute(
        sa.text("INSERT INTO audit_head (id, number, link) VALUES (1, 0, :link)").bindparams(
            link="0" * 64
        )
    )
    if op.get_bind().dialect.name == "postgresql":
        _keep_log_postgresql()
    else:
        _keep_log_sqlite()


def downgrade() -> None:
    """Remove the tables and all that is in them."""
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DROP FUNCTION homecare_keep()"))


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
