"""``homecare office cascade``: from need to payment, where care is lost and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from optimizer.allocation import allocate
from optimizer.commands.admission import load_admission
from optimizer.commands.documents import load_deliveries, load_problem, load_roster
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, write_text
from optimizer.commands.settlement import terms_of
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.formats.allocation import read_allocation_policy
from optimizer.i18n import Lang, say, sentence
from optimizer.purchase import (
    Admission,
    Allocated,
    By,
    settle,
    trace,
    unexamined,
    with_bodies,
)
from optimizer.report.cascade_page import cascade_page
from optimizer.report.cascade_tables import cascade_csv, cascade_document
from optimizer.report.cascade_text import CascadeReport, cascade_text

_ENDINGS = (".html", ".csv")


@dataclass(frozen=True, slots=True)
class Files:
    """What a cascade reads and writes.

    Attributes
    ----------
    scenario
        The scenario, with its health records.
    plan, office, rules, deliveries
        Roster, office, rules of allocation and what took place; None of a step that is not
        examined.
    output
        Page or table to write.
    """

    scenario: Path
    plan: Path | None
    office: Path | None
    rules: Path | None
    deliveries: Path | None
    output: Path | None


def cascade_files(files: Files, *, by: Sequence[str], lang: Lang, as_json: bool) -> int:
    """Follow the care of a scenario from need to payment, show it; return the exit code.

    Parameters
    ----------
    files
        What is read and written.
    by
        What groups differ in: codes of `By`.
    lang
        Language of everything a person reads.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the output cannot be written, there is nobody to allocate to, groups are to differ in
        something unknown, or deliveries are given without the roster.
    """
    if files.deliveries is not None and files.plan is None:
        raise UsageError(say("usage.deliveries_without_plan", path=files.deliveries))
    groups = [_by(one) for one in dict.fromkeys(by)]
    if files.output is not None:
        inputs = [files.scenario, files.plan, files.office, files.rules, files.deliveries]
        check_outputs([files.output], inputs=inputs)
        if not files.output.name.lower().endswith(_ENDINGS):
            raise UsageError(say("usage.cascade_ending", path=files.output))
    problem = load_problem(files.scenario, lang=lang)
    admission = unexamined(problem.needs)
    if files.office is not None:
        admission = load_admission(problem, files.office, lang=lang)
    allocated = None
    if files.rules is not None:
        allocated, admission = _allocated(admission, files.rules)
    plan = None
    if files.plan is not None:
        plan = load_roster(files.plan, admission.needs.scenario, lang=lang)
    settlement = None
    if plan is not None and files.deliveries is not None:
        given = load_deliveries(files.deliveries, admission.needs.scenario, lang=lang)
        settlement = settle(admission, plan, given, terms_of(admission), problem.matrices)
    traced = trace(
        admission,
        allocated=allocated,
        plan=plan,
        settlement=settlement,
        matrices=problem.matrices,
    )
    report = CascadeReport(problem.scenario, traced, tuple(groups), admission.office)
    if files.output is not None:
        is_page = files.output.name.lower().endswith(".html")
        written = cascade_page(report, lang=lang) if is_page else cascade_csv(report, lang=lang)
        write_text(files.output, written)
    if as_json:
        answer_json(cascade_document(report))
    else:
        answer(cascade_text(report, lang=lang))
        if files.output is not None:
            answer(Text(sentence(lang, "cli.written", path=files.output)))
    return ExitCode.OK


def _by(code: str) -> By:
    known = tuple(str(one) for one in By)
    if code not in known:
        raise UsageError(say("usage.no_such_group", value=code, known=known))
    return By(code)


def _allocated(admission: Admission, rules: Path) -> tuple[Allocated, Admission]:
    """Allocate who is admitted; return the admission with the organisations at the clients."""
    if not admission.scenario.organisations:
        raise UsageError(say("usage.no_organisations", path=rules))
    policy = read_allocation_policy(rules, admission.scenario)
    log = allocate(admission.scenario, policy)
    return Allocated(log, policy.lots), with_bodies(admission, policy, log)
