"""Databases for the tests of the service: a SQLite file and a PostgreSQL server."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.auth.keys import ensure_first_key
from service.store.database import Database
from service.store.organisations import add_organisation
from service.store.scope import SYSTEM
from service.store.secrets import Secrets
from tests.service.postgresql_server import PostgresqlServer, programs

DIALECTS = ("sqlite", "postgresql")
ORGANISATIONS = ("A", "B")

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Give a PostgreSQL server that all tests share; skip where it is not installed."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed")
    server = PostgresqlServer.start()
    yield server
    server.stop()


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> Iterator[str]:
    """Give the address of an empty database on PostgreSQL, owned by a plain user."""
    name = f"homecare_{next(_numbers)}"
    yield postgresql_server.create_database(name)
    postgresql_server.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Give the address of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'homecare.db'}"


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the address of an empty database, once of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


def opened(url: str) -> Iterator[Database]:
    """Open a database, create the tables, the first key and the organisations A and B."""
    database = Database.open(url, secrets=Secrets.for_tests())
    database.migrate()
    ensure_first_key(database)
    with database.session(SYSTEM) as session:
        for organisation in ORGANISATIONS:
            add_organisation(session, organisation, actor="tests")
    yield database
    database.close()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give a database with the organisations A and B, once of each kind."""
    yield from opened(database_url)


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """Give a SQLite database with the organisations A and B."""
    yield from opened(sqlite_url)


@pytest.fixture
def postgresql_database(postgresql_url: str) -> Iterator[Database]:
    """Give a PostgreSQL database with the organisations A and B."""
    yield from opened(postgresql_url)
