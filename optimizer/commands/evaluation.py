"""``homecare office evaluate``: what organisations came to, and what becomes of their shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from optimizer.commands.documents import load_deliveries, load_problem, load_roster
from optimizer.commands.entering import NOWHERE, Entering
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, check_record_name, check_writable
from optimizer.commands.terminal import answer, answer_json, tell_warnings
from optimizer.domain.allocation import AllocationPolicy
from optimizer.domain.office import Office
from optimizer.domain.scenario import Scenario
from optimizer.domain.supervision import Supervision
from optimizer.errors import UsageError
from optimizer.formats.allocation import read_allocation_policy
from optimizer.formats.files import write_bytes
from optimizer.formats.layout import layout
from optimizer.formats.ledger import Draft, hashes_of
from optimizer.formats.office import read_office
from optimizer.formats.supervision import read_supervision
from optimizer.i18n import Lang, say, sentence
from optimizer.purchase import (
    Observed,
    admit,
    draft_of_evaluation,
    evaluate,
    moved_shares,
    settle,
    with_evaluation,
)
from optimizer.report.evaluation_page import WRITERS
from optimizer.report.evaluation_tables import evaluation_document
from optimizer.report.evaluation_text import EvaluationReport, evaluation_text

_FILES_OF_DAYS = 3


@dataclass(frozen=True, slots=True)
class Days:
    """Some days that were planned: scenario, roster, and what took place."""

    scenario: Path
    plan: Path
    deliveries: Path


@dataclass(frozen=True, slots=True)
class Files:
    """What an evaluation reads and writes.

    Attributes
    ----------
    days
        Days that are evaluated together.
    office, supervision
        Terms, and what was heard and found; None where nothing was.
    rules, next_rules
        Rules of allocation to read, and where to write those of the next period; both or none.
    output
        Pages, workbook or archive to write.
    entering
        The ledger that it is entered in.
    """

    days: tuple[Days, ...]
    office: Path
    supervision: Path | None
    rules: Path | None
    next_rules: Path | None
    output: Path | None
    entering: Entering = NOWHERE


def further_days(given: Sequence[str]) -> tuple[Days, ...]:
    """Return what ``--also`` names: three files in one word, with commas between them.

    Raises
    ------
    UsageError
        If a word does not name three files.
    """
    found = []
    for word in given:
        names = word.split(",")
        if len(names) != _FILES_OF_DAYS or not all(names):
            raise UsageError(say("usage.also", value=word))
        found.append(Days(*map(Path, names)))
    return tuple(found)


def evaluate_files(files: Files, *, lang: Lang, as_json: bool) -> int:
    """Evaluate organisations, show what they came to; return the exit code.

    Parameters
    ----------
    files
        What is read and written.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If an output cannot be written, there are no organisations, or rules are read or written
        alone.
    """
    _check(files)
    report, policy = evaluated(files, lang=lang)
    files.entering.enter(evaluation_draft(files, report))
    written: list[tuple[Path, bytes]] = []
    if policy is not None and files.next_rules is not None:
        first_day = report.evaluation.last + dt.timedelta(days=1)
        changed = with_evaluation(policy, report.moved, first_day)
        content = layout(changed.model_dump(mode="json", exclude_none=True)) + "\n"
        written.append((files.next_rules, content.encode("utf-8")))
    if files.output is not None:
        written.append((files.output, WRITERS[files.output.suffix.lower()](report, lang)))
    for path, made in written:
        write_bytes(path, made)
    if as_json:
        answer_json(evaluation_document(report))
    else:
        answer(evaluation_text(report, lang=lang))
        for path, _ in written:
            answer(Text(sentence(lang, "cli.written", path=path)))
    return ExitCode.OK


def evaluated(files: Files, *, lang: Lang) -> tuple[EvaluationReport, AllocationPolicy | None]:
    """Read some days and evaluate organisations by them; return the rules of allocation as well.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If there are no organisations.
    """
    observed, office = observed_days(files.days, files.office, lang)
    scenarios = [one.admission.needs.scenario for one in observed]
    if not any(one.organisations for one in scenarios):
        raise UsageError(say("usage.no_organisations", path=files.days[0].scenario))
    supervision = Supervision()
    if files.supervision is not None:
        supervision = read_supervision(files.supervision, scenarios)
    evaluation = evaluate(observed, supervision, office.evaluation)
    if files.rules is None:
        return EvaluationReport(office.id, evaluation), None
    policy = read_allocation_policy(files.rules, scenarios[0])
    moved = moved_shares(evaluation, policy, scenarios[0])
    return EvaluationReport(office.id, evaluation, moved), policy


def evaluation_draft(files: Files, report: EvaluationReport) -> Draft:
    """Return an evaluation as it is entered in a ledger."""
    paths: dict[str, Path | None] = {
        "office": files.office,
        "supervision": files.supervision,
        "rules": files.rules,
    }
    for number, days in enumerate(files.days, 1):
        paths |= {
            f"scenario.{number}": days.scenario,
            f"plan.{number}": days.plan,
            f"deliveries.{number}": days.deliveries,
        }
    return draft_of_evaluation(report.office, report.evaluation, report.moved, hashes_of(paths))


def _check(files: Files) -> None:
    """Make sure before anything is read that the results can be written."""
    if (files.rules is None) != (files.next_rules is None):
        raise UsageError(say("usage.rules_and_next"))
    inputs = [files.office, files.supervision, files.rules]
    inputs += [path for one in files.days for path in (one.scenario, one.plan, one.deliveries)]
    files.entering.check(inputs)
    if files.output is not None:
        check_writable(files.output)
        if files.output.suffix.lower() not in WRITERS:
            raise UsageError(say("usage.evaluation_ending", path=files.output))
    if files.next_rules is not None:
        check_outputs([files.next_rules], inputs=inputs)
        check_record_name(files.next_rules)


def observed_days(
    days: Sequence[Days], by: Path, lang: Lang, *, is_told: bool = True
) -> tuple[list[Observed], Office]:
    """Settle some days by one office.

    Parameters
    ----------
    days
        At least one.
    by
        The office.
    lang
        Language of its warnings.
    is_told
        Whether these are told, once.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    """
    observed: list[Observed] = []
    office: Office | None = None
    for one in days:
        problem = load_problem(one.scenario, lang=lang)
        book = problem.needs.book
        office, warnings = read_office(by, problem.scenario, book)
        if not observed and is_told:
            tell_warnings(warnings, by.name, lang=lang)
        admission = admit(problem.given, problem.needs, office, book, with_pools=False)
        scenario = admission.needs.scenario
        plan = load_roster(one.plan, scenario, lang=lang)
        given = load_deliveries(one.deliveries, scenario, lang=lang)
        settled = settle(admission, plan, given, office.terms, problem.matrices)
        observed.append(Observed(admission, given, settled))
    if office is None:
        raise ValueError("no days are given")
    check_apart([one.admission.needs.scenario for one in observed], days)
    return observed, office


def check_apart(scenarios: Sequence[Scenario], days: Sequence[Days]) -> None:
    """Make sure that no visit is counted twice.

    Raises
    ------
    UsageError
        If two of the scenarios have the same visit.
    """
    seen: set[str] = set()
    for scenario, one in zip(scenarios, days, strict=True):
        own = {visit.id for visit in scenario.visits}
        if own & seen:
            raise UsageError(
                say("usage.days_twice", path=one.scenario, visit=min(own & seen))
            )  # fmt: skip
        seen |= own
