"""The tables' history as Alembic keeps it: one line of revisions."""

__all__: list[str] = []
