"""Which plan is in force."""

from __future__ import annotations

import pytest

from service.audit_log import read_entries
from service.database.engine import Database
from service.database.faults import Conflict, NotFound
from service.jobs import store as jobs
from service.jobs.plans import Outdated, publish, read_published
from service.jobs.store import Job
from tests.service.work import accept, begin, end


def solved(database: Database) -> Job:
    """Have a job of A done and return it."""
    job = accept(database, "A")
    end(database, begin(database))
    with database.session("A", read_only=True) as session:
        return jobs.read_job(session, job.id)


def test_a_plan_is_published_over_the_one_that_was_seen(database: Database) -> None:
    """Versions count up; whoever has not seen the newest is refused."""
    first, second = solved(database), solved(database)
    with database.session("A") as session:
        assert publish(session, "day", first, by="key", over=0).version == 1
    with pytest.raises(Outdated), database.session("A") as session:
        publish(session, "day", second, by="key", over=0)
    with database.session("A") as session:
        assert publish(session, "day", second, by="key", over=1).version == 2
    with database.session("A", read_only=True) as session:
        assert read_published(session, "day").job == second.id


def test_publishing_is_in_the_log(database: Database) -> None:
    """The log says who put which plan in force."""
    job = solved(database)
    with database.session("A") as session:
        publish(session, "day", job, by="key")
    with database.session("A", read_only=True) as session:
        last = list(read_entries(session))[-1]
    assert (last.actor, last.action, last.subject) == ("key", "plans.publish", job.id)


def test_a_job_without_a_plan_cannot_be_published(database: Database) -> None:
    """Only what has a result can be put in force."""
    job = accept(database, "A")
    with pytest.raises(Conflict), database.session("A") as session:
        publish(session, "day", job, by="key")


def test_another_organisation_has_its_own_plans(database: Database) -> None:
    """The same scenario's name elsewhere is another scenario."""
    job = solved(database)
    with database.session("A") as session:
        publish(session, "day", job, by="key")
    with database.session("B", read_only=True) as session, pytest.raises(NotFound):
        read_published(session, "day")
