"""Who is the coordinator."""

from __future__ import annotations

import multiprocessing
import threading

from service.database.engine import Database
from service.database.secrets import Secrets
from service.jobs.election import try_to_lead
from tests.patience import wait_until


def lead(url: str, ready: multiprocessing.synchronize.Event) -> None:
    """Become the coordinator in a process of its own, and stay it."""
    database = Database.open(url, secrets=Secrets.for_tests())
    leadership = try_to_lead(database)
    if leadership is not None:
        ready.set()
        threading.Event().wait()


def test_one_leads(database: Database) -> None:
    """As long as one holds the lock nobody else gets it; afterwards the next one does."""
    first = try_to_lead(database)
    assert first is not None
    assert first.is_held()
    assert try_to_lead(database) is None
    first.release()
    second = try_to_lead(database)
    assert second is not None
    second.release()


def test_the_lock_dies_with_its_process(database: Database) -> None:
    """After a kill the next process becomes the coordinator."""
    url = database._engine.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=lead, args=(url, ready))
    process.start()
    assert ready.wait(60)
    assert try_to_lead(database) is None
    process.kill()
    process.join()
    process.close()
    leadership = wait_until(lambda: try_to_lead(database))
    assert leadership is not None
    leadership.release()


def test_a_lock_file_that_was_deleted_is_noticed(sqlite_database: Database) -> None:
    """Another process would lock a new file, and both would lead."""
    leadership = try_to_lead(sqlite_database)
    assert leadership is not None
    sqlite_database.lock_file.unlink()
    assert not leadership.is_held()
    leadership.release()
