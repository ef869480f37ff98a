"""The district's ledger: decisions entered one after the other, and what each organisation is told.

The entries are those of `homecare office`: exported, they are a ledger that the command checks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from optimizer.domain import Entry
from optimizer.errors import UsageError
from optimizer.formats import Draft, Ledger, entry_line, next_entry, parse_ledger
from service.audit_log import append_entry, lock_log
from service.database.clock import utc_now
from service.database.engine import Database
from service.database.faults import Conflict, NotFound
from service.database.identifiers import new_id
from service.database.scope import DISTRICT, SYSTEM
from service.database.tables import OrganisationRow
from service.database.tenancy import TenantSession
from service.office.tables import LedgerRow, NoticeRow

NAME = "ledger"
"What the ledger is called in errors."


@dataclass(frozen=True, slots=True)
class Notice:
    """What an entry says of one organisation.

    Attributes
    ----------
    id
        Later ones sort behind earlier ones.
    number, kind, scenario
        The entry: its place in the ledger, what it decides, and about what.
    content
        What it says.
    told_at
        Moment in UTC.
    """

    id: str
    number: int
    kind: str
    scenario: str
    content: Mapping[str, Any]
    told_at: datetime


def enter(
    database: Database,
    draft: Draft,
    told: Mapping[str, Mapping[str, Any]],
    *,
    correcting: str | None,
    actor: str,
) -> Entry:
    """Enter a decision and tell each organisation its own rows of it, all or nothing.

    The same decision again changes nothing.

    Parameters
    ----------
    database
        Where the ledger is.
    draft, correcting
        As for a ledger in a file.
    told
        What is told, by organisation; those that the service does not know are told nothing.
    actor
        Key of whoever decides.

    Raises
    ------
    Conflict
        If something else was decided about the same and no reason is given, or one is given and
        there is nothing to correct.
    """
    with database.session(SYSTEM) as session:
        lock_log(session)  # Until the end of the transaction nobody else enters anything.
        ledger = _ledger(session)
        try:
            entry = next_entry(ledger, draft, correcting, NAME)
        except UsageError as error:
            raise Conflict(str(error)) from error
        body = entry.body
        if body.number <= len(ledger.entries):
            return entry
        session.add(
            LedgerRow(
                organisation=DISTRICT,
                number=body.number,
                kind=body.kind.value,
                line=_sealed(session, DISTRICT, line_place(body.number), entry_line(entry)),
                entered_by=actor,
                entered_at=utc_now(),
            )
        )
        for organisation in session.scalars(select(OrganisationRow.organisation)):
            if organisation in told:
                _tell(session, organisation, entry, told[organisation])
        append_entry(
            session,
            actor=actor,
            action="office.enter",
            subject=body.subject,
            details={"kind": body.kind.value, "number": body.number},
            organisation=DISTRICT,
        )
        return entry


def ledger_of(database: Database) -> tuple[Ledger, bytes]:
    """Return the district's ledger, its chain checked, and its lines as they are exported.

    Raises
    ------
    InvalidDocument
        If an entry is not as it was written.
    """
    with database.session(DISTRICT, read_only=True) as session:
        lines = _lines(session)
    return parse_ledger(lines, NAME), lines


def entry_of(database: Database, number: int) -> Entry:
    """Return an entry of the ledger.

    Raises
    ------
    NotFound
        If there is none of this number.
    """
    ledger, _ = ledger_of(database)
    if not 1 <= number <= len(ledger.entries):
        raise NotFound("entry")
    return ledger.entries[number - 1]


def notices_of(session: TenantSession, *, after: str, limit: int) -> Sequence[Notice]:
    """Return what the session's organisation was told, oldest first.

    Parameters
    ----------
    session
        Of the organisation.
    after
        Only those behind this id.
    limit
        Most to return.
    """
    query = (
        select(NoticeRow)
        .where(NoticeRow.organisation == session.organisation, NoticeRow.id > after)
        .order_by(NoticeRow.id)
        .limit(limit)
    )
    return [
        Notice(row.id, row.number, row.kind, row.scenario, _content(session, row), row.told_at)
        for row in session.scalars(query)
    ]


def line_place(number: int) -> str:
    """Return the place to which an entry is sealed."""
    return f"office_ledger/{number}"


def notice_place(notice: str) -> str:
    """Return the place to which what an organisation is told is sealed."""
    return f"office_notices/{notice}"


def _tell(
    session: TenantSession, organisation: str, entry: Entry, content: Mapping[str, Any]
) -> None:
    notice = new_id("ntc")
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    session.add(
        NoticeRow(
            id=notice,
            organisation=organisation,
            number=entry.body.number,
            kind=entry.body.kind.value,
            scenario=entry.body.subject,
            content=_sealed(session, organisation, notice_place(notice), text),
            told_at=utc_now(),
        )
    )


def _ledger(session: TenantSession) -> Ledger:
    return parse_ledger(_lines(session), NAME)


def _lines(session: TenantSession) -> bytes:
    rows = session.scalars(select(LedgerRow).order_by(LedgerRow.number)).all()
    return b"".join(
        # A line that was made another organisation's does not open.
        session.cipher.open(row.line, organisation=DISTRICT, place=line_place(row.number))
        for row in rows
    )


def _sealed(session: TenantSession, organisation: str, place: str, text: bytes) -> bytes:
    return session.cipher.seal(text, organisation=organisation, place=place)


def notice_text(session: TenantSession, row: NoticeRow) -> bytes:
    """Return what an organisation is told, as JSON."""
    place = notice_place(row.id)
    return session.cipher.open(row.content, organisation=row.organisation, place=place)


def _content(session: TenantSession, row: NoticeRow) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(notice_text(session, row))
    return content
