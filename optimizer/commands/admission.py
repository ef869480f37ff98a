"""``homecare office admit``: who is cared for on public money, and the scenario that follows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs
from optimizer.commands.terminal import answer, answer_json, tell_warnings
from optimizer.errors import UsageError
from optimizer.formats import write_scenario
from optimizer.formats.files import write_bytes
from optimizer.formats.office import read_office
from optimizer.i18n import Lang, say, sentence
from optimizer.needs.privacy import for_engine
from optimizer.prepare import Prepared
from optimizer.purchase import Admission, admit, needs_warnings
from optimizer.report.admission_tables import WRITERS
from optimizer.report.admission_text import admission_document, admission_text
from optimizer.report.writing import scenario_form


def admit_files(
    scenario: Path,
    office: Path,
    *,
    output: Path | None,
    table: Path | None = None,
    clients: Sequence[str],
    lang: Lang,
    as_json: bool,
) -> int:
    """Test every client of a scenario, show what was found; return the exit code.

    Parameters
    ----------
    scenario, office
        What is tested, and by what.
    output
        Where to write the scenario that is to be planned, without records; None for nowhere.
    table
        Where to write the list of clients, .csv or .xlsx; None for nowhere.
    clients
        Ids of the clients to show; all if empty.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If a client to be shown is unknown or the output cannot be written.
    """
    written = [one for one in (output, table) if one is not None]
    check_outputs(written, inputs=[scenario, office])
    if output is not None:
        scenario_form(output)
    if table is not None and table.suffix.lower() not in WRITERS:
        raise UsageError(say("usage.list_ending", path=table))
    problem = load_problem(scenario, lang=lang)
    known_clients(problem, clients)
    found = load_admission(problem, office, lang=lang)
    if output is not None:
        write_scenario(for_engine(found.scenario), output)
    if table is not None:
        write_bytes(table, WRITERS[table.suffix.lower()](found, lang))
    if as_json:
        answer_json(admission_document(found))
    else:
        sys.stdout.write(admission_text(found, lang=lang, clients=clients) + "\n")
        for path in written:
            answer(Text(sentence(lang, "cli.written", path=path)))
    return ExitCode.OK


def known_clients(problem: Prepared, clients: Sequence[str]) -> None:
    """Make sure that clients who are to be shown are there.

    Raises
    ------
    UsageError
        If one is not.
    """
    known = {client.id for client in problem.scenario.clients}
    missing = tuple(one for one in clients if one not in known)
    if missing:
        raise UsageError(say("usage.no_client", clients=missing))


def load_admission(
    problem: Prepared, office: Path, *, lang: Lang, with_pools: bool = True
) -> Admission:
    """Read an office, admit a scenario's clients, and write warnings beside the answer.

    Parameters
    ----------
    problem, office
        Whose clients, and by what.
    lang
        Language of the warnings.
    with_pools
        Whether money is set aside.

    Raises
    ------
    InputError
        If the file cannot be read or has faults.
    """
    book = problem.needs.book
    decided, warnings = read_office(office, problem.scenario, book)
    found = admit(problem.given, problem.needs, decided, book, with_pools=with_pools)
    if with_pools:
        # Who settles has the scenario after admission on purpose; who decides must not.
        warnings = (*warnings, *needs_warnings(found))
    tell_warnings(warnings, office.name, lang=lang)
    return found
