"""What the purchaser's office shows without deciding: where care is lost, and what is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from optimizer.allocation import allocate
from optimizer.domain import EvaluationTerms, Terms, TimeBank
from optimizer.errors import Fault
from optimizer.formats import parse_time_bank, unchosen
from optimizer.needs import default_book
from optimizer.purchase import (
    Allocated,
    By,
    Moved,
    Settlement,
    admit,
    evaluate,
    moved_shares,
    moves_of,
    needs_warnings,
    settle,
    trace,
    unexamined,
    with_bodies,
)
from optimizer.purchase.publication import publish
from optimizer.purchase.time_bank import Books, checked_books, latest_day
from optimizer.report import (
    CascadeReport,
    TimeBankReport,
    cascade_document,
    moves_document,
    time_bank_document,
)
from optimizer.report.publication_text import published_document
from service.documents.evidence import Joined, as_sent, joined
from service.documents.office import SETTLED_BY
from service.documents.office_body import NotPossible, OfficeBody, OfficeSent, with_warnings
from service.documents.office_settlement import settled_body


def moves(sent: OfficeSent) -> dict[str, Any]:
    """Return who changes the organisation by an allocation, from its log.

    Raises
    ------
    InvalidDocument
        If a document has faults.
    NotPossible
        If the log is of another scenario.
    """
    read = OfficeBody.of(sent, ("scenario", "log"), ("office",))
    problem = read.scenario()
    log = read.log("log")
    if log.scenario != problem.scenario.id:
        raise NotPossible(
            f"The log is of {log.scenario}, but the scenario is {problem.scenario.id}; send the "
            "scenario that was allocated."
        )
    terms = EvaluationTerms()
    warnings: tuple[Fault, ...] = ()
    if read.has("office"):
        office, warnings = read.office(problem)
        terms = office.evaluation
    found = moves_of(log, problem.scenario, terms, int(sent.options["notice"] or 0))
    return with_warnings(moves_document(found), warnings)


def cascade(sent: OfficeSent) -> dict[str, Any]:
    """Follow the care of a scenario from need to payment.

    Steps whose documents are not sent are not looked at.

    Raises
    ------
    InvalidDocument
        If a document has faults.
    NotPossible
        If there is nobody to allocate to, or what took place comes without its roster or is of
        another scenario.
    """
    read = OfficeBody.of(sent, ("scenario",), ("office", "plan", "rules", "deliveries"))
    is_known = read.has("deliveries") or sent.options.get("evidence") is not None
    if is_known and not read.has("plan"):
        raise NotPossible("What took place is held against the roster; add plan to the body.")
    problem = read.scenario(with_organisations=read.has("rules"))
    admission = unexamined(problem.needs)
    warnings: tuple[Fault, ...] = ()
    if read.has("office"):
        office, warnings = read.office(problem)
        admission = admit(problem.given, problem.needs, office, problem.needs.book)
        warnings = (*warnings, *needs_warnings(admission))
    allocated = None
    if read.has("rules"):
        policy = read.rules(admission.scenario)
        log = allocate(admission.scenario, policy)
        allocated = Allocated(log, policy.lots)
        admission = with_bodies(admission, policy, log)
    scenario = admission.needs.scenario
    plan = read.plan(scenario) if read.has("plan") else None
    if plan is not None:
        warnings = (*warnings, *unchosen(plan, scenario))
    found: Joined | None = None
    settlement: Settlement | None = None
    if plan is not None and read.has("deliveries"):
        found = as_sent(read.deliveries(scenario))
    elif plan is not None and read.asks_for_evidence(scenario):
        found = joined(sent.evidence, scenario, plan)
    if plan is not None and found is not None:
        terms = admission.office.terms if admission.office is not None else Terms()
        settlement = settle(admission, plan, found.deliveries, terms, problem.matrices)
    traced = trace(
        admission, allocated=allocated, plan=plan, settlement=settlement, matrices=problem.matrices
    )
    groups = tuple(By(one) for one in str(sent.options.get("by") or "").split(",") if one)
    report = CascadeReport(problem.scenario, traced, groups, admission.office)
    document = cascade_document(report)
    if found is not None and not read.has("deliveries"):
        document["evidence"] = found.told()
    return with_warnings(document, warnings)


def publication(sent: OfficeSent) -> dict[str, Any]:
    """Return the tables of a period that may be published, small counts suppressed.

    Raises
    ------
    InvalidDocument
        If a document has faults.
    NotPossible
        If there are no organisations, or evidence of another scenario is asked for.
    """
    read = OfficeBody.of(sent, SETTLED_BY, ("deliveries", "supervision", "rules"))
    found = settled_body(read, needs_deliveries=False, with_pools=True)
    supervision = read.supervision(found.scenario)
    evaluation = evaluate([found.observed], supervision, found.office.evaluation)
    moved: tuple[Moved, ...] = ()
    if read.has("rules"):
        moved = moved_shares(evaluation, read.rules(found.scenario), found.scenario)
    tables: Mapping[str, Any] = published_document(
        publish([found.observed], evaluation, supervision, moved)
    )
    return with_warnings(
        dict(tables), (*found.warnings, *needs_warnings(found.admission))
    )  # fmt: skip


def time_bank(sent: OfficeSent) -> dict[str, Any]:
    """Return balances, orders and what is owed of a time bank on a day.

    It is the latest day that the time bank tells of, if none is asked for.

    Raises
    ------
    InvalidDocument
        If a document has faults, or a transfer breaks a limit.
    NotPossible
        If the time bank tells of no day and none is asked for.
    """
    read = OfficeBody.of(sent, ("timebank",), ("scenario",))
    problem = read.scenario() if read.has("scenario") else None
    scenario = None if problem is None else problem.scenario
    book = default_book() if problem is None else problem.needs.book

    def reader(text: str) -> tuple[TimeBank, Books]:
        bank = parse_time_bank(text, "timebank", book, scenario)
        return bank, checked_books(bank, "timebank")

    bank, books = read.read("timebank", reader)
    asked = sent.options.get("day")
    day = dt.date.fromisoformat(str(asked)) if asked else latest_day(bank)
    if day is None:
        raise NotPossible("The time bank has neither orders nor transfers; name a day.")
    return time_bank_document(TimeBankReport(bank, books, day, scenario))
