"""How often a coordinator died under a job; standing orders, which nobody could give, are gone."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa
from alembic import op

from service.database.columns import UtcTime
from service.database.migrations.row_security import secure

revision = "r0006"
down_revision = "r0005"
branch_labels = None
depends_on = None

_TEXT = sa.String(length=64)
_CAN_DROP_COLUMNS = (3, 35)
"Version of SQLite; with an earlier one the column stays, always null."


def upgrade() -> None:
    """Add the count, which begins anew for jobs that wait or run; remove the table."""
    op.add_column(
        "jobs", sa.Column("interruptions", sa.BigInteger(), nullable=False, server_default="0")
    )
    if op.get_bind().dialect.name != "sqlite" or sqlite3.sqlite_version_info >= _CAN_DROP_COLUMNS:
        op.drop_column("jobs", "schedule")
    op.drop_table("schedules")


def downgrade() -> None:
    """Remove the count (which SQLite does from 3.35 on) and put the table back, empty as it was."""
    op.drop_column("jobs", "interruptions")
    op.add_column("jobs", sa.Column("schedule", _TEXT, nullable=True))
    op.create_table(
        "schedules",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("lane", _TEXT, nullable=False),
        sa.Column("document", _TEXT, nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("time_zone", _TEXT, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=False),
        sa.Column("last_job", _TEXT, nullable=True),
        sa.Column("created_by", _TEXT, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("organisation", _TEXT, nullable=False),
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
    for columns in (["enabled", "next_at"], ["organisation", "document"]):
        op.create_index(op.f(f"ix_schedules_{'_'.join(columns)}"), "schedules", columns)
    secure(["schedules"])
