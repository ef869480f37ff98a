"""``homecare office deliveries``: the table of what took place, to be filled in."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.formats.files import write_bytes
from optimizer.i18n import Lang, say, sentence
from optimizer.spreadsheets import FORM_WRITERS, deliveries_form


def write_deliveries_form(
    scenario: Path, plan: Path, output: Path, *, lang: Lang, as_json: bool
) -> int:
    """Write a row for each stop of a roster, to be filled in; return the exit code.

    Parameters
    ----------
    scenario, plan
        Whose visits, and the roster.
    output
        Workbook or table to write; there must be no such file yet.
    lang
        Language of the table and of the answer.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the name has another ending, or there is such a file already, perhaps filled in.
    UsageError
        If it cannot be written.
    """
    if output.suffix.lower() not in FORM_WRITERS:
        raise UsageError(say("usage.form_ending", path=output))
    if output.exists():
        raise UsageError(say("usage.already_there", path=output))
    given = load_problem(scenario, lang=lang).needs.scenario
    form = deliveries_form(given, load_plan(plan, given, lang=lang), lang)
    write_bytes(output, FORM_WRITERS[output.suffix.lower()](form, lang))
    if as_json:
        answer_json({"written": str(output), "stops": len(form.rows)})
    else:
        answer(Text(sentence(lang, "cli.written", path=output)))
    return ExitCode.OK
