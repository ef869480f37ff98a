"""Files as bytes: plain, or packed with gzip or xz."""

from __future__ import annotations

import gzip
import io
import lzma
import zlib
from pathlib import Path

from optimizer.errors import UnreadableFile, UsageError
from optimizer.i18n import cause_of_refusal, say

LARGEST = 1 << 30
"Bytes a file may unpack to; a matrix of 10,000 places does not fit, one of 5,000 does."

_GZIP, _XZ = b"\x1f\x8b", b"\xfd7zXZ\x00"


def read_bytes(path: Path) -> bytes:
    """Return a file's content, unpacked if it is packed, whatever its name.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked, or is too large.
    """
    try:
        raw = path.read_bytes()
        packed = io.BytesIO(raw)
        if raw.startswith(_GZIP):
            with gzip.open(packed) as stream:
                raw = stream.read(LARGEST + 1)
        elif raw.startswith(_XZ):
            with lzma.open(packed) as stream:
                raw = stream.read(LARGEST + 1)
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        message = say("usage.unpackable", path=path.name, why=error)
        raise UnreadableFile(message) from error
    except OSError as error:
        raise UnreadableFile(
            say("usage.unreadable", path=path, why=cause_of_refusal(error))
        ) from error
    if len(raw) > LARGEST:
        raise UnreadableFile(say("usage.too_large", path=path.name, size=LARGEST >> 20))
    return raw


def write_bytes(path: Path, raw: bytes) -> None:
    """Write a file, packed as its name says; the same content gives the same bytes.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    if path.suffix == ".gz":
        raw = gzip.compress(raw, mtime=0)
    elif path.suffix == ".xz":
        raw = lzma.compress(raw)
    try:
        path.write_bytes(raw)
    except OSError as error:
        raise UsageError(say("usage.unwritable", path=path, why=cause_of_refusal(error))) from error
