"""The organisations of an installation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from service.audit_log import append_entry
from service.database.clock import utc_now
from service.database.faults import Conflict, NotFound
from service.database.scope import check_organisation
from service.database.tables import OrganisationRow
from service.database.tenancy import TenantSession


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation whose data is kept apart from all others'.

    Attributes
    ----------
    id
        1 to 64 letters, digits and ``_.-``.
    created_at
        Moment in UTC.
    """

    id: str
    created_at: datetime


def add_organisation(session: TenantSession, organisation: str, *, actor: str) -> Organisation:
    """Create an organisation; the session is of scope `SYSTEM`.

    Raises
    ------
    UsageError
        If the id has forbidden signs.
    Conflict
        If there is one of this id, or of one that differs in capital letters only: people would
        take the one for the other.
    """
    check_organisation(organisation)
    # First: from here on nobody else adds one, also on PostgreSQL.
    append_entry(
        session,
        actor=actor,
        action="organisations.add",
        subject=organisation,
        organisation=organisation,
    )
    alike = select(OrganisationRow.organisation).where(
        func.lower(OrganisationRow.organisation) == organisation.lower()
    )
    known = session.scalars(alike).first()
    if known == organisation:
        raise Conflict("There is an organisation of this id already.")
    if known is not None:
        raise Conflict(f"There is an organisation {known} already; differ in more than case.")
    row = OrganisationRow(organisation=organisation, created_at=utc_now())
    session.add(row)
    session.flush()
    return Organisation(row.organisation, row.created_at)


def list_organisations(session: TenantSession) -> Sequence[Organisation]:
    """Return the organisations in the session's scope, by id."""
    rows = session.scalars(select(OrganisationRow).order_by(OrganisationRow.organisation))
    return [Organisation(row.organisation, row.created_at) for row in rows]


def require_organisation(session: TenantSession, organisation: str) -> None:
    """Refuse an organisation that is not there or outside the session's scope.

    Raises
    ------
    NotFound
        If there is none.
    """
    if _find(session, organisation) is None:
        raise NotFound("organisation")


def _find(session: TenantSession, organisation: str) -> OrganisationRow | None:
    query = select(OrganisationRow).where(OrganisationRow.organisation == organisation)
    return session.scalars(query).one_or_none()
