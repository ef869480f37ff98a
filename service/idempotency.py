"""Requests that make something at once, and not twice when they are repeated.

A repeated request gets the answer that the first one got. Some answers hold a secret that is
told once, such as a new key: they are kept sealed, and for a day only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from service.database.clock import utc_now
from service.database.columns import DIGEST, ORGANISATION
from service.database.digests import digest_of
from service.database.faults import Conflict
from service.database.tables import Base, Owned
from service.database.tenancy import TenantSession


class IdempotencyConflict(Conflict):
    """The idempotency key was used before with another request; use a new one."""

    code = "idempotency-conflict"


class Gone(Conflict):
    """What this request made was ended since; use a new idempotency key to make another."""

    code = "made-and-gone"


SNAPSHOTS = "exports/"
"How the keys of answers begin that were given to the district's analysts; a digest has no `/`."


class AnswerRow(Owned, Base):
    """A sealed answer that is given again, under a digest of who asked and of the key.

    What was told to the district's analysts is one too, under `SNAPSHOTS`, month and number.
    """

    __tablename__ = "answers"

    organisation: Mapped[str] = mapped_column(
        ORGANISATION, ForeignKey("organisations.organisation"), primary_key=True
    )
    key: Mapped[str] = mapped_column(DIGEST, primary_key=True)
    body_digest: Mapped[str] = mapped_column(DIGEST)
    content: Mapped[bytes]
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Idempotency:
    """How the repetition of a request is recognised.

    Attributes
    ----------
    key
        What the caller sent as ``Idempotency-Key``.
    body_digest
        Digest of everything that makes the request what it is (`digest_of`).
    """

    key: str
    body_digest: str


def answered_before(
    session: TenantSession, organisation: str, created_by: str, idempotency: Idempotency
) -> bytes | None:
    """Return the answer to a request if it came before; None if it did not.

    For requests that take long to be worked out: `answer_once` sees to it that a repetition that
    comes meanwhile makes nothing either.

    Raises
    ------
    IdempotencyConflict
        If the key was used for another request.
    """
    key = request_digest(created_by, idempotency)
    return _earlier(session, organisation, key, idempotency)


def answer_once(
    session: TenantSession,
    organisation: str,
    created_by: str,
    idempotency: Idempotency,
    make: Callable[[], bytes],
    is_there: Callable[[bytes], bool] = lambda _answer: True,
) -> bytes:
    """Return what `make` returns, or what it returned when the request came first.

    What is made and its answer are stored in one transaction, so that none is without the other.

    Parameters
    ----------
    session
        Of that organisation, or of scope `SYSTEM`; what is made is made in it.
    organisation, created_by
        Of the caller.
    idempotency
        By what the repetition is recognised.
    make
        Makes the thing and returns the answer.
    is_there
        Whether the thing that an earlier answer speaks of is still there.

    Raises
    ------
    IdempotencyConflict
        If the key was used for another request.
    Gone
        If what the first request made is there no more.
    """
    key = request_digest(created_by, idempotency)
    earlier = _earlier(session, organisation, key, idempotency)
    if earlier is not None:
        if not is_there(earlier):
            raise Gone
        return earlier
    row = AnswerRow(
        organisation=organisation,
        key=key,
        body_digest=idempotency.body_digest,
        content=b"",
        created_at=utc_now(),
    )
    try:
        # Before anything is made: whoever comes second waits here until the first is through.
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        earlier = _earlier(session, organisation, key, idempotency)
        if earlier is None:
            raise
        return earlier
    content = make()
    row.content = session.cipher.seal(content, organisation=organisation, place=answer_place(key))
    return content


def request_digest(created_by: str, idempotency: Idempotency) -> str:
    """Return the digest under which a caller's request is kept, so that the key itself is not."""
    return digest_of(f"{created_by}\n{idempotency.key}".encode())


def answer_place(key: str) -> str:
    """Return the place to which an answer is sealed."""
    return f"answers/{key}"


def _earlier(
    session: TenantSession, organisation: str, key: str, idempotency: Idempotency
) -> bytes | None:
    row = session.find(AnswerRow, organisation, key)
    if row is None:
        return None
    if row.body_digest != idempotency.body_digest:
        raise IdempotencyConflict
    return session.cipher.open(row.content, organisation=organisation, place=answer_place(key))
