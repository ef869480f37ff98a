"""``homecare office directory``: which organisations may be given clients on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, check_record_name, write_text
from optimizer.commands.terminal import answer, answer_json, tell_warnings
from optimizer.errors import UsageError
from optimizer.formats.allocation import read_allocation_policy
from optimizer.formats.layout import layout
from optimizer.formats.office import read_office
from optimizer.i18n import Lang, say, sentence
from optimizer.purchase import examine, with_directory
from optimizer.report.directory_text import directory_document, directory_text


@dataclass(frozen=True, slots=True)
class Files:
    """What a test of organisations reads and writes.

    Attributes
    ----------
    scenario, office
        Organisations with their contracts, and the directory.
    rules, output
        Rules of allocation to read, and where to write them with what the directory says; both
        or none.
    """

    scenario: Path
    office: Path
    rules: Path | None
    output: Path | None


def directory_of_files(files: Files, *, day: str | None, lang: Lang, as_json: bool) -> int:
    """Test a scenario's organisations on a day, show what was found; return the exit code.

    Parameters
    ----------
    files
        What is read and written.
    day
        The day of the test, such as 2026-03-02; the first one planned if not given.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the day is none, there are no organisations, or rules are read or written alone.
    """
    if (files.rules is None) != (files.output is None):
        raise UsageError(say("usage.rules_and_output"))
    if files.output is not None:
        check_outputs([files.output], inputs=[files.scenario, files.office, files.rules])
        check_record_name(files.output)
    problem = load_problem(files.scenario, lang=lang)
    if not problem.scenario.organisations:
        raise UsageError(say("usage.no_organisations", path=files.scenario))
    tested = problem.scenario.horizon.start if day is None else _day(day)
    office, warnings = read_office(files.office, problem.scenario, problem.needs.book)
    tell_warnings(warnings, files.office.name, lang=lang)
    examined = examine(office, problem.scenario, tested)
    if files.rules is not None and files.output is not None:
        policy = with_directory(read_allocation_policy(files.rules, problem.scenario), office)
        content = policy.model_dump(mode="json", exclude_none=True)
        write_text(files.output, layout(content) + "\n")
    if as_json:
        answer_json(directory_document(examined, tested))
    else:
        answer(directory_text(examined, tested, lang=lang))
        if files.output is not None:
            answer(Text(sentence(lang, "cli.written", path=files.output)))
    return ExitCode.OK


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(say("usage.no_date", value=text)) from error
