"""After a new encryption key everything can be sealed with it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from sqlalchemy import LargeBinary

from service.administration.rotation import SEALED, seal_anew
from service.auth.keys import ensure_first_key
from service.database.engine import Database
from service.database.scope import SYSTEM
from service.database.secrets import Secrets
from service.database.tables import Base
from service.jobs import queue as runs
from service.jobs import store as jobs
from service.people.personal_data import (
    PersonalField,
    PersonKind,
    Purpose,
    read_people,
    write_person,
)
from service.webhooks.deliveries import due_deliveries
from service.webhooks.endpoints import add_webhook
from tests.service.work import accept, begin, end


def test_every_sealed_column_is_known() -> None:
    """A column of bytes is sealed anew, or it is the check value of a key."""
    binary = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    known = {(mapped.__tablename__, column) for mapped, column in SEALED}
    assert binary - known == {("api_keys", "check_value")}


def test_the_old_key_can_be_thrown_away(prepared_file: Path, tmp_path: Path) -> None:
    """Once all is sealed anew, everything is readable without the old key."""
    file = shutil.copy(prepared_file, tmp_path / "homecare.db")
    url = f"sqlite:///{file}"
    old = Database.open(url, secrets=Secrets.for_tests())
    done = accept(old, "A", document=b"document")
    end(old, begin(old), result=b"plan")
    running = accept(old, "A")
    run = begin(old)
    with old.session(SYSTEM) as session:
        runs.store_checkpoint(session, running.id, run.attempt, b"best so far")
    with old.session("A") as session:
        write_person(session, PersonKind.CLIENT, "C0001", {PersonalField.NAME: "n"}, actor="key")
        _, secret = add_webhook(session, "https://example.org/hook")
    old.close()

    both = Secrets.for_tests().rotated()
    rotating = Database.open(url, secrets=both)
    assert seal_anew(rotating, actor="command") > 4
    assert seal_anew(rotating, actor="command") == 0
    rotating.close()

    alone = replace(both, keys={both.current: both.keys[both.current]})
    new = Database.open(url, secrets=alone)
    assert ensure_first_key(new) is None
    with new.session("A") as session:
        job = jobs.read_job(session, done.id)
        assert jobs.read_document(session, job) == b"document"
        assert jobs.read_result(session, job) == b"plan"
        found = read_people(
            session,
            PersonKind.CLIENT,
            ["C0001"],
            fields=[PersonalField.NAME],
            actor="key",
            purpose=Purpose.CORRECTION,
        )
        assert found == {"C0001": {PersonalField.NAME: "n"}}
    with new.session(SYSTEM, read_only=True) as session:
        assert runs.read_checkpoint(session, running.id) == b"best so far"
    end(new, run)
    with new.session(SYSTEM, read_only=True) as session:
        assert [message.secret for message in due_deliveries(session)] == [secret]
    new.close()
