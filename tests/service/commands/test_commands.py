"""``homecare service``: looking after an installation from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.audit_log import read_entries
from service.auth.keys import Unauthenticated, authenticate, ensure_first_key
from service.auth.permissions import Role
from service.database.engine import Database
from service.database.scope import SYSTEM
from service.database.secrets import Secrets
from service.people.personal_data import PersonalField, PersonKind, write_person
from tests.cli.conftest import Run

CANARY = "Canary-Wang"


def address(folder: Path) -> str:
    """Return the address of the database in a folder."""
    return f"sqlite:///{folder / 'homecare.db'}"


def point_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the settings lead to a folder."""
    monkeypatch.setenv("HOMECARE_SERVICE_DATABASE", address(folder))
    monkeypatch.setenv("HOMECARE_SERVICE_SECRETS_FILE", str(folder / "homecare.secrets"))


def opened(folder: Path) -> Database:
    """Open the database in a folder."""
    secrets = Secrets.load(folder / "homecare.secrets", {})
    return Database.open(address(folder), secrets=secrets)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of an installation that the settings lead to."""
    point_at(tmp_path, monkeypatch)
    database = opened(tmp_path)
    database.migrate()
    ensure_first_key(database)
    database.close()
    return tmp_path


@pytest.fixture
def organisation(folder: Path, homecare: Run) -> str:
    """Give the id of an organisation."""
    code, out, _ = homecare("service", "organisations", "add", "north")
    assert code == 0
    assert "north" in out
    return "north"


def test_organisations_are_listed(homecare: Run, organisation: str) -> None:
    """The district's own and those that were added."""
    code, out, _ = homecare("service", "organisations", "list", "--json")
    assert code == 0
    assert [row["id"] for row in json.loads(out)["organisations"]] == ["district", organisation]


def test_a_key_is_created_shown_and_revoked(folder: Path, homecare: Run, organisation: str) -> None:
    """The key that is shown works until it is revoked; the list never shows it."""
    code, out, _ = homecare("service", "keys", "create", organisation, "planner", "--label", "desk")
    text = out.splitlines()[-1]
    assert code == 0
    with_key = opened(folder)
    principal = authenticate(with_key, text)
    assert (principal.organisation, principal.role) == (organisation, Role.PLANNER)
    listed = homecare("service", "keys", "list", "--organisation", organisation)[1]
    assert principal.key_id in listed
    assert "desk" in listed
    assert text not in listed
    assert homecare("service", "keys", "revoke", principal.key_id)[0] == 0
    with pytest.raises(Unauthenticated):
        authenticate(with_key, text)
    with_key.close()


@pytest.mark.parametrize(
    "arguments",
    [
        ("keys", "create", "nowhere", "planner"),  # no such organisation
        ("keys", "create", "district", "king"),  # no such role
        ("keys", "revoke", "0000000000000000"),  # no such key
        ("organisations", "add", "a b"),  # no id
        ("organisations", "add", "district"),  # there already
        ("forget",),  # nobody said --yes
        ("erase", "district", "client", "C0001"),  # likewise
    ],
)
def test_what_cannot_be_done_is_told(homecare: Run, folder: Path, arguments: tuple[str]) -> None:
    """One sentence and the exit code of bad usage."""
    code, _, err = homecare("service", *arguments)
    assert code == 2
    assert len(err.strip().splitlines()) == 1


def test_without_secrets_nothing_is_made(
    tmp_path: Path, homecare: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command in the wrong folder leaves it as it was."""
    point_at(tmp_path, monkeypatch)
    assert homecare("service", "keys", "list")[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_a_backup_goes_back_elsewhere(
    folder: Path,
    homecare: Run,
    organisation: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the backup and the secrets an installation begins again on another machine."""
    file = folder / "backup.gz"
    assert homecare("service", "backup", file)[0] == 0
    other = tmp_path_factory.mktemp("other")
    (folder / "homecare.secrets").rename(other / "homecare.secrets")
    point_at(other, monkeypatch)
    code, out, _ = homecare("service", "restore", file, "--json")
    assert code == 0
    assert json.loads(out)["rows"]["organisations"] == 2
    assert organisation in homecare("service", "organisations", "list")[1]


def test_the_log_is_exported_and_verified(folder: Path, homecare: Run, organisation: str) -> None:
    """Log and export verify, an altered export does not."""
    file = folder / "log.jsonl"
    exported = json.loads(homecare("service", "log", "export", file, "--json")[1])
    code, out, _ = homecare("service", "log", "verify", "--json")
    assert code == 0
    assert exported["head"] == json.loads(out)["head"]
    assert '"log.export"' in file.read_text().splitlines()[-1]
    assert homecare("service", "log", "verify", file)[0] == 0
    own = folder / "own.jsonl"
    homecare("service", "log", "export", own, "--organisation", organisation)
    assert homecare("service", "log", "verify", own, "--organisation", organisation)[0] == 0
    assert homecare("service", "log", "verify", own)[0] == 3
    file.write_text(file.read_text().replace("keys.create", "keys.crumbs"))
    code, out, _ = homecare("service", "log", "verify", file, "--lang", "zh")
    assert code == 3
    assert "校验不通过" in out
    file.write_text("something else\n")
    assert homecare("service", "log", "verify", file)[0] == 3


def test_a_person_is_erased(folder: Path, homecare: Run, organisation: str) -> None:
    """The command deletes what is known and says how much it was."""
    database = opened(folder)
    with database.session(organisation) as session:
        write_person(session, PersonKind.CLIENT, "C0001", {PersonalField.NAME: CANARY}, actor="key")
    code, out, _ = homecare("service", "erase", organisation, "client", "C0001", "--yes", "--json")
    assert code == 0
    assert json.loads(out)["fields"] == 1
    with database.session(SYSTEM, read_only=True) as session:
        assert list(read_entries(session))[-1].action == "people.erase"
    database.close()


def test_old_jobs_are_forgotten(folder: Path, homecare: Run) -> None:
    """With ``--yes`` what is older than it is kept goes; here there is nothing."""
    code, out, _ = homecare("service", "forget", "--days", 30, "--yes", "--json")
    assert code == 0
    assert set(json.loads(out).values()) == {0}


def test_secrets_are_rotated(folder: Path, homecare: Run, organisation: str) -> None:
    """A new key is in the file, the old one stays, and names are read as before."""
    before = Secrets.load(folder / "homecare.secrets", {})
    database = opened(folder)
    with database.session(organisation) as session:
        write_person(session, PersonKind.CLIENT, "C0001", {PersonalField.NAME: CANARY}, actor="key")
    database.close()
    assert homecare("service", "rotate")[0] == 0
    after = Secrets.load(folder / "homecare.secrets", {})
    assert after.current != before.current
    assert after.keys.items() > before.keys.items()
    assert (folder / "homecare.secrets").stat().st_mode & 0o777 == 0o600
    assert homecare("service", "log", "verify")[0] == 0
