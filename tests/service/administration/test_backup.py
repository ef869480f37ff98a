"""A backup holds everything, and goes back into either kind of database."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from optimizer.errors import UnreadableFile, UsageError
from service.administration.backup import DamagedBackup, back_up, restore
from service.audit_log import verify_audit_log
from service.auth.keys import authenticate, create_key
from service.auth.permissions import Role
from service.database.engine import Database
from service.database.faults import Conflict, SecretsMismatch
from service.database.scope import SYSTEM
from service.database.secrets import Secrets
from service.jobs import store as jobs
from service.jobs.blobs import get_blob
from service.jobs.states import JobState
from service.people.personal_data import (
    PersonalField,
    PersonKind,
    Purpose,
    read_people,
    write_person,
)
from service.webhooks.endpoints import add_webhook
from tests.service.work import accept, begin, end, events_of

CANARY = "Canary Wang"


@pytest.fixture
def target(database_url: str) -> Iterator[Database]:
    """Give a database with empty tables, once of each kind."""
    database = Database.open(database_url, secrets=Secrets.for_tests())
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def source(
    request: pytest.FixtureRequest, prepared_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Give a SQLite database in a folder of its own."""
    file = tmp_path_factory.mktemp("source") / "homecare.db"
    file.write_bytes(prepared_file.read_bytes())
    database = Database.open(f"sqlite:///{file}", secrets=Secrets.for_tests())
    yield database
    database.close()


def fill(database: Database) -> str:
    """Store something in every table that matters, and return a key of A."""
    accept(database, "A", document=b"document", source=b"source")
    end(database, begin(database), result=b"plan")
    accept(database, "B")
    begin(database)
    with database.session("A") as session:
        write_person(session, PersonKind.CLIENT, "C0001", {PersonalField.NAME: CANARY}, actor="key")
        add_webhook(session, "https://example.org/hook")
    return create_key(database, "A", Role.PLANNER).text


def test_everything_comes_back(source: Database, target: Database, tmp_path: Path) -> None:
    """Jobs, results, events, keys, names and the log are what they were."""
    compare_after_moving(source, target, tmp_path / "backup.gz")


def test_everything_comes_back_from_postgresql(
    postgresql_database: Database, target: Database, tmp_path: Path
) -> None:
    """The same from the other kind of database."""
    compare_after_moving(postgresql_database, target, tmp_path / "backup.gz")


def compare_after_moving(source: Database, target: Database, file: Path) -> None:
    """Back one database up, restore it into another and compare."""
    key = fill(source)
    written = back_up(source, file, actor="tests")
    assert restore(target, file) == written
    with (
        source.session(SYSTEM, read_only=True) as before,
        target.session(SYSTEM, read_only=True) as after,
    ):
        assert jobs.list_jobs(after) == jobs.list_jobs(before)
        for job in jobs.list_jobs(before).items:
            assert events_of(target, job) == events_of(source, job)
        (done,) = jobs.list_jobs(after, states=[JobState.COMPLETED]).items
        assert jobs.read_result(after, done) == b"plan"
        assert done.source is not None
        assert get_blob(after, "A", done.source) == b"source"
        assert verify_audit_log(after) == verify_audit_log(before)
    assert authenticate(target, key) == authenticate(source, key)
    with target.session("A") as session:
        found = read_people(
            session,
            PersonKind.CLIENT,
            ["C0001"],
            fields=[PersonalField.NAME],
            actor="key",
            purpose=Purpose.CORRECTION,
        )
    assert found == {"C0001": {PersonalField.NAME: CANARY}}
    accept(target, "A")


def test_a_backup_is_its_owners_and_holds_no_name(source: Database, tmp_path: Path) -> None:
    """Nobody else can read the file, and there is nothing in the clear for whoever does."""
    fill(source)
    file = tmp_path / "backup.gz"
    back_up(source, file, actor="tests")
    assert file.stat().st_mode & 0o777 == 0o600
    assert CANARY.encode() not in gzip.decompress(file.read_bytes())
    assert list(tmp_path.glob("*.part")) == []


