"""Opening the database, and one transaction at a time on it."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, Self

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from optimizer.errors import UsageError
from service.database import raw, revisions
from service.database.cipher import FieldCipher
from service.database.faults import StoreFull, StoreRefused, StoreUnavailable, UnsafeDatabaseRole
from service.database.lock import FairLock
from service.database.scope import Scope, System, check_organisation
from service.database.secrets import Secrets
from service.database.tenancy import TenantSession

BUSY_SECONDS = 30.0
"Time that a writer waits for others; then the database counts as unavailable."

KEPT_CONNECTIONS = 20
"Connections that are kept open; twice as many more are opened when needed."

CONNECT_SECONDS = 5
"Time that PostgreSQL has to take a connection; then it counts as unavailable."

FULL_SECONDS = 10.0
"Time for which a database counts as full that has refused to write for want of room."

_WRITER = "homecare_writer"
_FULL = ("disk is full", "No space left", "DiskFull", "could not extend file")

Dialect = Literal["sqlite", "postgresql"]


class Database:
    """The database of the service.

    Use `Database.open`. On SQLite, writing transactions of this process wait for one another
    in here: left to SQLite's own lock they would poll for it, and the slowest of sixteen
    clients would wait for more than a second.

    Attributes
    ----------
    dialect
        ``sqlite`` or ``postgresql``.
    secrets
        The installation's secrets.
    cipher
        Seals and opens what is stored sealed.
    """

    def __init__(self, engine: Engine, secrets: Secrets) -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        # Of sessions, which say themselves with what they begin.
        self._session_reader = self._reader.execution_options(**{raw.BEGUN_BY_SESSION: True})
        self._session_writer = engine.execution_options(**{raw.BEGUN_BY_SESSION: True})
        self._writing = FairLock()
        self._full_at = float("-inf")
        self.secrets = secrets
        self.cipher = FieldCipher(secrets)
        self.dialect: Dialect = "sqlite" if engine.dialect.name == "sqlite" else "postgresql"
        if self.dialect == "sqlite":
            self._serialise_writers()
        else:
            raw.watch_postgresql(engine)

    @classmethod
    def open(cls, url: str, *, secrets: Secrets, pool_size: int = KEPT_CONNECTIONS) -> Self:
        """Connect to a database.

        Parameters
        ----------
        url
            ``sqlite:///path/to/file.db`` or ``postgresql://user:password@host/name``.
        secrets
            Pepper and encryption keys of the installation.
        pool_size
            Connections that are kept open; twice as many are opened when needed.

        Raises
        ------
        UsageError
            If the address is of another kind.
        StoreUnavailable
            If there is no answer.
        UnsafeDatabaseRole
            If the user is a superuser of PostgreSQL or may bypass row-level security.
        """
        address = _address(url)
        if address.get_backend_name() == "sqlite":
            _make_private(Path(str(address.database)))
        database = cls(_engine(address, pool_size), secrets)
        try:
            database._check_user()
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def session(self, scope: Scope, *, read_only: bool = False) -> Iterator[TenantSession]:
        """Give a session for one transaction: committed on leaving, rolled back on an error.

        The transaction begins with the first statement, so that work done before it (packing a
        document, for instance) makes no other writer wait. Within the block neither solve
        anything nor wait for anybody.

        Parameters
        ----------
        scope
            An organisation's id, or `SYSTEM`.
        read_only
            Whether nothing will be written; the database then refuses to.

        Raises
        ------
        StoreUnavailable
            If the database does not answer; nothing was changed.
        StoreFull
            If it has no room.
        StoreRefused
            If it does not take a statement, which is a defect of this program.
        ScopeBreach
            If a statement would have left the scope.
        """
        if not isinstance(scope, System):
            check_organisation(scope)
        engine = self._session_reader if read_only else self._session_writer
        session = TenantSession(engine, expire_on_commit=False, autoflush=True)
        session.scope = scope
        session.cipher = self.cipher
        session.secrets = self.secrets
        with self._remembering(), _told_plainly():
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise
            finally:
                session.close()

    @property
    def has_room(self) -> bool:
        """Whether it has lately not refused to write for want of room."""
        return time.monotonic() - self._full_at > FULL_SECONDS

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        try:
            yield
        except StoreFull:
            self._full_at = time.monotonic()
            raise

    @contextmanager
    def bare_connection(self, *, read_only: bool = False) -> Iterator[Connection]:
        """Give a connection in one transaction of scope `SYSTEM`, for `raw` and migrations."""
        engine = self._reader if read_only else self._engine
        if self.dialect == "postgresql" and read_only:
            # All statements see the same moment, which a backup depends on.
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with _told_plainly(), engine.connect() as connection, connection.begin():
            if self.dialect == "postgresql":
                raw.bind_postgresql(connection, System.SYSTEM, read_only=read_only)
            yield connection

    def migrate(self) -> None:
        """Bring the tables to the newest revision; does nothing if they are there already."""
        with self.bare_connection() as connection:
            raw.lock_revisions(connection)
            revisions.upgrade(connection)

    def is_migrated(self) -> bool:
        """Return whether the tables are at the newest revision."""
        with self.bare_connection(read_only=True) as connection:
            return revisions.is_current(connection)

    def ping(self) -> None:
        """See whether the database answers.

        Raises
        ------
        StoreUnavailable
            If it does not.
        """
        with self.bare_connection(read_only=True) as connection:
            raw.answer(connection)

    @property
    def lock_file(self) -> Path:
        """File beside a SQLite database that a process locks to be the only coordinator.

        Raises
        ------
        UsageError
            On PostgreSQL, which has `try_advisory_lock` for that.
        """
        file = raw.file_of(self._engine)
        if file is None:
            raise UsageError("Only a SQLite database has a lock file.")
        return Path(f"{file}.coordinator.lock")

    def try_advisory_lock(self, name: str) -> raw.AdvisoryLock | None:
        """Take a lock on PostgreSQL, or return None if another process holds it.

        The lock lives as long as its connection; ask `AdvisoryLock.is_held` now and then.

        Parameters
        ----------
        name
            Same name, same lock, in every process on this database.
        """
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> 1
        with _told_plainly():
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            lock = raw.AdvisoryLock(connection, number)
            if lock.try_acquire():
                return lock
            lock.release()
            return None

    def forget_old_pages(self) -> None:
        """Leave no older state of what was erased in the files beside a SQLite database."""
        if self.dialect == "sqlite":
            with _told_plainly():
                raw.empty_log(self._reader)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _check_user(self) -> None:
        with _told_plainly(), self._engine.connect() as connection:
            if self.dialect == "postgresql" and raw.evades_row_security(connection):
                raise UnsafeDatabaseRole

    def _serialise_writers(self) -> None:
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", self._begin)
        event.listen(self._engine, "checkin", self._leave)

    def _begin(self, connection: Connection) -> None:
        read_only = bool(connection.get_execution_options().get("read_only"))
        if not read_only:
            if not self._writing.acquire(timeout=BUSY_SECONDS):
                raise StoreUnavailable
            connection.info[_WRITER] = True
        raw.begin_sqlite(connection, read_only=read_only)

    def _leave(self, _connection: sqlite3.Connection | None, entry: ConnectionPoolEntry) -> None:
        # A session may begin in one thread and end in another, so the lock follows the
        # connection and not the thread.
        if entry.info.pop(_WRITER, False):
            self._writing.release()


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    raw.prepare_sqlite(connection, busy_seconds=BUSY_SECONDS)


def _make_private(file: Path) -> None:
    """Make a new file that only its owner can read; SQLite's other files follow its mode."""
    # Where it cannot be made, opening it says so.
    with suppress(OSError):
        file.touch(mode=0o600, exist_ok=False)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise UsageError("The address of the database cannot be read.") from error
    kind = address.get_backend_name()
    if kind == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if kind != "sqlite" or address.database in {None, "", ":memory:"}:
        raise UsageError("A database is sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.")
    return address


def _engine(address: URL, pool_size: int) -> Engine:
    # The last one used first: each of SQLite's has a cache of its own, which fills as it is used.
    options: dict[str, Any] = {
        "pool_size": pool_size,
        "max_overflow": 2 * pool_size,
        "pool_use_lifo": True,
    }
    if address.get_backend_name() == "sqlite":
        options["connect_args"] = {"check_same_thread": False}
    else:
        options["connect_args"] = {
            "connect_timeout": CONNECT_SECONDS,
            # A network that swallows packets must not hold anybody for minutes.
            "keepalives_idle": 10,
            "tcp_user_timeout": 30_000,
        }
    return create_engine(address, hide_parameters=True, **options)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turn faults of the database into ours; its own texts may quote what is stored."""
    try:
        yield
    except DBAPIError as error:
        cause = str(error.orig)
        if any(sign in cause for sign in _FULL):
            raise StoreFull from error
        if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
            raise StoreUnavailable from error
        raise StoreRefused from error
    except PoolTimeout as error:
        raise StoreUnavailable from error
