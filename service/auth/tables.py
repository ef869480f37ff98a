"""The tables of API keys and of the installation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.database.columns import CODE, ID
from service.database.tables import Base, Owned


class KeyRow(Owned, Base):
    """An API key, of which only a check value is kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    role: Mapped[str] = mapped_column(CODE)
    label: Mapped[str] = mapped_column(String(200))
    check_value: Mapped[bytes]
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(ID)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class InstallationRow(Base):
    """Facts about the installation."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    created_at: Mapped[datetime]
    first_key_at: Mapped[datetime | None]
    secrets_check: Mapped[bytes]
