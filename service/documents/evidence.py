"""What organisations have sent of what took place, put together to one document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from optimizer.domain import Deliveries, Delivery, Plan, Scenario
from optimizer.errors import Fault, InvalidDocument
from optimizer.formats import check_deliveries, parse_deliveries
from service.documents.limits import MOST_FAULTS, DocumentLimits, look_ahead

MOST_TOLD = 100
"Records that count for nothing told one by one; the rest is counted."


@dataclass(frozen=True, slots=True)
class SentEvidence:
    """A document of an organisation, checked when it came."""

    organisation: str
    document: bytes


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that counts for nothing, and why.

    Attributes
    ----------
    organisation, visit, carer
        Who has sent it, and of which stop.
    code
        `foreign` (a stop of another organisation) or `unusable` (no such stop, day or person).
    """

    organisation: str
    visit: str
    carer: int
    code: str


@dataclass(frozen=True, slots=True)
class Joined:
    """What took place as all organisations have told it.

    Attributes
    ----------
    deliveries
        By visit and carer; of several records of one stop the last.
    sources
        Documents that were put together.
    passed
        Records that count for nothing.
    """

    deliveries: Deliveries
    sources: int = 0
    passed: tuple[Passed, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the deliveries as they can be sent in a body."""
        return self.deliveries.model_dump(mode="json", exclude_none=True)

    def told(self) -> dict[str, Any]:
        """Return what was put together and what was not."""
        rows = [
            {
                "organisation": one.organisation,
                "visit": one.visit,
                "carer": one.carer,
                "code": one.code,
            }
            for one in self.passed
        ]
        return {
            "documents": self.sources,
            "counted": len(self.deliveries.deliveries),
            "passed": rows[:MOST_TOLD],
            "more_passed": max(0, len(rows) - MOST_TOLD),
        }


def as_sent(deliveries: Deliveries) -> Joined:
    """Return deliveries that came as one document."""
    return Joined(deliveries)


@dataclass(frozen=True, slots=True)
class Fresh:
    """Evidence that was sent just now.

    Attributes
    ----------
    text
        The body.
    limits
        What it may hold.
    """

    text: bytes
    limits: DocumentLimits


@dataclass(frozen=True, slots=True)
class Accepted:
    """Evidence as it is kept.

    Attributes
    ----------
    scenario, deliveries
        What it is about, and how many records it holds.
    document
        Itself, without anything that is not of its format.
    """

    scenario: str
    deliveries: int
    document: bytes


def accepted(fresh: Fresh) -> Accepted:
    """Check the form of what an organisation sends.

    Raises
    ------
    InvalidDocument
        If it has faults, or rulings: who delivers does not rule.
    """
    look_ahead(fresh.limits, fresh.text)
    found = parse_deliveries(fresh.text, "evidence", most=MOST_FAULTS)
    faults = []
    if found.rulings:
        message = "are for the purchaser: who delivers does not rule; leave them out."
        faults.append(Fault(path="rulings", code="not-supported", message=message))
    if not found.deliveries:
        message = "hold nothing; send at least one record."
        faults.append(Fault(path="deliveries", code="missing-field", message=message))
    stops = Counter((one.visit, one.carer) for one in found.deliveries)
    for n, one in enumerate(found.deliveries):
        if stops[one.visit, one.carer] > 1:
            message = "is of a stop that is told of twice; send its last state only."
            faults.append(Fault(path=f"deliveries[{n}]", code="duplicate-id", message=message))
    if faults:
        raise InvalidDocument(faults, "evidence")
    document = found.model_dump_json(exclude_none=True).encode()
    return Accepted(found.scenario, len(found.deliveries), document)


def joined(sent: Sequence[SentEvidence], scenario: Scenario, plan: Plan) -> Joined:
    """Put together what organisations have sent, each of its own stops.

    A stop on the roster belongs to whose caregiver was to make it, any other to whose caregiver
    has made it. Whatever is foreign or cannot be is passed over and told, so that nobody's
    document keeps the others from being paid.

    Parameters
    ----------
    sent
        In the order in which it came: a later record of a stop takes an earlier one's place.
    scenario, plan
        The roster.
    """
    of_caregiver = {one.id: one.organisation for one in scenario.caregivers}
    carers = {
        (stop.visit, stop.carer): route.caregiver for route in plan.routes for stop in route.stops
    }
    kept: dict[tuple[str, int], Delivery] = {}
    passed: list[Passed] = []
    for document in sent:
        found = parse_deliveries(document.document)
        unusable = _unusable(found, scenario)
        for n, one in enumerate(found.deliveries):
            who = carers.get((one.visit, one.carer), one.caregiver)
            if n in unusable:
                code = "unusable"
            elif who is None or of_caregiver.get(who) != document.organisation:
                code = "foreign"
            else:
                kept[one.visit, one.carer] = one
                continue
            passed.append(Passed(document.organisation, one.visit, one.carer, code))
    deliveries = tuple(kept[key] for key in sorted(kept))
    return Joined(Deliveries(scenario=scenario.id, deliveries=deliveries), len(sent), tuple(passed))


def _unusable(found: Deliveries, scenario: Scenario) -> set[int]:
    """Return the places of records that are about no stop, day or person of the scenario."""
    places = (_PLACE.match(fault.path) for fault in check_deliveries(found, scenario).faults)
    return {int(place[1]) for place in places if place is not None}


_PLACE = re.compile(r"deliveries\[(\d+)\]")
