"""A plan against its scenario: whether both speak of the same people and visits."""

from __future__ import annotations

from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.errors import Fault
from optimizer.formats.checks.references import check_plan_references
from optimizer.formats.codes import FaultCode, WarningCode
from optimizer.formats.findings import Findings, finding, in_document_order
from optimizer.i18n import say
from optimizer.units import format_minutes

_SECTIONS = tuple(Plan.model_fields)

_SEVERAL = 2
_MOST_NAMED = 5
"Clients whom a warning names."


def check_plan(plan: Plan, scenario: Scenario) -> Findings:
    """Check that a plan names only what its scenario has.

    Whether it keeps the rules is the verifier's question.

    Returns
    -------
    Findings
        Unknown visits and caregivers as faults, or as one fault where the plan was made for
        another scenario id; such a plan that names what this one has, as a warning.
    """
    visits = frozenset(visit.id for visit in scenario.visits)
    caregivers = frozenset(caregiver.id for caregiver in scenario.caregivers)
    unknown = check_plan_references(plan, scenario.id, visits, caregivers)
    faults = in_document_order(unknown, _SECTIONS, plan)
    if plan.scenario == scenario.id or any(one.code == FaultCode.WRONG_PLAN for one in faults):
        return Findings(faults=faults)
    message = say("fault.other-scenario", scenario=plan.scenario, wanted=scenario.id)
    warning = finding("scenario", WarningCode.OTHER_SCENARIO, message)
    return Findings(faults=faults, warnings=(warning,))


def check_care(plan: Plan, scenario: Scenario) -> tuple[Fault, ...]:
    """Check that a plan gives the care that its scenario asks for, before money follows from it.

    A scenario before admission and the one after it have one id and the same visits, of which only
    the minutes differ: what is settled by the wrong one is wrong to the fen and looks right.

    Returns
    -------
    Faults of all stops that last longer than is asked for, or less than is acceptable.
    """
    need = {
        (visit.id, number): one
        for visit in scenario.visits
        for number, one in enumerate(visit.carers, 1)
    }
    faults = []
    for r, route in enumerate(plan.routes):
        for s, stop in enumerate(route.stops):
            asked = need.get((stop.visit, stop.carer))
            if asked is None:
                continue
            least = asked.minutes if asked.shortest is None else asked.shortest
            if not least <= stop.end - stop.start <= asked.minutes:
                message = say(
                    "fault.other-care",
                    planned=format_minutes(stop.end - stop.start),
                    asked=format_minutes(asked.minutes),
                )
                faults.append(finding(f"routes[{r}].stops[{s}]", FaultCode.OTHER_CARE, message))
    return in_document_order(faults, _SECTIONS, plan)


def unchosen(plan: Plan, scenario: Scenario) -> tuple[Fault, ...]:
    """Return a warning where clients on a roster have no organisation, though several serve.

    Whose contract a stop is charged to follows from the client's organisation; without one it is
    the first that covers the stop. A scenario before allocation and the one after it have one id.

    Returns
    -------
    At most one warning, with how many clients it is about.
    """
    if len({one.organisation for one in scenario.contracts}) < _SEVERAL:
        return ()
    client_of = {visit.id: visit.client for visit in scenario.visits}
    on_roster = {
        client_of[stop.visit]
        for route in plan.routes
        for stop in route.stops
        if stop.visit in client_of
    }
    free = [
        one.id
        for one in scenario.clients
        if one.id in on_roster and one.organisation is None and not one.service_choices
    ]
    if not free:
        return ()
    message = say("fault.organisation-not-chosen", count=len(free), named=tuple(free[:_MOST_NAMED]))
    return (finding("scenario", WarningCode.ORGANISATION_NOT_CHOSEN, message),)
