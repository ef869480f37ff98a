"""Some months of a purchaser's office in a few sentences and as one document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from optimizer.i18n import Lang, sentence
from optimizer.purchase import By, MonthClosed, all_traced, cascade
from optimizer.report.cascade_text import (
    CascadeReport,
    largest_loss,
    loss_name,
    share,
    stage_name,
    yuan,
)
from optimizer.report.evaluation_text import EvaluationReport
from optimizer.report.time_bank_text import TimeBankReport
from optimizer.report.wording import duration
from optimizer.units import MS_PER_MINUTE

_HOUR = 60 * MS_PER_MINUTE

Planted = Mapping[str, tuple[int, int, int]]
"""Per period: how many faults were planted and found, and how many doubts are false alarms."""


@dataclass(frozen=True)
class DistrictReport:
    """Some months of an office, with everything that is said of them.

    Attributes
    ----------
    name
        What the district is called.
    months
        By period, in order; at least one.
    planted
        Of an example, whose faults are known.
    evaluation
        What organisations came to over all months; None where nobody asked.
    bank
        The time bank; None where there is none.
    head
        Last hash of the ledger.
    """

    name: str
    months: Mapping[str, MonthClosed]
    planted: Planted = field(default_factory=dict)
    evaluation: EvaluationReport | None = None
    bank: TimeBankReport | None = None
    head: str | None = None


def cascade_of(report: DistrictReport) -> CascadeReport:
    """Return the way of all care over all months, told apart by organisation."""
    months = list(report.months.values())
    decided = months[-1].decided
    return CascadeReport(
        decided.given, all_traced(months), (By.ORGANISATION,), decided.office
    )  # fmt: skip


def lead(report: DistrictReport, lang: Lang) -> Iterator[str]:
    """Yield what must be known: the way of care, what is owed, who waits, when money ends."""
    months = list(report.months.values())
    (whole,) = cascade(all_traced(months))
    first, last = whole.steps[0], whole.steps[-1]
    yield sentence(
        lang,
        "district.lead",
        months=len(months),
        clients=whole.clients,
        needed=hours(first.care),
        paid=hours(last.care),
        percent=share(last.care, first.care),
        stage=stage_name(lang, last.stage),
    )
    granted = next((one for one in whole.steps if str(one.stage) == "funded"), None)
    if granted is not None and granted.care:
        yield sentence(
            lang,
            "district.granted",
            granted=hours(granted.care),
            percent=share(last.care, granted.care),
        )
    most = largest_loss(whole)
    if most is not None:
        step, lost = most
        yield sentence(
            lang,
            "office.cascade.most",
            stage=stage_name(lang, step.stage),
            code=loss_name(lang, lost.code),
            care=duration(lang, lost.care),
            clients=lost.clients,
        )
    due = sum(one.due_fen for month in months for one in month.settlement.statements)
    yield sentence(lang, "district.due", yuan=yuan(due))
    funding = months[-1].decided.admission.funding
    if funding is not None:
        waiting = len(funding.waiting)
        dry = min((use.dry_on for use in funding.pools if use.dry_on is not None), default=None)
        yield sentence(lang, "district.waiting", waiting=waiting)
        if dry is not None:
            pool = next(use.pool for use in funding.pools if use.dry_on == dry)
            tier = sentence(lang, f"office.tier.{pool.tier}")
            yield sentence(lang, "district.dry", pool=pool.id, tier=tier, day=dry)


def hours(care: int) -> str:
    """Return milliseconds in hours, to a tenth."""
    return f"{care / _HOUR:,.1f}"


def district_document(report: DistrictReport) -> dict[str, Any]:
    """Return the figures of the report as they are written with ``--json``."""
    months = list(report.months.values())
    (whole,) = cascade(all_traced(months))
    return {
        "district": report.name,
        "periods": list(report.months),
        "clients": whole.clients,
        "steps": [
            {"step": str(one.stage), "minutes": one.care // MS_PER_MINUTE, "fen": one.fen}
            for one in whole.steps
        ],
        "due_fen": sum(one.due_fen for month in months for one in month.settlement.statements),
        "waiting": {
            period: 0
            if month.decided.admission.funding is None
            else len(month.decided.admission.funding.waiting)
            for period, month in report.months.items()
        },
        "doubts": sum(len(month.settlement.doubts) for month in months),
        "planted": {
            period: {"planted": planted, "found": found, "false_alarms": false}
            for period, (planted, found, false) in report.planted.items()
        },
        "scores": {}
        if report.evaluation is None
        else {
            one.organisation: None if one.score is None else float(one.score)
            for one in report.evaluation.evaluation.results
        },
        "time_bank": None
        if report.bank is None
        else {
            "accounts": len(report.bank.bank.accounts),
            "balances_sum": sum(report.bank.books.balances.values()),
        },
        "ledger_head": report.head,
    }
