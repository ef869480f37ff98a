"""What the purchaser's office works out of the documents that it is sent, as its commands do."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from optimizer.allocation import allocate, resumed, with_organisations
from optimizer.domain import (
    AllocationLog,
    EntryKind,
)
from optimizer.formats import (
    Draft,
    format_scenario,
)
from optimizer.needs import for_engine
from optimizer.purchase import (
    Moved,
    admit,
    differences,
    draft_of_assignment,
    draft_of_evaluation,
    draft_of_settlement,
    evaluate,
    examine,
    moved_shares,
    needs_warnings,
)
from optimizer.purchase.publication import draw_checks
from optimizer.report import (
    EvaluationReport,
    SettlementReport,
    admission_document,
    directory_document,
    evaluation_document,
    funding_document,
    settlement_document,
)
from optimizer.report.publication_text import checks_document
from service.documents.office_body import NotPossible, OfficeBody, OfficeSent, with_warnings
from service.documents.office_settlement import SettledBody, settled_body

DECIDED_BY = ("scenario", "office")
ALLOCATED_BY = ("scenario", "rules")
SETTLED_BY = ("scenario", "office", "plan")
"The documents that a body must hold."


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision.

    Attributes
    ----------
    document
        What is answered.
    draft
        How it is entered in the ledger.
    told
        What each organisation is told of it.
    """

    document: dict[str, Any]
    draft: Draft
    told: dict[str, dict[str, Any]]


def directory(sent: OfficeSent) -> dict[str, Any]:
    """Test the organisations of a scenario on its first day, or on the day asked for."""
    read = OfficeBody.of(sent, DECIDED_BY)
    problem = read.scenario(with_organisations=True)
    office, warnings = read.office(problem)
    asked = sent.options.get("day")
    day = dt.date.fromisoformat(str(asked)) if asked else problem.scenario.horizon.start
    found = examine(office, problem.scenario, day)
    return with_warnings(directory_document(found, day), warnings)


def admitted(sent: OfficeSent) -> dict[str, Any]:
    """Find out who is eligible and paid for; on request with the scenario that is bought."""
    read = OfficeBody.of(sent, DECIDED_BY)
    problem = read.scenario()
    office, warnings = read.office(problem)
    found = admit(problem.given, problem.needs, office, problem.needs.book)
    warnings = (*warnings, *needs_warnings(found))
    document = with_warnings(admission_document(found), warnings)
    if sent.options.get("bought"):
        document["scenario"] = json.loads(format_scenario(for_engine(found.scenario)))
    return document


def purses(sent: OfficeSent) -> dict[str, Any]:
    """Set money aside: what each pool has left, and who waits."""
    read = OfficeBody.of(sent, DECIDED_BY)
    problem = read.scenario()
    office, warnings = read.office(problem)
    found = admit(problem.given, problem.needs, office, problem.needs.book)
    if found.funding is None:
        raise NotPossible("The office lists no pools, so that money has no end.")
    return with_warnings(funding_document(found), (*warnings, *needs_warnings(found)))


def allocated(sent: OfficeSent) -> Decided:
    """Allocate the clients of a scenario to organisations."""
    read = OfficeBody.of(sent, ALLOCATED_BY, ("before",))
    problem = read.scenario(with_organisations=True)
    policy = read.rules(problem.scenario)
    if read.has("before"):
        before = read.log("before")
        if before.period == policy.period:
            raise NotPossible(f"The log before is of this very period, {policy.period}.")
        policy = resumed(policy, before)
    log = allocate(problem.scenario, policy)
    document = log.model_dump(mode="json", exclude_none=True)
    if sent.options.get("allocated"):
        whole = with_organisations(problem.given, policy, log)
        document["scenario_allocated"] = json.loads(format_scenario(for_engine(whole)))
    return Decided(document, draft_of_assignment(log, read.hashes()), _assignments(log))


def _assignments(log: AllocationLog) -> dict[str, dict[str, Any]]:
    """Return to each organisation whom it was given and offered, and where it stands.

    Of others nothing, not even who was asked before or afterwards.
    """
    told: dict[str, dict[str, Any]] = defaultdict(
        lambda: {"period": log.period, "clients": [], "offers": [], "accounts": []}
    )
    for line in log.lines:
        for offer in line.offers:
            told[offer.organisation]["offers"].append(
                {
                    "client": line.client,
                    "lot": line.lot,
                    **offer.model_dump(mode="json", exclude={"organisation"}),
                }
            )
        if line.organisation is not None:
            told[line.organisation]["clients"].append(
                {"client": line.client, "lot": line.lot, "step": line.step}
            )
    for account in log.accounts:
        told[account.organisation]["accounts"].append(
            account.model_dump(mode="json", exclude={"organisation"}, exclude_none=True)
        )
    return dict(told)


