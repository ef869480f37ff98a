"""``homecare office moves``: who changes the organisation, why, and from when on."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs
from optimizer.commands.terminal import answer, answer_json, tell_warnings
from optimizer.domain.evaluation import EvaluationTerms
from optimizer.errors import UsageError
from optimizer.formats.allocation import read_allocation_log
from optimizer.formats.files import write_bytes
from optimizer.formats.office import read_office
from optimizer.i18n import Lang, say, sentence
from optimizer.purchase import moves_of
from optimizer.report.moves_text import moves_csv, moves_document, moves_text


@dataclass(frozen=True, slots=True)
class Files:
    """What is read, and the list that is written.

    Attributes
    ----------
    scenario, log
        What was allocated, and the log of it.
    office
        Whose holidays hold; None for none.
    output
        List to write.
    """

    scenario: Path
    log: Path
    office: Path | None
    output: Path | None


def moves_of_files(files: Files, *, notice: int, lang: Lang, as_json: bool) -> int:
    """Show and write who changes the organisation by an allocation; return the exit code.

    Parameters
    ----------
    files
        What is read and written.
    notice
        Working days between telling the client and the change.
    lang, as_json
        As everywhere.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the log is of another scenario, or the output cannot be written.
    """
    if files.output is not None:
        check_outputs([files.output], inputs=[files.scenario, files.log, files.office])
        if files.output.suffix.lower() != ".csv":
            raise UsageError(say("usage.checks_ending", path=files.output))
    problem = load_problem(files.scenario, lang=lang)
    log = read_allocation_log(files.log)
    if log.scenario != problem.scenario.id:
        raise UsageError(
            say("usage.log_of_another", path=files.log, log=log.scenario, ours=problem.scenario.id)
        )  # fmt: skip
    terms = EvaluationTerms()
    if files.office is not None:
        office, warnings = read_office(files.office, problem.scenario, problem.needs.book)
        tell_warnings(warnings, files.office.name, lang=lang)
        terms = office.evaluation
    found = moves_of(log, problem.scenario, terms, notice)
    if files.output is not None:
        write_bytes(files.output, moves_csv(found, lang))
    if as_json:
        answer_json(moves_document(found))
    else:
        sys.stdout.write(moves_text(found, lang=lang) + "\n")
        if files.output is not None:
            answer(Text(sentence(lang, "cli.written", path=files.output)))
    return ExitCode.OK
