"""Sealing everything anew after the installation has got a new encryption key."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from optimizer.errors import UsageError
from service.administration.opening import known_secrets, opened
from service.audit_log import INSTALLATION, append_entry
from service.auth.installation import CHECK_PLACE
from service.auth.tables import InstallationRow
from service.database.engine import Database
from service.database.scope import DISTRICT, SYSTEM
from service.database.secrets import VARIABLE
from service.database.tables import Base
from service.database.tenancy import TenantSession
from service.drafts.store import move_place
from service.drafts.tables import DraftMoveRow
from service.idempotency import AnswerRow, answer_place
from service.jobs.blobs import blob_place
from service.jobs.queue import checkpoint_place
from service.jobs.tables import BlobRow, CheckpointRow
from service.office.evidence import evidence_place
from service.office.ledger import line_place, notice_place
from service.office.tables import EvidenceRow, LedgerRow, NoticeRow
from service.people.personal_data import place_of
from service.people.tables import PersonalRow
from service.settings import Settings
from service.webhooks.endpoints import address_place, secret_place
from service.webhooks.tables import WebhookRow

BATCH = 50
"Number of rows sealed anew in one transaction."

SEALED: Mapping[tuple[type[Base], str], Callable[[Any], str]] = MappingProxyType(
    {
        (AnswerRow, "content"): lambda row: answer_place(row.key),
        (BlobRow, "content"): lambda row: blob_place(row.digest),
        (CheckpointRow, "content"): lambda row: checkpoint_place(row.job),
        (DraftMoveRow, "content"): lambda row: move_place(row.draft, row.number),
        (EvidenceRow, "content"): lambda row: evidence_place(row.id),
        (InstallationRow, "secrets_check"): lambda _row: CHECK_PLACE,
        (LedgerRow, "line"): lambda row: line_place(row.number),
        (NoticeRow, "content"): lambda row: notice_place(row.id),
        (PersonalRow, "sealed"): place_of,
        (WebhookRow, "address"): lambda row: address_place(row.id),
        (WebhookRow, "secret"): lambda row: secret_place(row.id),
    }
)
"Every sealed column, and the place that its values are bound to."


def seal_anew(database: Database, *, actor: str) -> int:
    """Seal with the current key what is still sealed with an older one; return the number.

    It may be interrupted and begun again. Afterwards the older keys are needed for backups
    only.

    Parameters
    ----------
    database
        Opened with secrets that hold the old keys and the new one.
    actor
        Who asked for it.
    """
    total = 0
    for mapped, column in SEALED:
        done = 0
        while (seen := _batch(database, mapped, column, done)) is not None:
            count, changed = seen
            done, total = done + count, total + changed
    with database.session(SYSTEM) as session:
        append_entry(
            session,
            actor=actor,
            action="secrets.rotate",
            subject=database.secrets.current,
            details={"rows": total},
            organisation=INSTALLATION,
        )
    return total


def rotate_secrets(settings: Settings, *, actor: str) -> int:
    """Add a new encryption key, seal everything with it, and return the number of rows.

    The file has the new key before a row is sealed with it, and keeps the old ones, which
    backups made so far need.

    Raises
    ------
    UsageError
        If the secrets come from the environment, where nothing can be written.
    """
    if settings.secrets is not None or VARIABLE in os.environ:
        raise UsageError("Secrets from the environment are rotated where they are kept.")
    secrets = known_secrets(settings).rotated()
    secrets.replace(settings.secrets_file)
    with opened(settings, secrets=secrets) as database:
        return seal_anew(database, actor=actor)


def _batch(
    database: Database, mapped: type[Base], column: str, offset: int
) -> tuple[int, int] | None:
    with database.session(SYSTEM) as session:
        order = [getattr(mapped, key.name) for key in mapped.__mapper__.primary_key]
        query = select(mapped).order_by(*order).offset(offset).limit(BATCH).with_for_update()
        rows = session.scalars(query).all()
        changed = sum(_seal(session, row, column, SEALED[mapped, column](row)) for row in rows)
        return (len(rows), changed) if rows else None


def _seal(session: TenantSession, row: Base, column: str, place: str) -> bool:
    sealed: bytes | None = getattr(row, column)
    if sealed is None or session.cipher.key_id(sealed) == session.cipher.current:
        return False
    organisation = getattr(row, "organisation", DISTRICT)
    plain = session.cipher.open(sealed, organisation=organisation, place=place)
    setattr(row, column, session.cipher.seal(plain, organisation=organisation, place=place))
    return True
