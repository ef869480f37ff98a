"""Sending the messages of the outbox: signed, with back-off, given up after three days.

The outbox is filled in the transaction that ends a job, so no end goes unheard; a message that
was sent and whose answer got lost is sent again under the same ``webhook-id``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from standardwebhooks import Webhook

from service.database.clock import utc_now
from service.database.engine import Database
from service.database.faults import StoreFull, StoreUnavailable
from service.database.scope import SYSTEM
from service.webhooks.addresses import HTTPS_PORTS, RefusedAddress, Target, resolve
from service.webhooks.deliveries import (
    Delivery,
    Shares,
    due_deliveries,
    mark_delivered,
    mark_failed,
)

log = logging.getLogger(__name__)

BACK_OFF_SECONDS = (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"Waiting times between attempts; after the last one a message is given up."
_CHANCE = random.Random()  # noqa: S311 (nothing secret)
"Its own: whoever draws from the common one is not disturbed by this thread."
LOOK_SECONDS = 1.0
"Time between two looks into the outbox."
ANSWER_SECONDS = 15.0
"Time limit of one attempt, from the name of the host to the answer; then it has failed."
AT_ONCE = 20
"Number of messages under way at a time."
EACH_ORGANISATION = 4
"Of one organisation: endpoints that do not answer delay nobody else's news."
EACH_ENDPOINT = 2
"Of one endpoint."
GONE = 410
"Attempt of an endpoint that wants no more messages."


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of an attempt to deliver; `fault` is None if the message was taken."""

    fault: str | None = None
    is_final: bool = False


