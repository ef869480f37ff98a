"""An audit record held against the scenario and plan that it speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from optimizer.audit.hashes import plan_hash, scenario_hash
from optimizer.audit.record import Audit
from optimizer.audit.writing import why_unserved
from optimizer.certificate import hire_objections, objections
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.domain.scenario import Scenario
from optimizer.explanation import Standing
from optimizer.travel import TravelMatrices, travel_matrices
from optimizer.verification import Verdict, verify


class Claim(StrEnum):
    """What an audit record claims, in the order in which it is checked."""

    SCENARIO = "scenario"
    "It speaks of this scenario."
    PLAN = "plan"
    "It speaks of this plan."
    POLICY = "policy"
    "Weights and limits are those of the scenario."
    RULES = "rules"
    "The plan breaks no rule."
    COST = "cost"
    "Cost and every cost term are as written."
    UNSERVED = "unserved"
    "The visits that it lists are those that the plan leaves out."
    REASONS = "reasons"
    "What it calls proven is proven, and every other reason is found again."
    COVERAGE = "coverage"
    "The certificates hold."
    COUNT = "count"
    "The plan leaves out no fewer visits than the certificates say."
    BOUND = "bound"
    "The lower bound does not exceed the cost."
    HIRES = "hires"
    "The certificates about further caregivers hold. Only asked where the record has some."


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one claim; `details` are English sentences, none where it holds."""

    claim: Claim
    details: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.details


def check_audit(
    scenario: Scenario, plan: Plan, audit: Audit, matrices: TravelMatrices | None = None
) -> tuple[Finding, ...]:
    """Return one finding per claim, each worked out anew.

    Parameters
    ----------
    scenario
        The scenario, its visits derived.
    plan
        The plan.
    audit
        The record, whoever wrote it.
    matrices
        Travel matrices of `scenario`; made from it if not given.
    """
    roads = travel_matrices(scenario) if matrices is None else matrices
    verdict = verify(scenario, plan, roads)
    left, certificates = len(verdict.unserved), audit.coverage.least_unserved
    bound = audit.lower_bound
    details: dict[Claim, Iterable[str]] = {
        Claim.SCENARIO: _differs("scenario", audit.scenario_hash, scenario_hash(scenario)),
        Claim.PLAN: _differs("plan", audit.plan_hash, plan_hash(plan)),
        Claim.POLICY: _if(audit.policy != scenario.policy, "The policy is another one."),
        Claim.RULES: [str(violation) for violation in verdict.violations],
        Claim.COST: _cost(audit, verdict),
        Claim.UNSERVED: _unserved(audit, verdict),
        Claim.REASONS: _reasons(scenario, plan, roads, audit),
        Claim.COVERAGE: objections(scenario, audit.coverage, roads),
        Claim.COUNT: _if(
            left < certificates, f"{left} visits are left out, not {certificates} or more."
        ),
        Claim.BOUND: _if(
            bound is not None and bound > verdict.cost,
            f"The bound {bound} is above the cost {verdict.cost}.",
        ),
    }
    if audit.hires is not None:
        details[Claim.HIRES] = hire_objections(scenario, audit.hires, roads)
    return tuple(Finding(claim, tuple(found)) for claim, found in details.items())


def _if(is_wrong: bool, detail: str) -> tuple[str, ...]:
    return (detail,) if is_wrong else ()


def _differs(what: str, written: str, real: str) -> tuple[str, ...]:
    return _if(written != real, f"The {what}'s hash is {real[:12]}…, not {written[:12]}….")


def _cost(audit: Audit, verdict: Verdict) -> list[str]:
    found = [
        f"{term}: {verdict.cost_breakdown[term]}, not {audit.cost_breakdown.get(term, 0)}."
        for term in Term
        if verdict.cost_breakdown[term] != audit.cost_breakdown.get(term, 0)
    ]
    return [*found, *_if(audit.cost != verdict.cost, f"{verdict.cost}, not {audit.cost}.")]


def _unserved(audit: Audit, verdict: Verdict) -> list[str]:
    written, real = [one.visit for one in audit.unserved], set(verdict.unserved)
    return [
        *(f"{visit} is served." for visit in written if visit not in real),
        *(f"{visit} is not listed." for visit in verdict.unserved if visit not in written),
        *_if(len(set(written)) < len(written), "A visit is listed twice."),
    ]


def _reasons(scenario: Scenario, plan: Plan, roads: TravelMatrices, audit: Audit) -> list[str]:
    real = {one.visit: one for one in why_unserved(scenario, plan, roads)}
    found = []
    for one in audit.unserved:
        now = real.get(one.visit)
        if now is None or (now.standing, now.obstacle) == (one.standing, one.obstacle):
            continue
        word = "not proven" if one.standing is Standing.PROVEN else "not found again"
        found.append(f"{one.visit}: {one.standing} ({one.obstacle}) is {word}.")
    return found
