"""Opening, transactions, and faults of the database itself."""

from __future__ import annotations

import random
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from optimizer.errors import UsageError
from service.database.engine import Database
from service.database.faults import NotFound, StoreFull, StoreRefused, StoreUnavailable
from service.database.scope import SYSTEM
from service.database.secrets import Secrets
from service.jobs import store as jobs
from service.jobs.states import JobState
from service.jobs.tables import BlobRow, JobRow
from tests.service.postgresql_server import PostgresqlServer
from tests.service.work import accept


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",  # in memory: gone with the process
        "sqlite:///:memory:",  # likewise
        "mysql://root@localhost/homecare",  # neither of the two
        "homecare.db",  # no address
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    """A database is a file of SQLite or a PostgreSQL server."""
    with pytest.raises(UsageError):
        Database.open(url, secrets=Secrets.for_tests())


def test_sqlite_is_durable_and_checks_references(sqlite_database: Database) -> None:
    """The settings that durability depends on are on for every connection."""
    with sqlite_database.bare_connection() as connection:

        def pragma(name: str) -> object:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2  # FULL
        assert pragma("foreign_keys") == 1
        assert pragma("secure_delete") == 1


def test_the_files_are_their_owners(sqlite_url: str) -> None:
    """Nobody else on the machine can read the database or what lies beside it."""
    database = Database.open(sqlite_url, secrets=Secrets.for_tests())
    database.migrate()
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.glob("homecare.db*")}
    assert modes.keys() >= {"homecare.db", "homecare.db-wal"}
    assert set(modes.values()) == {0o600}
    database.close()


def test_a_reading_session_cannot_write(database: Database) -> None:
    """The database itself refuses what a reading session writes."""
    job = accept(database, "A")

    def write() -> None:
        with database.session("A", read_only=True) as session:
            row = session.scalars(select(JobRow).where(JobRow.id == job.id)).one()
            row.owner = "x"

    with pytest.raises((StoreRefused, StoreUnavailable)):
        write()
    accept(database, "A")  # and the next writer can write on the same connections


def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    """While one session writes, others read what was there before."""
    job = accept(database, "A")
    with database.session("A") as writing:
        jobs.request_cancel(writing, job.id)
        writing.flush()
        with database.session("A", read_only=True) as reading:
            assert jobs.read_job(reading, job.id).state is JobState.QUEUED
    with database.session("A", read_only=True) as reading:
        assert jobs.read_job(reading, job.id).state is JobState.CANCELLED


def test_writers_wait_for_one_another(database: Database) -> None:
    """Many writers at once all come through."""
    barrier = threading.Barrier(12)

    def write() -> None:
        barrier.wait()
        for _ in range(4):
            accept(database, "A")

    threads = [threading.Thread(target=write) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.session("A", read_only=True) as session:
        assert len(jobs.list_jobs(session, limit=500).items) == 48


def is_kept(database: Database, organisation: str, job: str) -> bool:
    """Tell whether the database holds a job of an organisation."""
    with database.session(organisation, read_only=True) as session:
        return job in {found.id for found in jobs.list_jobs(session, limit=500).items}


def test_a_session_may_end_in_another_thread(database: Database) -> None:
    """The turn of a writer belongs to its connection, as web frameworks change threads."""
    context = database.session("A")
    session = context.__enter__()
    session.scalars(select(JobRow)).all()
    thread = threading.Thread(target=context.__exit__, args=(None, None, None))
    thread.start()
    thread.join()
    job = accept(database, "A")
    assert is_kept(database, "A", job.id)


def test_a_failed_session_lets_the_next_one_write(database: Database) -> None:
    """An error inside a session never keeps the turn to write."""
    for _ in range(3):
        with pytest.raises(NotFound), database.session("A") as session:
            jobs.request_stop(session, "job_never")
    accept(database, "A")


def test_work_before_the_first_statement_makes_nobody_wait(sqlite_database: Database) -> None:
    """A transaction begins with its first statement and not with its session."""
    with sqlite_database.session("A"):
        job = accept(sqlite_database, "B")
        assert is_kept(sqlite_database, "B", job.id)


def test_a_full_disk_is_told_plainly(sqlite_database: Database) -> None:
    """No room is said as such, nothing is changed, and reading goes on."""
    job = accept(sqlite_database, "A")
    with sqlite_database.bare_connection() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreFull):
        accept(sqlite_database, "A", document=random.Random(1).randbytes(1_000_000))
    with sqlite_database.session("A", read_only=True) as session:
        assert job.id in [found.id for found in jobs.list_jobs(session).items]


