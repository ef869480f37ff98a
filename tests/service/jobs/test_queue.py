"""What the coordinator does with a job."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from service.database.clock import utc_now
from service.database.engine import Database
from service.database.scope import SYSTEM
from service.jobs import losses
from service.jobs import queue as runs
from service.jobs import store as jobs
from service.jobs.losses import Loss
from service.jobs.states import (
    MAX_INTERRUPTIONS,
    MAX_LOSSES,
    SUSPECT_INTERRUPTIONS,
    IllegalTransition,
    JobState,
    Lane,
)
from service.jobs.store import Job
from tests.service.work import accept, begin, end, events_of, state_of


def claim(database: Database, lane: Lane = Lane.ROSTER, **options: object) -> Job | None:
    """Begin the next job of a lane if there is one."""
    with database.session(SYSTEM) as session:
        return runs.claim_next(session, lane, owner="coordinator", **options)  # type: ignore[arg-type]


def lose(database: Database, job: Job, loss: Loss) -> None:
    """Begin the next job, which has to be this one, and lose it."""
    run = begin(database)
    assert run.id == job.id
    with database.session(SYSTEM) as session:
        losses.requeue_lost(session, job.id, run.attempt, loss=loss)


def test_the_oldest_job_of_the_lane_begins_first(database: Database) -> None:
    """Within a lane jobs begin in the order in which they were accepted."""
    first = accept(database, "A")
    second = accept(database, "B")
    accept(database, "A", lane=Lane.STUDY)
    assert [begin(database).id, begin(database).id] == [first.id, second.id]
    assert claim(database) is None
    assert claim(database, Lane.INTERACTIVE) is None


def test_a_claimed_job_runs_its_first_attempt(database: Database) -> None:
    """A claim makes the job running, counts the attempt and names the coordinator."""
    accept(database, "A")
    job = begin(database)
    assert (job.state, job.attempt, job.owner) == (JobState.RUNNING, 1, "coordinator")
    assert job.started_at is not None


def test_whoever_has_enough_running_is_passed_over(database: Database) -> None:
    """Organisations and keys at their limit do not keep the others waiting."""
    accept(database, "A", created_by="busy")
    other = accept(database, "B", created_by="key of B")
    assert claim(database, skip_organisations=["A"]) is not None
    assert claim(database, skip_keys=["busy"]) is None
    assert state_of(database, other) is JobState.RUNNING


def test_many_claims_at_once_take_each_job_once(database: Database) -> None:
    """Two coordinators that overlap for a moment never begin the same job."""
    made = {accept(database, "A").id for _ in range(12)}
    barrier = threading.Barrier(4)
    taken: list[str] = []

    def take() -> None:
        barrier.wait()
        while (job := claim(database)) is not None:
            taken.append(job.id)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # On PostgreSQL a claim passes over rows that another is just taking, so that one may end
    # early; none may be taken twice.
    while (job := claim(database)) is not None:
        taken.append(job.id)
    assert sorted(taken) == sorted(made)


def test_a_run_ends_once(database: Database) -> None:
    """The second report of the same run is dropped, whatever it says."""
    job = accept(database, "A")
    run = begin(database)
    assert end(database, run, result=b"first")
    assert not end(database, run, result=b"second")
    assert not end(database, run, JobState.FAILED, None)
    with database.session("A", read_only=True) as session:
        assert jobs.read_result(session, jobs.read_job(session, job.id)) == b"first"


def test_the_report_of_a_run_that_was_given_up_is_dropped(database: Database) -> None:
    """A worker that comes back after its job was put back cannot end the new attempt."""
    job = accept(database, "A")
    lost = begin(database)
    with database.session(SYSTEM) as session:
        assert losses.requeue_lost(session, job.id, lost.attempt) is not None
    present = begin(database)
    assert present.attempt == 2
    assert not end(database, lost, result=b"late")
    with database.session(SYSTEM) as session:
        assert not runs.record_progress(session, job.id, lost.attempt, {"cost": 1})
        assert not runs.store_checkpoint(session, job.id, lost.attempt, b"late")
        assert losses.requeue_lost(session, job.id, lost.attempt) is None
    assert end(database, present, result=b"in time")


def test_a_run_that_ends_well_after_a_cancellation_is_cancelled(database: Database) -> None:
    """Whoever was told that a job is cancelled never meets its result."""
    job = accept(database, "A")
    run = begin(database)
    with database.session("A") as session:
        jobs.request_cancel(session, job.id)
    assert end(database, run, result=b"too late")
    with database.session("A", read_only=True) as session:
        found = jobs.read_job(session, job.id)
    assert (found.state, found.result) == (JobState.CANCELLED, None)


def test_a_run_cannot_end_in_a_state_that_is_no_end(database: Database) -> None:
    """The table of transitions is asked before every write."""
    accept(database, "A")
    run = begin(database)
    with pytest.raises(IllegalTransition):
        end(database, run, JobState.EXPIRED)
    assert state_of(database, run) is JobState.RUNNING


def test_requests_are_seen_by_the_coordinator(database: Database) -> None:
    """Wishes about running jobs are listed; cancelling goes before stopping."""
    first, second = accept(database, "A"), accept(database, "B")
    begin(database)
    begin(database)
    with database.session("A") as session:
        jobs.request_stop(session, first.id)
    with database.session("B") as session:
        jobs.request_stop(session, second.id)
        jobs.request_cancel(session, second.id)
    with database.session(SYSTEM, read_only=True) as session:
        found = {request.job: request.verb for request in runs.requested(session)}
    assert found == {first.id: runs.Verb.STOP, second.id: runs.Verb.CANCEL}


def test_after_a_crash_running_jobs_wait_again(database: Database) -> None:
    """What ran when everything went down begins anew, with its best so far at hand."""
    job = accept(database, "A")
    run = begin(database)
    with database.session(SYSTEM) as session:
        assert runs.store_checkpoint(session, job.id, run.attempt, b"best so far")
    with database.session(SYSTEM) as session:
        assert [found.id for found in losses.requeue_running(session)] == [job.id]
    with database.session(SYSTEM, read_only=True) as session:
        assert runs.read_checkpoint(session, job.id) == b"best so far"
    assert begin(database).attempt == 2


def test_a_coordinator_leaves_its_own_runs_alone(database: Database) -> None:
    """Putting back can spare what one coordinator runs."""
    accept(database, "A")
    begin(database)
    with database.session(SYSTEM) as session:
        assert losses.requeue_running(session, but_owner="coordinator") == []
        assert len(losses.requeue_running(session, but_owner="another")) == 1


@pytest.mark.parametrize(
    ("loss", "bound"), [(Loss.WORKER, MAX_LOSSES), (Loss.SERVICE, MAX_INTERRUPTIONS)]
)
def test_a_job_that_is_lost_too_often_fails(database: Database, loss: Loss, bound: int) -> None:
    """After the last attempt, and not before, a job fails and says why; workers count apart."""
    job = accept(database, "A")
    for _ in range(bound):
        assert state_of(database, job) is JobState.QUEUED
        lose(database, job, loss)
    with database.session("A", read_only=True) as session:
        found = jobs.read_job(session, job.id)
    assert (found.state, found.attempt) == (JobState.FAILED, bound)
    assert found.fault is not None
    assert found.fault["code"] == losses.LOST


def test_a_coordinator_that_dies_is_no_loss_of_its_jobs(database: Database) -> None:
    """A power cut after each of two lost workers does not use up the third attempt."""
    job = accept(database, "A")
    for _ in range(MAX_LOSSES - 1):
        lose(database, job, Loss.WORKER)
        begin(database)
        with database.session(SYSTEM) as session:
            losses.requeue_running(session)
    assert state_of(database, job) is JobState.QUEUED
    lose(database, job, Loss.WORKER)
    assert state_of(database, job) is JobState.FAILED


def test_jobs_under_which_coordinators_died_run_one_at_a_time(database: Database) -> None:
    """One that takes the service down wears out no job beside it; others are not held up."""
    first, second = accept(database, "A"), accept(database, "B")
    for _ in range(SUSPECT_INTERRUPTIONS):
        begin(database)
        begin(database)
        with database.session(SYSTEM) as session:
            losses.requeue_running(session)
    assert begin(database).id == first.id
    harmless = accept(database, "A")
    found = claim(database, skip_suspects=True)
    assert found is not None
    assert found.id == harmless.id
    assert claim(database, skip_suspects=True) is None
    assert begin(database).id == second.id


def test_an_orderly_end_is_no_loss(database: Database) -> None:
    """A service that is restarted often wears no job out, and still knows old runs from new."""
    job = accept(database, "A")
    for number in range(1, MAX_LOSSES + 2):
        run = begin(database)
        assert run.attempt == number
        with database.session(SYSTEM) as session:
            losses.requeue_lost(session, job.id, run.attempt, loss=Loss.ORDERLY)
    assert state_of(database, job) is JobState.QUEUED
    begin(database)
    assert not end(database, run, result=b"late")


def test_a_lost_job_that_was_to_be_cancelled_is(database: Database) -> None:
    """Nobody begins work anew that was given up."""
    job = accept(database, "A")
    begin(database)
    with database.session("A") as session:
        jobs.request_cancel(session, job.id)
    with database.session(SYSTEM) as session:
        losses.requeue_running(session)
    assert state_of(database, job) is JobState.CANCELLED


def test_a_stopped_job_that_was_lost_keeps_its_wish(database: Database) -> None:
    """With a best so far to keep, a job waits for the attempt that keeps it."""
    job = accept(database, "A")
    run = begin(database)
    with database.session(SYSTEM) as session:
        runs.store_checkpoint(session, job.id, run.attempt, b"best so far")
        losses.requeue_lost(session, job.id, run.attempt)
    with database.session("A") as session:
        asked = jobs.request_stop(session, job.id)
    assert (asked.state, asked.stop_requested) == (JobState.QUEUED, True)


def test_a_job_that_was_put_back_can_wait_a_while(database: Database) -> None:
    """The next attempt begins at the time that was set, not before."""
    job = accept(database, "A")
    run = begin(database)
    later = utc_now() + timedelta(minutes=5)
    with database.session(SYSTEM) as session:
        losses.requeue_lost(session, job.id, run.attempt, not_before=later)
    assert claim(database) is None


def test_no_job_waits_for_a_clock_that_was_set_back(database: Database) -> None:
    """A wait that is longer than any that is ever set does not count."""
    job = accept(database, "A")
    run = begin(database)
    with database.session(SYSTEM) as session:
        later = utc_now() + timedelta(days=1)
        losses.requeue_lost(session, job.id, run.attempt, not_before=later)
    assert claim(database) is not None


def test_a_job_that_was_not_begun_in_time_expires(database: Database) -> None:
    """It is no longer claimed, and ends as expired."""
    job = accept(database, "A", expires_at=utc_now() - timedelta(seconds=1))
    accept(database, "A", expires_at=utc_now() + timedelta(hours=1))
    with database.session(SYSTEM) as session:
        assert [found.id for found in runs.expire_queued(session)] == [job.id]
    assert state_of(database, job) is JobState.EXPIRED
    assert begin(database).id != job.id


def test_progress_is_bounded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much a run tells, only the newest progress is kept, and every change of state."""
    monkeypatch.setattr(runs, "MAX_PROGRESS_EVENTS", 5)
    job = accept(database, "A")
    run = begin(database)
    for cost in range(20):
        with database.session(SYSTEM) as session:
            runs.record_progress(session, job.id, run.attempt, {"cost": cost})
    end(database, run)
    events = events_of(database, job)
    progress = [event.payload["cost"] for event in events if event.kind == jobs.PROGRESS_EVENT]
    assert progress == [15, 16, 17, 18, 19]
    states = [event.payload["state"] for event in events if event.kind == jobs.STATE_EVENT]
    assert states == ["queued", "running", "completed"]


