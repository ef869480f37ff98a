"""``homecare office bill``: the bill that is kept, and the corrections of an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from optimizer.commands.entering import NOWHERE, Entering
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_outputs, check_record_name, check_writable
from optimizer.commands.settlement import Files as SettlementFiles
from optimizer.commands.settlement import settled, settlement_draft
from optimizer.commands.terminal import answer, answer_json
from optimizer.errors import UsageError
from optimizer.formats.bill import format_bill, read_bill
from optimizer.formats.files import write_bytes
from optimizer.i18n import Lang, say, sentence
from optimizer.purchase import bill_of, corrections
from optimizer.report.bill_text import BillReport, bill_archive, bill_document, bill_text


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
    entering
        The ledger that the settlement is entered in.
    """

    scenario: Path
    plan: Path
    deliveries: Path
    office: Path | None
    before: Path | None
    output: Path
    tables: Path | None
    entering: Entering = NOWHERE


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
    files.entering.check(inputs)
    settling = SettlementFiles(files.scenario, files.plan, files.deliveries, files.office, None)
    found = settled(settling, lang=lang)
    name = found.scenario.id
    before = None if files.before is None else read_bill(files.before, name)
    bill = bill_of(found.settlement, name)
    made = None if before is None else corrections(before, bill)
    report = BillReport(found, bill, made)
    files.entering.enter(settlement_draft(settling, found))
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