def test_a_file_is_never_written_over(source: Database, tmp_path: Path) -> None:
    """A backup that is there stays as it is."""
    file = tmp_path / "backup.gz"
    file.write_bytes(b"dear")
    with pytest.raises(UsageError):
        back_up(source, file, actor="tests")
    assert file.read_bytes() == b"dear"


def test_only_an_empty_database_is_filled(source: Database, tmp_path: Path) -> None:
    """Nothing that is there is mixed with what comes back."""
    file = tmp_path / "backup.gz"
    back_up(source, file, actor="tests")
    with pytest.raises(Conflict):
        restore(source, file)


def lines_of(file: Path) -> list[bytes]:
    """Return the lines of a backup."""
    return gzip.decompress(file.read_bytes()).splitlines(keepends=True)


def test_a_damaged_backup_is_refused(source: Database, target: Database, tmp_path: Path) -> None:
    """Cut off, altered, or another file altogether: nothing is restored."""
    file = tmp_path / "backup.gz"
    back_up(source, file, actor="tests")
    whole, lines = file.read_bytes(), lines_of(file)
    damaged = {
        "cut off": whole[: len(whole) // 2],
        "a line left out": gzip.compress(b"".join([*lines[:3], *lines[4:]])),
        "the end left out": gzip.compress(b"".join(lines[:-1])),
        "a value altered": gzip.compress(b"".join(lines).replace(b'"A"', b'"Z"')),
        "something else": gzip.compress(b"hello"),
        "nothing": gzip.compress(b""),
        "not packed": b"hello",
        "a list": gzip.compress(b"[]\n"),
    }
    for content in damaged.values():
        file.write_bytes(content)
        with pytest.raises(DamagedBackup):
            restore(target, file)
    file.write_bytes(whole)
    restore(target, file)


def test_a_missing_file_is_told(target: Database, tmp_path: Path) -> None:
    """A file that is not there is no damaged one."""
    with pytest.raises(UnreadableFile):
        restore(target, tmp_path / "backup.gz")


def test_a_backup_needs_its_secrets(
    source: Database, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With other secrets nothing could be read, so that nothing is restored."""
    fill(source)
    file = tmp_path / "backup.gz"
    back_up(source, file, actor="tests")
    for secrets in (
        Secrets.generate(),
        replace(Secrets.for_tests(), pepper=b"x" * 32),
    ):
        folder = tmp_path_factory.mktemp("other")
        other = Database.open(f"sqlite:///{folder}/homecare.db", secrets=secrets)
        other.migrate()
        with pytest.raises(SecretsMismatch):
            restore(other, file)
        other.close()


def test_a_backup_with_a_forged_log_is_refused(
    source: Database, target: Database, tmp_path: Path
) -> None:
    """Whoever alters the log in a backup and mends the file's own digest is found out."""
    import hashlib

    fill(source)
    file = tmp_path / "backup.gz"
    back_up(source, file, actor="tests")
    body = b"".join(lines_of(file)[:-1]).replace(b'"people.write"', b'"people.wrote"')
    end_line = json.dumps({"sha256": hashlib.sha256(body).hexdigest()}).encode() + b"\n"
    file.write_bytes(gzip.compress(body + end_line))
    with pytest.raises(SecretsMismatch):
        restore(target, file)


def test_work_goes_on_during_a_backup(source: Database, tmp_path: Path) -> None:
    """A backup is the state of one moment and makes no writer wait."""
    fill(source)
    with source.bare_connection(read_only=True):
        late = accept(source, "A")
    back_up(source, tmp_path / "backup.gz", actor="tests")
    with source.session("A", read_only=True) as session:
        assert late.id in {job.id for job in jobs.list_jobs(session).items}
