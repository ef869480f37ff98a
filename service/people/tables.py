"""The table of personal data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.database.columns import CODE, ORGANISATION
from service.database.tables import Base, Owned


class PersonalRow(Owned, Base):
    """One sealed field of a person, such as the name; nothing else knows who the person is."""

    __tablename__ = "personal_data"

    organisation: Mapped[str] = mapped_column(
        ORGANISATION, ForeignKey("organisations.organisation"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(CODE, primary_key=True)
    person: Mapped[str] = mapped_column(String(200), primary_key=True)
    field: Mapped[str] = mapped_column(CODE, primary_key=True)
    sealed: Mapped[bytes]
    changed_at: Mapped[datetime]
