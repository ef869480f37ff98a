"""``homecare service backup``, ``restore``, ``forget``, ``erase`` and ``rotate``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.text import Text

from optimizer.commands.exit_code import ExitCode
from optimizer.commands.installed import installed
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.i18n.catalogue import Lang, sentence

ACTOR = "command"


def backup(file: Path, settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """Write the whole database to a new file; return the exit code.

    Raises
    ------
    UsageError
        If the file exists or cannot be written.
    """
    care, store = installed("service.administration"), installed("service.store.backup")
    with care.opened(_settings(settings)) as database:
        report = store.back_up(database, file, actor=ACTOR)
    return _say(
        {"file": str(file), "revision": report.revision, "rows": dict(report.rows)},
        sentence(lang, "service.backed_up", path=file, rows=report.total),
        as_json=as_json,
    )


def restore(file: Path, settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """Put a backup into an empty database; return the exit code.

    Raises
    ------
    DamagedBackup
        If the file is not whole.
    Conflict
        If the database is not empty.
    SecretsMismatch
        If the backup belongs to other secrets.
    """
    care, store = installed("service.administration"), installed("service.store.backup")
    with care.opened(_settings(settings)) as database:
        report = store.restore(database, file)
    return _say(
        {"file": str(file), "revision": report.revision, "rows": dict(report.rows)},
        sentence(lang, "service.restored", path=file, rows=report.total),
        as_json=as_json,
    )


def forget(
    days: int | None, settings: Path | None, *, sure: bool, lang: Lang, as_json: bool
) -> int:
    """Delete what is older than it is kept; return the exit code.

    Raises
    ------
    UsageError
        If nobody said that it is to be done.
    """
    _insist(sure=sure, lang=lang)
    care, store = installed("service.administration"), installed("service.store.retention")
    known = _settings(settings)
    retention = store.Retention(jobs=timedelta(days=days or known.keep_days))
    with care.opened(known) as database:
        forgotten = store.forget_old(database, retention, actor=ACTOR)
    return _say(
        asdict(forgotten),
        sentence(lang, "service.forgotten", jobs=forgotten.jobs, documents=forgotten.documents),
        as_json=as_json,
    )


def erase(
    organisation: str,
    kind: str,
    person: str,
    settings: Path | None,
    *,
    sure: bool,
    lang: Lang,
    as_json: bool,
) -> int:
    """Delete all that is known of a person; return the exit code.

    Raises
    ------
    UsageError
        If nobody said that it is to be done.
    Conflict
        If a job that names the person is not finished.
    """
    _insist(sure=sure, lang=lang)
    care, store = installed("service.administration"), installed("service.store.retention")
    people = installed("service.store.people")
    with care.opened(_settings(settings)) as database:
        erased = store.erase_person(
            database, organisation, people.PersonKind(kind), person, actor=ACTOR
        )
    return _say(
        asdict(erased),
        sentence(lang, "service.erased", fields=erased.fields, jobs=erased.jobs),
        as_json=as_json,
    )


def rotate(settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """Add a new encryption key and seal everything with it; return the exit code."""
    care = installed("service.administration")
    rows = care.rotate_secrets(_settings(settings), actor=ACTOR)
    return _say({"rows": rows}, sentence(lang, "service.rotated", rows=rows), as_json=as_json)


def _settings(file: Path | None) -> Any:
    return installed("service.settings").read_settings(file)


def _insist(*, sure: bool, lang: Lang) -> None:
    if not sure:
        raise UsageError(sentence(lang, "service.not_sure"))


def _say(document: Mapping[str, object], text: str, *, as_json: bool) -> int:
    if as_json:
        answer_json(document)
    else:
        answer(Text(text))
    return ExitCode.OK
