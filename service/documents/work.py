"""What is worked out from a document: in this process, or in a child that may not grow.

Each function takes everything with it and brings everything back, and knows nothing of HTTP or
of the database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from optimizer.domain import Plan, Scenario
from optimizer.errors import Fault, InvalidDocument
from optimizer.explanation import Insertions, PlanState, explanation, unknown_visits
from optimizer.formats import (
    VroomProblem,
    check_plan,
    format_scenario,
    parse_json,
    parse_plan,
    parse_scenario,
    parse_vroom,
)
from optimizer.i18n import Lang
from optimizer.needs import derive
from optimizer.prepare import Prepared, prepare
from optimizer.report import (
    Roster,
    alerts_document,
    explain_document,
    needs_document,
    roster_page,
    verdict_document,
)
from optimizer.verification import Verdict, verify
from service.documents.limits import (
    MOST_FAULTS,
    DocumentLimits,
    Limit,
    excesses,
    insist_on_sizes,
    look_ahead,
)
from service.documents.parts import documents_in, under
from service.documents.workroom import SMALL
from service.jobs.kinds.solve import scenario_in


@dataclass(frozen=True, slots=True)
class Sent:
    """A document as it was sent.

    Attributes
    ----------
    text
        The body.
    limits
        What it may hold.
    lang
        Language of what is answered.
    names
        Of clients or visits that are asked for.
    """

    text: bytes
    limits: DocumentLimits
    lang: Lang = "en"
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForEngine:
    """A scenario as the engine may know it.

    Attributes
    ----------
    document
        Ids, coordinates, minutes, qualifications and windows.
    has_records
        Whether there is more in what was sent.
    """

    document: bytes
    has_records: bool


def for_engine(sent: Sent) -> ForEngine:
    """Return what may leave the service of a scenario."""
    prepared = _within(sent.limits, _scenario(sent, sent.text))
    document = format_scenario(prepared.for_engine, compact=True).encode()
    return ForEngine(document, bool(prepared.needs.clients))


@dataclass(frozen=True, slots=True)
class Examined:
    """What there is to say about a scenario without faults.

    Attributes
    ----------
    warnings
        What is suspicious.
    limits
        What it has too much of.
    size
        Numbers of clients, caregivers, days and visits.
    """

    warnings: tuple[Fault, ...]
    limits: tuple[Limit, ...]
    size: dict[str, int]


def examined(sent: Sent) -> Examined:
    """Examine a scenario."""
    prepared = _scenario(sent, sent.text)
    scenario = prepared.scenario
    size = {
        "clients": len(scenario.clients),
        "caregivers": len(scenario.caregivers),
        "days": scenario.horizon.days,
        "visits": len(scenario.visits),
    }
    return Examined(prepared.warnings, tuple(excesses(sent.limits, scenario)), size)


def verified(sent: Sent) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Return what the verifier says of a plan, and the warnings about both documents."""
    prepared, plan, warnings = _with_plan(sent)
    verdict = verify(prepared.scenario, plan, prepared.matrices)
    roster = Roster.of_verdict(prepared, plan, verdict)
    return verdict_document(roster, lang=sent.lang), warnings


@dataclass(frozen=True, slots=True)
class RosterSent:
    """A roster that was made elsewhere, as it is kept.

    Attributes
    ----------
    scenario
        Id of its scenario.
    document
        The scenario as the engine may know it.
    result
        Figures and plan, see `roster_result`.
    """

    scenario: str
    document: bytes
    result: bytes


def roster_sent(sent: Sent) -> RosterSent:
    """Return a scenario and its plan as they are kept."""
    prepared, plan, _ = _with_plan(sent)
    verdict = verify(prepared.scenario, plan, prepared.matrices)
    document = format_scenario(prepared.for_engine, compact=True).encode()
    result = roster_result(prepared.scenario, plan, verdict)
    return RosterSent(prepared.scenario.id, document, result)


def roster_result(scenario: Scenario, plan: Plan, verdict: Verdict) -> bytes:
    """Return the figures and the plan of a roster that no engine has made, as JSON."""
    return written(
        {
            "scenario": scenario.id,
            "feasible": verdict.feasible,
            "cost": verdict.cost,
            "cost_breakdown": {term.value: sum_ for term, sum_ in verdict.cost_breakdown.items()},
            "ticks_per_minute": scenario.ticks_per_minute,
            "served": len(scenario.visits) - len(verdict.unserved),
            "unserved": len(verdict.unserved),
            "plan": plan.model_dump(mode="json", exclude_none=True),
        }
    )


