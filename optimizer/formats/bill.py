"""Read and write a bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from optimizer.domain.bill import Bill
from optimizer.errors import Fault
from optimizer.formats.checks.repeats import repeated
from optimizer.formats.codes import FaultCode
from optimizer.formats.files import read_bytes
from optimizer.formats.findings import Findings, finding
from optimizer.formats.layout import layout
from optimizer.formats.reading import checked_record
from optimizer.i18n import say


def read_bill(path: str | Path, scenario: str) -> Bill:
    """Return the bill in a ``.json``, ``.json.gz`` or ``.json.xz`` file.

    Parameters
    ----------
    scenario
        Id of the scenario that it has to be of.

    Raises
    ------
    UnreadableFile
        If the file cannot be read or unpacked.
    UnsupportedVersion
        If its format version is unknown.
    InvalidDocument
        With all its faults.
    """
    path = Path(path)
    bill, _ = checked_record(
        Bill, read_bytes(path), path.name, lambda one: Findings(tuple(check_bill(one, scenario)))
    )
    return bill


def check_bill(bill: Bill, scenario: str) -> Iterator[Fault]:
    """Yield what is wrong with a bill: another scenario, lines said twice, sums that are not.

    Parameters
    ----------
    bill
        The bill.
    scenario
        Id of the scenario that it has to be of.
    """
    if bill.scenario != scenario:
        message = say("fault.wrong-base.bill", base=bill.scenario, scenario=scenario)
        yield finding("scenario", FaultCode.WRONG_BASE, message)
    yield from repeated("lines", ((one.visit, one.carer) for one in bill.lines))
    yield from repeated("totals", (one.contract for one in bill.totals))
    of: dict[str | None, int] = defaultdict(int)
    for line in bill.lines:
        of[line.contract] += line.fen
    known = {one.contract for one in bill.totals}
    for n, total in enumerate(bill.totals):
        due = of[total.contract] - total.deducted_fen
        if total.due_fen != due:
            message = say("fault.bill-not-whole", due=due)
            yield finding(f"totals[{n}].due_fen", FaultCode.BILL_NOT_WHOLE, message)
    for n, line in enumerate(bill.lines):
        if line.contract not in known:
            message = say("fault.bill-not-whole.contract")
            yield finding(f"lines[{n}].contract", FaultCode.BILL_NOT_WHOLE, message)


def format_bill(bill: Bill) -> str:
    """Return a bill as JSON, a line per stop."""
    content = bill.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return layout({"format": bill.format, "version": bill.version, **content}) + "\n"
