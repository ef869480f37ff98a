"""What is asked for twice is made once, and answered alike."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.auth.organisations import add_organisation, list_organisations
from service.database.clock import utc_now
from service.database.digests import digest_of
from service.database.engine import Database
from service.database.faults import Conflict
from service.database.scope import SYSTEM
from service.idempotency import AnswerRow, Idempotency, IdempotencyConflict, answer_once
from service.people.retention import Retention, forget_old
from service.webhooks.endpoints import add_webhook
from service.webhooks.tables import WebhookRow

SECRET = b"told only once"


def asked(body: str = "body", key: str = "key") -> Idempotency:
    """Return by what a request is recognised."""
    return Idempotency(key, digest_of(body.encode()))


def add(
    database: Database, idempotency: Idempotency, organisation: str = "A", who: str = "caller"
) -> bytes:
    """Add an endpoint, once."""
    with database.session(organisation) as session:

        def make() -> bytes:
            return add_webhook(session, "https://example.org/")[1].encode()

        return answer_once(session, organisation, who, idempotency, make)


def number_of_endpoints(database: Database) -> int:
    """Return how many endpoints there are."""
    with database.session(SYSTEM, read_only=True) as session:
        return len(session.scalars(select(WebhookRow)).all())


def test_the_second_time_the_answer_is_the_first_one(database: Database) -> None:
    """Nothing new is made, and a secret that is told once is the same."""
    assert add(database, asked()) == add(database, asked())
    assert number_of_endpoints(database) == 1


def test_another_request_with_the_same_key_is_refused(database: Database) -> None:
    """The key stands for one request."""
    add(database, asked())
    with pytest.raises(IdempotencyConflict):
        add(database, asked("another body"))
    assert number_of_endpoints(database) == 1


@pytest.mark.parametrize(("organisation", "who"), [("B", "caller"), ("A", "somebody else")])
def test_a_key_is_its_callers_own(database: Database, organisation: str, who: str) -> None:
    """Nobody gets the answer of another by guessing a key."""
    assert add(database, asked()) != add(database, asked(), organisation, who)
    assert number_of_endpoints(database) == 2


def test_what_could_not_be_made_can_be_asked_for_again(database: Database) -> None:
    """A fault leaves nothing behind, so that the next attempt is the first one."""

    def fail() -> bytes:
        raise Conflict

    with pytest.raises(Conflict), database.session("A") as session:
        answer_once(session, "A", "caller", asked(), fail)
    assert add(database, asked())


def test_answers_lie_sealed(database: Database) -> None:
    """A row shows neither the answer nor the key that the caller sent."""
    with database.session("A") as session:
        answer_once(session, "A", "caller", asked(key="telling"), lambda: SECRET)
    with database.session("A", read_only=True) as session:
        (row,) = session.scalars(select(AnswerRow)).all()
    assert SECRET not in row.content
    assert "telling" not in row.key


def test_answers_are_kept_for_a_day(database: Database) -> None:
    """After it a secret that was told once is nowhere."""
    add(database, asked())
    with database.session("A") as session:
        row = session.scalars(select(AnswerRow)).one()
        row.created_at = utc_now() - timedelta(hours=25)
    assert forget_old(database, Retention(), actor="tests").idempotency == 1
    with database.session(SYSTEM, read_only=True) as session:
        assert session.scalars(select(AnswerRow)).all() == []


def test_two_at_once_make_one(database: Database) -> None:
    """Whoever comes second waits and gets the answer of the first."""
    answers: list[bytes] = []
    barrier = threading.Barrier(4)

    def ask() -> None:
        barrier.wait()
        answers.append(add(database, asked()))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert number_of_endpoints(database) == 1


def test_what_reaches_beyond_an_organisation_is_made_once_too(database: Database) -> None:
    """In a session of the whole installation the answer is the caller's all the same."""
    for _ in range(2):
        with database.session(SYSTEM) as session:

            def make() -> bytes:
                return add_organisation(session, "O-new", actor="caller").id.encode()

            assert answer_once(session, "A", "caller", asked(), make) == b"O-new"
    with database.session(SYSTEM, read_only=True) as session:
        assert [each.id for each in list_organisations(session)].count("O-new") == 1
        assert session.scalars(select(AnswerRow)).one().organisation == "A"
