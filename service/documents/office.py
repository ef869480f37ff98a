"""What the purchaser's office works out of the documents that it is sent, as its commands do."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from optimizer.allocation import allocate, resumed, with_organisations
from optimizer.domain import (
    AllocationLog,
    AllocationPolicy,
    Deliveries,
    EntryBody,
    EntryKind,
    Office,
    Plan,
    Scenario,
    Supervision,
)
from optimizer.errors import Fault, HomecareError, InvalidDocument
from optimizer.formats import (
    Draft,
    allocation_policy_in,
    canonical,
    check_plan,
    content_hash,
    deliveries_in,
    format_scenario,
    office_in,
    parse_allocation_log,
    parse_plan,
    supervision_in,
)
from optimizer.needs import for_engine
from optimizer.prepare import Prepared
from optimizer.purchase import (
    Admission,
    Moved,
    Observed,
    Settlement,
    admit,
    differences,
    draft_of_assignment,
    draft_of_evaluation,
    draft_of_settlement,
    evaluate,
    examine,
    moved_shares,
    settle,
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
from service.documents.evidence import Joined, SentEvidence, as_sent, joined
from service.documents.limits import MOST_FAULTS, DocumentLimits, look_ahead
from service.documents.parts import documents_in, under
from service.documents.work import prepared_within

Made = TypeVar("Made")

DECIDED_BY = ("scenario", "office")
ALLOCATED_BY = ("scenario", "rules")
SETTLED_BY = ("scenario", "office", "plan")
"The documents that a body must hold."


class NotPossible(HomecareError):
    """What is asked for cannot be made of these documents."""

    code = "not-possible"
    exit_code = 2
    http_status = 422


@dataclass(frozen=True, slots=True)
class OfficeSent:
    """Documents of the office as they were sent.

    Attributes
    ----------
    text, limits
        As of every document.
    evidence
        What organisations have sent, for where the body has no deliveries.
    options
        What else is asked for, by name.
    claimed
        The entry of the ledger that is to be worked out anew.
    """

    text: bytes
    limits: DocumentLimits
    evidence: tuple[SentEvidence, ...] = ()
    options: Mapping[str, str | bool | None] = field(default_factory=dict)
    claimed: EntryBody | None = None


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


@dataclass(frozen=True, slots=True)
class _Read:
    """The documents of a body, each read when it is asked for."""

    sent: OfficeSent
    texts: Mapping[str, str]

    @classmethod
    def of(cls, sent: OfficeSent, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> _Read:
        found = documents_in(sent.text, needed, optional)
        for text in found.values():
            look_ahead(sent.limits, text)
        return cls(sent, found)

    def has(self, name: str) -> bool:
        return name in self.texts

    def read(self, name: str, reader: Callable[[str], Made]) -> Made:
        """Return what a reader makes of a document; its faults name the document."""
        try:
            return reader(self.texts[name])
        except InvalidDocument as error:
            raise under(name, error) from error

    def scenario(self, *, with_organisations: bool = False) -> Prepared:
        problem = self.read("scenario", lambda text: prepared_within(self.sent.limits, text))
        if with_organisations and not problem.scenario.organisations:
            raise NotPossible("The scenario has no organisations.")
        return problem

    def office(self, problem: Prepared) -> tuple[Office, tuple[Fault, ...]]:
        book = problem.needs.book
        return self.read(
            "office", lambda text: office_in(text, problem.scenario, book, most=MOST_FAULTS)
        )

    def plan(self, scenario: Scenario) -> Plan:
        def reader(text: str) -> Plan:
            plan = parse_plan(text, "plan", most=MOST_FAULTS)
            check_plan(plan, scenario).refuse_faults("plan")
            return plan

        return self.read("plan", reader)

    def rules(self, scenario: Scenario) -> AllocationPolicy:
        return self.read(
            "rules", lambda text: allocation_policy_in(text, scenario, most=MOST_FAULTS)
        )

    def before(self) -> AllocationLog:
        return self.read("before", lambda text: parse_allocation_log(text, most=MOST_FAULTS))

    def supervision(self, scenario: Scenario) -> Supervision:
        if not self.has("supervision"):
            return Supervision()
        return self.read(
            "supervision", lambda text: supervision_in(text, [scenario], most=MOST_FAULTS)
        )

    def hashes(self, **beside: str) -> dict[str, str]:
        """Return the hash of each document as canonical JSON, however it was written."""
        texts = {name: canonical(json.loads(text)) for name, text in self.texts.items()} | beside
        return {name: content_hash(text.encode("utf-8")) for name, text in texts.items()}


@dataclass(frozen=True, slots=True)
class _Settled:
    """A roster that was settled, and by what."""

    read: _Read
    problem: Prepared
    admission: Admission
    office: Office
    warnings: tuple[Fault, ...]
    joined: Joined
    settlement: Settlement

    @property
    def scenario(self) -> Scenario:
        return self.admission.needs.scenario

    @property
    def observed(self) -> Observed:
        return Observed(self.admission, self.joined.deliveries, self.settlement)

    def hashes(self) -> dict[str, str]:
        beside = {}
        if not self.read.has("deliveries"):
            beside["deliveries"] = canonical(self.joined.document())
        return self.read.hashes(**beside)

    def answered(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return an answer with the warnings, and with the evidence it was worked out from."""
        if not self.read.has("deliveries"):
            document["evidence"] = self.joined.told()
            document["deliveries"] = self.joined.document()
        return _with_warnings(document, self.warnings)


