"""What Alembic runs: the revisions on the connection that `service.database.revisions` gives."""

from __future__ import annotations

from alembic import context

from service.database.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
