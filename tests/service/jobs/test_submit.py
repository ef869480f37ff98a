"""Jobs that are brought at the same time are accepted in one transaction, each for itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from service.database.engine import Database
from service.database.faults import NotFound, StoreUnavailable
from service.database.tenancy import TenantSession
from service.idempotency import Idempotency, IdempotencyConflict
from service.jobs.states import JobState, Lane
from service.jobs.store import Job, list_jobs, read_document, read_job
from service.jobs.submit import NewJob, Submitter, TooManyUnfinished, prepare_job
from tests.service.work import begin, end


def new_job(database: Database, organisation: str = "A", **options: Any) -> NewJob:
    """Prepare a job; what is not said is as good as anything."""
    plain: dict[str, Any] = {
        "kind": "solve",
        "lane": Lane.ROSTER,
        "document": b"{}",
        "parameters": {},
        "created_by": "key",
    }
    return prepare_job(database.cipher, organisation, **{**plain, **options})


@contextmanager
def at_once(submitter: Submitter, database: Database, jobs: list[NewJob]) -> Iterator[list[Any]]:
    """Have jobs accepted in one transaction: the others come while the first waits."""
    futures: list[Future[Job]] = []
    with ThreadPoolExecutor(len(jobs)) as pool:
        began, may_go_on = threading.Event(), threading.Event()

        def hold(session: TenantSession, *_: object) -> None:
            if session.scope == jobs[0].organisation:
                began.set()
                assert may_go_on.wait(10)

        event.listen(TenantSession, "after_begin", hold)
        futures.append(pool.submit(submitter.submit, jobs[0]))
        assert began.wait(10)
        waiting = submitter._batching._waiting[jobs[0].organisation]
        for count, job in enumerate(jobs[1:], start=1):
            futures.append(pool.submit(submitter.submit, job))
            while len(waiting) < count:
                pass
        may_go_on.set()
    event.remove(TenantSession, "after_begin", hold)
    yield [future.exception() or future.result() for future in futures]
    assert submitter._batching._waiting == {}


@pytest.fixture
def commits(database: Database) -> Iterator[list[object]]:
    """Every commit of a session of the organisation A."""
    seen: list[object] = []

    def note(session: TenantSession) -> None:
        if session.scope == "A":
            seen.append(session)

    event.listen(TenantSession, "after_commit", note)
    yield seen
    event.remove(TenantSession, "after_commit", note)


def test_jobs_that_come_together_are_one_transaction(
    database: Database, commits: list[object]
) -> None:
    """Each has its row, its document and its place in the queue."""
    news = [new_job(database, document=str(number).encode()) for number in range(5)]
    with at_once(Submitter(database), database, news) as jobs:
        assert len(commits) == 1
        with database.session("A", read_only=True) as session:
            assert [read_document(session, job) for job in jobs] == [b"0", b"1", b"2", b"3", b"4"]
            assert {read_job(session, job.id).state for job in jobs} == {JobState.QUEUED}
    assert begin(database).id == jobs[0].id


def test_a_refusal_leaves_the_others_accepted(database: Database) -> None:
    """A key that is at its limit and an idempotency key used for another body stand alone."""
    submitter = Submitter(database)
    submitter.submit(new_job(database, idempotency=Idempotency("once", "1")))
    news = [
        new_job(database),
        new_job(database, created_by="other", most_unfinished=1),
        new_job(database, created_by="other", most_unfinished=1),
        new_job(database, idempotency=Idempotency("once", "2")),
        new_job(database),
    ]
    with at_once(submitter, database, news) as told:
        kinds = [type(each) for each in told]
        assert kinds == [Job, Job, TooManyUnfinished, IdempotencyConflict, Job]
        with database.session("A", read_only=True) as session:
            assert len(list_jobs(session).items) == 4


def test_the_same_request_twice_at_once_is_one_job(database: Database) -> None:
    """The second is given the first one's job."""
    news = [new_job(database, idempotency=Idempotency("once", "1")) for _ in range(3)]
    with at_once(Submitter(database), database, news) as jobs:
        assert len({job.id for job in jobs}) == 1
        assert [job.replayed for job in jobs] == [False, True, True]


def test_a_defect_in_one_job_keeps_nobody_else_from_being_accepted(database: Database) -> None:
    """What cannot be stored fails alone, and nothing of it is left."""
    news = [new_job(database), new_job(database, parameters={"not": object()}), new_job(database)]
    with at_once(Submitter(database), database, news) as told:
        assert isinstance(told[1], Exception)
        assert [type(each) for each in (told[0], told[2])] == [Job, Job]
        with database.session("A", read_only=True) as session:
            assert len(list_jobs(session).items) == 2


def test_nobody_is_told_of_acceptance_before_the_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the commit fails, all are told, and there is no job."""

    def fail(_session: TenantSession) -> None:
        raise StoreUnavailable

    news = [new_job(database) for _ in range(3)]
    with monkeypatch.context() as patched:
        patched.setattr(TenantSession, "commit", fail)
        with at_once(Submitter(database), database, news) as told:
            assert {type(each) for each in told} == {StoreUnavailable}
    with database.session("A", read_only=True) as session:
        assert list_jobs(session).items == []


def test_organisations_never_share_a_transaction(database: Database) -> None:
    """Each is accepted in a session of its own organisation, which sees nothing of the other."""
    submitter = Submitter(database)
    with ThreadPoolExecutor(8) as pool:
        news = [new_job(database, "AB"[number % 2]) for number in range(40)]
        jobs = list(pool.map(submitter.submit, news))
    assert [job.organisation for job in jobs] == ["AB"[number % 2] for number in range(40)]
    for organisation, others in (("A", jobs[1::2]), ("B", jobs[0::2])):
        with database.session(organisation, read_only=True) as session:
            assert len(list_jobs(session).items) == 20
            for job in others:
                with pytest.raises(NotFound):
                    read_job(session, job.id)


def test_a_known_result_is_no_unfinished_job(database: Database) -> None:
    """Whoever is at the limit still gets what was planned before."""
    submitter = Submitter(database)
    submitter.submit(new_job(database, cache_key="c"))
    end(database, begin(database))
    submitter.submit(new_job(database))
    again = submitter.submit(new_job(database, cache_key="c", most_unfinished=1))
    assert (again.state, again.cached) == (JobState.COMPLETED, True)
    with pytest.raises(TooManyUnfinished):
        submitter.submit(new_job(database, most_unfinished=1))