def directory(sent: OfficeSent) -> dict[str, Any]:
    """Test the organisations of a scenario on its first day, or on the day asked for."""
    read = _Read.of(sent, DECIDED_BY)
    problem = read.scenario(with_organisations=True)
    office, warnings = read.office(problem)
    asked = sent.options.get("day")
    day = dt.date.fromisoformat(str(asked)) if asked else problem.scenario.horizon.start
    found = examine(office, problem.scenario, day)
    return _with_warnings(directory_document(found, day), warnings)


def admitted(sent: OfficeSent) -> dict[str, Any]:
    """Find out who is eligible and paid for; on request with the scenario that is bought."""
    read = _Read.of(sent, DECIDED_BY)
    problem = read.scenario()
    office, warnings = read.office(problem)
    found = admit(problem.given, problem.needs, office, problem.needs.book)
    document = _with_warnings(admission_document(found), warnings)
    if sent.options.get("bought"):
        document["scenario"] = json.loads(format_scenario(for_engine(found.scenario)))
    return document


def purses(sent: OfficeSent) -> dict[str, Any]:
    """Set money aside: what each pool has left, and who waits."""
    read = _Read.of(sent, DECIDED_BY)
    problem = read.scenario()
    office, warnings = read.office(problem)
    found = admit(problem.given, problem.needs, office, problem.needs.book)
    if found.funding is None:
        raise NotPossible("The office lists no pools, so that money has no end.")
    return _with_warnings(funding_document(found), warnings)


def allocated(sent: OfficeSent) -> Decided:
    """Allocate the clients of a scenario to organisations."""
    read = _Read.of(sent, ALLOCATED_BY, ("before",))
    problem = read.scenario(with_organisations=True)
    policy = read.rules(problem.scenario)
    if read.has("before"):
        before = read.before()
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
    """Return to each organisation whom it was given and where it stands; of others nothing."""
    told: dict[str, dict[str, Any]] = defaultdict(
        lambda: {"period": log.period, "clients": [], "accounts": []}
    )
    for line in log.lines:
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
    found = _settled(_Read.of(sent, SETTLED_BY, ("deliveries",)))
    report = SettlementReport(
        found.scenario, found.problem.needs.book, found.joined.deliveries, found.settlement
    )
    document = settlement_document(report)
    told = _statements(found, document)
    draft = draft_of_settlement(found.scenario.id, found.settlement, found.hashes())
    return Decided(found.answered(document), draft, told)


def _settled(read: _Read, *, needs_deliveries: bool = True) -> _Settled:
    problem = read.scenario(with_organisations=True)
    office, warnings = read.office(problem)
    admission = admit(problem.given, problem.needs, office, problem.needs.book, with_pools=False)
    scenario = admission.needs.scenario
    plan = read.plan(scenario)
    if read.has("deliveries"):
        found = as_sent(
            read.read("deliveries", lambda text: deliveries_in(text, scenario, most=MOST_FAULTS))
        )
    elif read.sent.options.get("evidence") == scenario.id:
        found = joined(read.sent.evidence, scenario, plan)
    elif needs_deliveries:
        raise NotPossible(
            "What took place is missing: add deliveries to the body, or name the scenario in the "
            "parameter evidence."
        )
    else:
        found = Joined(Deliveries(scenario=scenario.id))
    settlement = settle(admission, plan, found.deliveries, office.terms, problem.matrices)
    return _Settled(read, problem, admission, office, warnings, found, settlement)


def _statements(found: _Settled, document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
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
    found = _settled(_Read.of(sent, SETTLED_BY, ("deliveries",)), needs_deliveries=False)
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
    found = _settled(_Read.of(sent, SETTLED_BY, ("deliveries", "supervision", "rules")))
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


def _with_warnings(document: dict[str, Any], warnings: tuple[Fault, ...]) -> dict[str, Any]:
    document["warnings"] = [
        {"path": one.path, "code": one.code, "message": str(one.message)} for one in warnings
    ]
    return document
