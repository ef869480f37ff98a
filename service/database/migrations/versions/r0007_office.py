"""The purchaser's office: its ledger, what organisations are told of it, and their evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.database.columns import UtcTime
from service.database.migrations.row_security import secure

revision = "r0007"
down_revision = "r0006"
branch_labels = None
depends_on = None

_TEXT = sa.String(length=64)
_NAME = sa.String(length=200)
_TABLES = ("office_ledger", "office_notices", "office_evidence")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "office_ledger",
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("entered_by", _TEXT, nullable=False),
        sa.Column("entered_at", UtcTime(), nullable=False),
        *_owned("office_ledger", "number"),
    )
    op.create_table(
        "office_notices",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("scenario", _NAME, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", UtcTime(), nullable=False),
        *_owned("office_notices", "id"),
    )
    op.create_table(
        "office_evidence",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("scenario", _NAME, nullable=False),
        sa.Column("deliveries", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_by", _TEXT, nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=False),
        *_owned("office_evidence", "id"),
    )
    _index("office_notices", "organisation", "id")
    _index("office_evidence", "scenario", "organisation", "id")
    secure(_TABLES)


def downgrade() -> None:
    """Remove the tables with the ledger: export it before."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _owned(table: str, key: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("organisation", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f(f"fk_{table}_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")),
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
