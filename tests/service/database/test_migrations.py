"""The tables have one history, and it ends at the tables that the code knows."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from service.administration.schema import SUBJECTS
from service.database import revisions
from service.database.engine import Database
from service.database.secrets import Secrets
from service.database.tables import SHARED, Base


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """Give a database without tables, once of each kind."""
    database = Database.open(database_url, secrets=Secrets.for_tests())
    yield database
    database.close()


def test_the_history_is_one_line() -> None:
    """There is one first and one last revision, and each but the first follows one."""
    script = ScriptDirectory(str(revisions.FOLDER))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
    assert [each.revision for each in script.walk_revisions() if each.is_merge_point] == []


def test_the_history_ends_at_the_models(empty: Database) -> None:
    """After the last revision the tables are those of the models, on both databases."""
    empty.migrate()
    with empty.bare_connection() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_module_with_tables_is_loaded_for_a_backup() -> None:
    """A table whose module `schema` does not name would be missing from backups."""
    holding = {mapper.class_.__module__ for mapper in Base.registry.mappers}
    assert holding == {module.__name__ for module in SUBJECTS}


def test_a_database_says_whether_it_is_migrated(empty: Database) -> None:
    """A new database is not at the newest revision, a migrated one is; twice does no harm."""
    assert not empty.is_migrated()
    empty.migrate()
    empty.migrate()
    assert empty.is_migrated()


def test_to_ask_for_the_revision_leaves_nothing_behind(empty: Database) -> None:
    """Whoever asks every few seconds for months takes no memory by it."""
    empty.migrate()
    assert empty.is_migrated()
    known = len(empty._engine._compiled_cache or ())
    for _ in range(3):
        assert empty.is_migrated()
    assert len(empty._engine._compiled_cache or ()) == known


def test_the_way_back_leaves_nothing(empty: Database) -> None:
    """Going back to before the first revision removes all tables, and the way on works again."""
    empty.migrate()
    with empty.bare_connection() as connection:
        revisions.downgrade(connection, "base")
    with empty.bare_connection() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    empty.migrate()
    assert empty.is_migrated()


def test_processes_that_start_together_migrate_once(database_url: str) -> None:
    """Several processes may begin on a new database at the same moment."""
    faults: list[BaseException] = []

    def start() -> None:
        database = Database.open(database_url, secrets=Secrets.for_tests())
        try:
            database.migrate()
        except BaseException as error:  # noqa: BLE001 (a thread's fault must come out)
            faults.append(error)
        database.close()

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_every_owned_table_has_a_policy(postgresql_database: Database) -> None:
    """A table that a later revision adds must be secured in it as well."""
    with postgresql_database.bare_connection() as connection:
        rows = connection.exec_driver_sql("SELECT tablename FROM pg_policies")
        assert {row[0] for row in rows} == set(Base.metadata.tables) - SHARED.keys()
