"""Answers that are given again when a request is repeated."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.database.columns import UtcTime
from service.database.migrations.row_security import secure

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "answers",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisations.organisation"],
            name=op.f("fk_answers_organisation_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation", "key", name=op.f("pk_answers")),
    )
    secure(["answers"])


def downgrade() -> None:
    """Remove the table and all that is in it."""
    op.drop_table("answers")
