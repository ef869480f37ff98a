"""``homecare office demo``: the whole chain over the months of a folder, and its report."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.text import Text

import optimizer
from optimizer.commands.allocate import assignment_draft
from optimizer.commands.documents import load_deliveries, load_problem, load_roster
from optimizer.commands.entering import Entering
from optimizer.commands.evaluation import Days, evaluation_draft
from optimizer.commands.evaluation import Files as EvaluationFiles
from optimizer.commands.exit_code import ExitCode
from optimizer.commands.outputs import check_folder
from optimizer.commands.settlement import Files as SettlementFiles
from optimizer.commands.settlement import settlement_draft
from optimizer.commands.terminal import answer, answer_json, tell, tell_warnings
from optimizer.commands.time_bank import load_time_bank
from optimizer.domain.allocation import AllocationLog
from optimizer.domain.office import Office
from optimizer.domain.supervision import Supervision
from optimizer.errors import UnreadableFile, UsageError
from optimizer.formats import write_scenario
from optimizer.formats.allocation import format_allocation_log, read_allocation_policy
from optimizer.formats.files import read_bytes, write_bytes
from optimizer.formats.layout import layout
from optimizer.formats.ledger import Draft, read_ledger
from optimizer.formats.office import read_office
from optimizer.formats.supervision import read_supervision
from optimizer.i18n import LANGUAGES, Lang, say, sentence
from optimizer.needs import Book
from optimizer.prepare import Prepared
from optimizer.purchase import (
    By,
    MonthClosed,
    MonthDecided,
    Observed,
    all_traced,
    close_month,
    decide_month,
    evaluate,
    moved_shares,
)
from optimizer.report.cascade_tables import cascade_csv
from optimizer.report.cascade_text import CascadeReport
from optimizer.report.district_page import district_page
from optimizer.report.district_text import DistrictReport, district_document, lead
from optimizer.report.evaluation_text import EvaluationReport
from optimizer.report.settlement_text import SettlementReport
from optimizer.report.time_bank_text import TimeBankReport

SHIPPED = Path(optimizer.__file__).parents[1] / "scenarios" / "zhenhai-office"
"The example district, beside the package where there is a source tree."
_PACKED = ("", ".xz", ".gz")
_LEDGER = "ledger.jsonl"


@dataclass(frozen=True, slots=True)
class MonthFiles:
    """The files of one month.

    Attributes
    ----------
    period
        Such as 2026-03: how their names begin.
    scenario, office, rules, plan, deliveries
        What is needed.
    afterwards
        The office once the month is over; the same as `office` where there is no other.
    """

    period: str
    scenario: Path
    office: Path
    rules: Path
    plan: Path
    deliveries: Path
    afterwards: Path


def demo_office(folder: Path | None, out: Path, *, lang: Lang, as_json: bool) -> int:
    """Run the chain over all months of a folder and write reports, ledger and files between.

    Parameters
    ----------
    folder
        ``2026-03.scenario.json``, ``.office.json``, ``.rules.json``, ``.plan.json`` and
        ``.deliveries.json`` for each month, packed or not; the example district if None.
    out
        Where to write; made if it does not exist.
    lang
        Language of the answer; the report is written in both.
    as_json
        Whether to answer with one JSON document.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    UsageError
        If the folder has no month, a month lacks a file, or `out` cannot be written.
    """
    folder = SHIPPED if folder is None else folder
    check_folder(out)
    if out.resolve() == folder.resolve():
        raise UsageError(say("usage.onto_input", path=out))
    months = months_of(folder)
    begin = time.monotonic()
    closed: dict[str, MonthClosed] = {}
    prepared: dict[str, Prepared] = {}
    before: AllocationLog | None = None
    for one in months:
        if not as_json:
            tell(sentence(lang, "district.running", period=one.period))
        closed[one.period], prepared[one.period] = closed_month(one, before, lang)
        before = closed[one.period].decided.log
    evaluation = _evaluated(folder, list(closed.values()))
    report = DistrictReport(
        name=closed[months[0].period].decided.office.id,
        months=closed,
        planted=_planted(folder, closed),
        evaluation=evaluation,
        bank=_bank(folder, closed[months[-1].period]),
    )
    out.mkdir(parents=True, exist_ok=True)
    drafts = list(_written(out, folder, months, closed, prepared, evaluation))
    entering = Entering(out / _LEDGER)
    for draft in drafts:
        entering.enter(draft)
    report = replace(report, head=read_ledger(out / _LEDGER).entries[-1].hash)
    pages = [out / f"report.{language}.html" for language in LANGUAGES]
    for page, language in zip(pages, LANGUAGES, strict=True):
        write_bytes(page, district_page(report, lang=language).encode("utf-8"))
    _write_cascade(out, report, lang)
    if as_json:
        answer_json(district_document(report))
        return ExitCode.OK
    for words in lead(report, lang):
        answer(Text(words))
    for page in pages:
        answer(Text(sentence(lang, "cli.written", path=page)))
    answer(Text(sentence(lang, "district.audit", out=out, folder=folder)))
    answer(Text(sentence(lang, "cli.took", seconds=f"{time.monotonic() - begin:.1f}")))
    return ExitCode.OK


def months_of(folder: Path) -> list[MonthFiles]:
    """Return the files of all months, in order.

    Raises
    ------
    UsageError
        If there is no month, or a file of one is missing; all that are missing are named.
    """
    try:
        names = sorted(one.name for one in folder.iterdir())
    except OSError as error:
        raise UsageError(say("usage.no_district", path=folder)) from error
    periods = [one.partition(".scenario.json")[0] for one in names if ".scenario.json" in one]
    if not periods:
        raise UsageError(say("usage.no_district", path=folder))
    missing: list[str] = []

    def named(period: str, kind: str) -> Path:
        found = [folder / f"{period}.{kind}.json{end}" for end in _PACKED]
        there = next((one for one in found if one.name in names), None)
        if there is None:
            missing.append(found[0].name)
        return there or found[0]

    months = []
    for period in periods:
        kinds = ("scenario", "office", "rules", "plan", "deliveries")
        scenario, office, rules, plan, deliveries = (named(period, kind) for kind in kinds)
        after = folder / f"{period}.office-after.json"
        afterwards = after if after.name in names else office
        months.append(MonthFiles(period, scenario, office, rules, plan, deliveries, afterwards))
    if missing:
        raise UsageError(say("usage.month_incomplete", path=folder, files=tuple(missing)))
    return months


def closed_month(
    files: MonthFiles, before: AllocationLog | None, lang: Lang
) -> tuple[MonthClosed, Prepared]:
    """Read a month's files and run its chain; return what it was prepared as, too.

    Parameters
    ----------
    files
        Of the month.
    before
        The log of the month before, where accounts begin.
    lang
        Language of warnings.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    """
    problem = load_problem(files.scenario, lang=lang)
    book = problem.needs.book
    office = _office(files.office, problem, book, lang)
    after = office
    if files.afterwards != files.office:
        after = _office(files.afterwards, problem, book, lang)
    rules = read_allocation_policy(files.rules, problem.scenario)
    decided = decide_month(problem.needs, problem.given, office, rules, before)
    planned = decided.planned
    plan = load_roster(files.plan, planned, lang=lang)
    deliveries = load_deliveries(files.deliveries, planned, lang=lang)
    return close_month(decided, plan, deliveries, after, problem.matrices), problem


def _office(path: Path, problem: Prepared, book: Book, lang: Lang) -> Office:
    office, warnings = read_office(path, problem.scenario, book)
    tell_warnings(warnings, path.name, lang=lang)
    return office


def _evaluated(folder: Path, months: Sequence[MonthClosed]) -> EvaluationReport:
    """Evaluate organisations over all months, by the office of the last one."""
    observed = [Observed(one.known, one.deliveries, one.settlement) for one in months]
    scenarios = [one.decided.planned for one in months]
    path = folder / "supervision.json"
    supervision = read_supervision(path, scenarios) if path.exists() else Supervision()
    office = months[-1].known.office
    if office is None:
        raise ValueError("a month of a district has an office")
    evaluation = evaluate(observed, supervision, office.evaluation)
    moved = moved_shares(evaluation, months[-1].decided.rules, scenarios[-1])
    return EvaluationReport(office.id, evaluation, moved)


def _bank(folder: Path, last: MonthClosed) -> TimeBankReport | None:
    """Read the time bank of the folder, if there is one."""
    path = folder / "timebank.json"
    if not path.exists():
        return None
    scenario = last.decided.given
    bank, books = load_time_bank(path, scenario)
    return TimeBankReport(bank, books, scenario.horizon.dates()[-1], scenario)


def _planted(folder: Path, closed: Mapping[str, MonthClosed]) -> dict[str, tuple[int, int, int]]:
    """Return what was planted and found, where a file of truth is there.

    Raises
    ------
    UnreadableFile
        If the file is there and is none.
    """
    path = folder / "faults.json"
    if not path.exists():
        return {}
    try:
        truth = json.loads(read_bytes(path))
        return {
            period: found_of(truth[period], month)
            for period, month in closed.items()
            if period in truth
        }
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(say("usage.no_truth", path=path)) from error


def found_of(truth: Mapping[str, Any], month: MonthClosed) -> tuple[int, int, int]:
    """Return how many faults were planted and found in a month, and how many alarms are false.

    Parameters
    ----------
    truth
        Of the month: `faults`, and `touched` and `unmatched` stops.
    month
        The month, closed.
    """
    told = {(one.visit, one.carer, str(one.doubt)) for one in month.settlement.doubts}
    planted = {(one["visit"], one["carer"], one["doubt"]) for one in truth["faults"]}
    extra = {tuple(one) for one in truth["unmatched"]}
    aware = {key[:2] for key in planted} | {tuple(one) for one in truth["touched"]} | extra
    false = sum((visit, carer) not in aware for visit, carer, _ in told if visit is not None)
    unmatched = {(one.visit, one.carer) for one in month.settlement.unmatched}
    return len(planted) + len(extra), len(planted & told) + len(extra & unmatched), false


def _written(
    out: Path,
    folder: Path,
    months: Sequence[MonthFiles],
    closed: Mapping[str, MonthClosed],
    prepared: Mapping[str, Prepared],
    evaluation: EvaluationReport,
) -> Iterator[Draft]:
    """Write what lies between the steps, as single commands would, and yield what is entered."""
    days: list[Days] = []
    before: Path | None = None
    rules = months[0].rules
    for one in months:
        month = closed[one.period]
        bought, planned = (out / f"{one.period}.{kind}.json" for kind in ("bought", "allocated"))
        rules, log = (out / f"{one.period}.{kind}.json" for kind in ("rules", "log"))
        write_scenario(month.decided.bought, bought)
        write_scenario(month.decided.planned, planned)
        write_bytes(rules, _rules_text(month.decided).encode("utf-8"))
        write_bytes(log, format_allocation_log(month.decided.log).encode("utf-8"))
        yield assignment_draft(bought, rules, before, month.decided.log)
        before = log
        book = prepared[one.period].needs.book
        scenario = month.known.needs.scenario
        report = SettlementReport(scenario, book, month.deliveries, month.settlement)
        files = SettlementFiles(planned, one.plan, one.deliveries, one.afterwards, None)
        yield settlement_draft(files, report)
        days.append(Days(planned, one.plan, one.deliveries))
    supervision = folder / "supervision.json"
    yield evaluation_draft(
        EvaluationFiles(
            tuple(days),
            months[-1].afterwards,
            supervision if supervision.exists() else None,
            rules,
            None,
            None,
        ),
        evaluation,
    )


def _rules_text(decided: MonthDecided) -> str:
    """Return the rules with the directory; what the month before has left stands in its log."""
    return layout(decided.published.model_dump(mode="json", exclude_none=True)) + "\n"


def _write_cascade(out: Path, report: DistrictReport, lang: Lang) -> None:
    months = list(report.months.values())
    decided = months[-1].decided
    table = CascadeReport(
        decided.given, all_traced(months), (By.TOWN, By.CATEGORY, By.ORGANISATION), decided.office
    )
    write_bytes(out / "cascade.csv", cascade_csv(table, lang=lang).encode("utf-8"))
