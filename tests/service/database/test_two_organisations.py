"""Whatever two organisations do, neither session holds a byte of the other."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from service.audit_log import read_entries
from service.database.engine import Database
from service.database.scope import SYSTEM
from service.database.tables import Base, Owned
from service.idempotency import Idempotency
from service.jobs import queue as runs
from service.jobs import store as jobs
from service.jobs.blobs import get_blob
from service.jobs.plans import publish
from service.jobs.states import JobState, Lane
from service.jobs.tables import BlobRow
from service.people.personal_data import (
    PersonalField,
    PersonKind,
    Purpose,
    read_people,
    write_person,
)
from service.webhooks.deliveries import dead_letters
from service.webhooks.endpoints import add_webhook, list_webhooks
from tests.service.work import accept

_numbers = itertools.count()
OTHER = {"A": "B", "B": "A"}


def word_of(organisation: str) -> str:
    """Return what stands in everything that an organisation stores."""
    return f"canary-{organisation}"


def solve(database: Database, who: str) -> None:
    """Have a job done, with everything a job can have."""
    word = word_of(who)
    job = accept(
        database,
        who,
        document=f"document {word} {next(_numbers)}".encode(),
        source=f"source {word}".encode(),
        warm_start=f"start {word}".encode(),
        parameters={"note": word},
        created_by=word,
        cache_key="the same for both",
        idempotency=Idempotency("the same for both", "body"),
    )
    if job.is_final:
        return
    with database.session(SYSTEM) as session:
        run = runs.claim_next(session, Lane.ROSTER, owner="coordinator")
        if run is None:
            return
        mine = word_of(run.organisation)
        runs.record_progress(session, run.id, run.attempt, {"note": mine})
        runs.store_checkpoint(session, run.id, run.attempt, mine.encode())
        runs.finish(
            session, run.id, run.attempt, JobState.COMPLETED, result=f"plan {mine}".encode()
        )


def wait(database: Database, who: str) -> None:
    """Leave a job waiting."""
    accept(database, who, document=word_of(who).encode(), created_by=word_of(who))


def stop_everything(database: Database, who: str) -> None:
    """Give up every job that the organisation sees."""
    with database.session(who) as session:
        for job in jobs.list_jobs(session, limit=500).items:
            if not job.is_final:
                jobs.request_cancel(session, job.id)


def name(database: Database, who: str) -> None:
    """Store a person under an id that both use."""
    with database.session(who) as session:
        fields = {PersonalField.NAME: word_of(who)}
        write_person(session, PersonKind.CLIENT, "C0001", fields, actor=word_of(who))


def listen(database: Database, who: str) -> None:
    """Add an endpoint."""
    with database.session(who) as session:
        add_webhook(session, f"https://{word_of(who)}.example/")


def put_in_force(database: Database, who: str) -> None:
    """Publish a plan for a scenario of a name that both use."""
    with database.session(who) as session:
        done = jobs.list_jobs(session, states=[JobState.COMPLETED]).items
        if done:
            publish(session, "day", done[0], by=word_of(who))


DEEDS: list[Callable[[Database, str], None]] = [
    solve,
    wait,
    stop_everything,
    name,
    listen,
    put_in_force,
]


def everything(database: Database, who: str) -> list[str]:
    """Return all that a session of an organisation can get hold of, as text."""
    found: list[Any] = []
    with database.session(who) as session:
        for mapper in Base.registry.mappers:
            if issubclass(mapper.class_, Owned):
                rows = session.scalars(select(mapper.class_)).all()
                assert {row.organisation for row in rows} <= {who}
                found += [
                    {key: value for key, value in vars(row).items() if not key.startswith("_")}
                    for row in rows
                ]
        for blob in session.scalars(select(BlobRow)).all():
            found.append(get_blob(session, who, blob.digest))
        for job in jobs.list_jobs(session, limit=500).items:
            found += [job, *jobs.read_events(session, job.id, limit=500)]
            found.append(runs.read_checkpoint(session, job.id))
        found += [list_webhooks(session), dead_letters(session)]
        found += list(read_entries(session))
        found.append(
            read_people(
                session,
                PersonKind.CLIENT,
                ["C0001"],
                fields=list(PersonalField),
                actor=word_of(who),
                purpose=Purpose.CORRECTION,
            )
        )
    return [repr(each) for each in found]


@given(deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.sampled_from("AB")), max_size=12))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_neither_sees_a_byte_of_the_other(
    database: Database, deeds: list[tuple[Callable[[Database, str], None], str]]
) -> None:
    """After any deeds of both, each finds its own word only, in rows, documents and events."""
    for deed, who in deeds:
        deed(database, who)
    for who in "AB":
        found = everything(database, who)
        assert [each for each in found if word_of(OTHER[who]) in each] == []
