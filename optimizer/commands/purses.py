"""``homecare office purses``: what the pools still pay for, and who waits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from optimizer.commands.admission import known_clients, load_admission
from optimizer.commands.documents import load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.i18n import Lang, say
from optimizer.report.funding_text import funding_document, funding_text


def purses_of_files(
    scenario: Path, office: Path, *, clients: Sequence[str], lang: Lang, as_json: bool
) -> int:
    """Set money aside for a scenario's clients, show pools and waiting list; return the exit code.

    Parameters
    ----------
    scenario, office
        Whose care, and the pools.
    clients
        Ids of the clients to show; all who are not served yet if empty.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If a client to be shown is unknown, or the office has no pools.
    """
    problem = load_problem(scenario, lang=lang)
    known_clients(problem, clients)
    admission = load_admission(problem, office, lang=lang)
    if admission.funding is None:
        raise UsageError(say("usage.no_pools", path=office))
    if as_json:
        answer_json(funding_document(admission))
    else:
        answer(funding_text(admission, lang=lang, clients=clients))
    return ExitCode.OK
