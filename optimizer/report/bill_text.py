"""A bill and its corrections in words and tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.allocation.rotation import parts
from optimizer.domain.bill import Bill
from optimizer.i18n import Lang, sentence
from optimizer.purchase import Correction, Line, transfers_of
from optimizer.report import needs_wording as wording
from optimizer.report.archive import csv_archive
from optimizer.report.cascade_text import yuan
from optimizer.report.settlement_text import SettlementReport, settlement_tables
from optimizer.units import MS_PER_MINUTE

if TYPE_CHECKING:
    import pandas as pd

_FEN = 100


@dataclass(frozen=True)
class BillReport:
    """A bill with everything that is said of it.

    Attributes
    ----------
    settled
        The settlement that it follows from.
    bill
        What is owed.
    made
        Corrections of an earlier bill; None where there is none.
    """

    settled: SettlementReport
    bill: Bill
    made: tuple[Correction, ...] | None


def bill_text(report: BillReport, *, lang: Lang) -> RenderableType:
    """Return what each contract and each payer pays, and what is corrected, for printing."""
    table = Table()
    for name in ("contract", "payer"):
        table.add_column(sentence(lang, f"bill.{name}"))
    table.add_column(sentence(lang, "bill.yuan"), justify="right")
    for (contract, payer), fen in payers_of(report.bill).items():
        table.add_row(contract or sentence(lang, "office.settle.none"), payer or "–", yuan(fen))
    due = sum(one.due_fen for one in report.bill.totals)
    deducted = sum(one.deducted_fen for one in report.bill.totals)
    head = sentence(lang, "bill.heading", scenario=report.bill.scenario, due=yuan(due),
                    deducted=yuan(deducted))  # fmt: skip
    lines = []
    if report.made is not None and not report.made:
        lines.append(sentence(lang, "bill.nothing"))
    for contract, fen in transfers_of(report.made or ()).items():
        key = "bill.owed" if fen >= 0 else "bill.back"
        name = contract or sentence(lang, "office.settle.none")
        count = sum(one.contract == contract for one in report.made or ())
        lines.append(sentence(lang, key, contract=name, yuan=yuan(abs(fen)), count=count))
    return Group(Text(head, style="bold"), table, *(Text(one) for one in lines))


def payers_of(bill: Bill) -> dict[tuple[str | None, str | None], int]:
    """Return what each payer pays under each contract, before deductions, in fen."""
    of: dict[tuple[str | None, str | None], int] = defaultdict(int)
    for line in bill.lines:
        of[line.contract, line.payer] += line.fen
    return {key: of[key] for key in sorted(of, key=lambda one: (one[0] or "", one[1] or ""))}


def bill_tables(report: BillReport, lang: Lang) -> dict[str, pd.DataFrame]:
    """Return the tables of the settlement, and those of payers, items and corrections."""
    import pandas as pd  # noqa: PLC0415 (only who asks for tables needs it)

    rows: dict[str, tuple[Sequence[str], list[Sequence[Any]]]] = {
        "payers": (
            ("contract", "payer", "yuan"),
            [(*key, fen / _FEN) for key, fen in payers_of(report.bill).items()],
        ),
        "items": (
            ("visit", "carer", "service", "payer", "contract", "minutes", "yuan"),
            [row for line in report.settled.settlement.lines for row in _items(report, line, lang)],
        ),
        "corrections": (
            ("kind", "contract", "payer", "visit", "carer", "yuan"),
            [
                (
                    sentence(lang, f"bill.kind.{one.kind}"), one.contract, one.payer,
                    one.visit or sentence(lang, "bill.deduction"), one.carer or None,
                    one.fen / _FEN,
                )
                for one in report.made or ()
            ],
        ),
    }  # fmt: skip
    made = {
        sentence(lang, f"bill.table.{name}"): pd.DataFrame(
            found, columns=[sentence(lang, f"bill.{head}") for head in heads]
        )
        for name, (heads, found) in rows.items()
        if name != "corrections" or report.made is not None
    }
    return {**settlement_tables(report.settled, lang), **made}


def _items(report: BillReport, line: Line, lang: Lang) -> list[Sequence[Any]]:
    """Return a line divided over its services by their usual minutes, exact to the fen."""
    services = line.planned.services
    if not line.paid or not services:
        return []
    known = report.settled.book.catalogue.services
    weights = [known[one].minutes if one in known else 1 for one in services]
    fen = parts(line.fen, weights)
    care = parts(line.paid, weights)
    return [
        (
            line.planned.visit, line.planned.carer,
            wording.services(lang, report.settled.book, (service,)), line.payer,
            line.planned.contract, minutes / MS_PER_MINUTE, money / _FEN,
        )
        for service, minutes, money in zip(services, care, fen, strict=True)
    ]  # fmt: skip


def bill_archive(report: BillReport, lang: Lang) -> bytes:
    """Return all tables as CSV, and the lines of each contract in a file of its own."""
    tables = bill_tables(report, lang)
    lines = tables[sentence(lang, "office.settle.table.lines")]
    column = sentence(lang, "office.settle.column.contract")
    own = {
        f"{column}-{one.contract}": lines[lines[column] == one.contract]
        for one in report.bill.totals
        if one.contract is not None
    }
    return csv_archive({**tables, **own})


def bill_document(report: BillReport) -> dict[str, Any]:
    """Return a bill and its corrections as they are written with ``--json``."""
    return {
        "bill": report.bill.model_dump(mode="json", exclude_none=True),
        "payers": [
            {"contract": contract, "payer": payer, "fen": fen}
            for (contract, payer), fen in payers_of(report.bill).items()
        ],
        "corrections": None
        if report.made is None
        else [
            {
                "kind": str(one.kind),
                "contract": one.contract,
                "payer": one.payer,
                "visit": one.visit,
                "carer": one.carer or None,
                "fen": one.fen,
            }
            for one in report.made
        ],
    }
