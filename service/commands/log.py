"""``homecare service log``: the audit log of an installation, exported and checked."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from optimizer.commands import ExitCode
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import InputError, UnreadableFile, UsageError
from optimizer.i18n import Lang, sentence
from service import audit_log
from service.administration.opening import ACTOR, known_secrets, opened
from service.database.scope import SYSTEM
from service.settings import read_settings


def export(
    file: Path, organisation: str | None, settings: Path | None, *, lang: Lang, as_json: bool
) -> int:
    """Write the log, of one organisation or the whole, to a new file; return the exit code.

    Raises
    ------
    UsageError
        If the file exists or cannot be written.
    """
    scope = organisation or SYSTEM
    count, head = 0, audit_log.BEGINNING
    with opened(read_settings(settings)) as database:
        with database.session(scope) as session:
            audit_log.append_entry(
                session,
                actor=ACTOR,
                action="log.export",
                subject=file.name,
                organisation=organisation or audit_log.INSTALLATION,
            )
        try:
            with (
                database.session(scope, read_only=True) as session,
                file.open("x", encoding="utf-8") as stream,
            ):
                for entry in audit_log.read_entries(session):
                    stream.write(f"{entry.to_json()}\n")
                    count, head = count + 1, entry.link
        except OSError as error:
            raise UsageError(f"{file}: the log cannot be written there.") from error
    if as_json:
        answer_json({"file": str(file), "entries": count, "head": head})
    else:
        text = sentence(lang, "service.log_exported", path=file, entries=count, head=head)
        answer(Text(text))
    return ExitCode.OK


def verify(
    file: Path | None,
    organisation: str | None,
    settings: Path | None,
    *,
    lang: Lang,
    as_json: bool,
) -> int:
    """Check the log or an export of it; return the exit code.

    Parameters
    ----------
    file
        An export; None for the log itself.
    organisation
        Of which the file is an export; its entries have gaps where others' are.

    Raises
    ------
    UnreadableFile
        If the file cannot be read.
    """
    known = read_settings(settings)
    if file is None:
        with (
            opened(known) as database,
            database.session(SYSTEM, read_only=True) as session,
        ):
            check = audit_log.verify_audit_log(session)
    else:
        entries = _entries(file)
        check = audit_log.verify_entries(
            entries, known_secrets(known), is_whole=organisation is None
        )
    if as_json:
        answer_json({"entries": check.entries, "broken_at": check.broken_at, "head": check.head})
    elif check.holds:
        answer(Text(sentence(lang, "service.log_holds", entries=check.entries, head=check.head)))
    else:
        answer(Text(sentence(lang, "service.log_broken", number=check.broken_at)))
    return ExitCode.OK if check.holds else ExitCode.BAD_INPUT


def _entries(file: Path) -> list[audit_log.AuditEntry]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{file}: the export cannot be read.") from error
    try:
        return [audit_log.AuditEntry.from_json(line) for line in lines]
    except ValueError as error:
        raise InputError(f"{file}: it is no export of an audit log.") from error
