"""A plan against its scenario: whether both speak of the same people and visits."""

from __future__ import annotations

from optimizer.domain.plan import Plan
from optimizer.domain.scenario import Scenario
from optimizer.formats.checks.references import check_plan_references
from optimizer.formats.codes import FaultCode, WarningCode
from optimizer.formats.findings import Findings, finding, in_document_order
from optimizer.i18n import say

_SECTIONS = tuple(Plan.model_fields)


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
