"""The one module whose statements no session binds: text, Core, and whole tables.

What is here serves the database itself (pragmas, locks, the scope that row-level security
reads) or works on all organisations at once on purpose (backup, restore).
"""

from __future__ import annotations

import selectors
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache, partial
from types import TracebackType
from typing import Any, Self

from sqlalchemy import (
    Connection,
    Engine,
    Insert,
    Table,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.attributes import instance_dict
from sqlalchemy.pool import ConnectionPoolEntry

from service.database.faults import ScopeBreach
from service.database.scope import Scope, System, check_organisation
from service.database.tables import Base, Owned
from service.database.tenancy import TenantSession

SCOPE_SETTING = "homecare.scope"
"Setting of a transaction that row-level security reads: an organisation, or `SYSTEM_SETTING`."

SYSTEM_SETTING = "*system*"
"Value for the service's own work; no organisation's id can have stars."

RETRY_SECONDS = 0.02
"Pause between two attempts at what SQLite does not wait for."

_READ_ONLY = "homecare_read_only"

BEGUN_BY_SESSION = "homecare_begun_by_session"
"Option of an engine whose transactions `TenantSession` begins."

RESTING_SECONDS = 10.0
"A connection that has rested for so long is asked for an answer before it is used."

_TAKEN_AT = "homecare_taken_at"

_REVISIONS = 0x686F6D6563617265
"Number of the lock under which tables are changed: the letters of the project's name."


def prepare_sqlite(connection: sqlite3.Connection, *, busy_seconds: float) -> None:
    """Set up a new connection: write-ahead log, full durability, references checked.

    Parameters
    ----------
    connection
        A connection that has begun nothing.
    busy_seconds
        How long to wait for a writer in another process.
    """
    # The driver would begin transactions by itself, and not before reads; `begin_sqlite` does.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {int(busy_seconds * 1000)}",
        "synchronous = FULL",
        "foreign_keys = ON",
        # What is erased is overwritten and not left in free pages.
        "secure_delete = ON",
        "trusted_schema = OFF",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection, busy_seconds)


