"""Jobs that are begun every day at their time."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

import pytest

from service.jobs.schedules import fire_schedules
from service.jobs.states import Lane
from service.store import clock, jobs, schedules
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


class Clock(datetime):
    """A clock that can be set."""

    ahead = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Return the present moment by this clock."""
        return datetime.now(tz) + cls.ahead


@pytest.mark.parametrize(
    "ahead",
    [
        timedelta(days=400),  # a year that was typed wrong
        timedelta(days=1, hours=2),  # past one time of the schedule
    ],
)
def test_a_clock_that_was_ahead_leaves_no_schedule_waiting(
    database: Database, ahead: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the clock is right again, a schedule that has fired ahead fires on the next day."""
    schedule = every_morning(database)
    monkeypatch.setattr(clock, "datetime", Clock)
    monkeypatch.setattr(Clock, "ahead", ahead)
    fire_schedules(database)
    assert num_jobs(database) == 1
    monkeypatch.setattr(Clock, "ahead", timedelta(0))
    fire_schedules(database)
    assert num_jobs(database) == 1
    with database.session("A", read_only=True) as session:
        after = schedules.read_schedule(session, schedule)
    assert utc_now() < after.next_at <= utc_now() + timedelta(days=1)


def test_a_clock_that_is_put_right_by_seconds_fires_nothing_twice(database: Database) -> None:
    """A schedule that has just fired waits a day, though the clock shows its time once more."""
    schedule = every_morning(database)
    minute = (utc_now() + timedelta(minutes=1)).replace(second=0, microsecond=0)
    with database.session(SYSTEM) as session:
        row = session.find(ScheduleRow, schedule)
        assert row is not None
        row.at = f"{minute + timedelta(hours=8):%H:%M}"
        row.next_at = minute + timedelta(days=1)
    fire_schedules(database)
    with database.session("A", read_only=True) as session:
        assert schedules.read_schedule(session, schedule).next_at == minute + timedelta(days=1)
