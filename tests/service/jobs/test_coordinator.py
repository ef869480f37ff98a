"""What becomes of jobs: done, stopped, cancelled, lost, put back, begun again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from optimizer.parallel import Event, InlineExecutor, Lost, ProcessExecutor, WorkItem
from service.database.clock import utc_now
from service.database.engine import Database
from service.database.faults import StoreRefused, StoreUnavailable
from service.database.scope import SYSTEM
from service.jobs import pace
from service.jobs import queue as runs
from service.jobs import store as jobs
from service.jobs.coordinator import Coordinator, CoordinatorSettings
from service.jobs.states import JobState, Lane
from service.jobs.store import Job
from service.jobs.submit import Submitter, prepare_job
from tests.service.jobs.conftest import NewCoordinator, turn_until
from tests.service.work import accept, begin, events_of, state_of


def done(database: Database, coordinator: Coordinator, job: Job) -> Job:
    """Turn until a job is over and return it."""
    turn_until(coordinator, lambda: read(database, job).is_final)
    return read(database, job)


def read(database: Database, job: Job) -> Job:
    """Return a job as it is now."""
    with database.session(SYSTEM, read_only=True) as session:
        return jobs.read_job(session, job.id)


def result_of(database: Database, job: Job) -> bytes:
    """Return the result of a job."""
    with database.session(job.organisation, read_only=True) as session:
        return jobs.read_result(session, jobs.read_job(session, job.id))


def has_progress(database: Database, job: Job) -> bool:
    """Return whether a job has told anything yet."""
    return any(event.kind == "progress" for event in events_of(database, job))


class Unstarting(InlineExecutor):
    """An executor that has no worker for anybody."""

    def submit(self, item: WorkItem, /) -> None:
        """Take a work item, and lose it before anybody has begun with it."""
        super().submit(item)
        self.cancel(item.key)

    def events(self, timeout: float) -> Sequence[Event]:
        """Tell of each that there was nobody."""
        told = super().events(timeout)
        return [Lost(event.key, "no child could be started", was_working=False) for event in told]


def test_a_job_is_done(database: Database, inline: Coordinator) -> None:
    """What was asked comes back as its result, with its events in order."""
    job = accept(database, "A", kind="echo", document=b"hello")
    assert done(database, inline, job).state is JobState.COMPLETED
    assert json.loads(result_of(database, job)) == {"document": "hello", "start": None}
    states = [e.payload["state"] for e in events_of(database, job) if e.kind == "state"]
    assert states == ["queued", "running", "completed"]


def test_a_job_begins_from_an_earlier_result(database: Database, inline: Coordinator) -> None:
    """A warm start reaches the worker."""
    job = accept(database, "A", kind="echo", warm_start=b"earlier")
    done(database, inline, job)
    assert json.loads(result_of(database, job))["start"] == "earlier"


def test_progress_has_a_gap(database: Database, processes: Coordinator) -> None:
    """What a worker reports is an event with elapsed, cost, unserved, bound and gap."""
    job = accept(database, "A", kind="patient")
    turn_until(processes, lambda: has_progress(database, job))
    (event,) = (event for event in events_of(database, job) if event.kind == "progress")
    assert {"elapsed", "cost", "unserved", "bound", "gap"} <= event.payload.keys()


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("wrong", "bad-usage"),  # an error of the project has a code
        ("broken", "internal"),  # any other is a defect
        ("unheard-of", "internal"),  # a kind that this version does not know
    ],
)
def test_a_job_that_cannot_be_done_fails_at_once(
    database: Database, inline: Coordinator, kind: str, code: str
) -> None:
    """A fault of the work is not tried again, and what it says is not repeated."""
    job = done(database, inline, accept(database, "A", kind=kind, document=b"Wang"))
    assert (job.state, job.attempt) == (JobState.FAILED, 1)
    assert job.fault is not None
    assert job.fault["code"] == code
    assert "Wang" not in str(job.fault)


def test_the_log_does_not_repeat_what_an_unforeseen_error_says(
    database: Database, inline: Coordinator, caplog: pytest.LogCaptureFixture
) -> None:
    """The message of such an error may hold a piece of the data."""
    done(database, inline, accept(database, "A", kind="broken", document=b"Wang"))
    told = [str(record.__dict__) for record in caplog.records]
    assert any("ZeroDivisionError" in each for each in told)
    assert not any("Wang" in each for each in told)


def test_a_stopped_job_keeps_its_best(database: Database, processes: Coordinator) -> None:
    """After the wish the job is incomplete and its result can be read."""
    job = accept(database, "A", kind="patient")
    turn_until(processes, lambda: has_progress(database, job))
    with database.session("A") as session:
        jobs.request_stop(session, job.id)
    assert done(database, processes, job).state is JobState.INCOMPLETE
    assert result_of(database, job) == b"best so far"


def test_a_cancelled_job_leaves_nothing(database: Database, processes: Coordinator) -> None:
    """After the wish it is over, also inside compiled code."""
    job = accept(database, "A", kind="spinning")
    turn_until(processes, lambda: has_progress(database, job))
    with database.session("A") as session:
        jobs.request_cancel(session, job.id)
    after = done(database, processes, job)
    assert (after.state, after.result) == (JobState.CANCELLED, None)


def test_a_lost_job_begins_again_from_its_checkpoint(
    database: Database, processes: Coordinator
) -> None:
    """The second attempt starts warm and finishes."""
    job = done(database, processes, accept(database, "A", kind="dying"))
    assert (job.state, job.attempt) == (JobState.COMPLETED, 2)
    assert result_of(database, job) == b"from the first attempt"


def test_a_job_is_begun_three_times_at_most(database: Database, processes: Coordinator) -> None:
    """A job that takes every worker with it does not go on for ever."""
    job = done(database, processes, accept(database, "A", kind="doomed"))
    assert (job.state, job.attempt) == (JobState.FAILED, 3)
    assert job.fault is not None
    assert job.fault["code"] == "lost-too-often"


def test_what_ran_before_a_crash_is_done_by_the_next_start(
    database: Database, new_coordinator: NewCoordinator
) -> None:
    """A row that runs and belongs to a coordinator that is no more is put back first."""
    job = accept(database, "A", kind="echo")
    begin(database)
    after = done(database, new_coordinator(database, InlineExecutor()), job)
    assert (after.state, after.attempt) == (JobState.COMPLETED, 2)


def test_a_worker_that_cannot_be_had_is_no_loss(
    database: Database, new_coordinator: NewCoordinator
) -> None:
    """A machine that starts no processes for a while uses up no attempt of a job."""
    job = accept(database, "A", kind="echo")
    coordinator = new_coordinator(database, Unstarting())
    turn_until(coordinator, lambda: read(database, job).interruptions == 1)
    assert read(database, job).losses == 0


def test_only_one_coordinator_hands_out(
    database: Database, new_coordinator: NewCoordinator
) -> None:
    """The second one waits, and takes over when the first is gone."""
    first = new_coordinator(database, InlineExecutor())
    second = new_coordinator(database, InlineExecutor())
    first.turn()
    second.turn()
    assert (first.is_leading, second.is_leading) == (True, False)
    job = accept(database, "A", kind="echo")
    for _ in range(10):
        second.turn()
    assert state_of(database, job) is JobState.QUEUED
    first.stop()
    first.run()
    assert done(database, second, job).state is JobState.COMPLETED


def test_an_orderly_end_puts_running_jobs_back(
    database: Database, new_coordinator: NewCoordinator
) -> None:
    """The next start goes on with them from their checkpoint, and it counts as no loss."""
    first = new_coordinator(database, ProcessExecutor(2), CoordinatorSettings(drain_seconds=0))
    job = accept(database, "A", kind="patient")
    turn_until(first, lambda: has_progress(database, job))
    first.stop()
    first.run()
    after = read(database, job)
    assert (after.state, after.attempt) == (JobState.QUEUED, 1)
    with database.session(SYSTEM, read_only=True) as session:
        assert runs.read_checkpoint(session, job.id) == b"checkpoint"


def test_an_orderly_end_waits_for_jobs_that_are_nearly_done(
    database: Database, new_coordinator: NewCoordinator
) -> None:
    """Within the time to drain nothing is put back."""
    first = new_coordinator(database, ProcessExecutor(2), CoordinatorSettings(drain_seconds=10))
    job = accept(database, "A", kind="patient", parameters={"seconds": 0.3})
    turn_until(first, lambda: state_of(database, job) is JobState.RUNNING)
    first.stop()
    first.run()
    assert state_of(database, job) is JobState.COMPLETED


def test_an_organisation_has_a_cap(
    sqlite_database: Database, new_coordinator: NewCoordinator
) -> None:
    """While one organisation has its share running, another's later job goes first."""
    settings = CoordinatorSettings(running_per_organisation=1, drain_seconds=0)
    coordinator = new_coordinator(sqlite_database, ProcessExecutor(4), settings)
    first = accept(sqlite_database, "A", kind="patient")
    second = accept(sqlite_database, "A", kind="patient")
    other = accept(sqlite_database, "B", kind="patient")
    turn_until(coordinator, lambda: state_of(sqlite_database, other) is JobState.RUNNING)
    assert state_of(sqlite_database, first) is JobState.RUNNING
    assert state_of(sqlite_database, second) is JobState.QUEUED


