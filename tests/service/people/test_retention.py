"""What is old is forgotten, and who asks for it is erased."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from service.audit_log import read_entries
from service.database.clock import utc_now
from service.database.engine import Database
from service.database.faults import Conflict, NotFound
from service.database.scope import SYSTEM
from service.drafts.store import add_move, open_draft, read_draft
from service.drafts.tables import DraftRow
from service.idempotency import Idempotency
from service.jobs import store as jobs
from service.jobs.blobs import get_blob, pack_blob, put_blob
from service.jobs.plans import publish
from service.jobs.tables import BlobRow, IdempotencyRow, JobRow
from service.people.erasure import erase_person
from service.people.personal_data import PersonalField, PersonKind, write_person
from service.people.retention import Forgotten, Retention, forget_old
from service.people.tables import PersonalRow
from tests.service.work import accept, begin, end

CANARY = "Canary-Wang"


def age(database: Database, days: int) -> None:
    """Let everything that is stored be so many days older."""
    ago = utc_now() - timedelta(days=days)
    with database.session(SYSTEM) as session:
        for statement in (
            update(JobRow).where(JobRow.finished_at.is_not(None)).values(finished_at=ago),
            update(BlobRow).values(created_at=ago),
            update(IdempotencyRow).values(created_at=ago),
        ):
            session.execute(statement)


def there(database: Database) -> list[str]:
    """Return the ids of all jobs."""
    with database.session(SYSTEM, read_only=True) as session:
        return [job.id for job in jobs.list_jobs(session, limit=500).items]


def documents(database: Database) -> int:
    """Return the number of documents."""
    with database.session(SYSTEM, read_only=True) as session:
        return session.scalars(select(func.count()).select_from(BlobRow)).one()


def test_old_jobs_go_with_their_documents(database: Database) -> None:
    """A finished job that is older than it is kept goes, with all that only it refers to."""
    accept(database, "A", document=b"old", idempotency=Idempotency("k", "b"))
    end(database, begin(database), result=b"old result")
    age(database, 100)
    waiting = accept(database, "A", document=b"new")
    forgotten = forget_old(database, Retention(), actor="service")
    assert forgotten == Forgotten(jobs=1, documents=2)
    assert there(database) == [waiting.id]
    assert documents(database) == 1


def test_what_is_not_old_enough_stays(database: Database) -> None:
    """Neither young jobs nor their documents are touched, and nothing is written down."""
    job = accept(database, "A")
    end(database, begin(database))
    age(database, 89)
    with database.session(SYSTEM) as session:
        before = len(list(read_entries(session)))
    forget_old(database, Retention(idempotency=timedelta(days=365)), actor="service")
    assert there(database) == [job.id]
    with database.session("A", read_only=True) as session:
        assert jobs.read_result(session, jobs.read_job(session, job.id)) == b"r"
        assert len(list(read_entries(session))) <= before


def test_unfinished_jobs_stay_however_old(database: Database) -> None:
    """A job that waits or runs is never forgotten."""
    running = accept(database, "A")
    begin(database)
    waiting = accept(database, "A")
    age(database, 1000)
    forget_old(database, Retention(), actor="service")
    assert sorted(there(database)) == sorted([running.id, waiting.id])


def test_a_published_plan_stays(database: Database) -> None:
    """A plan that is in force is kept with its job."""
    job = accept(database, "A")
    end(database, begin(database))
    with database.session("A") as session:
        publish(session, "day", jobs.read_job(session, job.id), by="key")
    age(database, 100)
    forget_old(database, Retention(), actor="service")
    assert there(database) == [job.id]


def test_a_document_in_use_by_another_job_stays(database: Database) -> None:
    """The same document of an old and a new job is kept for the new one."""
    accept(database, "A", document=b"shared")
    end(database, begin(database))
    age(database, 100)
    job = accept(database, "A", document=b"shared")
    forget_old(database, Retention(), actor="service")
    with database.session("A", read_only=True) as session:
        assert get_blob(session, "A", job.document) == b"shared"


def test_old_keys_of_requests_are_forgotten(database: Database) -> None:
    """After a day the same key is a new request."""
    first = accept(database, "A", idempotency=Idempotency("k", "b"))
    age(database, 2)
    forget_old(database, Retention(), actor="service")
    again = accept(database, "A", idempotency=Idempotency("k", "other"))
    assert again.id != first.id


def scenario(*clients: str) -> bytes:
    """Return a document that names clients."""
    return json.dumps({"clients": [{"id": client} for client in clients]}).encode()


def test_an_erased_person_is_nowhere(database: Database) -> None:
    """Personal data and finished jobs that name the client go; others stay."""
    with database.session("A") as session:
        write_person(session, PersonKind.CLIENT, "C0001", {PersonalField.NAME: CANARY}, actor="key")
    accept(database, "A", document=scenario("C0001", "C0002"))
    end(database, begin(database))
    accept(database, "A", document=b"{}", source=scenario("C0001"))
    end(database, begin(database))
    other = accept(database, "A", document=scenario("C00010", "C0002"))
    end(database, begin(database))
    foreign = accept(database, "B", document=scenario("C0001"))
    forgotten = erase_person(database, "A", PersonKind.CLIENT, "C0001", actor="key")
    assert (forgotten.jobs, forgotten.fields) == (2, 1)
    assert sorted(there(database)) == sorted([other.id, foreign.id])
    with database.session("A", read_only=True) as session:
        assert session.scalars(select(PersonalRow)).all() == []
        for row in session.scalars(select(BlobRow)):
            assert b'"C0001"' not in get_blob(session, "A", row.digest)
        last = list(read_entries(session))[-1]
    assert (last.action, last.subject) == ("people.erase", "C0001")


def test_nobody_is_erased_from_under_a_running_job(database: Database) -> None:
    """As long as a job that names the person is not finished, nothing is erased."""
    job = accept(database, "A", document=scenario("C0001"))
    with pytest.raises(Conflict):
        erase_person(database, "A", PersonKind.CLIENT, "C0001", actor="key")
    with database.session("A") as session:
        jobs.request_cancel(session, job.id)
    assert erase_person(database, "A", PersonKind.CLIENT, "C0001", actor="key").jobs == 1
    with database.session("A", read_only=True) as session, pytest.raises(NotFound):
        jobs.read_job(session, job.id)


def test_an_id_in_other_letters_is_found(database: Database) -> None:
    """An id may be written in the document itself or by its code points."""
    person = "王0001"
    accept(database, "A", document=json.dumps({"id": person}).encode())
    end(database, begin(database))
    accept(database, "A", document=json.dumps({"id": person}, ensure_ascii=False).encode())
    end(database, begin(database))
    assert erase_person(database, "A", PersonKind.CLIENT, person, actor="key").jobs == 2


def test_what_is_erased_is_not_in_the_files(sqlite_database: Database) -> None:
    """Neither the file nor its log holds an older state of an erased row."""
    with sqlite_database.session("A") as session:
        write_person(session, PersonKind.CLIENT, CANARY, {PersonalField.NAME: "n"}, actor="key")
        row = session.scalars(select(PersonalRow)).one()
        sealed = bytes(row.sealed)
    file = sqlite_database.lock_file.with_name("homecare.db")

    def lies_in_the_files() -> bool:
        return any(sealed in path.read_bytes() for path in file.parent.glob("homecare.db*"))

    assert lies_in_the_files()
    erase_person(sqlite_database, "A", PersonKind.CLIENT, CANARY, actor="key")
    assert not lies_in_the_files()


def test_old_drafts_go_with_their_rosters(database: Database) -> None:
    """A draft that nobody has changed for so long goes; a younger one keeps its documents."""
    with database.session("A") as session:
        old, young = (
            open_draft(
                session,
                "day",
                1,
                document=put_blob(session, "A", b"day"),
                plan=put_blob(session, "A", word),
                by="key",
            )
            for word in (b"old", b"young")
        )
        plan = pack_blob(session.cipher, "A", b"moved")
        add_move(session, old.id, 1, {}, document=old.document, plan=plan, by="key")
    age(database, 100)
    with database.session(SYSTEM) as session:
        ago = utc_now() - timedelta(days=100)
        session.execute(update(DraftRow).where(DraftRow.id == old.id).values(changed_at=ago))
    assert forget_old(database, Retention(), actor="service") == Forgotten(documents=2, drafts=1)
    with database.session("A", read_only=True) as session:
        assert get_blob(session, "A", young.plan) == b"young"
        with pytest.raises(NotFound):
            read_draft(session, old.id)
