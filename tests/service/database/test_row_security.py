"""PostgreSQL holds organisations apart by itself, whatever statement reaches it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from service.database.engine import Database
from service.database.faults import UnsafeDatabaseRole
from service.database.raw import SCOPE_SETTING, SYSTEM_SETTING
from service.database.secrets import Secrets
from service.database.tables import SHARED, Base
from tests.service.postgresql_server import OWNER, PostgresqlServer
from tests.service.work import accept

OWNED = sorted(set(Base.metadata.tables) - SHARED.keys())


@pytest.fixture(scope="module")
def address(postgresql_server: PostgresqlServer, prepared_name: str) -> Iterator[str]:
    """Give the address of a database in which A and B have a job each; no test changes it."""
    name = "secured"
    url = postgresql_server.create_database(name, like=prepared_name)
    database = Database.open(url, secrets=Secrets.for_tests())
    for organisation in ("A", "B"):
        accept(database, organisation)
    database.close()
    yield postgresql_server.url(name, OWNER)
    postgresql_server.drop_database(name)


@pytest.fixture
def connection(address: str) -> Iterator[psycopg.Connection]:
    """Give a bare connection, of which nothing stays."""
    with psycopg.connect(address) as connection:
        yield connection
        connection.rollback()


def scoped(connection: psycopg.Connection, scope: str) -> None:
    """Tell the transaction whose it is, as the service does."""
    connection.execute("SELECT set_config(%s, %s, true)", [SCOPE_SETTING, scope])


def owners(connection: psycopg.Connection, table: str = "jobs") -> list[str]:
    """Return whose rows of a table can be seen."""
    query = sql.SQL("SELECT DISTINCT organisation FROM {} ORDER BY 1")
    rows = connection.execute(query.format(sql.Identifier(table)))
    return [row[0] for row in rows]


@pytest.mark.parametrize("table", OWNED)
def test_every_owned_table_is_secured(connection: psycopg.Connection, table: str) -> None:
    """Row-level security is on for each table and binds its owner too."""
    query = "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s"
    assert connection.execute(query, [table]).fetchone() == (True, True)


@pytest.mark.parametrize("table", OWNED)
def test_a_connection_that_says_nothing_sees_nothing(
    connection: psycopg.Connection, table: str
) -> None:
    """Without a scope every table is empty."""
    assert owners(connection, table) == []


def test_a_scope_shows_its_own_rows(connection: psycopg.Connection) -> None:
    """The scope decides what a plain ``SELECT`` sees."""
    scoped(connection, "A")
    assert owners(connection) == ["A"]
    scoped(connection, SYSTEM_SETTING)
    assert owners(connection) == ["A", "B"]


def test_a_scope_ends_with_its_transaction(connection: psycopg.Connection) -> None:
    """A connection that goes back to the pool takes no scope along."""
    scoped(connection, "A")
    connection.commit()
    assert owners(connection) == []


def test_rows_of_others_cannot_be_changed(connection: psycopg.Connection) -> None:
    """Changes reach the scope's own rows only."""
    scoped(connection, "A")
    assert connection.execute("UPDATE jobs SET owner = 'x'").rowcount == 1
    assert connection.execute("DELETE FROM job_events WHERE organisation = 'B'").rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO organisations VALUES ('C', now())",  # a row of another
        "UPDATE jobs SET organisation = 'B'",  # an own row, given away
    ],
)
def test_rows_of_others_cannot_be_made(connection: psycopg.Connection, statement: str) -> None:
    """What a scope writes must be its own."""
    scoped(connection, "A")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_a_superuser_is_refused(postgresql_server: PostgresqlServer, postgresql_url: str) -> None:
    """A user whom row-level security does not bind is turned away at the start."""
    url = postgresql_url.replace(f"{OWNER}@", "admin@")
    with pytest.raises(UnsafeDatabaseRole):
        Database.open(url, secrets=Secrets.for_tests())
