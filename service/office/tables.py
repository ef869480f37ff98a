"""The tables of the purchaser's office; whatever is in them stays as it was written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.database.columns import CODE, ID
from service.database.tables import Base, Owned


class LedgerRow(Owned, Base):
    """One entry of the district's ledger, sealed; its number is its place in the chain."""

    __tablename__ = "office_ledger"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(CODE)
    line: Mapped[bytes]
    entered_by: Mapped[str] = mapped_column(ID)
    entered_at: Mapped[datetime]


class NoticeRow(Owned, Base):
    """What an entry of the ledger says of one organisation, to whom the row belongs; sealed."""

    __tablename__ = "office_notices"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(CODE)
    scenario: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes]
    told_at: Mapped[datetime]

    __table_args__ = (Index(None, "organisation", "id"),)


class EvidenceRow(Owned, Base):
    """What an organisation has sent of what took place; sealed, and never changed."""

    __tablename__ = "office_evidence"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    scenario: Mapped[str] = mapped_column(String(200))
    deliveries: Mapped[int]
    content: Mapped[bytes]
    sent_by: Mapped[str] = mapped_column(ID)
    sent_at: Mapped[datetime]

    __table_args__ = (Index(None, "scenario", "organisation", "id"),)
