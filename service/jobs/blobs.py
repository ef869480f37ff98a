"""Documents under the digest of their content: stored once, packed and sealed.

The digest is one of the organisation's own: the same document of two organisations is two
blobs, so that nobody learns from a quick answer what another has planned.
"""

from __future__ import annotations

import zlib

from sqlalchemy import select

from service.database import raw
from service.database.cipher import FieldCipher
from service.database.clock import utc_now
from service.database.digests import digest_of
from service.database.faults import NotFound
from service.database.tenancy import TenantSession
from service.jobs.tables import BlobRow

_LEVEL = 3  # Twice as quick as the library's default, and scenarios grow by a tenth only.


def pack_blob(cipher: FieldCipher, organisation: str, content: bytes) -> BlobRow:
    """Return a document ready to be stored.

    This is the part that takes time; it touches no row, so that nobody has to wait for it.
    """
    digest = digest_of(content)
    packed = zlib.compress(content, _LEVEL)
    return BlobRow(
        organisation=organisation,
        digest=digest,
        size=len(content),
        content=cipher.seal(packed, organisation=organisation, place=blob_place(digest)),
        created_at=utc_now(),
    )


def store_blob(session: TenantSession, packed: BlobRow) -> str:
    """Store a packed document if it is not there yet, and return its digest."""
    packed.created_at = utc_now()
    raw.insert_or_touch(session, packed, touched="created_at")
    return packed.digest


def put_blob(session: TenantSession, organisation: str, content: bytes) -> str:
    """Pack and store a document, and return its digest.

    Parameters
    ----------
    session
        Of that organisation, or of scope `SYSTEM`.
    organisation
        Whose document it is.
    content
        The document, of any length.
    """
    return store_blob(session, pack_blob(session.cipher, organisation, content))


def get_blob(session: TenantSession, organisation: str, digest: str) -> bytes:
    """Return a document.

    Raises
    ------
    NotFound
        If the organisation has none with this digest.
    SecretsMismatch
        If it cannot be opened.
    """
    query = select(BlobRow).where(BlobRow.organisation == organisation, BlobRow.digest == digest)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("document")
    packed = session.cipher.open(row.content, organisation=organisation, place=blob_place(digest))
    return zlib.decompress(packed)


def blob_place(digest: str) -> str:
    """Return the place to which a document is sealed."""
    return f"blobs/{digest}"
