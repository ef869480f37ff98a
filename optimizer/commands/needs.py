"""``homecare needs``: what health records ask for, who pays, and the visits that follow."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.formats import write_scenario
from optimizer.formats.book import read_book
from optimizer.i18n import Lang, say, sentence
from optimizer.needs import ClientNeeds, Needs
from optimizer.report.needs_document import needs_document
from optimizer.report.needs_text import needs_text
from optimizer.report.writing import scenario_form


def needs_of_file(
    path: Path,
    *,
    clients: Sequence[str],
    catalogue: Path | None,
    rules: Path | None,
    output: Path | None,
    lang: Lang,
    as_json: bool,
) -> int:
    """Derive the visits of a scenario, show them with their reasons; return the exit code.

    Parameters
    ----------
    path
        The scenario.
    clients
        Ids of the clients to show; all if empty. The sums are always those of all.
    catalogue, rules
        A district's own files; those of the package if not given.
    output
        Where to write the scenario with the visits and without the health records.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    UsageError
        If a client asked for has no record, or the output cannot be written as a scenario.
    """
    if output is not None:
        check_outputs([output], inputs=[path, catalogue, rules])
        scenario_form(output)
    book = read_book(catalogue, rules)
    problem = load_problem(path, lang=lang, book=book)
    needs = problem.needs
    shown = _chosen(needs, clients)
    if output is not None:
        write_scenario(problem.scenario, output)
    if as_json:
        answer_json(needs_document(needs, shown, lang=lang))
    else:
        # One plain text: tables of thousands of rows take longer to draw than to derive.
        sys.stdout.write(needs_text(needs, shown, lang=lang) + "\n")
        if output is not None:
            answer(Text(sentence(lang, "cli.written", path=output)))
    return ExitCode.OK


def _chosen(needs: Needs, clients: Sequence[str]) -> Sequence[ClientNeeds]:
    if not clients:
        return needs.clients
    of = {one.client: one for one in needs.clients}
    missing = [client for client in clients if client not in of]
    if missing:
        raise UsageError(say("usage.no_record", clients=tuple(missing)))
    return [of[client] for client in clients]
