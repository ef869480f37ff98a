"""The tables of drafts: what each begins from, and its moves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.database.columns import CODE, DIGEST, ID
from service.database.tables import Base, Owned


class DraftRow(Owned, Base):
    """A draft: the version of a roster that it begins from, and where it stands."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    scenario: Mapped[str] = mapped_column(String(200))
    base_version: Mapped[int]
    state: Mapped[str] = mapped_column(CODE)
    revision: Mapped[int]
    document: Mapped[str] = mapped_column(DIGEST)
    plan: Mapped[str] = mapped_column(DIGEST)
    published_version: Mapped[int | None]
    created_by: Mapped[str] = mapped_column(ID)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("organisation", "id"),
        *(
            ForeignKeyConstraint(["organisation", column], ["blobs.organisation", "blobs.digest"])
            for column in ("document", "plan")
        ),
        # The database asks for these whenever a document is to be deleted.
        *(Index(None, "organisation", column) for column in ("document", "plan")),
        Index(None, "changed_at"),
    )


class DraftMoveRow(Owned, Base):
    """A move of a draft: what it says and has brought, sealed, and the roster after it."""

    __tablename__ = "draft_moves"

    draft: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes]
    document: Mapped[str] = mapped_column(DIGEST)
    plan: Mapped[str] = mapped_column(DIGEST)
    made_by: Mapped[str] = mapped_column(ID)
    made_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation", "draft"], ["drafts.organisation", "drafts.id"], ondelete="CASCADE"
        ),
        *(
            ForeignKeyConstraint(["organisation", column], ["blobs.organisation", "blobs.digest"])
            for column in ("document", "plan")
        ),
        *(Index(None, "organisation", column) for column in ("document", "plan")),
    )
