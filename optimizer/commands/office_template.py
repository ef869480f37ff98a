"""``homecare template``: the empty workbook that an office fills in."""

from __future__ import annotations

import datetime
from pathlib import Path

from rich.text import Text

from optimizer.commands.exit_code import ExitCode
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.formats.files import write_bytes
from optimizer.i18n import Lang, say, sentence
from optimizer.spreadsheets import template_tables, workbook_bytes

_WEEK = 7


def write_template(output: Path, *, lang: Lang, as_json: bool) -> int:
    """Write the empty workbook for the coming week and return the exit code.

    Parameters
    ----------
    output
        File to write; its name must end in .xlsx.
    lang
        Language of the workbook and of the answer.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    UsageError
        If the name has another ending, or there is such a file already, perhaps filled in.
    UsageError
        If it cannot be written.
    """
    if output.suffix.lower() != ".xlsx":
        raise UsageError(say("usage.workbook_ending", path=output))
    if output.exists():
        raise UsageError(say("usage.already_there", path=output))
    today = datetime.datetime.now().astimezone().date()
    monday = today + datetime.timedelta(days=_WEEK - today.weekday())
    write_bytes(output, workbook_bytes(template_tables(lang, monday), lang))
    if as_json:
        answer_json({"written": str(output)})
    else:
        answer(Text(sentence(lang, "cli.written", path=output)))
    return ExitCode.OK
