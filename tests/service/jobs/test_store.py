"""What those who ask for work see of a job."""

from __future__ import annotations

import threading

import pytest

from service.database.engine import Database
from service.database.faults import Conflict, NotFound
from service.database.scope import SYSTEM
from service.idempotency import Idempotency, IdempotencyConflict
from service.jobs import store as jobs
from service.jobs.blobs import get_blob
from service.jobs.states import JobState, Lane
from service.jobs.store import Job
from tests.service.work import accept, add_job, begin, end, events_of, state_of


def test_an_accepted_job_is_there_with_its_documents(database: Database) -> None:
    """A job and what it refers to are stored in one transaction."""
    job = accept(database, "A", document=b"document", source=b"as sent", warm_start=b"earlier")
    with database.session("A", read_only=True) as session:
        found = jobs.read_job(session, job.id)
        assert found == job
        assert found.state is JobState.QUEUED
        assert jobs.read_document(session, found) == b"document"
        assert found.source is not None
        assert get_blob(session, "A", found.source) == b"as sent"
        assert jobs.read_warm_start(session, found) == b"earlier"


def test_a_job_without_a_source_has_its_document_for_one(database: Database) -> None:
    """What was sent is what the worker gets, where nothing had to be left out."""
    job = accept(database, "A", document=b"document")
    with database.session("A", read_only=True) as session:
        assert job.source is None
        assert jobs.read_document(session, job) == b"document"
        assert jobs.read_warm_start(session, job) is None


def test_an_error_after_the_acceptance_takes_it_back(database: Database) -> None:
    """A transaction that does not end well leaves no job, no document and no key behind."""
    idempotency = Idempotency("key", "body")
    made: list[Job] = []

    def lose_power() -> None:
        with database.session("A") as session:
            job = add_job(
                session,
                kind="solve",
                lane=Lane.ROSTER,
                document=b"document",
                parameters={},
                created_by="key",
                idempotency=idempotency,
            )
            made.append(job)
            raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        lose_power()
    job = made[0]
    with database.session(SYSTEM, read_only=True) as session, pytest.raises(NotFound):
        jobs.read_job(session, job.id)
    assert not accept(database, "A", idempotency=idempotency).replayed


def test_the_same_request_twice_is_one_job(database: Database) -> None:
    """A repetition with the same key and body gives the earlier job back."""
    first = accept(database, "A", idempotency=Idempotency("key", "body"))
    again = accept(database, "A", idempotency=Idempotency("key", "body"))
    assert (first.replayed, again.replayed) == (False, True)
    assert again.id == first.id


def test_the_same_key_for_another_request_is_refused(database: Database) -> None:
    """A key stands for one body."""
    accept(database, "A", idempotency=Idempotency("key", "body"))
    with pytest.raises(IdempotencyConflict):
        accept(database, "A", idempotency=Idempotency("key", "other body"))


@pytest.mark.parametrize(
    ("organisation", "created_by"),
    [
        ("A", "another key"),  # of the same organisation
        ("B", "key"),  # of another organisation
    ],
)
def test_idempotency_is_each_callers_own(
    database: Database, organisation: str, created_by: str
) -> None:
    """Two callers may choose the same key without knowing of each other."""
    accept(database, "A", idempotency=Idempotency("key", "body"))
    other = accept(
        database, organisation, created_by=created_by, idempotency=Idempotency("key", "else")
    )
    assert not other.replayed


def test_the_same_request_at_once_is_one_job(database: Database) -> None:
    """Eight repetitions that arrive together lead to one job."""
    barrier = threading.Barrier(8)
    found: list[Job] = []

    def ask() -> None:
        barrier.wait()
        found.append(accept(database, "A", idempotency=Idempotency("key", "body")))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({job.id for job in found}) == 1
    assert [job.replayed for job in found].count(False) == 1


def test_an_identical_solve_is_answered_from_the_first(database: Database) -> None:
    """A job with the cache key of a completed one is completed at once, with its result."""
    first = accept(database, "A", cache_key="c")
    end(database, begin(database), result=b"plan")
    again = accept(database, "A", cache_key="c")
    assert (again.state, again.cached) == (JobState.COMPLETED, True)
    assert again.id != first.id
    with database.session("A", read_only=True) as session:
        assert jobs.read_result(session, again) == b"plan"
    states = [event.payload["state"] for event in events_of(database, again)]
    assert states == ["queued", "completed"]


