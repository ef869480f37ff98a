"""Whether the secrets at hand are those with which the database was begun."""

from __future__ import annotations

import hashlib
import hmac

from service.auth.tables import InstallationRow
from service.database.cipher import FieldCipher
from service.database.clock import utc_now
from service.database.faults import SecretsMismatch
from service.database.scope import DISTRICT
from service.database.secrets import Secrets
from service.database.tenancy import TenantSession

INSTALLATION_ROW = 1
CHECK_PLACE = "installation/secrets_check"


def begin_installation(session: TenantSession) -> bool:
    """Write down that the installation has begun; False if it had begun before.

    Raises
    ------
    SecretsMismatch
        If it had begun with other secrets than the present ones.
    """
    row = session.find(InstallationRow, INSTALLATION_ROW)
    if row is not None:
        check_secrets(row.secrets_check, session.secrets)
        return False
    now = utc_now()
    sealed = session.cipher.seal(_trace(session.secrets), organisation=DISTRICT, place=CHECK_PLACE)
    session.add(
        InstallationRow(id=INSTALLATION_ROW, created_at=now, first_key_at=now, secrets_check=sealed)
    )
    return True


def check_secrets(sealed: bytes, secrets: Secrets) -> None:
    """Refuse secrets with which an installation's rows cannot be read.

    Raises
    ------
    SecretsMismatch
        If the pepper or the encryption key is another.
    """
    opened = FieldCipher(secrets).open(sealed, organisation=DISTRICT, place=CHECK_PLACE)
    if not hmac.compare_digest(opened, _trace(secrets)):
        raise SecretsMismatch


def _trace(secrets: Secrets) -> bytes:
    """Return what tells one pepper from another without giving it away."""
    return hmac.digest(secrets.pepper, b"homecare", hashlib.sha256)
