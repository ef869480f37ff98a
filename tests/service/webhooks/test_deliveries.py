"""Messages about finished jobs: none lost, none to others."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from service.database.clock import utc_now
from service.database.engine import Database
from service.database.faults import NotFound
from service.database.scope import SYSTEM
from service.jobs.states import JobState
from service.webhooks.deliveries import (
    Delivery,
    Shares,
    dead_letters,
    due_deliveries,
    mark_delivered,
    mark_failed,
    send_again,
)
from service.webhooks.endpoints import (
    Webhook,
    add_webhook,
    list_webhooks,
    remove_webhook,
    seal_addresses,
)
from service.webhooks.sender import BACK_OFF_SECONDS
from service.webhooks.tables import WebhookRow
from tests.service.work import accept, begin, end

URL = "https://example.org/hook"


def listen(database: Database, organisation: str, *events: str) -> tuple[Webhook, str]:
    """Add an endpoint."""
    with database.session(organisation) as session:
        return add_webhook(session, URL, events=events)


def due(database: Database) -> list[Delivery]:
    """Return what is to be sent now."""
    with database.session(SYSTEM, read_only=True) as session:
        return list(due_deliveries(session))


def finish_one(database: Database, organisation: str = "A") -> str:
    """Have a job of an organisation done and return its id."""
    job = accept(database, organisation)
    end(database, begin(database))
    return job.id


def test_the_end_of_a_job_leads_to_a_message(database: Database) -> None:
    """Each endpoint of the organisation gets one, with ids and the state only."""
    webhook, secret = listen(database, "A")
    listen(database, "B")
    job = finish_one(database)
    (message,) = due(database)
    assert (message.organisation, message.webhook, message.url) == ("A", webhook.id, URL)
    assert message.secret == secret
    assert secret.startswith("whsec_")
    assert message.event == "job.completed"
    assert message.payload["data"] == {"id": job, "kind": "solve", "state": "completed"}


def test_an_endpoint_may_want_some_events_only(database: Database) -> None:
    """Events that are not named are not sent."""
    listen(database, "A", "job.failed")
    finish_one(database)
    assert due(database) == []
    accept(database, "A")
    end(database, begin(database), JobState.FAILED, None)
    assert [message.event for message in due(database)] == ["job.failed"]


def test_a_delivered_message_is_not_sent_again(database: Database) -> None:
    """Once it was taken a message is settled."""
    listen(database, "A")
    finish_one(database)
    (message,) = due(database)
    with database.session(SYSTEM) as session:
        mark_delivered(session, message.id)
    assert due(database) == []
    with database.session(SYSTEM) as session:
        mark_failed(session, message.id, fault="timeout", next_at=utc_now())
    assert due(database) == []


def test_a_failed_message_waits_for_its_next_time(database: Database) -> None:
    """It keeps its id over all attempts, so that a receiver can tell a repetition."""
    listen(database, "A")
    finish_one(database)
    (message,) = due(database)
    with database.session(SYSTEM) as session:
        later = utc_now() + timedelta(minutes=1)
        mark_failed(session, message.id, fault="status 500", next_at=later)
    assert due(database) == []
    with database.session(SYSTEM) as session:
        mark_failed(session, message.id, fault="status 500", next_at=utc_now())
    (again,) = due(database)
    assert (again.id, again.attempts) == (message.id, 2)


def test_a_clock_that_was_ahead_leaves_no_message_waiting(database: Database) -> None:
    """A next time that no pause reaches was set by a wrong clock, and is not waited for."""
    listen(database, "A")
    finish_one(database)
    (message,) = due(database)
    longest = timedelta(seconds=1.1 * max(BACK_OFF_SECONDS))
    for wait, is_due in ((longest, False), (timedelta(days=365), True)):
        with database.session(SYSTEM) as session:
            mark_failed(session, message.id, fault="status 500", next_at=utc_now() + wait)
        assert bool(due(database)) == is_due


def test_a_message_that_is_given_up_can_be_sent_again(database: Database) -> None:
    """Dead letters are listed for their organisation, which may have them sent anew."""
    listen(database, "A")
    finish_one(database)
    (message,) = due(database)
    with database.session(SYSTEM) as session:
        mark_failed(session, message.id, fault="status 410", next_at=None)
    assert due(database) == []
    with database.session("B") as session:
        assert dead_letters(session) == []
        with pytest.raises(NotFound):
            send_again(session, message.id)
    with database.session("A") as session:
        assert [letter.last_fault for letter in dead_letters(session)] == ["status 410"]
        send_again(session, message.id)
    assert [again.id for again in due(database)] == [message.id]


def test_endpoints_are_their_organisations_own(database: Database) -> None:
    """Nobody lists or removes the endpoint of another."""
    webhook, _ = listen(database, "A")
    with database.session("B") as session:
        assert list_webhooks(session) == []
        with pytest.raises(NotFound):
            remove_webhook(session, webhook.id)
    finish_one(database)
    with database.session("A") as session:
        assert [found.id for found in list_webhooks(session)] == [webhook.id]
        remove_webhook(session, webhook.id)
    assert due(database) == []


def test_the_secret_lies_sealed(database: Database) -> None:
    """The table does not hold what messages are signed with."""
    webhook, secret = listen(database, "A")
    with database.session("A", read_only=True) as session:
        row = session.find(WebhookRow, webhook.id)
    assert row is not None
    assert secret.encode() not in row.secret


def test_organisations_and_endpoints_have_shares(database: Database) -> None:
    """However much one has waiting, of the next messages others have theirs."""
    for _ in range(3):
        listen(database, "A")
    listen(database, "B")
    for organisation in "AAAB":
        accept(database, organisation)
        end(database, begin(database), JobState.COMPLETED)
    with database.session(SYSTEM, read_only=True) as session:
        every = due_deliveries(session)
        first = due_deliveries(session, shares=Shares(3, 2))
        under_way = [(each.id, each.organisation, each.webhook) for each in first]
        then = due_deliveries(session, shares=Shares(3, 2, under_way[1:]))
    assert Counter(each.organisation for each in every) == {"A": 9, "B": 1}
    assert Counter(each.organisation for each in first) == {"A": 3, "B": 1}
    assert max(Counter(each.webhook for each in first).values()) <= 2
    # What has ended is not noted yet, and so is there again; nothing else has room.
    assert [each.id for each in then] == [first[0].id]


def test_addresses_lie_sealed(database: Database) -> None:
    """One that an earlier version has written as it was is sealed at the next start."""
    webhook, _ = listen(database, "A")
    with database.session("A") as session:
        row = session.find(WebhookRow, webhook.id)
        assert row is not None
        assert row.url == ""
        assert row.address is not None
        assert b"example" not in row.address
        row.url, row.address = URL, None
    seal_addresses(database)
    with database.session("A", read_only=True) as session:
        row = session.find(WebhookRow, webhook.id)
        assert row is not None
        assert row.url == ""
        assert [each.url for each in list_webhooks(session)] == [URL]