def test_a_writer_elsewhere_is_waited_for_and_then_reported(
    sqlite_url: str, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process that keeps the file to itself leads to a plain answer, not to a wreck."""
    monkeypatch.setattr("service.database.engine.BUSY_SECONDS", 0.1)
    impatient = Database.open(sqlite_url, secrets=Secrets.for_tests())
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        accept(impatient, "A")
    other.execute("ROLLBACK")
    other.close()
    accept(impatient, "A")
    impatient.close()


def test_a_missing_folder_is_unavailable(tmp_path: Path) -> None:
    """A file that cannot be opened is told as such."""
    with pytest.raises(StoreUnavailable):
        Database.open(f"sqlite:///{tmp_path}/no/folder.db", secrets=Secrets.for_tests())


def test_the_service_returns_with_the_database(
    postgresql_server: PostgresqlServer, postgresql_database: Database
) -> None:
    """While PostgreSQL is away sessions fail plainly; once it is back they work again."""
    job = accept(postgresql_database, "A")
    postgresql_server.pause()
    try:
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                accept(postgresql_database, "A")
        with pytest.raises(StoreUnavailable):
            postgresql_database.ping()
    finally:
        postgresql_server.resume()
    with postgresql_database.session("A", read_only=True) as session:
        assert jobs.read_job(session, job.id) == job
    accept(postgresql_database, "A")


def test_sessions_that_the_server_ended_are_replaced(
    postgresql_server: PostgresqlServer, postgresql_database: Database
) -> None:
    """Connections that were ended while nobody used them make no request fail."""
    job = accept(postgresql_database, "A")
    ended = postgresql_server.sql(
        "postgres",
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename <> 'admin'",
    )
    assert set(ended.split()) == {"t"}
    with postgresql_database.session("A", read_only=True) as session:
        assert jobs.read_job(session, job.id) == job


def test_a_lent_connection_comes_back_as_it_was(postgresql_database: Database) -> None:
    """After a transaction of another isolation the same connection takes sessions as before."""
    job = accept(postgresql_database, "A")
    with postgresql_database.bare_connection(read_only=True):
        pass
    for name, number in (("A", 1), ("B", 0)):
        with postgresql_database.session(name, read_only=True) as session:
            assert len(jobs.list_jobs(session).items) == number
    with postgresql_database.session("A") as session:
        jobs.request_cancel(session, job.id)
    with postgresql_database.session("A", read_only=True) as session:
        assert jobs.read_job(session, job.id).state is JobState.CANCELLED


def test_an_advisory_lock_has_one_holder(postgresql_database: Database) -> None:
    """Whoever comes second gets nothing until the first lets go."""
    first = postgresql_database.try_advisory_lock("coordinator")
    assert first is not None
    assert first.is_held()
    assert postgresql_database.try_advisory_lock("coordinator") is None
    other = postgresql_database.try_advisory_lock("something else")
    assert other is not None
    other.release()
    first.release()
    again = postgresql_database.try_advisory_lock("coordinator")
    assert again is not None
    again.release()


def test_an_advisory_lock_is_lost_with_its_connection(
    postgresql_server: PostgresqlServer, postgresql_database: Database
) -> None:
    """A holder can see that its connection is gone."""
    lock = postgresql_database.try_advisory_lock("coordinator")
    assert lock is not None
    postgresql_server.pause()
    try:
        assert not lock.is_held()
    finally:
        lock.release()
        postgresql_server.resume()


def test_only_sqlite_has_a_lock_file(
    sqlite_database: Database, postgresql_database: Database
) -> None:
    """The file lies beside the database; PostgreSQL has locks of its own."""
    assert sqlite_database.lock_file.name == "homecare.db.coordinator.lock"
    with pytest.raises(UsageError):
        _ = postgresql_database.lock_file


def test_no_value_is_in_the_message_of_a_fault(database: Database) -> None:
    """Neither statements nor their values are quoted by what a session raises."""
    canary = "Wang-Xiuying"

    def write() -> None:
        with database.session(SYSTEM) as session:
            session.add(BlobRow(organisation="Z", digest=canary, size=1, content=b"c"))

    with pytest.raises(StoreRefused) as caught:
        write()
    assert canary not in str(caught.value)