def written(document: Mapping[str, Any]) -> bytes:
    """Return a document as it is stored and sent: JSON without blanks."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _with_plan(sent: Sent) -> tuple[Prepared, Plan, tuple[Fault, ...]]:
    """Return a scenario and its plan, and what is suspicious in them."""
    documents = documents_in(sent.text, ("scenario", "plan"))
    look_ahead(sent.limits, documents["plan"])
    try:
        prepared = _within(sent.limits, _scenario(sent, documents["scenario"]))
    except InvalidDocument as error:
        raise under("scenario", error) from error
    try:
        plan = parse_plan(documents["plan"], "plan", most=MOST_FAULTS)
        findings = check_plan(plan, prepared.scenario)
        findings.refuse_faults("plan")
    except InvalidDocument as error:
        raise under("plan", error) from error
    return prepared, plan, (*prepared.warnings, *findings.warnings)


def needs(sent: Sent) -> dict[str, Any] | None:
    """Return what health records ask for; None if somebody is asked for who has none."""
    found = _within(sent.limits, _scenario(sent, sent.text)).needs
    of = {one.client: one for one in found.clients}
    if set(sent.names) - of.keys():
        return None
    shown = [of[one] for one in sent.names] if sent.names else found.clients
    return needs_document(found, shown, lang=sent.lang)


def routing(sent: Sent) -> tuple[VroomProblem, bytes]:
    """Return the problem in VROOM's form, and its scenario as the engine reads it."""
    look_ahead(sent.limits, sent.text)
    problem = parse_vroom(sent.text, "problem", most=MOST_FAULTS)
    for each in excesses(sent.limits, problem.scenario):
        raise each.error()
    return problem, format_scenario(problem.scenario).encode()


@dataclass(frozen=True, slots=True)
class Asked:
    """A plan that is to be explained.

    Attributes
    ----------
    document, plan
        What it was made for, and itself, as they are stored.
    visits
        Which ones; none for the first that are unserved.
    limit
        Visits at most.
    lang
        Language of the answer.
    """

    document: bytes
    plan: bytes
    visits: tuple[str, ...]
    limit: int
    lang: Lang


def explained(asked: Asked) -> bytes | None:
    """Return the explanations of a plan as JSON; None if a visit does not exist."""
    prepared = prepare(scenario_in(asked.document))
    plan = Plan.model_validate(json.loads(asked.plan)["plan"])
    state = PlanState.of(prepared.scenario, plan, prepared.matrices)
    if unknown_visits(state, asked.visits):
        return None
    found = explanation(Insertions(state), list(asked.visits), asked.limit)
    shown = explain_document(state, found, lang=asked.lang)
    return json.dumps({**shown, "more_unserved": found.more_unserved}, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan that is to be looked at.

    Attributes
    ----------
    document, plan
        What it was made for, and itself, as they are stored.
    source
        The document as it was sent, where that says more.
    lang
        Language shown first.
    """

    document: bytes
    source: bytes | None
    plan: bytes
    lang: Lang


def roster_shown(shown: Shown) -> bytes:
    """Return the page of a roster, with the alerts of the health records that came with it."""
    prepared = prepare(scenario_in(shown.document))
    plan = Plan.model_validate(json.loads(shown.plan)["plan"])
    verdict = verify(prepared.scenario, plan, prepared.matrices)
    roster = Roster.of_verdict(prepared, plan, verdict)
    if shown.source is not None:
        roster = replace(roster, needs=derive(scenario_in(shown.source)))
    return roster_page(roster, lang=shown.lang).encode()


def alerts(told: tuple[bytes, Lang]) -> bytes:
    """Return the alerts of a stored scenario's health records as JSON, in a language."""
    source, lang = told
    found = alerts_document(derive(scenario_in(source)), lang=lang)
    return json.dumps(found, ensure_ascii=False).encode()


def _scenario(sent: Sent, text: str | bytes) -> Prepared:
    if len(text) >= SMALL:
        look_ahead(sent.limits, text)
        return prepare(parse_scenario(text, "scenario", most=MOST_FAULTS))
    # The same in one reading, whose notes of repeated keys are few.
    document = parse_json(text, "scenario")
    insist_on_sizes(sent.limits, document.content, len(text))
    return prepare(parse_scenario(document, "scenario", most=MOST_FAULTS))


def prepared_within(limits: DocumentLimits, text: str | bytes) -> Prepared:
    """Return a scenario with its visits, if it is within the limits.

    Raises
    ------
    InvalidDocument
        With its faults.
    LimitExceeded
        If it has too much of something.
    """
    look_ahead(limits, text)
    return _within(limits, prepare(parse_scenario(text, "scenario", most=MOST_FAULTS)))


def _within(limits: DocumentLimits, prepared: Prepared) -> Prepared:
    for each in excesses(limits, prepared.scenario):
        raise each.error()
    return prepared
