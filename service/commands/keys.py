"""``homecare service keys``: who may speak to an installation."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from optimizer.commands import ExitCode
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.i18n import Lang, sentence
from service.administration.opening import ACTOR, opened
from service.auth import keys
from service.auth.permissions import Role
from service.commands.listing import moment, show
from service.database.scope import SYSTEM
from service.settings import read_settings


def create(
    organisation: str,
    role: str,
    label: str,
    settings: Path | None,
    *,
    lang: Lang,
    as_json: bool,
) -> int:
    """Create a key and show it, once; return the exit code.

    Raises
    ------
    UsageError
        If there is no such role, or it is not for this organisation.
    NotFound
        If there is no such organisation.
    """
    if role not in list(Role):
        raise UsageError(f"Roles are {', '.join(Role)}.")
    with opened(read_settings(settings)) as database:
        key = keys.create_key(database, organisation, Role(role), label=label)
    if as_json:
        answer_json({"id": key.key_id, "key": key.text})
    else:
        answer(Text(sentence(lang, "service.key_created"), no_wrap=True))
        answer(Text(key.text, no_wrap=True, overflow="ignore"))
    return ExitCode.OK


def listed(organisation: str | None, settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """Show the keys, of one organisation or of all; return the exit code."""
    with opened(read_settings(settings)) as database:
        found = keys.list_keys(database, organisation or SYSTEM)
    rows = [
        {
            "id": key.id,
            "organisation": key.organisation,
            "role": key.role.value,
            "label": key.label,
            "created_at": moment(key.created_at),
            "expires_at": moment(key.expires_at),
            "revoked_at": moment(key.revoked_at),
        }
        for key in found
    ]
    return show("keys", rows, lang=lang, as_json=as_json)


def revoke(key: str, settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """End a key; return the exit code.

    Raises
    ------
    NotFound
        If there is no such key.
    """
    with opened(read_settings(settings)) as database:
        keys.revoke_key(database, key, scope=SYSTEM, actor=ACTOR)
    if as_json:
        answer_json({"id": key, "revoked": True})
    else:
        answer(Text(sentence(lang, "service.key_revoked", id=key)))
    return ExitCode.OK