def test_a_slot_is_kept_for_the_interactive_lane(
    sqlite_database: Database, new_coordinator: NewCoordinator
) -> None:
    """However many rosters wait, somebody at a screen is served at once."""
    coordinator = new_coordinator(
        sqlite_database, ProcessExecutor(2), CoordinatorSettings(drain_seconds=0)
    )
    rosters = [accept(sqlite_database, "A", kind="patient") for _ in range(3)]
    turn_until(coordinator, lambda: state_of(sqlite_database, rosters[0]) is JobState.RUNNING)
    quick = accept(sqlite_database, "B", kind="echo", lane=Lane.INTERACTIVE)
    assert done(sqlite_database, coordinator, quick).state is JobState.COMPLETED
    states = [state_of(sqlite_database, job) for job in rosters]
    assert states == [JobState.RUNNING, JobState.QUEUED, JobState.QUEUED]


def test_a_job_that_was_not_begun_in_time_expires(database: Database, inline: Coordinator) -> None:
    """Nobody wants a roster for yesterday."""
    late = utc_now() - timedelta(seconds=1)
    job = accept(database, "A", kind="echo", expires_at=late)
    assert done(database, inline, job).state is JobState.EXPIRED


class Flaky:
    """A database that can be taken away, before or after a transaction is committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_away = False
        self.loses_answers = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def session(self, *args: Any, **options: Any) -> Any:
        """Return a session, unless the database is away."""
        if self.is_away:
            raise StoreUnavailable
        if not options.get("read_only") and self.loses_answers:
            self.loses_answers -= 1
            return _Unanswered(self._database.session(*args, **options))
        return self._database.session(*args, **options)


class _Unanswered:
    """A session whose commit succeeds, and nobody learns of it."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def __enter__(self) -> Any:
        return self._session.__enter__()

    def __exit__(self, *error: object) -> None:
        self._session.__exit__(*error)
        raise StoreUnavailable


