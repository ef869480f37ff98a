"""Erasure of a person: personal data, and the finished jobs and drafts that name the id."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select

from service.audit_log import append_entry
from service.database.clock import utc_now
from service.database.engine import Database
from service.database.faults import Conflict
from service.database.tenancy import TenantSession
from service.drafts.store import read_draft
from service.drafts.tables import DraftRow
from service.jobs.blobs import get_blob
from service.jobs.states import TERMINAL
from service.jobs.tables import JobRow, PublishedRow
from service.office.evidence import evidence_in
from service.office.ledger import notice_text
from service.office.tables import EvidenceRow, NoticeRow
from service.people.personal_data import PersonKind
from service.people.retention import Forgotten, delete_documents, unused_documents
from service.people.tables import PersonalRow

_FINAL = [state.value for state in TERMINAL]


def erase_person(
    database: Database, organisation: str, kind: PersonKind, person: str, *, actor: str
) -> Forgotten:
    """Delete all that is known of a person: personal data, jobs and drafts that name the id.

    Scenarios of jobs hold where a client lives and what is needed, so that removing the name
    alone would not be enough. The audit log keeps that it was done. Copies elsewhere, such as
    backups, are not reached.

    Parameters
    ----------
    database
        Where to look.
    organisation, kind, person
        Whose, who, and the id.
    actor
        Who asked for it.

    Raises
    ------
    Conflict
        If a job that names the person is not finished; nothing was erased.
    """
    with database.session(organisation) as session:
        jobs = [row for row in session.scalars(select(JobRow)) if _names(session, row, person)]
        if any(row.state not in _FINAL for row in jobs):
            raise Conflict("A job that names the person is not finished; cancel it first.")
        ids = [row.id for row in jobs]
        _delete_published(session, ids)
        for row in jobs:
            session.delete(row)
        drafts = [
            row for row in session.scalars(select(DraftRow)) if _tells_of(session, row, person)
        ]
        for draft in drafts:
            session.delete(draft)
        told = _delete_office_rows(session, person)
        fields = select(PersonalRow).where(
            PersonalRow.kind == kind.value, PersonalRow.person == person
        )
        personal = session.scalars(fields).all()
        for field in personal:
            session.delete(field)
        session.flush()
        unused = unused_documents(session, utc_now())
        delete_documents(session, unused, utc_now())
        append_entry(
            session,
            actor=actor,
            action="people.erase",
            subject=person,
            details={
                "kind": kind.value,
                "jobs": len(jobs),
                "drafts": len(drafts),
                "fields": len(personal),
                "office": told,
            },
        )
    database.forget_old_pages()
    return Forgotten(
        jobs=len(jobs), documents=len(unused), fields=len(personal), drafts=len(drafts)
    )


def _delete_office_rows(session: TenantSession, person: str) -> int:
    """Delete evidence and notices about the person; the district's ledger keeps the id."""
    named = {one.id for one in evidence_in(session) if _speaks_of(one.document, person)}
    rows: list[EvidenceRow | NoticeRow] = [
        row for row in session.scalars(select(EvidenceRow)) if row.id in named
    ]
    rows += [
        row
        for row in session.scalars(select(NoticeRow))
        if _speaks_of(notice_text(session, row), person)
    ]
    for row in rows:
        session.delete(row)
    return len(rows)


def _speaks_of(document: bytes, person: str) -> bool:
    """Return whether a document names the person, or visits that are called after the person."""
    visits = json.dumps(f"{person}-", ensure_ascii=False).encode()[:-1]
    return _mentions(document, person) or visits in document


def _delete_published(session: TenantSession, jobs: Sequence[str]) -> None:
    for row in session.scalars(select(PublishedRow).where(PublishedRow.job.in_(jobs))):
        session.delete(row)
    session.flush()


def _names(session: TenantSession, row: JobRow, person: str) -> bool:
    digests = (row.source, row.document, row.warm_start, row.result)
    return any(
        _mentions(get_blob(session, row.organisation, digest), person)
        for digest in digests
        if digest is not None
    )


def _tells_of(session: TenantSession, row: DraftRow, person: str) -> bool:
    draft = read_draft(session, row.id)
    digests = {draft.base_document, draft.base_plan}
    digests |= {each for move in draft.moves for each in (move.document, move.plan)}
    said = json.dumps([dict(move.content) for move in draft.moves]).encode()
    documents = (get_blob(session, row.organisation, digest) for digest in digests)
    return any(_mentions(document, person) for document in (said, *documents))


def _mentions(document: bytes, person: str) -> bool:
    """Return whether a JSON document has the id as one of its texts, however it is written."""
    written = {json.dumps(person).encode(), json.dumps(person, ensure_ascii=False).encode()}
    return any(text in document for text in written)
