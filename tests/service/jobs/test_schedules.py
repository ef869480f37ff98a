"""Jobs that are begun every day at their time."""

from __future__ import annotations

from datetime import timedelta

from service.jobs.schedules import fire_schedules
from service.jobs.states import Lane
from service.store import jobs, schedules
from service.store.clock import utc_now
from service.store.database import Database
from service.store.models import ScheduleRow
from service.store.scope import SYSTEM


def every_morning(database: Database) -> str:
    """Add a schedule for half past five in Shanghai and return its id."""
    with database.session("A") as session:
        return schedules.add_schedule(
            session,
            name="tomorrow's roster",
            kind="solve",
            lane=Lane.ROSTER,
            document=b"{}",
            parameters={"seconds": 5},
            at="05:30",
            time_zone="Asia/Shanghai",
            created_by="key",
        ).id


def set_next(database: Database, schedule: str, days: float) -> None:
    """Let a schedule be due so many days from now."""
    with database.session(SYSTEM) as session:
        row = session.find(ScheduleRow, schedule)
        assert row is not None
        row.next_at = utc_now() + timedelta(days=days)


def num_jobs(database: Database) -> int:
    """Return how many jobs the organisation has."""
    with database.session("A", read_only=True) as session:
        return len(jobs.list_jobs(session).items)


def test_a_schedule_waits_for_its_time(database: Database) -> None:
    """Before it nothing happens."""
    every_morning(database)
    fire_schedules(database)
    assert num_jobs(database) == 0


def test_a_schedule_fires_once(database: Database) -> None:
    """When its time has come there is one job, and the next time is half past five again."""
    schedule = every_morning(database)
    set_next(database, schedule, 0)
    fire_schedules(database)
    fire_schedules(database)
    assert num_jobs(database) == 1
    with database.session("A", read_only=True) as session:
        after = schedules.read_schedule(session, schedule)
        (job,) = jobs.list_jobs(session).items
    assert after.next_at > utc_now()
    assert (after.next_at.hour, after.next_at.minute) == (21, 30)  # in UTC, the day before
    assert (job.schedule, after.last_job, job.lane) == (schedule, job.id, Lane.ROSTER)


def test_days_that_were_slept_through_are_not_made_up_for(database: Database) -> None:
    """After a week without service a schedule fires once, not seven times."""
    schedule = every_morning(database)
    set_next(database, schedule, -7)
    for _ in range(3):
        fire_schedules(database)
    assert num_jobs(database) == 1
