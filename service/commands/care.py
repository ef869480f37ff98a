"""``homecare service backup``, ``restore``, ``forget``, ``erase`` and ``rotate``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from rich.text import Text

from optimizer.commands import ExitCode
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.i18n import Lang, sentence
from service.administration import backup as backups
from service.administration.opening import ACTOR, opened
from service.administration.rotation import rotate_secrets
from service.people import retention
from service.people.erasure import erase_person
from service.people.personal_data import PersonKind
from service.settings import read_settings


def backup(file: Path, settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """Write the whole database to a new file; return the exit code.

    Raises
    ------
    UsageError
        If the file exists or cannot be written.
    """
    with opened(read_settings(settings)) as database:
        report = backups.back_up(database, file, actor=ACTOR)
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
    with opened(read_settings(settings)) as database:
        report = backups.restore(database, file)
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
    known = read_settings(settings)
    limits = retention.Retention(jobs=timedelta(days=days or known.keep_days))
    with opened(known) as database:
        forgotten = retention.forget_old(database, limits, actor=ACTOR)
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
    with opened(read_settings(settings)) as database:
        erased = erase_person(database, organisation, PersonKind(kind), person, actor=ACTOR)
    return _say(
        asdict(erased),
        sentence(lang, "service.erased", fields=erased.fields, jobs=erased.jobs),
        as_json=as_json,
    )


def rotate(settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """Add a new encryption key and seal everything with it; return the exit code."""
    rows = rotate_secrets(read_settings(settings), actor=ACTOR)
    return _say({"rows": rows}, sentence(lang, "service.rotated", rows=rows), as_json=as_json)


def _insist(*, sure: bool, lang: Lang) -> None:
    if not sure:
        raise UsageError(sentence(lang, "service.not_sure"))


def _say(document: Mapping[str, object], text: str, *, as_json: bool) -> int:
    if as_json:
        answer_json(document)
    else:
        answer(Text(text))
    return ExitCode.OK
