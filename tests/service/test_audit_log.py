"""The audit log: complete, in order, and not to be changed unnoticed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from service.audit_log import (
    AuditEntry,
    AuditHeadRow,
    AuditRow,
    append_entry,
    read_entries,
    verify_audit_log,
    verify_entries,
)
from service.database.engine import Database
from service.database.faults import StoreRefused
from service.database.scope import SYSTEM
from service.database.secrets import Secrets


def write(database: Database, organisation: str = "A", number: int = 1) -> None:
    """Write entries of an organisation."""
    for index in range(number):
        with database.session(organisation) as session:
            append_entry(
                session,
                actor="key",
                action="people.read",
                subject=f"C{index:04}",
                details={"fields": ["name"], "purpose": "roster"},
            )


def entries(database: Database) -> list[AuditEntry]:
    """Return the whole log."""
    with database.session(SYSTEM, read_only=True) as session:
        return list(read_entries(session))


def test_the_chain_holds(database: Database) -> None:
    """What was written as it was verifies, over all organisations."""
    before = len(entries(database))
    write(database, "A", 3)
    write(database, "B", 2)
    with database.session(SYSTEM, read_only=True) as session:
        check = verify_audit_log(session)
    assert check.holds
    assert check.entries == before + 5


def test_an_entry_is_written_with_its_deed_or_not_at_all(database: Database) -> None:
    """A transaction that fails leaves no entry, and the numbers have no gap."""
    before = entries(database)

    def fail() -> None:
        with database.session("A") as session:
            append_entry(session, actor="key", action="people.read", subject="C0001")
            raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        fail()
    assert entries(database) == before
    write(database)
    assert [entry.number for entry in entries(database)] == list(range(1, len(before) + 2))


def test_writers_at_once_make_one_chain(database: Database) -> None:
    """Entries that are written together still follow one another."""
    threads = [threading.Thread(target=write, args=(database, "AB"[i % 2], 5)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.session(SYSTEM, read_only=True) as session:
        assert verify_audit_log(session).holds


def test_the_database_refuses_changes(database: Database) -> None:
    """Entries can be neither changed nor deleted, not even by the service itself."""
    write(database)
    for statement in (update(AuditRow).values(actor="nobody"), delete(AuditRow)):

        def change(statement: object = statement) -> None:
            with database.session(SYSTEM) as session:
                session.execute(statement)  # type: ignore[call-overload]

        with pytest.raises(StoreRefused):
            change()


ALTERATIONS: dict[str, Callable[[list[AuditEntry]], list[AuditEntry]]] = {
    "another actor": lambda log: [*log[:2], replace(log[2], actor="nobody"), *log[3:]],
    "another detail": lambda log: [*log[:2], replace(log[2], details={"x": 1}), *log[3:]],
    "another organisation": lambda log: [*log[:2], replace(log[2], organisation="Z"), *log[3:]],
    "an entry left out": lambda log: [*log[:2], *log[3:]],
    "the first left out": lambda log: log[1:],
    "two exchanged": lambda log: [log[1], log[0], *log[2:]],
    "one twice": lambda log: [*log[:2], log[1], *log[2:]],
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_altered_log_is_found_out(sqlite_database: Database, name: str) -> None:
    """Whatever is changed, left out or exchanged breaks the chain."""
    write(sqlite_database, "A", 4)
    log = ALTERATIONS[name](entries(sqlite_database))
    check = verify_entries(log, Secrets.for_tests(), is_whole=True)
    assert not check.holds


def test_a_log_that_was_cut_off_is_found_out_by_its_head(sqlite_database: Database) -> None:
    """The chain without its newest entries holds by itself, but does not end at the head."""
    write(sqlite_database, "A", 2)
    with sqlite_database.bare_connection() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_log_keep_delete")
        connection.exec_driver_sql(
            "DELETE FROM audit_log WHERE number = (SELECT max(number) FROM audit_log)"
        )
    with sqlite_database.session(SYSTEM, read_only=True) as session:
        assert not verify_audit_log(session).holds


def test_without_the_secrets_no_chain_can_be_forged(sqlite_database: Database) -> None:
    """Links are keyed: a log that somebody else chained anew does not verify."""
    write(sqlite_database, "A", 2)
    check = verify_entries(entries(sqlite_database), Secrets.generate(), is_whole=True)
    assert check.broken_at == 1


def test_an_export_comes_back(database: Database) -> None:
    """A line of an export is the entry, and an organisation's own lines verify each."""
    write(database, "A", 2)
    write(database, "B", 2)
    write(database, "A", 1)
    with database.session("A", read_only=True) as session:
        own = list(read_entries(session))
    assert {entry.organisation for entry in own} == {"A"}
    lines = [entry.to_json() for entry in own]
    back = [AuditEntry.from_json(line) for line in lines]
    assert back == own
    assert verify_entries(back, Secrets.for_tests(), is_whole=False).holds
    forged = [replace(back[0], subject="C9999"), *back[1:]]
    assert not verify_entries(forged, Secrets.for_tests(), is_whole=False).holds


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"number": 1}', "no json"])
def test_other_lines_are_no_entries(line: str) -> None:
    """A line that is no entry is refused."""
    with pytest.raises(ValueError):  # noqa: PT011 (JSON and our own)
        AuditEntry.from_json(line)


def test_the_log_has_one_head(database: Database) -> None:
    """All organisations write to the end of the same chain."""
    write(database, "A")
    write(database, "B")
    with database.session("A", read_only=True) as session:
        heads = session.scalars(select(AuditHeadRow)).all()
    assert [head.number for head in heads] == [len(entries(database))]
