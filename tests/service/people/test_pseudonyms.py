"""Pseudonyms of an analyst."""

from __future__ import annotations

from service.database.secrets import Secrets
from service.people.pseudonyms import pseudonym


def test_pseudonyms_are_stable_and_of_one_organisation() -> None:
    """The same client keeps a pseudonym; the same id elsewhere and other secrets give others."""
    secrets = Secrets.for_tests()
    first = pseudonym(secrets, "A", "C0001")
    assert first == pseudonym(secrets, "A", "C0001")
    others = {
        pseudonym(secrets, "B", "C0001"),
        pseudonym(secrets, "A", "C0002"),
        pseudonym(Secrets.generate(), "A", "C0001"),
    }
    assert len(others | {first}) == 4
    assert "C0001" not in first
