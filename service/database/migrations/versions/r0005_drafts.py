"""Drafts on rosters in force, with their moves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.database.columns import UtcTime
from service.database.migrations.row_security import secure

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None

_TEXT = sa.String(length=64)
_DOCUMENTS = ("document", "plan")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "drafts",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("scenario", sa.String(length=200), nullable=False),
        sa.Column("base_version", sa.BigInteger(), nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("document", _TEXT, nullable=False),
        sa.Column("plan", _TEXT, nullable=False),
        sa.Column("published_version", sa.BigInteger(), nullable=True),
        sa.Column("created_by", _TEXT, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        _owner("drafts"),
        *(_document("drafts", column) for column in _DOCUMENTS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("organisation", "id", name=op.f("uq_drafts_organisation_id")),
    )
    op.create_index(op.f("ix_drafts_changed_at"), "drafts", ["changed_at"])
    op.create_table(
        "draft_moves",
        sa.Column("draft", _TEXT, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("organisation", _TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("document", _TEXT, nullable=False),
        sa.Column("plan", _TEXT, nullable=False),
        sa.Column("made_by", _TEXT, nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "draft"],
            ["drafts.organisation", "drafts.id"],
            name=op.f("fk_draft_moves_organisation_draft_drafts"),
            ondelete="CASCADE",
        ),
        _owner("draft_moves"),
        *(_document("draft_moves", column) for column in _DOCUMENTS),
        sa.PrimaryKeyConstraint("draft", "number", name=op.f("pk_draft_moves")),
    )
    for table in ("drafts", "draft_moves"):
        for column in _DOCUMENTS:
            name = op.f(f"ix_{table}_organisation_{column}")
            op.create_index(name, table, ["organisation", column])
    secure(["drafts", "draft_moves"])


def downgrade() -> None:
    """Remove the tables and all drafts; what was published of them stays in force."""
    op.drop_table("draft_moves")
    op.drop_table("drafts")


def _owner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation"],
        ["organisations.organisation"],
        name=op.f(f"fk_{table}_organisation_organisations"),
    )


def _document(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation", column],
        ["blobs.organisation", "blobs.digest"],
        name=op.f(f"fk_{table}_organisation_{column}_blobs"),
    )
