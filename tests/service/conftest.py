"""Databases for the tests of the service: a SQLite file and a PostgreSQL server."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.administration import schema  # noqa: F401 (every table is known to every test)
from service.auth.keys import ensure_first_key
from service.auth.organisations import add_organisation
from service.database.engine import Database
from service.database.scope import SYSTEM
from service.database.secrets import Secrets
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


def prepare(url: str) -> None:
    """Create the tables, the first key and the organisations A and B."""
    database = Database.open(url, secrets=Secrets.for_tests())
    database.migrate()
    ensure_first_key(database)
    with database.session(SYSTEM) as session:
        for organisation in ORGANISATIONS:
            add_organisation(session, organisation, actor="tests")
    database.close()


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file with the organisations A and B, to be copied."""
    file = tmp_path_factory.mktemp("prepared") / "homecare.db"
    prepare(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def prepared_name(postgresql_server: PostgresqlServer) -> str:
    """Give the name of a PostgreSQL database with the organisations A and B, to be copied."""
    prepare(postgresql_server.create_database("prepared"))
    return "prepared"


def opened(url: str) -> Iterator[Database]:
    """Give a database as long as it is needed."""
    database = Database.open(url, secrets=Secrets.for_tests())
    yield database
    database.close()


@pytest.fixture
def sqlite_database(prepared_file: Path, tmp_path: Path) -> Iterator[Database]:
    """Give a SQLite database with the organisations A and B."""
    file = shutil.copy(prepared_file, tmp_path / "homecare.db")
    yield from opened(f"sqlite:///{file}")


@pytest.fixture
def postgresql_database(
    postgresql_server: PostgresqlServer, prepared_name: str
) -> Iterator[Database]:
    """Give a PostgreSQL database with the organisations A and B."""
    name = f"homecare_{next(_numbers)}"
    yield from opened(postgresql_server.create_database(name, like=prepared_name))
    postgresql_server.drop_database(name)


@pytest.fixture(params=DIALECTS)
def database(request: pytest.FixtureRequest) -> Database:
    """Give a database with the organisations A and B, once of each kind."""
    given: Database = request.getfixturevalue(f"{request.param}_database")
    return given
