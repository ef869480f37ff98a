"""``homecare office settle``: what is paid for what was delivered, and what is doubted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from optimizer.commands.admission import load_admission
from optimizer.commands.documents import load_deliveries, load_problem, load_roster
from optimizer.commands.entering import NOWHERE, Entering
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_writable
from optimizer.commands.terminal import answer, answer_json
from optimizer.domain.delivery import Terms
from optimizer.errors import UsageError
from optimizer.formats.files import write_bytes
from optimizer.formats.ledger import Draft, hashes_of
from optimizer.i18n import Lang, say, sentence
from optimizer.purchase import Admission, draft_of_settlement, settle, unexamined
from optimizer.report.settlement_text import (
    WRITERS,
    SettlementReport,
    settlement_document,
    settlement_text,
)


@dataclass(frozen=True, slots=True)
class Files:
    """What a settlement reads and writes.

    Attributes
    ----------
    scenario, plan, deliveries
        Whose care, its roster, and what took place.
    office
        Categories and terms; None for those that are usual.
    output
        Workbook or archive to write.
    entering
        The ledger that it is entered in.
    """

    scenario: Path
    plan: Path
    deliveries: Path
    office: Path | None
    output: Path | None
    entering: Entering = NOWHERE


def settle_files(files: Files, *, lang: Lang, as_json: bool) -> int:
    """Settle a roster with what was delivered, show it; return the exit code.

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
        If the output cannot be written.
    """
    if files.output is not None:
        check_writable(files.output)
        if files.output.suffix.lower() not in WRITERS:
            raise UsageError(say("usage.settlement_ending", path=files.output))
    inputs = [files.scenario, files.plan, files.deliveries, files.office]
    files.entering.check(inputs)
    report = settled(files, lang=lang)
    files.entering.enter(settlement_draft(files, report))
    if files.output is not None:
        written = WRITERS[files.output.suffix.lower()](report, lang)
        write_bytes(files.output, written)
    if as_json:
        answer_json(settlement_document(report))
    else:
        answer(settlement_text(report, lang=lang))
        if files.output is not None:
            answer(Text(sentence(lang, "cli.written", path=files.output)))
    return ExitCode.OK


def settled(files: Files, *, lang: Lang) -> SettlementReport:
    """Read a roster and what was delivered, and settle the two.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    """
    problem = load_problem(files.scenario, lang=lang)
    admission = unexamined(problem.needs)
    if files.office is not None:
        admission = load_admission(problem, files.office, lang=lang, with_pools=False)
    scenario = admission.needs.scenario
    plan = load_roster(files.plan, scenario, lang=lang)
    given = load_deliveries(files.deliveries, scenario, lang=lang)
    found = settle(admission, plan, given, terms_of(admission), problem.matrices)
    return SettlementReport(scenario, problem.needs.book, given, found)


def settlement_draft(files: Files, report: SettlementReport) -> Draft:
    """Return a settlement as it is entered in a ledger."""
    paths = {
        "scenario": files.scenario,
        "plan": files.plan,
        "deliveries": files.deliveries,
        "office": files.office,
    }
    return draft_of_settlement(report.scenario.id, report.settlement, hashes_of(paths))


def terms_of(admission: Admission) -> Terms:
    """Return the terms of an office; the usual ones without it."""
    return Terms() if admission.office is None else admission.office.terms
