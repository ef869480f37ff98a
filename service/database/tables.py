"""What all tables of the service share; each subject keeps its own tables beside it.

Every table belongs to organisations (`Owned`) or is listed in `SHARED` with the reason why
not. References carry the organisation along, so that the database itself refuses a row of one
organisation that points at a row of another.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    LargeBinary,
    MetaData,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from service.database.columns import ORGANISATION, UtcTime

SHARED = {
    "audit_head": "One row: the end of the one chain that runs through all organisations.",
    "installation": "One row: facts about the installation, such as whether it has its first key.",
}
"Tables without an organisation, each with the reason."


class Base(DeclarativeBase):
    """Every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
        bytes: LargeBinary,
        int: BigInteger,
    }


class Owned:
    """A row that belongs to one organisation; its sessions see no other rows."""

    organisation: Mapped[str] = mapped_column(
        ORGANISATION, ForeignKey("organisations.organisation")
    )


class OrganisationRow(Owned, Base):
    """An organisation; it owns the row that speaks of it."""

    __tablename__ = "organisations"

    organisation: Mapped[str] = mapped_column(ORGANISATION, primary_key=True)
    created_at: Mapped[datetime]
