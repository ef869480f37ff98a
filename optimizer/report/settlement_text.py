"""A settlement in words and tables: what each contract is owed, what is doubted."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from optimizer.domain.delivery import Deliveries, Effect, Outcome
from optimizer.domain.scenario import Scenario
from optimizer.i18n import Lang, listed, sentence, translated
from optimizer.needs import Book
from optimizer.purchase import Doubted, Line, Settlement, Statement, upheld_rates
from optimizer.report import needs_wording as wording
from optimizer.report.archive import csv_archive
from optimizer.report.cascade_text import loss_name, yuan
from optimizer.units import format_minutes

if TYPE_CHECKING:
    import pandas as pd

_FEN = 100
_MOST_TOLD = 30
"Doubts on the terminal; tables hold all of them."


@dataclass(frozen=True)
class SettlementReport:
    """A settlement with everything that is said of it.

    Attributes
    ----------
    scenario, book
        Whose care it is, and the names of services.
    deliveries, settlement
        What took place, and what is paid for it.
    """

    scenario: Scenario
    book: Book
    deliveries: Deliveries
    settlement: Settlement


def settlement_text(report: SettlementReport, *, lang: Lang) -> RenderableType:
    """Return a settlement for printing with rich."""
    settlement = report.settlement
    dates = report.scenario.horizon.dates()
    head = sentence(
        lang,
        "office.settle.heading",
        scenario=report.scenario.id,
        days=str(dates[0]) if len(dates) == 1 else f"{dates[0]} – {dates[-1]}",
        lines=len(settlement.lines),
        told=sum(line.given is not None for line in settlement.lines),
    )
    return Group(
        Text(head, style="bold"),
        _statements(settlement, lang),
        *(Text(line) for line in _sentences(report, lang)),
    )


def _statements(settlement: Settlement, lang: Lang) -> Table:
    table = Table()
    for name in ("contract", "organisation"):
        table.add_column(sentence(lang, f"office.settle.{name}"))
    for name in ("lines", "planned", "paid", "absence", "deducted", "due", "held"):
        table.add_column(sentence(lang, f"office.settle.{name}"), justify="right")
    for one in settlement.statements:
        table.add_row(*_names(one, lang), str(one.lines), *map(yuan, _amounts(one)))
    sums = [sum(column) for column in zip(*map(_amounts, settlement.statements), strict=True)]
    lines = str(len(settlement.lines))
    table.add_section()
    table.add_row(sentence(lang, "office.settle.total"), "", lines, *map(yuan, sums), style="bold")
    return table


def _names(one: Statement, lang: Lang) -> tuple[str, str]:
    if one.contract is None:
        return sentence(lang, "office.settle.none"), ""
    return one.contract.id, one.contract.organisation


def _amounts(one: Statement) -> tuple[int, ...]:
    return (
        one.planned_fen, one.paid_fen, one.absence_fen, one.deducted_fen, one.due_fen, one.held_fen,
    )  # fmt: skip


def _sentences(report: SettlementReport, lang: Lang) -> Iterator[str]:
    settlement = report.settlement
    if not settlement.doubts:
        yield sentence(lang, "office.settle.no_doubts")
    else:
        held = sum(one.effect is Effect.HOLD for one in settlement.doubts)
        yield sentence(lang, "office.settle.doubts", count=len(settlement.doubts), held=held)
    for one in settlement.doubts[:_MOST_TOLD]:
        yield sentence(
            lang,
            "office.settle.doubt",
            what=sentence(lang, f"office.doubt.{one.doubt}"),
            who=_who(one),
            detail=translated(lang, one.detail),
            effect=sentence(lang, f"office.effect.{one.effect}"),
        )
    if len(settlement.doubts) > _MOST_TOLD:
        yield sentence(lang, "list.more", count=len(settlement.doubts) - _MOST_TOLD)
    if report.deliveries.rulings:
        for doubt, (raised, ruled, upheld) in upheld_rates(settlement, report.deliveries).items():
            name = sentence(lang, f"office.doubt.{doubt}")
            yield sentence(
                lang, "office.settle.rate", doubt=name, raised=raised, ruled=ruled, upheld=upheld
            )
    if unraised := _unraised(report, lang):
        yield sentence(lang, "office.settle.unraised", rulings=listed(lang, unraised))
    if settlement.unmatched:
        visits = listed(lang, [f"{one.visit}/{one.carer}" for one in settlement.unmatched])
        yield sentence(lang, "office.settle.unmatched", visits=visits)


def _unraised(report: SettlementReport, lang: Lang) -> list[str]:
    """Return rulings that explain a doubt which nobody has raised: perhaps another row is meant."""
    raised = {(one.visit, one.carer, one.doubt) for one in report.settlement.doubts}
    return [
        f"{one.visit}/{one.carer} {sentence(lang, f'office.doubt.{one.doubt}')}"
        for one in report.deliveries.rulings
        if one.outcome is not Outcome.UPHELD and (one.visit, one.carer, one.doubt) not in raised
    ]


def _who(one: Doubted) -> str:
    if one.visit is None:
        return one.organisation or "–"
    return f"{one.visit}/{one.carer} {one.caregiver or ''}".strip()


def settlement_tables(report: SettlementReport, lang: Lang) -> dict[str, pd.DataFrame]:
    """Return lines, contracts, doubts and what is not on the roster, by their headings.

    Money is in yuan and exact to the fen, care in minutes; sums of the lines are those of the
    contracts.
    """
    # Half a second that only whoever asks for tables needs.
    import pandas as pd  # noqa: PLC0415

    settlement = report.settlement
    tables: list[tuple[str, Sequence[str], Iterator[Sequence[Any]]]] = [
        (
            "lines",
            (
                "visit", "carer", "date", "client", "services", "payer", "organisation",
                "contract", "caregiver", "planned_minutes", "delivered_minutes",
                "verified_minutes", "paid_minutes", "planned_yuan", "paid_yuan",
                "absence_yuan", "held_yuan", "occurrence", "why",
            ),
            (_line(one, report.book, lang) for one in settlement.lines),
        ),
        (
            "statements",
            (
                "contract", "organisation", "stops", "planned_yuan", "paid_yuan", "absence_yuan",
                "deducted_yuan", "due_yuan", "held_yuan",
            ),
            (
                (*_names(one, lang), one.lines, *(fen / _FEN for fen in _amounts(one)))
                for one in settlement.statements
            ),
        ),
        (
            "doubts",
            ("doubt", "effect", "visit", "carer", "caregiver", "organisation", "detail"),
            (_doubt(one, lang) for one in settlement.doubts),
        ),
        (
            "unmatched",
            ("visit", "carer", "date", "caregiver", "occurrence"),
            (
                (
                    one.visit, one.carer, one.date.isoformat(), one.caregiver,
                    sentence(lang, f"office.occurrence.{one.occurrence}"),
                )
                for one in settlement.unmatched
            ),
        ),
    ]  # fmt: skip
    return {
        sentence(lang, f"office.settle.table.{name}"): pd.DataFrame(
            list(rows), columns=[sentence(lang, f"office.settle.column.{head}") for head in heads]
        )
        for name, heads, rows in tables
    }


def _line(one: Line, book: Book, lang: Lang) -> Sequence[Any]:
    planned = one.planned
    came = one.given.caregiver if one.given is not None else None
    return (
        planned.visit, planned.carer, planned.date.isoformat(), planned.client,
        wording.services(lang, book, planned.services), one.payer, planned.organisation,
        planned.contract, came or planned.caregiver, format_minutes(planned.care),
        format_minutes(one.delivered), format_minutes(one.verified), format_minutes(one.paid),
        planned.fen / _FEN, one.fen / _FEN, one.absence_fen / _FEN, one.held_fen / _FEN,
        "" if one.occurrence is None else sentence(lang, f"office.occurrence.{one.occurrence}"),
        listed(lang, [loss_name(lang, code) for code in one.lost]),
    )  # fmt: skip


def _doubt(one: Doubted, lang: Lang) -> Sequence[Any]:
    return (
        sentence(lang, f"office.doubt.{one.doubt}"), sentence(lang, f"office.effect.{one.effect}"),
        one.visit, one.carer or None, one.caregiver, one.organisation,
        translated(lang, one.detail),
    )  # fmt: skip


def settlement_workbook(report: SettlementReport, lang: Lang) -> bytes:
    """Return the tables as a workbook, a sheet each; the same settlement gives the same bytes."""
    import pandas as pd  # noqa: PLC0415 (as above)

    target = io.BytesIO()
    with pd.ExcelWriter(target, engine="xlsxwriter") as writer:
        writer.book.set_properties({"created": pd.Timestamp(2026, 1, 1).to_pydatetime()})
        for title, table in settlement_tables(report, lang).items():
            table.to_excel(writer, sheet_name=title, index=False)
            sheet = writer.sheets[title]
            sheet.freeze_panes(1, 1)
            sheet.autofit()
    return target.getvalue()


def settlement_archive(report: SettlementReport, lang: Lang) -> bytes:
    """Return the tables as CSV, and the lines of each contract in a file of its own."""
    tables = settlement_tables(report, lang)
    lines = tables[sentence(lang, "office.settle.table.lines")]
    column = sentence(lang, "office.settle.column.contract")
    own = {
        f"{column}-{one.contract.id}": lines[lines[column] == one.contract.id]
        for one in report.settlement.statements
        if one.contract is not None
    }
    return csv_archive({**tables, **own})


WRITERS: dict[str, Callable[[SettlementReport, Lang], bytes]] = {
    ".xlsx": settlement_workbook,
    ".zip": settlement_archive,
}
"By the ending of a file's name."


def settlement_document(report: SettlementReport) -> dict[str, Any]:
    """Return a settlement as it is written with ``--json``: minutes, fen and codes."""
    settlement = report.settlement
    return {
        "scenario": report.scenario.id,
        "lines": [_line_document(one) for one in settlement.lines],
        "contracts": [
            {
                "contract": None if one.contract is None else one.contract.id,
                "stops": one.lines,
                "planned_fen": one.planned_fen,
                "paid_fen": one.paid_fen,
                "absence_fen": one.absence_fen,
                "deducted_fen": one.deducted_fen,
                "due_fen": one.due_fen,
                "held_fen": one.held_fen,
            }
            for one in settlement.statements
        ],
        "doubts": [
            {
                "doubt": str(one.doubt),
                "effect": str(one.effect),
                "visit": one.visit,
                "carer": one.carer or None,
                "caregiver": one.caregiver,
                "organisation": one.organisation,
                "detail": str(one.detail),
            }
            for one in settlement.doubts
        ],
        "unmatched": [{"visit": one.visit, "carer": one.carer} for one in settlement.unmatched],
    }


def _line_document(one: Line) -> dict[str, Any]:
    return {
        "visit": one.planned.visit,
        "carer": one.planned.carer,
        "contract": one.planned.contract,
        "payer": one.payer,
        "planned_minutes": format_minutes(one.planned.care),
        "delivered_minutes": format_minutes(one.delivered),
        "verified_minutes": format_minutes(one.verified),
        "paid_minutes": format_minutes(one.paid),
        "planned_fen": one.planned.fen,
        "paid_fen": one.fen,
        "absence_fen": one.absence_fen,
        "held_fen": one.held_fen,
        "lost": [str(code) for code in one.lost],
    }
