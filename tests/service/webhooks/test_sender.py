"""Messages to endpoints: signed, tried again, given up, and never in the way of a job."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from service.database.clock import utc_now
from service.database.engine import Database
from service.database.scope import SYSTEM
from service.jobs.registry import link_to
from service.jobs.states import JobState
from service.webhooks import sender as sending
from service.webhooks.addresses import Target
from service.webhooks.deliveries import Delivery, dead_letters
from service.webhooks.endpoints import add_webhook
from service.webhooks.sender import BACK_OFF_SECONDS, Deliverer, next_attempt, signed_request
from service.webhooks.tables import DeliveryRow
from tests.service.work import accept, begin, end


class Endpoint:
    """Somebody who wants to hear of jobs."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.may_answer = threading.Event()
        self.may_answer.set()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.heard.append((dict(self.headers.items()), body))
                endpoint.may_answer.wait(60)
                self.send_response(endpoint.status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """Return an endpoint on this machine."""
    made = Endpoint()
    yield made
    made.server.shutdown()
    made.server.server_close()


def deliverer(database: Database, *, private: bool = True) -> Deliverer:
    """Return a deliverer that may send to this machine."""
    link = partial(link_to, "https://care.example.org/")
    return Deliverer(database, lambda: True, link=link, private=private)


def finished(database: Database, url: str, kind: str = "solve") -> tuple[str, str]:
    """Finish a job of an organisation with a webhook; return the job's id and the secret."""
    with database.session("A") as session:
        _, secret = add_webhook(session, url)
    job = accept(database, "A", kind=kind)
    end(database, begin(database), JobState.COMPLETED)
    return job.id, secret


def make_due(database: Database) -> None:
    """Let the waiting time of all messages be over."""
    with database.session(SYSTEM) as session:
        for row in session.query(DeliveryRow):
            row.next_at = utc_now()


def test_a_message_is_signed_and_holds_ids_and_a_link_only(
    database: Database, endpoint: Endpoint
) -> None:
    """The Standard Webhooks library accepts it, and there is no plan and no name in it."""
    job, secret = finished(database, endpoint.url)
    assert deliverer(database).deliver_due() == 1
    ((headers, body),) = endpoint.heard
    content = Webhook(secret).verify(body, headers)
    assert content["type"] == "job.completed"
    assert content["data"] == {
        "id": job,
        "kind": "solve",
        "state": "completed",
        "url": f"https://care.example.org/v1/solves/{job}",
    }
    assert deliverer(database).deliver_due() == 0


def test_a_message_that_was_not_taken_comes_again_under_its_id(
    database: Database, endpoint: Endpoint
) -> None:
    """Not at once, but after the back-off; who has it already knows it by its id."""
    finished(database, endpoint.url)
    endpoint.status = 503
    assert deliverer(database).deliver_due() == 1
    assert deliverer(database).deliver_due() == 0
    make_due(database)
    endpoint.status = 200
    assert deliverer(database).deliver_due() == 1
    first, second = (headers["webhook-id"] for headers, _ in endpoint.heard)
    assert first == second


def test_a_message_is_given_up_in_the_end(sqlite_database: Database, endpoint: Endpoint) -> None:
    """After the last attempt it lies among the dead letters with its last fault."""
    finished(sqlite_database, endpoint.url)
    endpoint.status = 500
    for _ in range(len(BACK_OFF_SECONDS) + 1):
        make_due(sqlite_database)
        assert deliverer(sqlite_database).deliver_due() == 1
    make_due(sqlite_database)
    assert deliverer(sqlite_database).deliver_due() == 0
    with sqlite_database.session("A", read_only=True) as session:
        (letter,) = dead_letters(session)
    assert (letter.last_fault, letter.attempts) == ("status-500", len(BACK_OFF_SECONDS) + 1)


def test_who_says_gone_is_not_asked_again(sqlite_database: Database, endpoint: Endpoint) -> None:
    """410 is the answer of an endpoint that wants no more."""
    finished(sqlite_database, endpoint.url)
    endpoint.status = 410
    deliverer(sqlite_database).deliver_due()
    with sqlite_database.session("A", read_only=True) as session:
        assert len(dead_letters(session)) == 1


def test_a_redirect_is_not_followed(sqlite_database: Database, endpoint: Endpoint) -> None:
    """It could lead to where the first address was not allowed to."""
    finished(sqlite_database, endpoint.url)
    endpoint.status = 307
    deliverer(sqlite_database).deliver_due()
    assert len(endpoint.heard) == 1


def test_private_addresses_are_refused_after_resolving(
    sqlite_database: Database, endpoint: Endpoint
) -> None:
    """A name that leads to this machine is not called, although its address looks public."""
    finished(sqlite_database, "https://localhost/hook")
    deliverer(sqlite_database, private=False).deliver_due()
    with sqlite_database.session(SYSTEM, read_only=True) as session:
        (row,) = session.query(DeliveryRow)
        assert row.last_fault == "refused-address"
    assert endpoint.heard == []


def test_a_slow_endpoint_is_not_waited_for(
    sqlite_database: Database, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has its time and no more; the others of the same round are not held up."""
    monkeypatch.setattr(sending, "ANSWER_SECONDS", 0.3)
    endpoint.may_answer.clear()
    finished(sqlite_database, endpoint.url)
    deliverer(sqlite_database).deliver_due()
    endpoint.may_answer.set()
    with sqlite_database.session(SYSTEM, read_only=True) as session:
        (row,) = session.query(DeliveryRow)
        assert row.last_fault in {"no-answer-in-time", "ReadTimeout"}


def test_only_the_coordinator_sends(
    sqlite_database: Database, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes that both sent would send everything twice."""
    finished(sqlite_database, endpoint.url)
    looks = threading.Semaphore(0)

    def is_leading() -> bool:
        looks.release()
        return False

    monkeypatch.setattr(sending, "LOOK_SECONDS", 0.01)
    idle = Deliverer(sqlite_database, is_leading, link=lambda _: None, private=True)
    thread = threading.Thread(target=idle.run)
    thread.start()
    assert looks.acquire(timeout=60)
    assert looks.acquire(timeout=60)
    idle.stop()
    thread.join()
    assert endpoint.heard == []


def test_the_certificate_has_to_be_the_hosts_although_the_address_is_connected_to() -> None:
    """The request goes to the address, with the host's name in it and in the handshake."""
    delivery = Delivery(
        id="msg_1",
        organisation="A",
        webhook="whk_1",
        url="https://care.example.org:8443/hook?x=1",
        secret="whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz",
        event="job.completed",
        payload={"type": "job.completed", "data": {"id": "J"}},
        attempts=0,
        created_at=utc_now(),
    )

    async def build() -> httpx.Request:
        async with httpx.AsyncClient() as client:
            target = Target("care.example.org", 8443, "93.184.216.34")
            return signed_request(client, delivery, target, None)

    request = asyncio.run(build())
    assert str(request.url) == "https://93.184.216.34:8443/hook?x=1"
    assert request.headers["Host"] == "care.example.org:8443"
    assert request.extensions["sni_hostname"] == "care.example.org"
    assert json.loads(request.content)["data"] == {"id": "J"}


def test_waiting_times_grow_to_a_day_and_end() -> None:
    """Nine in ten of the attempts fall within three days, and there is a last one."""
    waits = [next_attempt(attempts) for attempts in range(len(BACK_OFF_SECONDS) + 1)]
    assert waits[-1] is None
    seconds = [wait.total_seconds() for wait in waits[:-1] if wait is not None]
    assert seconds == sorted(seconds)
    assert 2 * 86_400 < sum(seconds) < 4 * 86_400
