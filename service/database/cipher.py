"""Encryption of single fields and documents: AES-256-GCM, with the id of the key in front.

Each organisation has keys of its own, derived from the installation's. A sealed value is bound
to its place (table, row, field), so that one copied elsewhere cannot be opened there.
"""

from __future__ import annotations

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.database.faults import SecretsMismatch
from service.database.secrets import Secrets

_NONCE_BYTES = 12
_FORM = 1


class FieldCipher:
    """Seals and opens values.

    Parameters
    ----------
    secrets
        The installation's keys. At most 2**32 values should be sealed with one of them per
        organisation; `Secrets.rotated` gives a new one.
    """

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._key = lru_cache(maxsize=1024)(self._derived)

    def seal(self, plain: bytes, *, organisation: str, place: str) -> bytes:
        """Return the sealed form of `plain`.

        Parameters
        ----------
        organisation
            Whose it is; chooses the key.
        place
            Where it is stored, for instance ``personal_data/C0001/name``; must be given again
            to open it.
        """
        key_id = self._secrets.current
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._key(organisation, key_id).encrypt(nonce, plain, place.encode())
        name = key_id.encode()
        return bytes([_FORM, len(name)]) + name + nonce + sealed

    def open(self, sealed: bytes, *, organisation: str, place: str) -> bytes:
        """Return what was sealed.

        Raises
        ------
        SecretsMismatch
            If the key is not known, or the value was altered or belongs elsewhere.
        """
        key_id = self.key_id(sealed)
        if key_id not in self._secrets.keys:
            raise SecretsMismatch
        start = 2 + len(key_id)
        nonce, body = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        try:
            return self._key(organisation, key_id).decrypt(nonce, body, place.encode())
        except (InvalidTag, ValueError) as error:
            raise SecretsMismatch from error

    def key_id(self, sealed: bytes) -> str:
        """Return the id of the key that a value was sealed with.

        Raises
        ------
        SecretsMismatch
            If it is no sealed value.
        """
        if len(sealed) < 2 or sealed[0] != _FORM or len(sealed) < 2 + sealed[1]:
            raise SecretsMismatch
        return sealed[2 : 2 + sealed[1]].decode("ascii", errors="replace")

    @property
    def current(self) -> str:
        """Id of the key that new values are sealed with."""
        return self._secrets.current

    def _derived(self, organisation: str, key_id: str) -> AESGCM:
        return AESGCM(self._secrets.derive(key_id, f"field/{organisation}"))
