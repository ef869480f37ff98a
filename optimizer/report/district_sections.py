"""The parts of the report of a purchaser's office: sentences and a table each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optimizer.allocation import fairness
from optimizer.domain.allocation import AllocationLog
from optimizer.domain.delivery import Doubt
from optimizer.i18n import Lang, listed, sentence
from optimizer.purchase import DirectoryStatus, FundingState, MonthClosed
from optimizer.report.cascade_text import (
    CascadeReport,
    category_name,
    group_rows,
    share,
    stage_name,
    yuan,
)
from optimizer.report.directory_text import noted_words
from optimizer.report.district_text import DistrictReport, hours
from optimizer.report.evaluation_text import (
    EvaluationReport,
    evaluation_cells,
    notes_of,
    told_of,
)
from optimizer.report.funding_text import place_words
from optimizer.report.time_bank_text import TimeBankReport, time_bank_words

_MOST_WAITING = 30
"Lines of the waiting list that are shown; the rest is counted."


@dataclass(frozen=True)
class Section:
    """One part of the page: sentences, and a table where there is one.

    Attributes
    ----------
    title
        Its heading.
    sentences
        What is said before the table.
    head, rows
        The table's texts; no rows means that there is no table.
    note
        What is said behind it.
    """

    title: str
    sentences: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""


def sections(report: DistrictReport, whole: CascadeReport, lang: Lang) -> Iterator[Section]:
    """Yield all parts behind the way of care."""
    months = report.months
    yield _by_organisation(whole, lang)
    last = list(months.values())[-1]
    if last.decided.admission.funding is not None:
        yield _pools(last, lang)
        yield _waiting(months, lang)
    yield _directory(last, lang)
    yield _shares(months, lang)
    yield _doubts(report, lang)
    yield _payment(months, lang)
    if report.evaluation is not None:
        yield _evaluation(report.evaluation, lang)
    if report.bank is not None:
        yield _time_bank(report.bank, lang)
    if report.head is not None:
        yield Section(
            sentence(lang, "district.ledger"),
            (sentence(lang, "district.ledger_lead", head=report.head),),
        )


def columns(lang: Lang, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the headings of a table."""
    return tuple(sentence(lang, key) for key in keys)


def _by_organisation(whole: CascadeReport, lang: Lang) -> Section:
    _, *groups = whole.cascades
    head = (
        sentence(lang, "office.by.organisation"),
        *(stage_name(lang, one) for one in whole.traced.stages),
        sentence(lang, "office.cascade.share"),
        sentence(lang, "office.cascade.lost_most"),
    )
    return Section(
        sentence(lang, "district.by_organisation"),
        (sentence(lang, "district.by_organisation_lead"),),
        head,
        tuple(group_rows(whole, groups, lang)),
    )


def _pools(month: MonthClosed, lang: Lang) -> Section:
    funding = month.decided.admission.funding
    if funding is None:
        return Section(sentence(lang, "district.pools"))
    names = ("pool", "tier", "amount", "spent", "committed", "free", "used", "dry")
    rows = tuple(
        (
            use.pool.id,
            sentence(lang, f"office.tier.{use.pool.tier}"),
            yuan(use.pool.amount_fen),
            yuan(use.pool.spent_fen),
            yuan(use.committed),
            yuan(use.free),
            f"{use.used}%",
            sentence(lang, "district.not_dry") if use.dry_on is None else str(use.dry_on),
        )
        for use in funding.pools
    )
    amount = sum(use.pool.amount_fen for use in funding.pools)
    words = sentence(
        lang, "district.pools_lead", day=month.decided.given.horizon.start, yuan=yuan(amount)
    )  # fmt: skip
    said = [words]
    if funding.uncovered:
        people = sum(one.uncovered > 0 for one in funding.commitments)
        said.append(
            sentence(lang, "office.purses.uncovered", yuan=yuan(funding.uncovered), clients=people)
        )
    heads = tuple(sentence(lang, f"office.purses.{name}") for name in names)
    note = sentence(lang, "district.pools_note")
    return Section(sentence(lang, "district.pools"), tuple(said), heads, rows, note)


