"""Endpoints that want to hear of finished jobs."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.database.clock import utc_now
from service.database.engine import Database
from service.database.faults import NotFound
from service.database.identifiers import new_id
from service.database.scope import SYSTEM
from service.database.tenancy import TenantSession
from service.webhooks.tables import WebhookRow

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Webhook:
    """An endpoint.

    Attributes
    ----------
    id, organisation
        What it is and whose.
    url
        Where messages go.
    events
        Such as ``job.completed``; empty for all.
    enabled
        Whether messages are sent.
    created_at
        Moment in UTC.
    """

    id: str
    organisation: str
    url: str
    events: Sequence[str]
    enabled: bool
    created_at: datetime


def add_webhook(
    session: TenantSession, url: str, *, events: Collection[str] = ()
) -> tuple[Webhook, str]:
    """Add an endpoint of the session's organisation; return it and its secret, told only now.

    Parameters
    ----------
    session
        Of one organisation.
    url
        The caller has checked that it is ``https`` and leads to no private address.
    events
        Such as ``job.completed``; empty for all.
    """
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"
    row = WebhookRow(
        id=new_id("whk"),
        organisation=session.organisation,
        url="",
        events=sorted(events),
        enabled=True,
        created_at=utc_now(),
    )
    row.secret = session.cipher.seal(
        secret.encode(), organisation=row.organisation, place=secret_place(row.id)
    )
    _seal_address(session, row, url)
    session.add(row)
    session.flush()
    return _webhook(session, row), secret


def list_webhooks(session: TenantSession) -> Sequence[Webhook]:
    """Return the endpoints in the session's scope, oldest first."""
    rows = session.scalars(select(WebhookRow).order_by(WebhookRow.id))
    return [_webhook(session, row) for row in rows]


def remove_webhook(session: TenantSession, webhook: str) -> None:
    """Remove an endpoint and all messages to it.

    Raises
    ------
    NotFound
        If there is none with this id in the session's scope.
    """
    row = session.find(WebhookRow, webhook)
    if row is None:
        raise NotFound("webhook")
    session.delete(row)


def secret_place(webhook: str) -> str:
    """Return the place to which an endpoint's secret is sealed."""
    return f"webhooks/{webhook}/secret"


def address_place(webhook: str) -> str:
    """Return the place to which an endpoint's address is sealed."""
    return f"webhooks/{webhook}/address"


def address_of(session: TenantSession, row: WebhookRow) -> str:
    """Return where messages go."""
    if row.address is None:
        return row.url  # Written by an earlier version, and not sealed yet.
    place = address_place(row.id)
    return session.cipher.open(row.address, organisation=row.organisation, place=place).decode()


def seal_addresses(database: Database) -> None:
    """Seal the addresses that an earlier version has written as they are."""
    with database.session(SYSTEM) as session:
        for row in session.scalars(select(WebhookRow).where(WebhookRow.address.is_(None))):
            if row.url:
                _seal_address(session, row, row.url)
                row.url = ""


def _seal_address(session: TenantSession, row: WebhookRow, url: str) -> None:
    row.address = session.cipher.seal(
        url.encode(), organisation=row.organisation, place=address_place(row.id)
    )


def _webhook(session: TenantSession, row: WebhookRow) -> Webhook:
    url = address_of(session, row)
    return Webhook(row.id, row.organisation, url, row.events, row.enabled, row.created_at)
