"""The tables of webhooks: endpoints, and the outbox of what is sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.database.columns import CODE, ID
from service.database.tables import Base, Owned


class WebhookRow(Owned, Base):
    """Where an organisation wants to hear of finished jobs."""

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    "Empty once the address is sealed."
    address: Mapped[bytes | None]
    events: Mapped[list[str]]
    secret: Mapped[bytes]
    enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("organisation", "id"),)


class DeliveryRow(Owned, Base):
    """A message in the outbox: waiting, delivered, or given up."""

    __tablename__ = "webhook_deliveries"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    webhook: Mapped[str] = mapped_column(ID)
    event: Mapped[str] = mapped_column(CODE)
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(CODE)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    last_fault: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation", "webhook"],
            ["webhooks.organisation", "webhooks.id"],
            ondelete="CASCADE",
        ),
        Index(None, "state", "next_at"),
    )
