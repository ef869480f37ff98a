"""``homecare service organisations``: who works with an installation."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from optimizer.commands import ExitCode
from optimizer.commands.terminal import answer, answer_json
from optimizer.i18n import Lang, sentence
from service.administration.opening import ACTOR, opened
from service.auth import organisations as store
from service.commands.listing import moment, show
from service.database.scope import SYSTEM
from service.settings import read_settings


def add(organisation: str, settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """Create an organisation; return the exit code.

    Raises
    ------
    Conflict
        If there is one of this id.
    UsageError
        If the id has forbidden signs.
    """
    with opened(read_settings(settings)) as database, database.session(SYSTEM) as session:
        store.add_organisation(session, organisation, actor=ACTOR)
    if as_json:
        answer_json({"id": organisation})
    else:
        answer(Text(sentence(lang, "service.organisation_added", organisation=organisation)))
    return ExitCode.OK


def listed(settings: Path | None, *, lang: Lang, as_json: bool) -> int:
    """Show the organisations; return the exit code."""
    with (
        opened(read_settings(settings)) as database,
        database.session(SYSTEM, read_only=True) as session,
    ):
        found = store.list_organisations(session)
    rows = [{"id": each.id, "created_at": moment(each.created_at)} for each in found]
    return show("organisations", rows, lang=lang, as_json=as_json)
