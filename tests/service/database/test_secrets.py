"""Where the secrets of an installation come from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimizer.errors import UsageError
from service.database.secrets import VARIABLE, Secrets

GOOD = {"pepper": "cA" + "A" * 41 + "=", "keys": {"k1": "a2" + "A" * 41 + "="}, "current": "k1"}


def test_the_first_start_makes_them(tmp_path: Path) -> None:
    """Without a file they are made, for the owner only, and found again."""
    file = tmp_path / "folder" / "secrets.json"
    made = Secrets.load(file, {})
    assert file.stat().st_mode & 0o777 == 0o600
    assert Secrets.load(file, {}) == made


def test_two_installations_have_others(tmp_path: Path) -> None:
    """There are no default secrets."""
    first = Secrets.load(tmp_path / "first.json", {})
    second = Secrets.load(tmp_path / "second.json", {})
    assert first.pepper != second.pepper
    assert set(first.keys.values()).isdisjoint(second.keys.values())


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    """With the variable set, no file is read and none is made."""
    file = tmp_path / "secrets.json"
    assert Secrets.load(file, {VARIABLE: json.dumps(GOOD)}).current == "k1"
    assert not file.exists()


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """Secrets that lie open are none."""
    file = tmp_path / "secrets.json"
    Secrets.load(file, {})
    file.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        Secrets.load(file, {})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        json.dumps({**GOOD, "pepper": "c2hvcnQ="}),  # too short
        json.dumps({**GOOD, "pepper": "no base64!"}),
        json.dumps({**GOOD, "keys": {}}),  # no key
        json.dumps({**GOOD, "keys": ["k1"]}),
        json.dumps({**GOOD, "current": "k2"}),  # a key that is not there
    ],
)
def test_other_texts_are_refused_without_being_quoted(text: str) -> None:
    """A wrong text is told by its source, never by what is in it."""
    with pytest.raises(UsageError) as caught:
        Secrets.parse(text, "secrets.json")
    assert "c2hvcnQ=" not in str(caught.value)


def test_secrets_are_not_shown() -> None:
    """Printing them shows the id of the key and nothing more."""
    shown = repr(Secrets.for_tests())
    assert "current='test'" in shown
    assert "kkkk" not in shown
    assert "pppp" not in shown