def settled(sent: OfficeSent) -> Decided:
    """Settle a roster with what took place."""
    found = settled_body(OfficeBody.of(sent, SETTLED_BY, ("deliveries",)))
    report = SettlementReport(
        found.scenario, found.problem.needs.book, found.joined.deliveries, found.settlement
    )
    document = settlement_document(report)
    told = _statements(found, document)
    draft = draft_of_settlement(found.scenario.id, found.settlement, found.hashes())
    return Decided(found.answered(document), draft, told)


def _statements(found: SettledBody, document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return to each organisation its contracts, its lines and the doubts about them."""
    of_contract = {one.id: one.organisation for one in found.scenario.contracts}
    of_caregiver = {one.id: one.organisation for one in found.scenario.caregivers}
    told: dict[str, dict[str, Any]] = defaultdict(
        lambda: {"contracts": [], "lines": [], "doubts": []}
    )
    for row in document["contracts"]:
        if (owner := of_contract.get(row["contract"])) is not None:
            told[owner]["contracts"].append(row)
    owners: dict[tuple[str, int], str] = {}
    for line, row in zip(found.settlement.lines, document["lines"], strict=True):
        if (owner := of_caregiver.get(line.planned.caregiver)) is not None:
            owners[line.planned.visit, line.planned.carer] = owner
            told[owner]["lines"].append({"client": line.planned.client, **row})
    for row in document["doubts"]:
        owner = row["organisation"] or owners.get((row["visit"], row["carer"] or 1))
        if owner is not None:
            told[owner]["doubts"].append(row)
    return dict(told)


def checks(sent: OfficeSent) -> dict[str, Any]:
    """Draw spot checks: of what took place, or, without evidence, of what is on the roster."""
    found = settled_body(OfficeBody.of(sent, SETTLED_BY, ("deliveries",)), needs_deliveries=False)
    if found.office.draw is None:
        raise NotPossible("The office names no draw, by which checks are drawn.")
    period = str(sent.options.get("period") or f"{found.scenario.horizon.start:%Y-%m}")
    drawn = draw_checks(
        found.scenario,
        found.settlement.lines,
        found.settlement.doubts,
        found.office.spot_checks,
        draw=found.office.draw,
        period=period,
    )
    return found.answered(checks_document(drawn, found.office.draw, period))


def evaluated(sent: OfficeSent) -> Decided:
    """Evaluate organisations, and say what becomes of shares where the rules are given."""
    found = settled_body(OfficeBody.of(sent, SETTLED_BY, ("deliveries", "supervision", "rules")))
    supervision = found.read.supervision(found.scenario)
    evaluation = evaluate([found.observed], supervision, found.office.evaluation)
    moved: tuple[Moved, ...] = ()
    if found.read.has("rules"):
        moved = moved_shares(evaluation, found.read.rules(found.scenario), found.scenario)
    document = evaluation_document(EvaluationReport(found.office.id, evaluation, moved))
    told = {row["organisation"]: {**row} for row in document["organisations"]}
    hashes = {_OF_DAYS.get(name, name): value for name, value in found.hashes().items()}
    draft = draft_of_evaluation(found.office.id, evaluation, moved, hashes)
    return Decided(found.answered(document), draft, told)


_OF_DAYS = {name: f"{name}.1" for name in ("scenario", "plan", "deliveries")}
"What documents are called in the entry of an evaluation, which may be over several scenarios."

DECISIONS: Mapping[EntryKind, Callable[[OfficeSent], Decided]] = {
    EntryKind.ASSIGNMENT: allocated,
    EntryKind.SETTLEMENT: settled,
    EntryKind.EVALUATION: evaluated,
}
"What works out an entry of each kind."


def checked(sent: OfficeSent) -> dict[str, Any]:
    """Work an entry of the ledger out anew, and say what comes out otherwise."""
    entry = sent.claimed
    if entry is None:
        raise ValueError("nothing is claimed")
    anew = DECISIONS[entry.kind](sent).draft
    others = sorted(
        name
        for name in {*entry.inputs, *anew.inputs}
        if entry.inputs.get(name) != anew.inputs.get(name)
    )
    wrong = list(differences(entry.claims, anew.claims))
    outcome = "unchecked" if others else ("fails" if wrong else "holds")
    return {
        "number": entry.number,
        "kind": entry.kind.value,
        "subject": entry.subject,
        "outcome": outcome,
        "other_documents": others,
        "details": wrong,
    }