class Deliverer:
    """Sends messages while this process is the coordinator; `run` in a thread of its own.

    Parameters
    ----------
    database
        Where the outbox is.
    is_leading
        Whether this process is to send; two that did would send everything twice.
    link
        Returns the address of the thing that a message's data speak of; None for no link.
    private
        Whether messages may go to private addresses and without TLS; for tests.
    ports
        To which they may go otherwise.
    """

    def __init__(
        self,
        database: Database,
        is_leading: Callable[[], bool],
        *,
        link: Callable[[Mapping[str, Any]], str | None],
        private: bool = False,
        ports: Collection[int] = HTTPS_PORTS,
    ) -> None:
        self._ports = ports
        self._database = database
        self._is_leading = is_leading
        self._link = link
        self._private = private
        # Read once: it takes longer than most messages.
        self._certificates = httpx.create_ssl_context(trust_env=False)
        self._ending = threading.Event()

    def stop(self) -> None:
        """Ask `run` to end once the messages under way have their answers."""
        self._ending.set()

    def run(self) -> None:
        """Send messages until `stop`; no fault of the database or of an endpoint ends this."""
        asyncio.run(self._keep_sending())

    def deliver_due(self) -> int:
        """Send what is due now, note what became of it, and return how much it was."""
        due = self._due(())
        answers = asyncio.run(self._send_all(due))
        self._note(list(zip(due, answers, strict=True)))
        return len(due)

    async def _keep_sending(self) -> None:
        """Send what is due beside what is under way: nobody waits for a slow endpoint of others."""
        under_way: dict[asyncio.Task[list[Attempt]], Delivery] = {}
        ended: list[tuple[Delivery, Attempt]] = []
        while not self._ending.is_set():
            await asyncio.sleep(LOOK_SECONDS / 5 if under_way else LOOK_SECONDS)
            done = [task for task in under_way if task.done()]
            ended += [(under_way.pop(task), task.result()[0]) for task in done]
            if not self._is_leading():
                continue
            try:
                await asyncio.to_thread(self._note, ended)
                for each in await asyncio.to_thread(self._due, tuple(under_way.values())):
                    under_way[asyncio.create_task(self._send_all([each]))] = each
            except (StoreUnavailable, StoreFull) as fault:
                log.warning("webhooks.pause", extra={"action": "deliver", "code": fault.code})
            except Exception:
                log.exception("webhooks.fault", extra={"action": "deliver"})
        if under_way:
            await asyncio.wait(under_way)
        await asyncio.to_thread(
            self._note, ended + [(each, task.result()[0]) for task, each in under_way.items()]
        )

    def _due(self, under_way: Sequence[Delivery]) -> Sequence[Delivery]:
        present = [(each.id, each.organisation, each.webhook) for each in under_way]
        shares = Shares(EACH_ORGANISATION, EACH_ENDPOINT, present)
        with self._database.session(SYSTEM, read_only=True) as session:
            return due_deliveries(session, limit=AT_ONCE - len(present), shares=shares)

    def _note(self, ended: list[tuple[Delivery, Attempt]]) -> None:
        """Write down what became of messages, and forget them once that is done."""
        if not ended:
            return
        with self._database.session(SYSTEM) as session:
            for delivery, answer in ended:
                if answer.fault is None:
                    mark_delivered(session, delivery.id)
                    continue
                again = None if answer.is_final else next_attempt(delivery.attempts)
                next_at = None if again is None else utc_now() + again
                mark_failed(session, delivery.id, fault=answer.fault, next_at=next_at)
                extra = {"action": "deliver", "message_id": delivery.id, "code": answer.fault}
                log.warning("webhooks.refused", extra={**extra, "is_given_up": again is None})
        ended.clear()

    async def _send_all(self, due: Sequence[Delivery]) -> list[Attempt]:
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=0)
        # No proxy from the environment: it would resolve the name a second time.
        async with httpx.AsyncClient(
            verify=self._certificates,
            limits=limits,
            timeout=ANSWER_SECONDS,
            trust_env=False,
            follow_redirects=False,
        ) as client:
            return await asyncio.gather(*(self._send(client, delivery) for delivery in due))

    async def _send(self, client: httpx.AsyncClient, delivery: Delivery) -> Attempt:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                target = await asyncio.to_thread(
                    resolve, delivery.url, private=self._private, ports=self._ports
                )
                request = signed_request(
                    client, delivery, target, self._link(delivery.payload["data"])
                )
                response = await client.send(request, stream=True)
                await response.aclose()  # Its body is of no interest, however long it is.
        except RefusedAddress:
            return Attempt("refused-address")
        except TimeoutError:
            return Attempt("no-answer-in-time")
        except (httpx.HTTPError, OSError, UnicodeError) as error:
            return Attempt(type(error).__name__)
        if response.is_success:
            return Attempt()
        return Attempt(f"status-{response.status_code}", response.status_code == GONE)


def next_attempt(attempts: int) -> timedelta | None:
    """Return the wait after an attempt that failed, given those that failed before; None: give up.

    The time is spread by a fifth, so that what failed together does not come back together.
    """
    if attempts >= len(BACK_OFF_SECONDS):
        return None
    spread = _CHANCE.uniform(0.9, 1.1)
    return timedelta(seconds=BACK_OFF_SECONDS[attempts] * spread)


def signed_request(
    client: httpx.AsyncClient, delivery: Delivery, target: Target, link: str | None
) -> httpx.Request:
    """Return a message as it is sent: ids and a link, signed anew with the present time."""
    content: dict[str, Any] = dict(delivery.payload)
    if link is not None:
        content["data"] = {**content.get("data", {}), "url": link}
    body = json.dumps(content, separators=(",", ":"))
    now = utc_now()
    url = httpx.URL(delivery.url)
    headers = {
        "Host": url.netloc.decode(),
        "Content-Type": "application/json",
        "User-Agent": "homecare-optimizer",
        "webhook-id": delivery.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(delivery.secret).sign(delivery.id, now, body),
    }
    # To the address that was looked at, while the certificate has to be the host's.
    return client.build_request(
        "POST",
        url.copy_with(host=target.address, port=target.port),
        content=body.encode(),
        headers=headers,
        extensions={"sni_hostname": target.host},
    )
