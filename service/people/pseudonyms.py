"""Names for people by which a district analyst can follow somebody without knowing who it is."""

from __future__ import annotations

import hashlib
import hmac

from service.database.secrets import Secrets


def pseudonym(secrets: Secrets, organisation: str, person: str) -> str:
    """Return a stable name for a person from which the id cannot be found.

    The same id of two organisations has two pseudonyms.

    Parameters
    ----------
    secrets
        Those of the installation; with others, pseudonyms are others.
    organisation, person
        Whose, and the id.
    """
    key = hmac.digest(secrets.pepper, b"homecare pseudonyms", hashlib.sha256)
    digest = hmac.digest(key, f"{organisation}\n{person}".encode(), hashlib.sha256)
    return f"P{digest.hex()[:16].upper()}"