def test_a_checkpoint_is_replaced_and_ends_with_the_job(database: Database) -> None:
    """One checkpoint is kept while the job runs, none afterwards."""
    job = accept(database, "A")
    run = begin(database)
    for content in (b"first", b"better"):
        with database.session(SYSTEM) as session:
            runs.store_checkpoint(session, job.id, run.attempt, content)
    with database.session(SYSTEM, read_only=True) as session:
        assert runs.read_checkpoint(session, job.id) == b"better"
    end(database, run)
    with database.session(SYSTEM, read_only=True) as session:
        assert runs.read_checkpoint(session, job.id) is None


def test_statistics_count_lanes_organisations_keys_and_states(database: Database) -> None:
    """What the metrics and the limits ask for adds up."""
    first = accept(database, "A")
    accept(database, "A")
    accept(database, "B", lane=Lane.INTERACTIVE)
    begin(database)
    with database.session(SYSTEM, read_only=True) as session:
        lanes = runs.lane_statistics(session)
        assert (lanes[Lane.ROSTER].queued, lanes[Lane.ROSTER].running) == (1, 1)
        assert (lanes[Lane.INTERACTIVE].queued, lanes[Lane.STUDY].queued) == (1, 0)
        oldest = lanes[Lane.ROSTER].oldest_queued_at
        assert oldest is not None
        assert oldest >= first.created_at
        assert lanes[Lane.STUDY].oldest_queued_at is None
        assert runs.running_per_organisation(session) == {"A": 1}
        assert runs.running_per_key(session) == {"key": 1}
        assert runs.states_count(session) == {JobState.QUEUED: 2, JobState.RUNNING: 1}
        heads = runs.queue_heads(session)
        assert set(heads) == {Lane.ROSTER, Lane.INTERACTIVE}