def test_a_result_waits_until_the_database_is_back(
    sqlite_database: Database, new_coordinator: NewCoordinator
) -> None:
    """A job that ends while the database is away is stored afterwards, in its first attempt."""
    flaky = Flaky(sqlite_database)
    executor = ProcessExecutor(2)
    coordinator = new_coordinator(flaky, executor)  # type: ignore[arg-type]
    job = accept(sqlite_database, "A", kind="patient", parameters={"seconds": 0.3})
    turn_until(coordinator, lambda: state_of(sqlite_database, job) is JobState.RUNNING)
    flaky.is_away = True
    turn_until(coordinator, lambda: executor.in_flight == 0)
    coordinator.turn()
    assert state_of(sqlite_database, job) is JobState.RUNNING
    flaky.is_away = False
    after = done(sqlite_database, coordinator, job)
    assert (after.state, after.attempt) == (JobState.COMPLETED, 1)


@pytest.mark.parametrize("after", range(6))
def test_an_answer_that_gets_lost_loses_no_job(
    sqlite_database: Database, new_coordinator: NewCoordinator, after: int
) -> None:
    """Whichever transaction is committed without anybody knowing, the job ends once."""
    flaky = Flaky(sqlite_database)
    coordinator = new_coordinator(flaky, InlineExecutor(2))  # type: ignore[arg-type]
    job = accept(sqlite_database, "A", kind="echo")
    for _ in range(after):
        coordinator.turn()
    flaky.loses_answers = 1
    ended = done(sqlite_database, coordinator, job)
    assert ended.state is JobState.COMPLETED
    ends = [e for e in events_of(sqlite_database, job) if e.payload.get("state") == "completed"]
    assert len(ends) == 1


