"""Messages to webhooks, written in the transaction that they tell of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from service.store.identifiers import new_id
from service.store.models import DeliveryRow, JobRow, WebhookRow
from service.store.tenancy import TenantSession

WAITING = "waiting"
DELIVERED = "delivered"
DEAD = "dead"


def post_job(session: TenantSession, row: JobRow, now: datetime) -> None:
    """Put a message for each endpoint that wants to hear of a job's end into the outbox.

    Messages hold ids only; whoever may read the job reads the rest by its id.
    """
    event = f"job.{row.state}"
    query = select(WebhookRow).where(
        WebhookRow.organisation == row.organisation, WebhookRow.enabled.is_(True)
    )
    for webhook in session.scalars(query):
        if webhook.events and event not in webhook.events:
            continue
        payload = {
            "type": event,
            "timestamp": now.isoformat(),
            "data": {"id": row.id, "kind": row.kind, "state": row.state},
        }
        session.add(
            DeliveryRow(
                id=new_id("msg"),
                organisation=row.organisation,
                webhook=webhook.id,
                event=event,
                payload=payload,
                state=WAITING,
                attempts=0,
                next_at=now,
                created_at=now,
            )
        )
