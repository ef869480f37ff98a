"""Addresses of webhooks are sealed: they may hold a token in place of a password."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the next start seals what is there (`service.webhooks.endpoints`)."""
    op.add_column("webhooks", sa.Column("address", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Remove the column; nobody writes any more to an endpoint whose address was in it."""
    op.execute(sa.text("UPDATE webhooks SET enabled = false WHERE url = ''"))
    with op.batch_alter_table("webhooks") as table:
        table.drop_column("address")