def test_a_defect_of_the_coordinator_does_not_end_it(
    sqlite_database: Database,
    new_coordinator: NewCoordinator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """After an error that nobody has thought of it goes on with the next turn."""
    coordinator = new_coordinator(sqlite_database, InlineExecutor())
    job = accept(sqlite_database, "A", kind="echo")
    with monkeypatch.context() as patch:
        patch.setattr(runs, "queue_heads", lambda _: 1 / 0)
        coordinator.turn()
    assert "coordinator.fault" in caplog.text
    assert done(sqlite_database, coordinator, job).state is JobState.COMPLETED


def test_a_result_that_cannot_be_stored_holds_up_nobody(
    sqlite_database: Database, new_coordinator: NewCoordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a job is tried again and fails in the end; the one behind it is done."""
    finish = runs.finish

    def pick(session: Any, job: str, *rest: Any, **options: Any) -> bool:
        if job == poisoned.id:
            raise ValueError("cannot be stored")
        return finish(session, job, *rest, **options)

    coordinator = new_coordinator(sqlite_database, InlineExecutor())
    poisoned = accept(sqlite_database, "A", kind="echo")
    other = accept(sqlite_database, "A", kind="echo")
    monkeypatch.setattr(runs, "finish", pick)
    assert done(sqlite_database, coordinator, other).state is JobState.COMPLETED
    after = done(sqlite_database, coordinator, poisoned)
    assert (after.state, after.attempt) == (JobState.FAILED, 3)


def test_progress_that_cannot_be_stored_holds_up_nobody(
    sqlite_database: Database, new_coordinator: NewCoordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is left out, and the job is done all the same."""
    monkeypatch.setattr(runs, "record_progress", lambda *_: 1 / 0)
    coordinator = new_coordinator(sqlite_database, ProcessExecutor(2))
    job = accept(sqlite_database, "A", kind="patient", parameters={"seconds": 0.3})
    assert done(sqlite_database, coordinator, job).state is JobState.COMPLETED


def test_progress_that_is_refused_once_is_not_lost(
    sqlite_database: Database, new_coordinator: NewCoordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that tells something once would be silent for ever."""
    record, refusals = runs.record_progress, iter(range(2))

    def refuse_at_first(*arguments: Any) -> bool:
        if next(refusals, None) is not None:
            raise StoreRefused("not now")
        return record(*arguments)

    monkeypatch.setattr(runs, "record_progress", refuse_at_first)
    coordinator = new_coordinator(
        sqlite_database, ProcessExecutor(2), CoordinatorSettings(drain_seconds=0)
    )
    job = accept(sqlite_database, "A", kind="patient")
    turn_until(coordinator, lambda: has_progress(sqlite_database, job))
    with sqlite_database.session(SYSTEM, read_only=True) as session:
        assert runs.read_checkpoint(session, job.id) == b"checkpoint"


def test_what_is_refused_of_one_run_is_stored_of_another(
    sqlite_database: Database, new_coordinator: NewCoordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for a run whose progress the database does not take."""
    record = runs.record_progress

    def refuse_one(session: Any, job: str, *rest: Any) -> bool:
        if job == poisoned.id:
            raise StoreRefused("never")
        return record(session, job, *rest)

    coordinator = new_coordinator(
        sqlite_database, ProcessExecutor(3), CoordinatorSettings(drain_seconds=0)
    )
    poisoned = accept(sqlite_database, "A", kind="patient")
    other = accept(sqlite_database, "A", kind="patient")
    monkeypatch.setattr(runs, "record_progress", refuse_one)
    turn_until(coordinator, lambda: has_progress(sqlite_database, other))
    assert not has_progress(sqlite_database, poisoned)


def test_the_log_says_why_a_run_was_lost(
    sqlite_database: Database, new_coordinator: NewCoordinator, caplog: pytest.LogCaptureFixture
) -> None:
    """Each attempt whose process has died has a line with its reason."""
    processes = new_coordinator(sqlite_database, ProcessExecutor(2))
    done(sqlite_database, processes, accept(sqlite_database, "A", kind="doomed"))
    lost = [record for record in caplog.records if record.message == "job.lost"]
    assert [record.__dict__["reason"] for record in lost] == [
        "its process was ended by signal 9"
    ] * 3


def test_an_idle_coordinator_is_woken_by_a_job(
    database: Database, inline: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once nothing has been to do for a while it looks seldom, or when it is told."""
    monkeypatch.setattr(pace, "IDLE_AFTER_SECONDS", 0)
    monkeypatch.setattr(pace, "IDLE_LOOK_SECONDS", 600)
    new = prepare_job(
        database.cipher, "A", kind="echo", lane=Lane.ROSTER, document=b"", parameters={},
        created_by="key",
    )  # fmt: skip
    job = Submitter(database, inline.wake).submit(new)
    inline.turn()  # It would wait for ten minutes.
    assert read(database, job).state is not JobState.QUEUED


def test_an_idle_coordinator_finds_jobs_of_other_processes(
    database: Database, inline: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody tells it of them."""
    monkeypatch.setattr(pace, "IDLE_AFTER_SECONDS", 0)
    monkeypatch.setattr(pace, "IDLE_LOOK_SECONDS", 0.02)
    job = accept(database, "A", kind="echo")
    assert done(database, inline, job).state is JobState.COMPLETED
