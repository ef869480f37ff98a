"""Settings are read from a file and the environment, and misspelt ones are refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from optimizer.errors import UsageError
from service.database.secrets import VARIABLE
from service.settings import PREFIX, Settings, forget_secrets, read_settings
from tests.architecture.source import ROOT


def written(folder: Path, text: str) -> Path:
    """Return a settings file with this text."""
    path = folder / "homecare.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    """What the file says holds."""
    assert read_settings(written(tmp_path, "port = 9000\n")).port == 9000


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A setting that both give is taken from the environment."""
    monkeypatch.setenv(f"{PREFIX}PORT", "9001")
    assert read_settings(written(tmp_path, "port = 9000\n")).port == 9001


def test_the_environment_may_name_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``HOMECARE_SERVICE_FILE`` is where the settings are, if no argument says so."""
    monkeypatch.setenv(f"{PREFIX}FILE", str(written(tmp_path, "slots = 3\n")))
    assert read_settings().slots == 3


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    """A misspelt setting is named, and the service does not start."""
    with pytest.raises(UsageError, match="prot: is no setting"):
        read_settings(written(tmp_path, "prot = 9000\n"))


def test_an_unknown_name_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """So is one in the environment, by its prefix."""
    monkeypatch.setenv(f"{PREFIX}PROT", "9000")
    with pytest.raises(UsageError, match=f"{PREFIX}PROT"):
        read_settings()


@pytest.mark.parametrize(
    "text",
    [
        'port = "many"\n',  # no number
        "max_days = 32\n",  # longer than any horizon
        "port = \n",  # no TOML
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, text: str) -> None:
    """Values out of range and broken files stop the start with a sentence."""
    with pytest.raises(UsageError):
        read_settings(written(tmp_path, text))


def test_a_file_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    """The sentence is the one that all commands say of a missing file."""
    with pytest.raises(UsageError, match=r"cannot be read: No such file .*; check"):
        read_settings(tmp_path / "missing.toml")


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    """Neither the settings nor a fault in them show a secret."""
    secret = "pepper-that-nobody-may-see-0123456789"  # noqa: S105 (an invented one)
    settings = read_settings(written(tmp_path, f'secrets = "{secret}"\n'))
    assert secret not in repr(settings)
    with pytest.raises(UsageError) as caught:
        read_settings(written(tmp_path, f'secrets = ["{secret}"]\n'))
    assert secret not in str(caught.value)


def test_every_setting_is_explained() -> None:
    """The page on the service has a row for each setting, and each has a sentence in code."""
    page = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    fields = Settings.model_fields.items()
    missing = [name for name, f in fields if f"| `{name}` |" not in page or not f.description]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("password", ["p@ss", "a/b", "a:b#c?d", "100%40", "é 中+&", "'\"\\"])
def test_a_password_may_hold_any_sign(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    """Given apart from the address, it reaches the database as it is."""
    monkeypatch.setenv(f"{PREFIX}DATABASE", "postgresql://homecare@database/homecare")
    monkeypatch.setenv(f"{PREFIX}DATABASE_PASSWORD", password)
    address = make_url(read_settings().database_address)
    assert (address.username, address.password) == ("homecare", password)
    assert (address.host, address.database) == ("database", "homecare")


@pytest.mark.parametrize(
    "address", ["sqlite:///file.db", "postgresql://u:old@host/name", "postgresql://host/name"]
)
def test_a_password_needs_a_user_without_one(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """What would be two passwords, or nobody's, is refused."""
    monkeypatch.setenv(f"{PREFIX}DATABASE", address)
    monkeypatch.setenv(f"{PREFIX}DATABASE_PASSWORD", "new")
    with pytest.raises(UsageError, match="database_password"):
        _ = read_settings().database_address


def test_children_inherit_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once read, what is secret stands in the environment no more; the rest does."""
    for name in ("DATABASE", "DATABASE_PASSWORD", "SECRETS", "PORT"):
        monkeypatch.setenv(f"{PREFIX}{name}", "8080")
    monkeypatch.setenv(VARIABLE, "{}")
    forget_secrets(VARIABLE)
    left = {name for name in os.environ if name.startswith("HOMECARE_S")}
    assert left == {f"{PREFIX}PORT"}