def _waiting(months: Mapping[str, MonthClosed], lang: Lang) -> Section:
    said = []
    for period, month in months.items():
        funding = month.decided.admission.funding
        if funding is None:
            continue
        counts = Counter(one.standing for one in funding.commitments)
        said.append(
            sentence(
                lang,
                "district.waiting_of",
                period=period,
                served=counts[FundingState.SERVED],
                admitted=counts[FundingState.ADMITTED],
                waiting=counts[FundingState.WAITING],
            )
        )
    last = list(months.values())[-1].decided.admission
    waiting = [] if last.funding is None else [
        one for one in last.funding.commitments if one.standing is FundingState.WAITING
    ]  # fmt: skip
    rows = tuple(
        (
            str(one.place or ""),
            one.client,
            category_name(last.office, one.category, lang),
            place_words(one, lang),
        )
        for one in waiting[:_MOST_WAITING]
    )
    more = len(waiting) - len(rows)
    note = sentence(lang, "list.more", count=more) if more > 0 else ""
    head = columns(
        lang,
        (
            "district.wait.place",
            "district.wait.client",
            "district.wait.category",
            "district.wait.why",
        ),
    )
    return Section(sentence(lang, "district.list"), tuple(said), head, rows, note)


def _directory(month: MonthClosed, lang: Lang) -> Section:
    examined = month.decided.examined
    is_open = sum(one.status is DirectoryStatus.OPEN for one in examined)
    lead_words = sentence(
        lang,
        "district.directory_lead",
        day=month.decided.given.horizon.start,
        open=is_open,
        all=len(examined),
    )
    rows = tuple(
        (
            one.organisation,
            sentence(lang, f"office.status.{one.status}"),
            "–" if one.grade is None else f"{one.grade}A",
            listed(lang, [noted_words(noted, lang) for noted in one.noted]) or "–",
        )
        for one in examined
    )
    head = tuple(
        sentence(lang, f"office.directory.{name}")
        for name in ("organisation", "status", "grade", "found")
    )
    return Section(sentence(lang, "district.directory"), (lead_words,), head, rows)


def _shares(months: Mapping[str, MonthClosed], lang: Lang) -> Section:
    logs = [month.decided.log for month in months.values()]
    due, got = Counter[str](), Counter[str]()
    kept, chosen, clients = Counter[str](), Counter[str](), Counter[str]()
    for log in logs:
        for body in fairness(log).bodies:
            due[body.organisation] += body.due
            got[body.organisation] += body.rotated
            kept[body.organisation] += body.kept
            chosen[body.organisation] += body.chosen
            clients[body.organisation] += body.clients
    total = sum(due.values())
    rows = tuple(
        (
            name,
            share(due[name], total) + "%",
            hours(due[name]),
            hours(got[name]),
            share(got[name], sum(got.values())) + "%",
            hours(kept[name]),
            hours(chosen[name]),
        )
        for name in sorted(due)
    )
    said = [_unmet(period, log, lang) for period, log in zip(months, logs, strict=True)]
    head = columns(
        lang,
        (
            "district.shares.organisation",
            "district.shares.share",
            "district.shares.due",
            "district.shares.rotated",
            "district.shares.part",
            "district.shares.kept",
            "district.shares.chosen",
        ),
    )
    note = sentence(lang, "district.shares_note")
    return Section(sentence(lang, "district.shares"), tuple(said), head, rows, note)


def _unmet(period: str, log: AllocationLog, lang: Lang) -> str:
    left = sum(one.organisation is None for one in log.lines)
    draw = log.draw
    return sentence(
        lang, "district.allocated", period=period, lines=len(log.lines), unmet=left, draw=draw
    )


