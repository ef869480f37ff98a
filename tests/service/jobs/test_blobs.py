"""Documents under the digest of their content."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from service.database.digests import digest_of
from service.database.engine import Database
from service.database.faults import NotFound, SecretsMismatch
from service.database.scope import SYSTEM
from service.jobs.blobs import get_blob, put_blob
from service.jobs.tables import BlobRow

TEXT = b'{"name": "canary"}' * 50


def test_a_document_comes_back_as_it_was(database: Database) -> None:
    """What is stored under its digest is what is read."""
    with database.session("A") as session:
        digest = put_blob(session, "A", TEXT)
    with database.session("A", read_only=True) as session:
        assert get_blob(session, "A", digest) == TEXT
    assert digest == digest_of(TEXT)


def test_the_same_document_is_stored_once(database: Database) -> None:
    """A repetition costs no room."""
    for _ in range(3):
        with database.session("A") as session:
            put_blob(session, "A", TEXT)
    with database.session("A", read_only=True) as session:
        assert session.scalars(select(func.count()).select_from(BlobRow)).one() == 1


def test_the_same_document_of_two_organisations_is_two(database: Database) -> None:
    """Nothing is shared: each has its own row, sealed with a key of its own."""
    for organisation in ("A", "B"):
        with database.session(organisation) as session:
            digest = put_blob(session, organisation, TEXT)
    with database.session(SYSTEM, read_only=True) as session:
        rows = session.scalars(select(BlobRow).where(BlobRow.digest == digest)).all()
        assert sorted(row.organisation for row in rows) == ["A", "B"]


def test_a_foreign_digest_leads_nowhere(database: Database) -> None:
    """Whoever learns the digest of another's document cannot read it by it."""
    with database.session("B") as session:
        digest = put_blob(session, "B", TEXT)
    with database.session("A", read_only=True) as session:
        for owner in ("A", "B"):
            with pytest.raises(NotFound):
                get_blob(session, owner, digest)


def test_what_lies_in_the_table_is_packed_and_sealed(database: Database) -> None:
    """Whoever reads the file of the database reads no document."""
    with database.session("A") as session:
        digest = put_blob(session, "A", TEXT)
    with database.session("A", read_only=True) as session:
        row = session.find(BlobRow, "A", digest)
    assert row is not None
    assert b"canary" not in row.content
    assert len(row.content) < len(TEXT) / 5


def test_a_document_that_was_altered_is_refused(database: Database) -> None:
    """A changed row is found out when it is read."""
    with database.session("A") as session:
        digest = put_blob(session, "A", TEXT)
    with database.session("A") as session:
        row = session.find(BlobRow, "A", digest)
        assert row is not None
        row.content = row.content[:-1] + bytes([row.content[-1] ^ 1])
    with database.session("A", read_only=True) as session, pytest.raises(SecretsMismatch):
        get_blob(session, "A", digest)
