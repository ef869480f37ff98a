"""Messages on their way to endpoints: due, delivered, to be sent again, given up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from service.database.clock import utc_now
from service.database.faults import NotFound
from service.database.tenancy import TenantSession
from service.webhooks.endpoints import address_of, secret_place
from service.webhooks.outbox import DEAD, DELIVERED, WAITING
from service.webhooks.tables import DeliveryRow, WebhookRow

LONGEST_WAIT = timedelta(days=2)
"Longest wait of a message; a longer one means that the clock was set back."


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way.

    Attributes
    ----------
    id
        Also the message's ``webhook-id``: the same for every attempt.
    organisation, webhook, url
        Where it goes.
    secret
        ``whsec_...``: what it is signed with (Standard Webhooks).
    event, payload
        What it says: ids only.
    attempts
        How often it was tried.
    created_at
        Moment in UTC.
    """

    id: str
    organisation: str
    webhook: str
    url: str
    secret: str = field(repr=False)
    event: str
    payload: Mapping[str, Any]
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up.

    Attributes
    ----------
    id, webhook, event, attempts, last_fault
        Which one, where it should have gone, and what became of it.
    settled_at
        When it was given up.
    """

    id: str
    webhook: str
    event: str
    attempts: int
    last_fault: str | None
    settled_at: datetime | None


def due_deliveries(
    session: TenantSession, *, limit: int = 50, shares: Shares | None = None
) -> Sequence[Delivery]:
    """Return messages that are to be sent now, the longest waiting first.

    Parameters
    ----------
    session
        Of scope `SYSTEM`.
    limit
        Number of messages.
    shares
        How many of them one organisation and one endpoint may have, and which are under way; no
        matter how many if not given.
    """
    if shares is None:
        return _deliveries(session, [row.id for row in session.execute(_due().limit(limit))])
    chosen = shares.choice(_by_endpoint(session, shares), limit)
    return _deliveries(session, chosen)


def _due() -> Select[str, str, str]:
    now = utc_now()
    return (
        select(DeliveryRow.id, DeliveryRow.organisation, DeliveryRow.webhook)
        .join(WebhookRow, WebhookRow.id == DeliveryRow.webhook)
        .where(
            DeliveryRow.state == WAITING,
            # Beyond the longest wait: the clock was set back.
            or_(DeliveryRow.next_at <= now, DeliveryRow.next_at > now + LONGEST_WAIT),
        )
        .where(WebhookRow.enabled.is_(True))
        .order_by(DeliveryRow.next_at, DeliveryRow.id)
    )


def _by_endpoint(session: TenantSession, shares: Shares) -> Iterator[Any]:
    """Yield the first due messages of each endpoint, endpoint by endpoint."""
    waiting = (
        _due()
        .with_only_columns(DeliveryRow.webhook)
        .group_by(DeliveryRow.webhook)
        .order_by(None)
        .order_by(func.min(DeliveryRow.next_at))
    )
    for endpoint in session.scalars(waiting).all():
        # Those under way are due still, and the first of all.
        most = shares.each_endpoint + len(shares.under_way)
        yield from session.execute(_due().where(DeliveryRow.webhook == endpoint).limit(most))


@dataclass(frozen=True, slots=True)
class Shares:
    """How many messages may be under way at a time.

    Attributes
    ----------
    each_organisation, each_endpoint
        Of one organisation, and to one endpoint (at least 1).
    under_way
        Those that are: id, organisation and endpoint of each.
    """

    each_organisation: int
    each_endpoint: int
    under_way: Sequence[tuple[str, str, str]] = ()

    def choice(self, waiting: Iterable[Any], limit: int) -> Sequence[str]:
        """Return the ids of those that may be sent beside what is under way.

        Parameters
        ----------
        waiting
            Rows with id, organisation and endpoint, in order.
        limit
            Number of ids.
        """
        present = {each for each, _, _ in self.under_way}
        organisations = Counter(organisation for _, organisation, _ in self.under_way)
        endpoints = Counter(endpoint for _, _, endpoint in self.under_way)
        chosen: list[str] = []
        for delivery, organisation, endpoint in waiting:
            if len(chosen) == limit:
                break
            if (
                delivery in present
                or organisations[organisation] >= self.each_organisation
                or endpoints[endpoint] >= self.each_endpoint
            ):
                continue
            organisations[organisation] += 1
            endpoints[endpoint] += 1
            chosen.append(delivery)
        return chosen


def _deliveries(session: TenantSession, chosen: Sequence[str]) -> Sequence[Delivery]:
    query = (
        select(DeliveryRow, WebhookRow)
        .join(WebhookRow, WebhookRow.id == DeliveryRow.webhook)
        .where(DeliveryRow.id.in_(chosen))
        .order_by(DeliveryRow.next_at, DeliveryRow.id)
    )
    return [
        Delivery(
            id=row.id,
            organisation=row.organisation,
            webhook=row.webhook,
            url=address_of(session, webhook),
            secret=session.cipher.open(
                webhook.secret, organisation=row.organisation, place=secret_place(webhook.id)
            ).decode(),
            event=row.event,
            payload=row.payload,
            attempts=row.attempts,
            created_at=row.created_at,
        )
        for row, webhook in session.execute(query)
    ]


def mark_delivered(session: TenantSession, delivery: str) -> None:
    """Note that a message was taken."""
    row = _waiting(session, delivery)
    if row is not None:
        row.attempts += 1
        row.state, row.settled_at = DELIVERED, utc_now()


def mark_failed(
    session: TenantSession, delivery: str, *, fault: str, next_at: datetime | None
) -> None:
    """Note that a message was not taken.

    Parameters
    ----------
    session
        Of scope `SYSTEM`.
    delivery
        Which message.
    fault
        A code or the status of the answer; nothing of its body.
    next_at
        When to try again; None to give the message up.
    """
    row = _waiting(session, delivery)
    if row is None:
        return
    row.attempts += 1
    row.last_fault = fault[:200]
    if next_at is None:
        row.state, row.settled_at = DEAD, utc_now()
    else:
        row.next_at = next_at


def dead_letters(session: TenantSession, *, limit: int = 100) -> Sequence[DeadLetter]:
    """Return the messages that were given up, the newest first."""
    query = (
        select(DeliveryRow)
        .where(DeliveryRow.state == DEAD)
        .order_by(DeliveryRow.id.desc())
        .limit(limit)
    )
    return [
        DeadLetter(row.id, row.webhook, row.event, row.attempts, row.last_fault, row.settled_at)
        for row in session.scalars(query)
    ]


def send_again(session: TenantSession, delivery: str) -> None:
    """Put a message that was given up back into the outbox.

    Raises
    ------
    NotFound
        If there is no such dead letter in the session's scope.
    """
    query = select(DeliveryRow).where(DeliveryRow.id == delivery, DeliveryRow.state == DEAD)
    row = session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFound("dead letter")
    row.state, row.settled_at, row.next_at = WAITING, None, utc_now()
    row.attempts = 0


def _waiting(session: TenantSession, delivery: str) -> DeliveryRow | None:
    query = select(DeliveryRow).where(DeliveryRow.id == delivery, DeliveryRow.state == WAITING)
    return session.scalars(query.with_for_update()).one_or_none()
