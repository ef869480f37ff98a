"""The history of the tables: which revision a database is at, and the way to the newest."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a revision, within the connection's transaction."""
    command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Take the tables back to an older revision, within the connection's transaction."""
    command.downgrade(_config(connection), revision)


def present(connection: Connection) -> str | None:
    """Return the revision that the tables are at; None before the first."""
    # Alembic asks by a table that it describes anew each time: as many statements to remember,
    # which would grow by 20 kB with every look at `/readyz` and drive out those that come again.
    asking = connection.execution_options(compiled_cache=None)
    return MigrationContext.configure(asking).get_current_revision()


@cache
def newest() -> str:
    """Return the newest revision; there is exactly one."""
    return str(ScriptDirectory.from_config(_config(None)).get_current_head())


def is_current(connection: Connection) -> bool:
    """Return whether the tables are at the newest revision."""
    return present(connection) == newest()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", FOLDER.as_posix().replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
