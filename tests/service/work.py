"""Short words for what tests do with jobs."""

from __future__ import annotations

from typing import Any

from service.database.engine import Database
from service.database.scope import SYSTEM
from service.database.tenancy import TenantSession
from service.jobs import queue as runs
from service.jobs import store as jobs
from service.jobs.states import JobState, Lane
from service.jobs.store import Job, JobEvent
from service.jobs.submit import prepare_job, write_job


def add_job(session: TenantSession, **options: Any) -> Job:
    """Accept a job in a session's transaction."""
    return write_job(session, prepare_job(session.cipher, session.organisation, **options))


def accept(database: Database, organisation: str, **options: Any) -> Job:
    """Accept a job of an organisation; what is not said is as good as anything."""
    plain: dict[str, Any] = {
        "kind": "solve",
        "lane": Lane.ROSTER,
        "document": b"{}",
        "parameters": {"seconds": 1},
        "created_by": "key",
    }
    with database.session(organisation) as session:
        return add_job(session, **{**plain, **options})


def begin(database: Database, lane: Lane = Lane.ROSTER) -> Job:
    """Begin the next job of a lane, which must have one."""
    with database.session(SYSTEM) as session:
        job = runs.claim_next(session, lane, owner="coordinator")
    assert job is not None
    return job


def end(
    database: Database, job: Job, state: JobState = JobState.COMPLETED, result: bytes | None = b"r"
) -> bool:
    """End the run of a job as it was begun, and return whether that counted."""
    with database.session(SYSTEM) as session:
        return runs.finish(session, job.id, job.attempt, state, result=result)


def state_of(database: Database, job: Job) -> JobState:
    """Return the state of a job now."""
    with database.session(SYSTEM, read_only=True) as session:
        return jobs.read_job(session, job.id).state


def events_of(database: Database, job: Job) -> list[JobEvent]:
    """Return all events of a job."""
    with database.session(job.organisation, read_only=True) as session:
        return list(jobs.read_events(session, job.id, limit=10_000))
