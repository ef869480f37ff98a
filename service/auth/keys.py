"""API keys: ``hc_<id>_<secret>``, of which the service keeps a check value only.

The secret has 256 random bits, so that nothing is gained by guessing, and a quick keyed digest
(HMAC-SHA256 with the installation's pepper) is enough; a slow one would only let strangers keep
the service busy.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from optimizer.errors import HomecareError, UsageError
from service.audit_log import HEAD, AuditHeadRow, append_entry
from service.auth.installation import begin_installation
from service.auth.organisations import add_organisation, require_organisation
from service.auth.permissions import DISTRICT_ROLES, Principal, Role
from service.auth.tables import KeyRow
from service.database.clock import utc_now
from service.database.engine import Database
from service.database.faults import NotFound
from service.database.scope import DISTRICT, SYSTEM, Scope
from service.database.secrets import Secrets
from service.database.tenancy import TenantSession

_TEXT = re.compile(r"hc_([0-9a-f]{16})_([0-9a-f]{64})")


class Unauthenticated(HomecareError):
    """The key is missing, unknown, revoked or expired."""

    code = "unauthenticated"
    exit_code = 2
    http_status = 401


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that has just been made: the only moment at which its text is known.

    Attributes
    ----------
    key_id
        Public part.
    text
        What the caller sends; shown once, kept nowhere.
    """

    key_id: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key afterwards.

    Attributes
    ----------
    id, organisation, role, label
        Public part, whose it is, what it may do, and what it is for in its owner's words.
    created_at, expires_at, revoked_at
        Moments in UTC; None if that is not so.
    created_by
        Key that made it, or None for the command line.
    """

    id: str
    organisation: str
    role: Role
    label: str
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    revoked_at: datetime | None


def create_key(
    database: Database,
    organisation: str,
    role: Role,
    *,
    label: str = "",
    created_by: str | None = None,
    expires_at: datetime | None = None,
    scope: Scope = SYSTEM,
) -> NewKey:
    """Create a key.

    Parameters
    ----------
    database
        Where its check value is kept.
    organisation, role
        Whose it is and what it may do. Roles of the district are for the organisation
        ``district`` only.
    label
        What it is for, at most 200 signs; no name of a person.
    created_by
        Key of whoever creates it; None on the command line.
    expires_at
        When it ends by itself; None for never.
    scope
        Bound to the caller's organisation where a key of that organisation asks for it.

    Raises
    ------
    NotFound
        If there is no such organisation within the scope.
    UsageError
        If the role is not for this organisation or the label too long.
    """
    with database.session(scope) as session:
        return add_key(
            session, organisation, role, label=label, created_by=created_by, expires_at=expires_at
        )


def authenticate(database: Database, text: str) -> Principal:
    """Return who calls with a key.

    Parameters
    ----------
    database
        Where check values are kept.
    text
        The key as it was sent.

    Raises
    ------
    Unauthenticated
        If it is not one of ours, or no longer.
    StoreUnavailable
        If the database does not answer.
    """
    match = _TEXT.fullmatch(text)
    if match is None:
        raise Unauthenticated
    with database.session(SYSTEM, read_only=True) as session:
        row = session.find(KeyRow, match[1])
    expected = row.check_value if row is not None else bytes(32)
    genuine = hmac.compare_digest(_check_value(database.secrets, match[1], match[2]), expected)
    if row is None or not genuine or not _is_valid(row):
        raise Unauthenticated
    return Principal(key_id=row.id, organisation=row.organisation, role=Role(row.role))


def insist_on_key(session: TenantSession, key_id: str) -> None:
    """See that a key is still valid.

    Raises
    ------
    Unauthenticated
        If it is revoked, expired, or not in the session's scope.
    """
    row = session.find(KeyRow, key_id)
    if row is None or not _is_valid(row):
        raise Unauthenticated


def list_keys(database: Database, scope: Scope) -> Sequence[Key]:
    """Return the keys within a scope, oldest first; revoked ones too."""
    with database.session(scope, read_only=True) as session:
        rows = session.scalars(select(KeyRow).order_by(KeyRow.created_at, KeyRow.id)).all()
    return [
        Key(
            id=row.id,
            organisation=row.organisation,
            role=Role(row.role),
            label=row.label,
            created_at=row.created_at,
            created_by=row.created_by,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )
        for row in rows
    ]


def revoke_key(database: Database, key_id: str, *, scope: Scope, actor: str) -> None:
    """End a key at once; ending it again does nothing.

    Raises
    ------
    NotFound
        If there is no such key within the scope.
    """
    with database.session(scope) as session:
        row = session.scalars(
            select(KeyRow).where(KeyRow.id == key_id).with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound("key")
        if row.revoked_at is None:
            row.revoked_at = utc_now()
            append_entry(
                session,
                actor=actor,
                action="keys.revoke",
                subject=key_id,
                organisation=row.organisation,
            )


def ensure_first_key(database: Database) -> NewKey | None:
    """Create the first key of a new installation; None if it was created before.

    It is a district administrator's, who may do everything. Its text is to be shown once.

    Raises
    ------
    SecretsMismatch
        If the database was begun with other secrets than the present ones.
    """
    with database.session(SYSTEM) as session:
        # Two processes may start at once: whoever locks the head of the log first goes first.
        session.scalars(select(AuditHeadRow).where(AuditHeadRow.id == HEAD).with_for_update()).one()
        if not begin_installation(session):
            return None
        add_organisation(session, DISTRICT, actor="service")
        return add_key(session, DISTRICT, Role.DISTRICT_ADMIN, label="first key", created_by=None)


def add_key(
    session: TenantSession,
    organisation: str,
    role: Role,
    *,
    label: str = "",
    created_by: str | None = None,
    expires_at: datetime | None = None,
) -> NewKey:
    """Create a key in a session's transaction; see `create_key`.

    Raises
    ------
    NotFound
        If there is no such organisation within the session's scope.
    UsageError
        If the role is not for this organisation or the label too long.
    """
    if role in DISTRICT_ROLES and organisation != DISTRICT:
        raise UsageError(f"The role {role} is for keys of the organisation {DISTRICT} only.")
    if len(label) > 200:
        raise UsageError("A label has at most 200 signs.")
    require_organisation(session, organisation)
    key_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    row = KeyRow(
        id=key_id,
        organisation=organisation,
        role=role.value,
        label=label,
        check_value=_check_value(session.secrets, key_id, secret),
        created_at=utc_now(),
        created_by=created_by,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    append_entry(
        session,
        actor=created_by or "command",
        action="keys.create",
        subject=key_id,
        details={"role": role.value},
        organisation=organisation,
    )
    return NewKey(key_id, f"hc_{key_id}_{secret}")


def _check_value(known: Secrets, key_id: str, secret: str) -> bytes:
    return hmac.digest(known.pepper, f"{key_id}/{secret}".encode(), hashlib.sha256)


def _is_valid(row: KeyRow) -> bool:
    is_over = row.expires_at is not None and row.expires_at <= utc_now()
    return row.revoked_at is None and not is_over
