"""``homecare allocate``: which organisation cares for whom, by rules that anybody can redo."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from optimizer.allocation import (
    allocate,
    resumed,
    skimmed,
    with_organisations,
    without_visits,
)
from optimizer.commands.admission import known_clients
from optimizer.commands.documents import load_problem
from optimizer.commands.entering import NOWHERE, Entering
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, write_text
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.allocation import AllocationLog, AllocationPolicy
from optimizer.errors import UsageError
from optimizer.formats import write_scenario
from optimizer.formats.allocation import (
    format_allocation_log,
    format_allocation_table,
    read_allocation_log,
    read_allocation_policy,
)
from optimizer.formats.ledger import Draft, hashes_of
from optimizer.i18n import Lang, say, sentence
from optimizer.prepare import Prepared
from optimizer.purchase import draft_of_assignment
from optimizer.report.allocation_text import allocation_text
from optimizer.report.writing import scenario_form


@dataclass(frozen=True, slots=True)
class Files:
    """What an allocation reads and writes.

    Attributes
    ----------
    scenario, rules
        What is allocated, and how.
    before
        The log of the period before, where the accounts begin; None for those in the rules.
    output
        Where to write the scenario with its organisations.
    log
        Where to write the log, as JSON or as a table.
    entering
        The ledger that it is entered in.
    """

    scenario: Path
    rules: Path
    before: Path | None
    output: Path | None
    log: Path | None
    entering: Entering = NOWHERE


def allocate_files(files: Files, *, clients: Sequence[str], lang: Lang, as_json: bool) -> int:
    """Allocate the clients of a scenario, show every line; return the exit code.

    Parameters
    ----------
    files
        What is read and written.
    clients
        Ids of the clients to show; all if empty.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with the log as one JSON document.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If a client to be shown is unknown, nobody can be allocated to, the log is of this very
        period, or an output cannot be written.
    """
    inputs = [files.scenario, files.rules, files.before]
    files.entering.check(inputs)
    check_outputs([one for one in (files.output, files.log) if one is not None], inputs=inputs)
    if files.output is not None:
        scenario_form(files.output)
    if files.log is not None and not files.log.name.lower().endswith((".json", ".csv")):
        raise UsageError(say("usage.log_ending", path=files.log))
    problem = load_problem(files.scenario, lang=lang)
    known_clients(problem, clients)
    policy, log = allocated(problem, files.scenario, files.rules, files.before)
    files.entering.enter(assignment_draft(files.scenario, files.rules, files.before, log))
    if files.output is not None:
        write_scenario(with_organisations(problem.given, policy, log), files.output)
    if files.log is not None:
        write_text(files.log, _log_as(files.log, log))
    if as_json:
        answer_json(log.model_dump(mode="json", exclude_none=True))
    else:
        easier = skimmed(problem.scenario, policy, log)
        idle = without_visits(problem.scenario)
        text = allocation_text(log, lang=lang, clients=clients, easier=easier, idle=idle)
        sys.stdout.write(text + "\n")
        for path in (files.output, files.log):
            if path is not None:
                answer(Text(sentence(lang, "cli.written", path=path)))
    return ExitCode.OK


def allocated(
    problem: Prepared, scenario: Path, rules: Path, before: Path | None
) -> tuple[AllocationPolicy, AllocationLog]:
    """Read the rules and allocate the clients of a scenario by them.

    Parameters
    ----------
    problem, scenario
        What is allocated, and the file that it stands in.
    rules, before
        The rules, and the log of the period before.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If nobody can be allocated to, or the log is of this very period.
    """
    if not problem.scenario.organisations:
        raise UsageError(say("usage.no_organisations", path=scenario))
    policy = _with_accounts(read_allocation_policy(rules, problem.scenario), before)
    return policy, allocate(problem.scenario, policy)


def assignment_draft(scenario: Path, rules: Path, before: Path | None, log: AllocationLog) -> Draft:
    """Return an allocation as it is entered in a ledger."""
    paths = {"scenario": scenario, "rules": rules, "before": before}
    return draft_of_assignment(log, hashes_of(paths))


def _with_accounts(policy: AllocationPolicy, before: Path | None) -> AllocationPolicy:
    """Return the rules with the accounts of the period before, if its log is given."""
    if before is None:
        return policy
    log = read_allocation_log(before)
    if log.period == policy.period:
        raise UsageError(say("usage.same_period", path=before, period=log.period))
    return resumed(policy, log)


def _log_as(path: Path, log: AllocationLog) -> str:
    is_table = path.name.lower().endswith(".csv")
    return format_allocation_table(log) if is_table else format_allocation_log(log)