def _doubts(report: DistrictReport, lang: Lang) -> Section:
    raised: Counter[Doubt] = Counter()
    held: Counter[Doubt] = Counter()
    bodies: dict[Doubt, set[str]] = {}
    lines = stops = 0
    for month in report.months.values():
        stops += len(month.settlement.lines)
        for one in month.settlement.doubts:
            raised[one.doubt] += 1
            held[one.doubt] += one.effect == "hold"
            bodies.setdefault(one.doubt, set()).add(one.organisation or "–")
            lines += one.visit is not None
    said = [sentence(lang, "district.doubts_lead", lines=lines, stops=stops)]
    unmatched = sum(len(month.settlement.unmatched) for month in report.months.values())
    if unmatched:
        said.append(sentence(lang, "district.unmatched", count=unmatched))
    for period, (planted, found, false) in report.planted.items():
        said.append(
            sentence(
                lang, "district.planted", period=period, planted=planted, found=found, false=false
            )
        )
    rows = tuple(
        (
            sentence(lang, f"office.doubt.{doubt}"),
            str(raised[doubt]),
            str(held[doubt]),
            listed(lang, sorted(bodies[doubt])),
        )
        for doubt in Doubt
        if raised[doubt]
    )
    head = columns(
        lang,
        (
            "district.doubts.doubt",
            "district.doubts.raised",
            "district.doubts.held",
            "district.doubts.organisations",
        ),
    )
    return Section(sentence(lang, "district.doubts"), tuple(said), head, rows)


def _payment(months: Mapping[str, MonthClosed], lang: Lang) -> Section:
    sums: dict[tuple[str, str], tuple[int, ...]] = {}
    for month in months.values():
        for one in month.settlement.statements:
            contract = one.contract
            key = ("", "") if contract is None else (contract.organisation, contract.id)
            amounts = (
                one.lines, one.planned_fen, one.paid_fen, one.absence_fen, one.deducted_fen,
                one.due_fen,
            )  # fmt: skip
            before = sums.get(key, (0,) * len(amounts))
            sums[key] = tuple(a + b for a, b in zip(before, amounts, strict=True))
    rows = [
        (organisation or "–", contract or sentence(lang, "office.settle.none"), str(lines),
         *map(yuan, amounts))
        for (organisation, contract), (lines, *amounts) in sorted(sums.items())
    ]  # fmt: skip
    total = [sum(column) for column in zip(*sums.values(), strict=True)]
    all_of_it = sentence(lang, "office.settle.total")
    rows.append((all_of_it, "", str(total[0]), *map(yuan, total[1:])))
    names = ("organisation", "contract", "lines", "planned", "paid", "absence", "deducted", "due")
    head = tuple(sentence(lang, f"office.settle.{name}") for name in names)
    note = sentence(lang, "district.payment_note")
    return Section(sentence(lang, "district.payment"), (), head, tuple(rows), note)


def _evaluation(report: EvaluationReport, lang: Lang) -> Section:
    names = ["organisation", "score", "interval", "grade", "internal", "external", "reputation",
             "rated"]  # fmt: skip
    if report.moved:
        names += ["before", "after"]
    rows = tuple(
        (one.organisation, *evaluation_cells(report, one, lang))
        for one in report.evaluation.results
    )
    told = [line for one in report.evaluation.results for line in told_of(report, one, lang)]
    return Section(
        sentence(lang, "district.evaluation"),
        (sentence(lang, "district.evaluation_lead"), *told),
        tuple(sentence(lang, f"evaluation.column.{name}") for name in names),
        rows,
        " ".join(notes_of(report, lang)),
    )


def _time_bank(report: TimeBankReport, lang: Lang) -> Section:
    of: dict[str, list[int]] = {}
    for one in report.bank.accounts:
        of.setdefault(str(one.kind), []).append(report.books.balance(one.id))
    rows = [
        (sentence(lang, f"timebank.kind.{kind}"), str(len(balances)), f"{sum(balances):,}")
        for kind, balances in of.items()
    ]
    total = sum(report.books.balances.values())
    rows.append((sentence(lang, "timebank.total"), str(len(report.bank.accounts)), str(total)))
    head = (
        sentence(lang, "timebank.column.kind"),
        sentence(lang, "district.bank_accounts"),
        sentence(lang, "timebank.column.balance"),
    )
    words = tuple(time_bank_words(report, lang))
    return Section(sentence(lang, "district.bank"), words, head, tuple(rows))
