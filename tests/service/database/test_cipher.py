"""Sealed values can be opened where they belong, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.database.cipher import FieldCipher
from service.database.faults import SecretsMismatch
from service.database.secrets import Secrets

CIPHER = FieldCipher(Secrets.for_tests())
HERE = {"organisation": "A", "place": "personal_data/C0001/name"}


@given(st.binary(max_size=200))
def test_what_is_sealed_can_be_opened(plain: bytes) -> None:
    """Opening undoes sealing, and the sealed form does not hold the plain one."""
    sealed = CIPHER.seal(plain, **HERE)
    assert CIPHER.open(sealed, **HERE) == plain
    assert len(plain) < 4 or plain not in sealed


def test_the_same_value_is_sealed_otherwise_each_time() -> None:
    """Equal names cannot be told from their sealed forms."""
    assert CIPHER.seal(b"name", **HERE) != CIPHER.seal(b"name", **HERE)


@pytest.mark.parametrize(
    ("organisation", "place"),
    [
        ("B", "personal_data/C0001/name"),  # another organisation
        ("A", "personal_data/C0002/name"),  # another row
        ("A", "personal_data/C0001/phone"),  # another field
    ],
)
def test_a_value_cannot_be_opened_elsewhere(organisation: str, place: str) -> None:
    """A sealed value that is copied to another place is worthless there."""
    sealed = CIPHER.seal(b"name", **HERE)
    with pytest.raises(SecretsMismatch):
        CIPHER.open(sealed, organisation=organisation, place=place)


@given(st.data())
def test_an_altered_value_is_refused(data: st.DataObject) -> None:
    """One bit changed anywhere, and the value is not opened."""
    sealed = bytearray(CIPHER.seal(b"name", **HERE))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SecretsMismatch):
        CIPHER.open(bytes(sealed), **HERE)


@given(st.binary(max_size=60))
def test_anything_else_is_refused(sealed: bytes) -> None:
    """Bytes that were never sealed lead to a plain refusal."""
    with pytest.raises(SecretsMismatch):
        CIPHER.open(sealed, **HERE)


def test_old_values_stay_readable_after_a_rotation() -> None:
    """New values are sealed with the new key, old ones opened with the old."""
    old = Secrets.for_tests()
    new = old.rotated()
    sealed = FieldCipher(old).seal(b"name", **HERE)
    cipher = FieldCipher(new)
    assert cipher.open(sealed, **HERE) == b"name"
    assert cipher.key_id(cipher.seal(b"name", **HERE)) == new.current != old.current


def test_without_its_key_a_value_stays_shut() -> None:
    """A key that was thrown away takes its values along."""
    new = Secrets.for_tests().rotated()
    sealed = CIPHER.seal(b"name", **HERE)
    alone = replace(new, keys={new.current: new.keys[new.current]})
    with pytest.raises(SecretsMismatch):
        FieldCipher(alone).open(sealed, **HERE)
