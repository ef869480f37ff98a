"""``homecare service keys`` and ``organisations``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from optimizer.commands.exit_code import ExitCode
from optimizer.commands.installed import installed
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.i18n.catalogue import Lang, sentence

ACTOR = "command"


def create_key(
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
    keys, roles = installed("service.auth.keys"), installed("service.auth.permissions").Role
    if role not in list(roles):
        raise UsageError(f"Roles are {', '.join(roles)}.")
    with _opened(settings) as database:
        key = keys.create_key(database, organisation, roles(role), label=label)
    if as_json:
        answer_json({"id": key.key_id, "key": key.text})
    else:
        answer(Text(sentence(lang, "service.key_created"), no_wrap=True))
        answer(Text(key.text, no_wrap=True, overflow="ignore"))
    return ExitCode.OK


def list_keys(organisation: str | None, settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """Show the keys, of one organisation or of all; return the exit code."""
    keys, scope = installed("service.auth.keys"), installed("service.store.scope")
    with _opened(settings) as database:
        found = keys.list_keys(database, organisation or scope.SYSTEM)
    rows = [
        {
            "id": key.id,
            "organisation": key.organisation,
            "role": key.role.value,
            "label": key.label,
            "created_at": _moment(key.created_at),
            "expires_at": _moment(key.expires_at),
            "revoked_at": _moment(key.revoked_at),
        }
        for key in found
    ]
    return _show("keys", rows, lang=lang, as_json=as_json)


def revoke_key(key: str, settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """End a key; return the exit code.

    Raises
    ------
    NotFound
        If there is no such key.
    """
    keys, scope = installed("service.auth.keys"), installed("service.store.scope")
    with _opened(settings) as database:
        keys.revoke_key(database, key, scope=scope.SYSTEM, actor=ACTOR)
    if as_json:
        answer_json({"id": key, "revoked": True})
    else:
        answer(Text(sentence(lang, "service.key_revoked", id=key)))
    return ExitCode.OK


def add_organisation(organisation: str, settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """Create an organisation; return the exit code.

    Raises
    ------
    Conflict
        If there is one of this id.
    UsageError
        If the id has forbidden signs.
    """
    store, scope = installed("service.store.organisations"), installed("service.store.scope")
    with _opened(settings) as database, database.session(scope.SYSTEM) as session:
        store.add_organisation(session, organisation, actor=ACTOR)
    if as_json:
        answer_json({"id": organisation})
    else:
        answer(Text(sentence(lang, "service.organisation_added", organisation=organisation)))
    return ExitCode.OK


def list_organisations(settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """Show the organisations; return the exit code."""
    store, scope = installed("service.store.organisations"), installed("service.store.scope")
    with (
        _opened(settings) as database,
        database.session(scope.SYSTEM, read_only=True) as session,
    ):
        found = store.list_organisations(session)
    rows = [{"id": each.id, "created_at": _moment(each.created_at)} for each in found]
    return _show("organisations", rows, lang=lang, as_json=as_json)


def _opened(settings: Path | None) -> Any:
    known = installed("service.settings").read_settings(settings)
    return installed("service.administration").opened(known)


def _moment(moment: object) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _show(name: str, rows: Sequence[Mapping[str, object]], *, lang: Lang, as_json: bool) -> int:
    if as_json:
        answer_json({name: list(rows)})
        return ExitCode.OK
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for column in rows[0] if rows else ():
        table.add_column(sentence(lang, f"service.column.{column}"))
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    answer(table)
    return ExitCode.OK
