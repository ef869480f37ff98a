"""A body of the purchaser's office: its documents, each read when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from optimizer.domain import (
    AllocationLog,
    AllocationPolicy,
    Deliveries,
    EntryBody,
    Office,
    Plan,
    Scenario,
    Supervision,
)
from optimizer.errors import Fault, HomecareError, InvalidDocument
from optimizer.formats import (
    allocation_policy_in,
    canonical,
    check_care,
    check_plan,
    content_hash,
    deliveries_in,
    office_in,
    parse_allocation_log,
    parse_plan,
    supervision_in,
)
from optimizer.prepare import Prepared
from service.documents.evidence import SentEvidence
from service.documents.limits import MOST_FAULTS, DocumentLimits, look_ahead
from service.documents.parts import documents_in, under
from service.documents.work import prepared_within

Made = TypeVar("Made")


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
    options: Mapping[str, str | int | None] = field(default_factory=dict)
    claimed: EntryBody | None = None


@dataclass(frozen=True, slots=True)
class OfficeBody:
    """The documents of a body, each read when it is asked for.

    Attributes
    ----------
    sent
        What was sent.
    texts
        Each document as it was written, by name.
    """

    sent: OfficeSent
    texts: Mapping[str, str]

    @classmethod
    def of(
        cls, sent: OfficeSent, needed: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> OfficeBody:
        """Take a body apart.

        Raises
        ------
        InvalidDocument
            If a needed document is missing, or there is one too many.
        """
        found = documents_in(sent.text, needed, optional)
        for text in found.values():
            look_ahead(sent.limits, text)
        return cls(sent, found)

    def has(self, name: str) -> bool:
        """Return whether a document was sent."""
        return name in self.texts

    def read(self, name: str, reader: Callable[[str], Made]) -> Made:
        """Return what a reader makes of a document; its faults name the document."""
        try:
            return reader(self.texts[name])
        except InvalidDocument as error:
            raise under(name, error) from error

    def scenario(self, *, with_organisations: bool = False) -> Prepared:
        """Return the scenario with what was derived of it.

        Raises
        ------
        NotPossible
            If organisations are needed and there are none.
        """
        problem = self.read("scenario", lambda text: prepared_within(self.sent.limits, text))
        if with_organisations and not problem.scenario.organisations:
            raise NotPossible("The scenario has no organisations.")
        return problem

    def office(self, problem: Prepared) -> tuple[Office, tuple[Fault, ...]]:
        """Return the office and its warnings."""
        book = problem.needs.book
        return self.read(
            "office", lambda text: office_in(text, problem.scenario, book, most=MOST_FAULTS)
        )

    def plan(self, scenario: Scenario) -> Plan:
        """Return the roster of a scenario."""

        def reader(text: str) -> Plan:
            plan = parse_plan(text, "plan", most=MOST_FAULTS)
            check_plan(plan, scenario).refuse_faults("plan")
            if faults := check_care(plan, scenario):
                raise InvalidDocument(list(faults[:MOST_FAULTS]), "plan")
            return plan

        return self.read("plan", reader)

    def rules(self, scenario: Scenario) -> AllocationPolicy:
        """Return the rules of allocation."""
        return self.read(
            "rules", lambda text: allocation_policy_in(text, scenario, most=MOST_FAULTS)
        )

    def log(self, name: str) -> AllocationLog:
        """Return the log of an allocation, by the name of its document."""
        return self.read(name, lambda text: parse_allocation_log(text, most=MOST_FAULTS))

    def supervision(self, scenario: Scenario) -> Supervision:
        """Return complaints, surveys, checks and objections; nothing if none were sent."""
        if not self.has("supervision"):
            return Supervision()
        return self.read(
            "supervision", lambda text: supervision_in(text, [scenario], most=MOST_FAULTS)
        )

    def deliveries(self, scenario: Scenario) -> Deliveries:
        """Return what took place."""
        return self.read("deliveries", lambda text: deliveries_in(text, scenario, most=MOST_FAULTS))

    def asks_for_evidence(self, scenario: Scenario) -> bool:
        """Return whether evidence that organisations have sent stands for deliveries.

        Raises
        ------
        NotPossible
            If it is that of another scenario.
        """
        asked = self.sent.options.get("evidence")
        if asked is not None and asked != scenario.id:
            raise NotPossible(
                f"The parameter evidence names {asked}, but the scenario is {scenario.id}."
            )
        return asked is not None

    def hashes(self, **beside: str) -> dict[str, str]:
        """Return the hash of each document as canonical JSON, however it was written."""
        texts = {name: canonical(json.loads(text)) for name, text in self.texts.items()} | beside
        return {name: content_hash(text.encode("utf-8")) for name, text in texts.items()}


def with_warnings(document: dict[str, Any], warnings: tuple[Fault, ...]) -> dict[str, Any]:
    """Add what was warned of to an answer."""
    document["warnings"] = [
        {"path": one.path, "code": one.code, "message": str(one.message)} for one in warnings
    ]
    return document
