"""API keys: who has one is let in, and nobody else."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from optimizer.errors import UsageError
from service.audit_log import read_entries
from service.auth.keys import (
    NewKey,
    Unauthenticated,
    authenticate,
    create_key,
    ensure_first_key,
    list_keys,
    revoke_key,
)
from service.auth.permissions import DISTRICT_ROLES, Principal, Role
from service.auth.tables import KeyRow
from service.database.clock import utc_now
from service.database.engine import Database
from service.database.faults import NotFound, SecretsMismatch
from service.database.scope import DISTRICT, SYSTEM
from service.database.secrets import Secrets


def test_a_key_leads_to_its_organisation_and_role(database: Database) -> None:
    """The text of a key stands for who it was made for."""
    key = create_key(database, "A", Role.PLANNER, label="dispatch desk")
    assert authenticate(database, key.text) == Principal(key.key_id, "A", Role.PLANNER)
    assert key.text.startswith(f"hc_{key.key_id}_")


def spoilt(text: str) -> list[str]:
    """Return texts that are nearly a key."""
    head, key_id, secret = text.split("_")
    flipped = ("0" if secret[0] != "0" else "1") + secret[1:]
    return [
        "",
        "hc_",
        f"{head}_{key_id}",
        f"{head}_{key_id}_",
        f"{head}_{key_id}_{flipped}",
        f"{head}_{'0' * 16}_{secret}",  # an id that is not there
        f"{head}_{key_id}_{secret}0",
        f"{head}_{key_id}_{secret.upper()}",
        f"HC_{key_id}_{secret}",
        f" {text}",
        f"{text}\n",
        text * 1000,
        "hc_é_é",
        "' OR 1=1 --",
    ]


def test_anything_else_is_refused(database: Database) -> None:
    """A text that is not exactly a key leads nowhere, whatever it is."""
    key = create_key(database, "A", Role.VIEWER)
    for text in spoilt(key.text):
        with pytest.raises(Unauthenticated):
            authenticate(database, text)


def test_a_revoked_key_is_over_at_once(database: Database) -> None:
    """Revoking ends a key; doing it twice changes nothing."""
    key = create_key(database, "A", Role.VIEWER)
    for _ in range(2):
        revoke_key(database, key.key_id, scope="A", actor="key")
    with pytest.raises(Unauthenticated):
        authenticate(database, key.text)


def test_a_key_may_end_by_itself(database: Database) -> None:
    """After its last moment a key is refused."""
    past = create_key(database, "A", Role.VIEWER, expires_at=utc_now() - timedelta(seconds=1))
    future = create_key(database, "A", Role.VIEWER, expires_at=utc_now() + timedelta(hours=1))
    with pytest.raises(Unauthenticated):
        authenticate(database, past.text)
    assert authenticate(database, future.text).key_id == future.key_id


def test_the_secret_is_kept_nowhere(database: Database) -> None:
    """The table holds a check value that depends on the pepper, and printing shows no secret."""
    key = create_key(database, "A", Role.VIEWER)
    secret = key.text.rsplit("_", 1)[1]
    with database.session(SYSTEM, read_only=True) as session:
        row = session.scalars(select(KeyRow).where(KeyRow.id == key.key_id)).one()
    assert secret not in repr(key)
    assert bytes.fromhex(secret) not in row.check_value
    assert secret.encode() not in row.check_value


def test_keys_are_listed_and_revoked_within_the_organisation(database: Database) -> None:
    """Nobody sees or ends a key of another organisation."""
    key = create_key(database, "A", Role.ADMIN, label="office")
    create_key(database, "B", Role.ADMIN)
    assert [(found.id, found.label) for found in list_keys(database, "A")] == [
        (key.key_id, "office")
    ]
    with pytest.raises(NotFound):
        revoke_key(database, key.key_id, scope="B", actor="key")
    assert authenticate(database, key.text).organisation == "A"


@pytest.mark.parametrize("organisation", ["B", "C"])
def test_an_administrator_makes_keys_of_the_own_organisation(
    database: Database, organisation: str
) -> None:
    """Within a scope there is no other organisation to make a key for."""
    with pytest.raises(NotFound):
        create_key(database, organisation, Role.VIEWER, scope="A")


@pytest.mark.parametrize("role", sorted(DISTRICT_ROLES))
def test_roles_of_the_district_are_for_the_district(database: Database, role: Role) -> None:
    """No organisation can get a key that reaches beyond it."""
    with pytest.raises(UsageError):
        create_key(database, "A", role, scope="A")
    assert create_key(database, DISTRICT, role).text


def test_a_label_has_its_limit(database: Database) -> None:
    """A label is a few words."""
    with pytest.raises(UsageError):
        create_key(database, "A", Role.VIEWER, label="x" * 201)


def test_keys_are_in_the_log(database: Database) -> None:
    """Making and revoking a key is written down with who did it."""
    key = create_key(database, "A", Role.VIEWER, created_by="office")
    revoke_key(database, key.key_id, scope="A", actor="office")
    with database.session("A", read_only=True) as session:
        log = [(entry.actor, entry.action, entry.subject) for entry in read_entries(session)]
    assert log[-2:] == [
        ("office", "keys.create", key.key_id),
        ("office", "keys.revoke", key.key_id),
    ]


def test_the_first_start_makes_one_key(database_url: str) -> None:
    """A new installation has one key, which may do everything; later starts make none."""
    database = Database.open(database_url, secrets=Secrets.for_tests())
    database.migrate()
    key = ensure_first_key(database)
    assert key is not None
    assert authenticate(database, key.text).role is Role.DISTRICT_ADMIN
    assert ensure_first_key(database) is None
    assert len(list_keys(database, SYSTEM)) == 1
    database.close()


def test_processes_that_start_together_make_one_key(database_url: str) -> None:
    """Of several first starts at once, one makes the key."""
    found: list[NewKey | None] = []
    database = Database.open(database_url, secrets=Secrets.for_tests())
    database.migrate()

    def start() -> None:
        found.append(ensure_first_key(database))

    threads = [threading.Thread(target=start) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 5
    assert len([key for key in found if key is not None]) == 1
    database.close()


def test_other_secrets_are_noticed_at_the_start(sqlite_url: str) -> None:
    """A database that was begun with other secrets is not served with the wrong ones."""
    database = Database.open(sqlite_url, secrets=Secrets.for_tests())
    database.migrate()
    ensure_first_key(database)
    database.close()
    other = Database.open(sqlite_url, secrets=Secrets.generate())
    with pytest.raises(SecretsMismatch):
        ensure_first_key(other)
    other.close()
