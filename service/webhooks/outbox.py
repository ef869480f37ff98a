"""Messages to webhooks, written in the transaction that they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from service.database.identifiers import new_id
from service.database.tenancy import TenantSession
from service.webhooks.tables import DeliveryRow, WebhookRow

WAITING = "waiting"
DELIVERED = "delivered"
DEAD = "dead"


def post(
    session: TenantSession, organisation: str, event: str, data: Mapping[str, Any], now: datetime
) -> None:
    """Put a message for each endpoint that wants to hear of an event into the outbox.

    Parameters
    ----------
    session
        The session that does what is told of.
    organisation
        Whose endpoints.
    event
        Such as ``job.completed``.
    data
        Ids only; whoever may read the thing reads the rest by its id.
    now
        Moment of the event, in UTC.
    """
    query = select(WebhookRow).where(
        WebhookRow.organisation == organisation, WebhookRow.enabled.is_(True)
    )
    for webhook in session.scalars(query):
        if webhook.events and event not in webhook.events:
            continue
        session.add(
            DeliveryRow(
                id=new_id("msg"),
                organisation=organisation,
                webhook=webhook.id,
                event=event,
                payload={"type": event, "timestamp": now.isoformat(), "data": dict(data)},
                state=WAITING,
                attempts=0,
                next_at=now,
                created_at=now,
            )
        )
