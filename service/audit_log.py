"""The audit log: who did what to whose data, each entry chained to the one before.

An entry's link is a keyed digest over the entry and the link before it. Whoever changes,
inserts or removes an entry without the installation's secrets breaks the chain from there on;
the database itself refuses to change or delete one. What a chain cannot show is that its newest
entries were cut off together with its head: keep the head that an export ends with elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from service.database.clock import utc_now
from service.database.columns import CODE, DIGEST, ID, ORGANISATION
from service.database.secrets import Secrets
from service.database.tables import Base, Owned
from service.database.tenancy import TenantSession

HEAD = 1
BEGINNING = "0" * 64
"What the first entry is chained to."

INSTALLATION = "installation"
"Stands for the organisation of an entry that concerns none of them."

_PAGE = 500


class AuditRow(Owned, Base):
    """One entry of the audit log; the database refuses to change or delete it."""

    __tablename__ = "audit_log"

    # No reference to `organisations`: an entry outlives whatever it speaks of.
    organisation: Mapped[str] = mapped_column(ORGANISATION, index=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(ID)
    action: Mapped[str] = mapped_column(CODE)
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(DIGEST)
    link: Mapped[str] = mapped_column(DIGEST)


class AuditHeadRow(Base):
    """The last entry of the audit log: what the next one is chained to."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    link: Mapped[str] = mapped_column(DIGEST)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log.

    Attributes
    ----------
    number
        1, 2, 3 ... over all organisations.
    at
        Moment in UTC.
    organisation
        Whose data it concerns; ``installation`` for none.
    actor
        Public part of a key; ``service`` or ``command`` for the program itself.
    action
        What was done, such as ``people.read``.
    subject
        To what: an id.
    details
        Ids and counts; never a name or a health value.
    previous, link
        Chain: link of the entry before, and of this one.
    """

    number: int
    at: datetime
    organisation: str
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]
    previous: str
    link: str

    def to_json(self) -> str:
        """Return the entry as one line of an export."""
        return _canonical({**asdict(self), "at": self.at.isoformat(timespec="milliseconds")})

    @classmethod
    def from_json(cls, line: str) -> AuditEntry:
        """Read one line of an export.

        Raises
        ------
        ValueError
            If it is no such line.
        """
        try:
            fields = json.loads(line)
            return cls(**{**fields, "at": datetime.fromisoformat(fields["at"]).astimezone(UTC)})
        except (TypeError, KeyError) as error:
            raise ValueError("This is no line of an audit log.") from error


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What became of checking a chain.

    Attributes
    ----------
    entries
        How many were checked.
    broken_at
        Number of the first entry that is not as it was written; None if all are.
    head
        Link of the last entry.
    """

    entries: int
    broken_at: int | None
    head: str

    @property
    def holds(self) -> bool:
        """Whether every entry is as it was written."""
        return self.broken_at is None


def append_entry(
    session: TenantSession,
    *,
    actor: str,
    action: str,
    subject: str,
    details: Mapping[str, Any] | None = None,
    organisation: str | None = None,
) -> AuditEntry:
    """Write an entry in the session's transaction: what it tells of happens with it or not at all.

    Call it late in the transaction, since until its end nobody else can write an entry.

    Parameters
    ----------
    session
        The session that does what is written down.
    actor, action, subject, details
        See `AuditEntry`.
    organisation
        Needed in a session of scope `SYSTEM` only; `INSTALLATION` if none is concerned.
    """
    head = lock_log(session)
    plain = AuditEntry(
        number=head.number + 1,
        at=utc_now(),
        organisation=organisation or session.organisation,
        actor=actor,
        action=action,
        subject=subject[:200],
        details=dict(details or {}),
        previous=head.link,
        link="",
    )
    link = _link(_key(session.secrets), plain)
    entry = AuditEntry(**{**_fields(plain), "link": link})
    session.add(AuditRow(**_fields(entry)))
    head.number, head.link = entry.number, entry.link
    session.flush()
    return entry


def lock_log(session: TenantSession) -> AuditHeadRow:
    """Return the end of the chain; until the transaction's end nobody else can write an entry."""
    query = select(AuditHeadRow).where(AuditHeadRow.id == HEAD).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def read_entries(session: TenantSession, *, after: int = 0) -> Iterator[AuditEntry]:
    """Return the entries in the session's scope beyond a number, oldest first."""
    while True:
        query = (
            select(AuditRow).where(AuditRow.number > after).order_by(AuditRow.number).limit(_PAGE)
        )
        rows = session.scalars(query).all()
        for row in rows:
            yield _entry(row)
        if len(rows) < _PAGE:
            return
        after = rows[-1].number
        session.expunge_all()


def verify_audit_log(session: TenantSession) -> AuditCheck:
    """Check the whole chain and its head; the session is of scope `SYSTEM`."""
    check = verify_entries(read_entries(session), session.secrets, is_whole=True)
    head = session.scalars(select(AuditHeadRow).where(AuditHeadRow.id == HEAD)).one()
    if check.holds and (head.number, head.link) != (check.entries, check.head):
        return AuditCheck(check.entries, check.entries + 1, check.head)
    return check


def verify_entries(
    entries: Iterable[AuditEntry], secrets: Secrets, *, is_whole: bool
) -> AuditCheck:
    """Check entries, for instance those of an export.

    Parameters
    ----------
    entries
        Oldest first.
    secrets
        Those of the installation that wrote them.
    is_whole
        Whether the entries are the log from its beginning. An organisation's own export has
        gaps where the others' entries are; each of its entries is then checked by itself.
    """
    key = _key(secrets)
    count, number, head = 0, 0, BEGINNING
    for entry in entries:
        count += 1
        follows = entry.number == number + 1 and entry.previous == head
        is_later = entry.number > number
        genuine = hmac.compare_digest(_link(key, entry), entry.link)
        if not genuine or not (follows if is_whole else is_later):
            return AuditCheck(count, number + 1 if is_whole else entry.number, head)
        number, head = entry.number, entry.link
    return AuditCheck(count, None, head)


def _fields(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in AuditEntry.__slots__}


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(**{name: getattr(row, name) for name in AuditEntry.__slots__})


def _key(secrets: Secrets) -> bytes:
    return hmac.digest(secrets.pepper, b"homecare audit log", hashlib.sha256)


def _link(key: bytes, entry: AuditEntry) -> str:
    fields = _fields(entry)
    del fields["link"]
    fields["at"] = entry.at.isoformat(timespec="milliseconds")
    return hmac.new(key, _canonical(fields).encode(), hashlib.sha256).hexdigest()


def _canonical(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