@pytest.mark.parametrize(
    ("organisation", "options"),
    [
        ("B", {"cache_key": "c"}),  # another organisation learns nothing from a quick answer
        ("A", {"cache_key": "d"}),  # another problem
        ("A", {"cache_key": "c", "kind": "study"}),  # another kind of work
        ("A", {}),  # work that asked for no cache
    ],
)
def test_only_an_identical_solve_of_the_same_organisation_hits(
    database: Database, organisation: str, options: dict[str, str]
) -> None:
    """The cache is the organisation's own and knows kind and key."""
    accept(database, "A", cache_key="c")
    end(database, begin(database), result=b"plan")
    assert accept(database, organisation, **options).state is JobState.QUEUED


def test_a_stopped_solve_is_no_answer_to_an_identical_one(database: Database) -> None:
    """Only completed work is taken from the cache."""
    accept(database, "A", cache_key="c")
    end(database, begin(database), JobState.INCOMPLETE, b"half a plan")
    assert accept(database, "A", cache_key="c").state is JobState.QUEUED


def test_pages_show_every_job_once(database: Database) -> None:
    """Following the pages from the first gives all jobs, the newest first."""
    made = [accept(database, "A").id for _ in range(7)]
    seen: list[str] = []
    after = None
    while True:
        with database.session("A", read_only=True) as session:
            page = jobs.list_jobs(session, limit=3, after=after)
        seen += [job.id for job in page.items]
        after = page.next
        if after is None:
            break
    assert seen == sorted(made, reverse=True)


def test_a_list_can_be_narrowed(database: Database) -> None:
    """States and kinds narrow a list."""
    first = accept(database, "A")
    second = accept(database, "A", kind="study")
    begin(database)
    with database.session("A", read_only=True) as session:
        running = jobs.list_jobs(session, states=[JobState.RUNNING])
        studies = jobs.list_jobs(session, kinds=["study"])
    assert [job.id for job in running.items] == [first.id]
    assert [job.id for job in studies.items] == [second.id]


def test_cancelling_a_waiting_job_ends_it_at_once(database: Database) -> None:
    """Nobody need run a job to cancel it."""
    job = accept(database, "A")
    with database.session("A") as session:
        assert jobs.request_cancel(session, job.id).state is JobState.CANCELLED
    with database.session("A") as session:
        assert jobs.request_cancel(session, job.id).state is JobState.CANCELLED


def test_stopping_a_job_that_has_not_begun_cancels_it(database: Database) -> None:
    """There is no best so far to keep."""
    job = accept(database, "A")
    with database.session("A") as session:
        assert jobs.request_stop(session, job.id).state is JobState.CANCELLED


def test_a_running_job_is_only_asked(database: Database) -> None:
    """A running job ends by its run; the request is seen by whoever runs it."""
    job = accept(database, "A")
    begin(database)
    with database.session("A") as session:
        asked = jobs.request_stop(session, job.id)
        assert (asked.state, asked.stop_requested) == (JobState.RUNNING, True)
        asked = jobs.request_cancel(session, job.id)
        assert (asked.state, asked.cancel_requested) == (JobState.RUNNING, True)


def test_what_is_over_cannot_be_stopped_or_cancelled(database: Database) -> None:
    """A completed job stays completed, and whoever wants to end it is told."""
    job = accept(database, "A")
    end(database, begin(database))
    for request in (jobs.request_stop, jobs.request_cancel):
        with pytest.raises(Conflict), database.session("A") as session:
            request(session, job.id)
    assert state_of(database, job) is JobState.COMPLETED


def test_events_are_numbered_and_can_be_resumed(database: Database) -> None:
    """Events after a number are those that a reader has not seen."""
    job = accept(database, "A")
    end(database, begin(database))
    assert [event.number for event in events_of(database, job)] == [1, 2, 3]
    with database.session("A", read_only=True) as session:
        rest = jobs.read_events(session, job.id, after=2)
    assert [event.payload["state"] for event in rest] == ["completed"]


def test_a_job_without_a_result_has_none_to_read(database: Database) -> None:
    """A result is there once the job is completed, not before."""
    job = accept(database, "A")
    with database.session("A", read_only=True) as session, pytest.raises(NotFound):
        jobs.read_result(session, job)


def test_open_jobs_of_a_key_are_counted(database: Database) -> None:
    """Waiting and running jobs count, finished ones and those of other keys do not."""
    for _ in range(3):
        accept(database, "A")
    accept(database, "A", created_by="other")
    end(database, begin(database))
    begin(database)
    with database.session("A", read_only=True) as session:
        counts = jobs.open_jobs_of_key(session, "key")
    assert counts == {JobState.QUEUED: 1, JobState.RUNNING: 1}
