"""Row-level security on PostgreSQL: what every revision does for the tables that it adds."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def secure(tables: Sequence[str]) -> None:
    """Let a transaction reach only the rows of the organisation that it has named.

    ``FORCE`` binds the owner of the table too. A transaction that says nothing sees nothing:
    the setting is then NULL or empty, and equals neither. SQLite has no such thing.

    Parameters
    ----------
    tables
        Tables with a column ``organisation``.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    scope = "current_setting('homecare.scope', true)"
    rule = f"organisation = {scope} OR {scope} = '*system*'"
    for table in tables:
        op.execute(sa.text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))
        op.execute(sa.text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
        op.execute(
            sa.text(f"CREATE POLICY {table}_tenancy ON {table} USING ({rule}) WITH CHECK ({rule})")
        )
