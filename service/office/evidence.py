"""What organisations send of what took place: only ever more of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.audit_log import append_entry
from service.database.clock import utc_now
from service.database.identifiers import new_id
from service.database.tenancy import TenantSession
from service.office.tables import EvidenceRow


@dataclass(frozen=True, slots=True)
class Evidence:
    """One document that an organisation has sent.

    Attributes
    ----------
    id
        Later ones sort behind earlier ones.
    organisation
        Who has sent it.
    scenario, deliveries
        What it is about, and how many records it holds.
    document
        The deliveries, as JSON.
    sent_at
        Moment in UTC.
    """

    id: str
    organisation: str
    scenario: str
    deliveries: int
    document: bytes
    sent_at: datetime


def add_evidence(
    session: TenantSession, scenario: str, deliveries: int, document: bytes, *, actor: str
) -> str:
    """Keep a document of the session's organisation; return its id.

    Parameters
    ----------
    session
        Of the organisation.
    scenario, deliveries, document
        See `Evidence`.
    actor
        Key of whoever sends it.
    """
    name = new_id("evd")
    sealed = session.cipher.seal(
        document, organisation=session.organisation, place=evidence_place(name)
    )
    session.add(
        EvidenceRow(
            id=name,
            organisation=session.organisation,
            scenario=scenario,
            deliveries=deliveries,
            content=sealed,
            sent_by=actor,
            sent_at=utc_now(),
        )
    )
    append_entry(
        session,
        actor=actor,
        action="office.evidence",
        subject=scenario,
        details={"id": name, "deliveries": deliveries},
    )
    return name


def evidence_in(
    session: TenantSession,
    scenario: str | None = None,
    *,
    after: str = "",
    limit: int | None = None,
) -> Sequence[Evidence]:
    """Return what was sent within the session's scope, oldest first.

    Parameters
    ----------
    session
        Of one organisation, or of scope `SYSTEM`.
    scenario
        Only about this one.
    after, limit
        Only those behind this id, and at most so many.
    """
    query = select(EvidenceRow).where(EvidenceRow.id > after).order_by(EvidenceRow.id)
    if scenario is not None:
        query = query.where(EvidenceRow.scenario == scenario)
    return [
        Evidence(
            row.id,
            row.organisation,
            row.scenario,
            row.deliveries,
            session.cipher.open(
                row.content, organisation=row.organisation, place=evidence_place(row.id)
            ),
            row.sent_at,
        )
        for row in session.scalars(query.limit(limit))
    ]


def evidence_place(name: str) -> str:
    """Return the place to which a document is sealed."""
    return f"office_evidence/{name}"