def _write_ahead(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Switch to the write-ahead log, which SQLite refuses while others do and never waits for."""
    until = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(RETRY_SECONDS)
        else:
            return


def begin_sqlite(connection: Connection, *, read_only: bool) -> None:
    """Begin a transaction; a writing one takes the database's write lock at once."""
    # A connection keeps to what it was last told, so that most need not be told again.
    if connection.info.get(_READ_ONLY) is not read_only:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
        connection.info[_READ_ONLY] = read_only
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def watch_postgresql(engine: Engine) -> None:
    """Begin the transactions of an engine, and see that its connections live, at little cost.

    Each statement is a way to the server and back. The driver would take one to begin a
    transaction, one to say whose it is, and the library one more to see that the server is there.
    """
    event.listen(engine, "connect", _leave_begin_to_us)
    event.listen(engine, "checkout", partial(_insist_on_life, engine.dialect.loaded_dbapi.Error))
    event.listen(engine, "begin", _begin_postgresql)


def _leave_begin_to_us(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.autocommit = True


def _insist_on_life(
    fault: type[Exception], connection: Any, entry: ConnectionPoolEntry, _: object
) -> None:
    """Ask a connection for an answer where something has come on it, or it has rested for long.

    A server that ends, or ends a session, says so or closes; both can be seen without asking.

    Raises
    ------
    InvalidatePoolError
        If there is none; the library then makes new connections.
    """
    now = time.monotonic()
    rested = now - entry.info.get(_TAKEN_AT, now)
    entry.info[_TAKEN_AT] = now
    if rested < RESTING_SECONDS and not _is_readable(connection):
        return
    try:
        connection.execute("SELECT 1", prepare=False)
    except fault as error:
        raise InvalidatePoolError from error


def _is_readable(connection: Any) -> bool:
    if connection.closed:
        return True
    with selectors.PollSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        return bool(selector.select(0))


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if BEGUN_BY_SESSION not in options and "isolation_level" not in options:
        _send(connection, "BEGIN")


@event.listens_for(TenantSession, "after_begin")
def _begin_session(
    session: TenantSession, transaction: SessionTransaction, connection: Connection
) -> None:
    """Begin a session's transaction on PostgreSQL, and say whose it is, in one way there and back.

    A part of it that may fail alone is in its scope already.
    """
    options = connection.get_execution_options()
    if connection.dialect.name != "postgresql" or transaction.nested:
        return
    if session.scope is None or BEGUN_BY_SESSION not in options:
        raise ScopeBreach("A session without a scope begins nothing.")
    access = "READ ONLY" if options.get("read_only") else "READ WRITE"
    _send(connection, f"BEGIN {access}; {_binding(session.scope)}")


def bind_postgresql(connection: Connection, scope: Scope, *, read_only: bool) -> None:
    """Tell row-level security whose transaction this is, until it ends."""
    access = "; SELECT set_config('transaction_read_only', 'on', true)" if read_only else ""
    _send(connection, _binding(scope) + access)


def _binding(scope: Scope) -> str:
    # Checked here as well: it stands in the statement itself, and holds no sign that ends a text.
    value = SYSTEM_SETTING if isinstance(scope, System) else check_organisation(scope)
    return f"SELECT set_config('{SCOPE_SETTING}', '{value}', true)"


def _send(connection: Connection, statements: str) -> None:
    """Send statements in one go, which the library could not."""
    driver: Any = connection.connection.driver_connection
    if not driver.autocommit and "isolation_level" not in connection.get_execution_options():
        driver.autocommit = True  # It was lent to somebody who asked for another isolation.
    driver.execute(statements.encode(), prepare=False)


def evades_row_security(connection: Connection) -> bool:
    """Return whether the database's user is one whom row-level security does not bind."""
    row = connection.execute(
        text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    )
    return bool(row.scalar_one())


def answer(connection: Connection) -> None:
    """Ask the database for a one, to see that it is there."""
    connection.execute(select(1)).scalar_one()


class AdvisoryLock:
    """A lock on PostgreSQL that one connection holds until it is released or lost.

    Parameters
    ----------
    connection
        A connection that is used for nothing else.
    number
        Name of the lock, 63 bits.
    """

    def __init__(self, connection: Connection, number: int) -> None:
        self._connection = connection
        self._number = number

    def try_acquire(self) -> bool:
        """Take the lock if nobody holds it, and return whether it is held now."""
        query = text("SELECT pg_try_advisory_lock(:number)")
        return bool(self._connection.execute(query, {"number": self._number}).scalar_one())

    def is_held(self) -> bool:
        """Return whether the connection that holds the lock still lives."""
        try:
            answer(self._connection)
        except DBAPIError:
            return False
        return True

    def release(self) -> None:
        """Give the lock back by closing its connection."""
        self._connection.invalidate()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def insert_row(session: TenantSession, row: Base) -> None:
    """Insert a new row at once; the session does not watch over it.

    The session's own way costs several times as much, and every accepted job takes it.

    Raises
    ------
    ScopeBreach
        If the session is bound to another organisation than the row's.
    IntegrityError
        If there is one of the same key, or none of what it refers to.
    """
    _insert(session, row, _insertion(type(row)))


def insert_or_touch(session: TenantSession, row: Base, *, touched: str) -> None:
    """Insert a new row, or renew one column of the row that has the same key.

    Two sessions that store the same document at once must not fail on each other, and none may
    refer to one that is being swept away just now: the new date keeps the sweep from it.

    Parameters
    ----------
    session
        Of the row's organisation, or of scope `SYSTEM`.
    row
        The new row.
    touched
        The column that an earlier row takes over from the new one.

    Raises
    ------
    ScopeBreach
        If the session is bound to another organisation than the row's.
    """
    dialect = session.get_bind().dialect.name
    _insert(session, row, _insertion_or_touch(type(row), touched, dialect))


def against_others(session: TenantSession) -> AbstractContextManager[object]:
    """Give a part of a transaction that another writer may make fail, without the rest of it.

    On SQLite it is no part of its own: writers come one by one there, so that what was looked for
    and not found a moment ago still is not there.
    """
    is_alone = session.get_bind().dialect.name == "sqlite"
    return nullcontext() if is_alone else session.begin_nested()


def _insert(session: TenantSession, row: Base, insertion: Insert) -> None:
    if not isinstance(row, Owned) or session.scope not in {System.SYSTEM, row.organisation}:
        raise ScopeBreach
    given = instance_dict(row)
    values = {name: given[name] for name in _columns(type(row)) if name in given}
    Session.connection(session).execute(insertion, values)


@cache
def _columns(mapped: type[Base]) -> Sequence[str]:
    return [attribute.key for attribute in mapped.__mapper__.column_attrs]


# To put these statements together takes longer than to carry them out.


@cache
def _insertion(mapped: type[Base]) -> Insert:
    return insert(mapped)


@cache
def _insertion_or_touch(mapped: type[Base], touched: str, dialect: str) -> Insert:
    keys = [column.name for column in inspect(mapped).primary_key]
    if dialect == "postgresql":
        insertion = postgresql.insert(mapped)
        renewed = {touched: insertion.excluded[touched]}
        return insertion.on_conflict_do_update(index_elements=keys, set_=renewed)
    inserting = sqlite.insert(mapped)
    renewed = {touched: inserting.excluded[touched]}
    return inserting.on_conflict_do_update(index_elements=keys, set_=renewed)


def read_rows(connection: Connection, table: Table) -> Iterator[Mapping[str, Any]]:
    """Return all rows of a table, of every organisation, in the order of its primary key."""
    statement = select(table).order_by(*table.primary_key.columns)
    result = connection.execution_options(yield_per=500).execute(statement)
    for row in result.mappings():
        yield {str(column): value for column, value in row.items()}


def write_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows into a table, of whatever organisation."""
    if rows:
        connection.execute(insert(table), [dict(row) for row in rows])


def replace_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows in the place of all rows of a table."""
    connection.execute(delete(table))
    write_rows(connection, table, rows)


def lock_revisions(connection: Connection) -> None:
    """Let no two processes change the tables at once; SQLite's writers never are two."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _REVISIONS})


def count_rows(connection: Connection, table: Table) -> int:
    """Return the number of a table's rows over all organisations."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def empty_log(engine: Engine) -> None:
    """Move what SQLite's write-ahead log holds into the file, and overwrite the log.

    After an erasure, so that no older state of a page is left beside the database.
    """
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")


def file_of(engine: Engine) -> str | None:
    """Return the path of a SQLite database, or None for another."""
    return engine.url.database if engine.dialect.name == "sqlite" else None
