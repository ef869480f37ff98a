"""The secrets of an installation: the pepper of API keys and the keys that encrypt fields."""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from optimizer.errors import UsageError

VARIABLE = "HOMECARE_SECRETS"
"Environment variable that may hold the whole text of the file instead."

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must be known to read what is stored, kept outside of the database.

    Attributes
    ----------
    pepper
        32 bytes that go into the check value of every API key.
    keys
        Encryption keys of 32 bytes by their ids. Old ones stay, so that old rows can be read.
    current
        Id of the key that new rows are encrypted with.
    """

    pepper: bytes = field(repr=False)
    keys: Mapping[str, bytes] = field(repr=False)
    current: str

    @classmethod
    def load(cls, file: Path, environ: Mapping[str, str]) -> Secrets:
        """Read the secrets, or make them where there are none yet.

        Parameters
        ----------
        file
            JSON file ``{"pepper": base64, "keys": {id: base64}, "current": id}``. If it is not
            there it is written, readable for its owner only.
        environ
            Environment; ``HOMECARE_SECRETS`` with the same JSON goes before the file.

        Raises
        ------
        UsageError
            If the text is not of that form, or others than the owner can read the file.
        """
        if VARIABLE in environ:
            return cls.parse(environ[VARIABLE], VARIABLE)
        if not file.exists():
            cls.generate().write(file)
        if os.name == "posix" and file.stat().st_mode & 0o077:
            raise UsageError(f"{file}: others can read the secrets; run chmod 600 on it.")
        return cls.parse(file.read_text(encoding="utf-8"), str(file))

    @classmethod
    def generate(cls) -> Secrets:
        """Return new random secrets."""
        key_id = f"k{secrets.token_hex(4)}"
        return cls(
            pepper=secrets.token_bytes(_KEY_BYTES),
            keys={key_id: secrets.token_bytes(_KEY_BYTES)},
            current=key_id,
        )

    @classmethod
    def for_tests(cls) -> Secrets:
        """Return secrets that everybody knows."""
        return cls(pepper=b"p" * _KEY_BYTES, keys={"test": b"k" * _KEY_BYTES}, current="test")

    @classmethod
    def parse(cls, text: str, source: str) -> Secrets:
        """Read secrets from JSON text; `source` names it in errors."""
        try:
            document = json.loads(text)
            pepper = base64.b64decode(document["pepper"], validate=True)
            keys = {
                str(key_id): base64.b64decode(key, validate=True)
                for key_id, key in document["keys"].items()
            }
            current = str(document["current"])
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
            # The text itself must not come up in a message.
            raise UsageError(f"{source}: these secrets are not of the documented form.") from error
        sizes = {len(pepper), *map(len, keys.values())}
        if sizes != {_KEY_BYTES} or current not in keys:
            raise UsageError(f"{source}: pepper and keys need 32 bytes each, and current a key.")
        return cls(pepper=pepper, keys=keys, current=current)

    def write(self, file: Path) -> None:
        """Write a new file that only its owner can read.

        Raises
        ------
        UsageError
            If the file exists or cannot be written.
        """
        document = {
            "pepper": base64.b64encode(self.pepper).decode(),
            "keys": {name: base64.b64encode(key).decode() for name, key in self.keys.items()},
            "current": self.current,
        }
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise UsageError(f"{file}: the secrets cannot be written there.") from error
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(document, stream, indent=2)
            stream.flush()
            os.fsync(stream.fileno())

    def replace(self, file: Path) -> None:
        """Write these secrets in place of a file, which is at no moment only half there.

        Raises
        ------
        UsageError
            If it cannot be written.
        """
        fresh = file.with_name(f"{file.name}.new")
        self.write(fresh)
        try:
            fresh.replace(file)
        except OSError as error:
            raise UsageError(f"{file}: the secrets cannot be written there.") from error

    def rotated(self) -> Secrets:
        """Return these secrets with a new current key; what is stored stays readable."""
        fresh = Secrets.generate()
        return Secrets(self.pepper, {**self.keys, **fresh.keys}, fresh.current)

    def derive(self, key_id: str, purpose: str) -> bytes:
        """Return 32 bytes derived from a key for one purpose (HKDF, RFC 5869)."""
        kdf = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose.encode())
        return kdf.derive(self.keys[key_id])
