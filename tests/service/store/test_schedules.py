"""Standing orders fire at their time, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from optimizer.errors import UsageError
from service.jobs.states import JobState, Lane
from service.store import jobs
from service.store.clock import utc_now
from service.store.database import Database
from service.store.faults import NotFound
from service.store.models import ScheduleRow
from service.store.schedules import (
    Schedule,
    add_schedule,
    due_schedules,
    fire,
    list_schedules,
    next_firing,
    read_schedule,
    remove_schedule,
)
from service.store.scope import SYSTEM

SHANGHAI = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("at", "weekdays", "zone", "after", "expected"),
    [
        # 05:30 in Shanghai is 21:30 of the day before in UTC.
        ("05:30", (), SHANGHAI, "2026-03-02T00:00", "2026-03-02T21:30"),
        ("05:30", (), SHANGHAI, "2026-03-02T21:30", "2026-03-03T21:30"),  # never twice at once
        ("05:30", ("mon",), SHANGHAI, "2026-03-02T00:00", "2026-03-08T21:30"),  # the next Monday
        ("05:30", ("mon", "tue"), SHANGHAI, "2026-03-02T00:00", "2026-03-02T21:30"),
        ("00:00", (), "UTC", "2026-12-31T23:59", "2027-01-01T00:00"),
        # The clock of Berlin skips 02:30 on this day; 03:30 by the new time is meant.
        ("02:30", (), "Europe/Berlin", "2026-03-29T00:00", "2026-03-29T01:30"),
        # It shows 02:30 twice on this day, and only the first counts.
        ("02:30", (), "Europe/Berlin", "2026-10-25T00:00", "2026-10-25T00:30"),
        ("02:30", (), "Europe/Berlin", "2026-10-25T00:30", "2026-10-26T01:30"),
    ],
)
def test_the_next_time_is_by_the_clock_of_the_place(
    at: str, weekdays: tuple[str, ...], zone: str, after: str, expected: str
) -> None:
    """A schedule follows the clock on the wall, summer time included."""
    moment = next_firing(
        at, weekdays=weekdays, time_zone=zone, after=datetime.fromisoformat(after + "Z")
    )
    assert moment == datetime.fromisoformat(expected + "Z")
    assert moment.tzinfo == UTC


@pytest.mark.parametrize(
    ("at", "weekdays", "zone"),
    [
        ("24:00", (), "UTC"),
        ("5:30", (), "UTC"),
        ("05:30", ("monday",), "UTC"),
        ("05:30", (), "Asia/Zhenhai"),
        ("05:30", (), "../etc/passwd"),
        ("05:30", (), ""),
    ],
)
def test_other_times_are_refused(at: str, weekdays: tuple[str, ...], zone: str) -> None:
    """A time, a day or a zone that is none is told as such."""
    with pytest.raises(UsageError):
        next_firing(at, weekdays=weekdays, time_zone=zone, after=utc_now())


def order(database: Database, organisation: str = "A") -> Schedule:
    """Add a schedule."""
    with database.session(organisation) as session:
        return add_schedule(
            session,
            name="every morning",
            kind="solve",
            lane=Lane.ROSTER,
            document=b"document",
            parameters={"seconds": 5},
            at="05:30",
            time_zone=SHANGHAI,
            created_by="key",
        )


def make_due(database: Database, schedule: Schedule) -> Schedule:
    """Let the time of a schedule have come some days ago."""
    with database.session(SYSTEM) as session:
        row = session.scalars(select(ScheduleRow).where(ScheduleRow.id == schedule.id)).one()
        row.next_at = utc_now() - timedelta(days=3)
    with database.session(SYSTEM, read_only=True) as session:
        (due,) = due_schedules(session)
    return due


def test_a_schedule_leads_to_its_job(database: Database) -> None:
    """The job has the schedule's document and options, and belongs to its organisation."""
    due = make_due(database, order(database))
    with database.session(SYSTEM) as session:
        job = fire(session, due)
    assert job is not None
    assert (job.organisation, job.state, job.schedule) == ("A", JobState.QUEUED, due.id)
    assert job.parameters == {"seconds": 5}
    with database.session("A", read_only=True) as session:
        assert jobs.read_document(session, job) == b"document"
        assert read_schedule(session, due.id).last_job == job.id


def test_a_schedule_fires_once_however_long_it_waited(database: Database) -> None:
    """After days away there is one job, and the next time is ahead."""
    due = make_due(database, order(database))
    with database.session(SYSTEM) as session:
        assert fire(session, due) is not None
    with database.session(SYSTEM) as session:
        assert fire(session, due) is None
        assert due_schedules(session) == []
    with database.session("A", read_only=True) as session:
        assert read_schedule(session, due.id).next_at > utc_now()
        assert len(jobs.list_jobs(session).items) == 1


def test_a_schedule_that_is_not_due_waits(database: Database) -> None:
    """A new schedule waits for its time."""
    order(database)
    with database.session(SYSTEM, read_only=True) as session:
        assert due_schedules(session) == []


def test_schedules_are_their_organisations_own(database: Database) -> None:
    """Nobody lists, reads or removes the schedule of another."""
    schedule = order(database)
    with database.session("B") as session:
        assert list_schedules(session) == []
        with pytest.raises(NotFound):
            read_schedule(session, schedule.id)
        with pytest.raises(NotFound):
            remove_schedule(session, schedule.id)
    with database.session("A") as session:
        assert list_schedules(session) == [schedule]
        remove_schedule(session, schedule.id)
        assert list_schedules(session) == []
