"""Supervision against scenarios: known bodies and visits, dates and numbers that can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.domain.scenario import Scenario
from optimizer.domain.supervision import Supervision
from optimizer.errors import Fault
from optimizer.formats.checks.repeats import repeated
from optimizer.formats.codes import FaultCode
from optimizer.formats.findings import Findings, finding
from optimizer.i18n import say


def check_supervision(found: Supervision, scenarios: Sequence[Scenario]) -> Findings:
    """Check that what was heard and found of organisations is about those there are.

    Parameters
    ----------
    found
        Complaints, surveys, checks and objections.
    scenarios
        Those that are evaluated together.
    """
    bodies = {one.id for scenario in scenarios for one in scenario.organisations}
    carers = {one.id: len(one.carers) for scenario in scenarios for one in scenario.visits}
    return Findings(
        (
            *_bodies(found, bodies),
            *_surveys(found),
            *_complaints(found, carers),
            *_checks(found, carers),
            *_objections(found, carers),
        )
    )


def _bodies(found: Supervision, bodies: set[str]) -> Iterator[Fault]:
    for section in ("surveys", "complaints", "red_lines", "objections"):
        for n, one in enumerate(getattr(found, section)):
            if one.organisation not in bodies:
                message = say("fault.unknown-organisation", name=one.organisation)
                place = f"{section}[{n}].organisation"
                yield finding(place, FaultCode.UNKNOWN_ORGANISATION, message)


def _surveys(found: Supervision) -> Iterator[Fault]:
    yield from repeated("surveys", ((one.organisation, one.by) for one in found.surveys))
    for n, one in enumerate(found.surveys):
        if one.content > one.answered:
            message = say("fault.more-content-than-answered", answered=one.answered)
            yield finding(f"surveys[{n}].content", FaultCode.MORE_CONTENT_THAN_ANSWERED, message)


def _complaints(found: Supervision, carers: dict[str, int]) -> Iterator[Fault]:
    yield from repeated("complaints", (one.id for one in found.complaints))
    for n, one in enumerate(found.complaints):
        place = f"complaints[{n}]"
        if one.visit is not None:
            yield from _visit(f"{place}.visit", one.visit, carers)
        if one.closed is not None and one.closed < one.received:
            message = say("fault.closed-before-received", received=one.received)
            yield finding(f"{place}.closed", FaultCode.CLOSED_BEFORE_RECEIVED, message)
        if one.closed is not None and one.outcome is None:
            message = say("fault.closed-without-outcome")
            yield finding(f"{place}.outcome", FaultCode.CLOSED_WITHOUT_OUTCOME, message)


def _checks(found: Supervision, carers: dict[str, int]) -> Iterator[Fault]:
    yield from repeated("checks", ((one.visit, one.carer, one.way) for one in found.checks))
    for n, one in enumerate(found.checks):
        yield from _visit(f"checks[{n}].visit", one.visit, carers)
        if one.carer > carers.get(one.visit, one.carer):
            message = say("fault.no-such-carer", carer=one.carer, visit=one.visit)
            yield finding(f"checks[{n}].carer", FaultCode.NO_SUCH_CARER, message)


def _objections(found: Supervision, carers: dict[str, int]) -> Iterator[Fault]:
    keys = ((one.organisation, one.indicator) for one in found.objections)
    yield from repeated("objections", keys)
    if found.objections and found.published_on is None:
        message = say("fault.missing-field.published_on")
        yield finding("published_on", FaultCode.MISSING_FIELD, message)
    for n, one in enumerate(found.objections):
        for k, visit in enumerate(one.visits):
            yield from _visit(f"objections[{n}].visits[{k}]", visit, carers)
        if found.published_on is not None and one.filed_on < found.published_on:
            message = say("fault.objection-before-result", published=found.published_on)
            place = f"objections[{n}].filed_on"
            yield finding(place, FaultCode.OBJECTION_BEFORE_RESULT, message)


def _visit(place: str, visit: str, carers: dict[str, int]) -> Iterator[Fault]:
    if visit not in carers:
        yield finding(place, FaultCode.UNKNOWN_VISIT, say("fault.unknown-visit", name=visit))
