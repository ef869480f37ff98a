"""A roster of the purchaser's office settled with what took place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from optimizer.domain import Deliveries, Office, Scenario
from optimizer.errors import Fault
from optimizer.formats import canonical, unchosen
from optimizer.prepare import Prepared
from optimizer.purchase import Admission, Observed, Settlement, admit, settle
from service.documents.evidence import Joined, as_sent, joined
from service.documents.office_body import NotPossible, OfficeBody, with_warnings


@dataclass(frozen=True, slots=True)
class SettledBody:
    """A roster that was settled, and by what."""

    read: OfficeBody
    problem: Prepared
    admission: Admission
    office: Office
    warnings: tuple[Fault, ...]
    joined: Joined
    settlement: Settlement

    @property
    def scenario(self) -> Scenario:
        """The scenario as it was admitted."""
        return self.admission.needs.scenario

    @property
    def observed(self) -> Observed:
        """What is evaluated and published."""
        return Observed(self.admission, self.joined.deliveries, self.settlement)

    def hashes(self) -> dict[str, str]:
        """Return the hash of each document, evidence among them."""
        beside = {}
        if not self.read.has("deliveries"):
            beside["deliveries"] = canonical(self.joined.document())
        return self.read.hashes(**beside)

    def answered(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return an answer with the warnings, and with the evidence it was worked out from."""
        if not self.read.has("deliveries"):
            document["evidence"] = self.joined.told()
            document["deliveries"] = self.joined.document()
        return with_warnings(document, self.warnings)


def settled_body(
    read: OfficeBody, *, needs_deliveries: bool = True, with_pools: bool = False
) -> SettledBody:
    """Settle the roster of a body.

    Parameters
    ----------
    read
        A body with scenario, office and plan.
    needs_deliveries
        Whether it has to be known what took place.
    with_pools
        Whether money is set aside for clients, which tells who waits.

    Raises
    ------
    InvalidDocument
        If a document has faults.
    NotPossible
        If what took place is missing or of another scenario, or there are no organisations.
    """
    problem = read.scenario(with_organisations=True)
    office, warnings = read.office(problem)
    admission = admit(
        problem.given, problem.needs, office, problem.needs.book, with_pools=with_pools
    )
    scenario = admission.needs.scenario
    plan = read.plan(scenario)
    if read.has("deliveries"):
        found = as_sent(read.deliveries(scenario))
    elif read.asks_for_evidence(scenario):
        found = joined(read.sent.evidence, scenario, plan)
    elif needs_deliveries:
        raise NotPossible(
            "What took place is missing: add deliveries to the body, or name the scenario in the "
            "parameter evidence."
        )
    else:
        found = Joined(Deliveries(scenario=scenario.id))
    warnings = (*warnings, *unchosen(plan, scenario))
    settlement = settle(admission, plan, found.deliveries, office.terms, problem.matrices)
    return SettledBody(read, problem, admission, office, warnings, found, settlement)
