"""``homecare office bill``: the bill that is kept, and the corrections of an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from optimizer.commands.admission import load_admission
from optimizer.commands.documents import load_plan, load_problem
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, check_record_name, check_writable
from optimizer.commands.settlement import terms_of
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.formats.bill import format_bill, read_bill
from optimizer.formats.deliveries import read_deliveries
from optimizer.formats.files import write_bytes
from optimizer.i18n import Lang, say, sentence
from optimizer.purchase import bill_of, corrections, settle, unexamined
from optimizer.report.bill_text import BillReport, bill_archive, bill_document, bill_text
from optimizer.report.settlement_text import SettlementReport


@dataclass(frozen=True, slots=True)
class Files:
    """What a bill is made from and written to.

    Attributes
    ----------
    scenario, plan, deliveries, office
        As for a settlement.
    before
        The bill that was paid; None of a first one.
    output
        The bill to write.
    tables
        Archive of tables to write; None for none.
    """

    scenario: Path
    plan: Path
    deliveries: Path
    office: Path | None
    before: Path | None
    output: Path
    tables: Path | None


def bill_files(files: Files, *, lang: Lang, as_json: bool) -> int:
    """Settle a roster, write its bill, and show what it corrects; return the exit code.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If an output cannot be written.
    """
    inputs = [files.scenario, files.plan, files.deliveries, files.office, files.before]
    check_outputs([files.output], inputs=inputs)
    check_record_name(files.output)
    if files.tables is not None:
        check_writable(files.tables)
        if files.tables.suffix.lower() != ".zip":
            raise UsageError(say("usage.bill_ending", path=files.tables))
    problem = load_problem(files.scenario, lang=lang)
    admission = unexamined(problem.needs)
    if files.office is not None:
        admission = load_admission(problem, files.office, lang=lang, with_pools=False)
    scenario = admission.needs.scenario
    plan = load_plan(files.plan, scenario, lang=lang)
    given = read_deliveries(files.deliveries, scenario)
    before = None if files.before is None else read_bill(files.before, scenario.id)
    settled = settle(admission, plan, given, terms_of(admission), problem.matrices)
    bill = bill_of(settled, scenario.id)
    made = None if before is None else corrections(before, bill)
    report = BillReport(SettlementReport(scenario, problem.needs.book, given, settled), bill, made)
    written = [(files.output, format_bill(bill).encode("utf-8"))]
    if files.tables is not None:
        written.append((files.tables, bill_archive(report, lang)))
    for path, content in written:
        write_bytes(path, content)
    if as_json:
        answer_json(bill_document(report))
    else:
        answer(bill_text(report, lang=lang))
        for path, _ in written:
            answer(Text(sentence(lang, "cli.written", path=path)))
    return ExitCode.OK
