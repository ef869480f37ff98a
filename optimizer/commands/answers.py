"""The JSON documents that commands answer with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from optimizer.commands.documents import Problem
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Term
from optimizer.errors import Fault
from optimizer.formats.hhcrsp_solution import hhcrsp_cost
from optimizer.i18n.catalogue import Lang
from optimizer.report import wording
from optimizer.report.roster import Roster
from optimizer.result import Result
from optimizer.verify.verdict import Verdict, Violation

Document = dict[str, Any]


def solve_answer(problem: Problem, result: Result, roster: Roster, *, lang: Lang) -> Document:
    """Return what ``solve --json`` prints; costs are in ticks of travel."""
    return {
        "scenario": problem.scenario.id,
        "status": result.status.value,
        "cost": result.cost,
        "cost_breakdown": _by_term(result.cost_breakdown),
        "quantities": _by_term(result.quantities),
        "ticks_per_minute": problem.scenario.ticks_per_minute,
        "served": result.served,
        "unserved": result.unserved,
        "unserved_visits": _unserved_rows(roster, lang),
        "violations": _violation_rows(result.violations),
        "iterations": result.iterations,
        "seconds": round(result.seconds, 3),
        "seed": result.seed,
        "termination": result.termination.value,
        "lower_bound": result.lower_bound,
        "least_unserved": None if result.coverage is None else result.coverage.least_unserved,
        "gap": result.gap,
        "curve": [[round(seconds, 3), cost] for seconds, cost in result.curve],
        "warnings": _fault_rows(problem.warnings),
        **_needs(roster),
        **_hhcrsp(problem, result.plan),
    }


def verify_answer(problem: Problem, verdict: Verdict, roster: Roster, *, lang: Lang) -> Document:
    """Return what ``verify --json`` prints; costs are in ticks of travel."""
    return {
        "scenario": problem.scenario.id,
        "feasible": verdict.feasible,
        "violations": _violation_rows(verdict.violations),
        "cost": verdict.cost,
        "cost_breakdown": _by_term(verdict.cost_breakdown),
        "quantities": _by_term(verdict.quantities),
        "ticks_per_minute": problem.scenario.ticks_per_minute,
        "served": verdict.served,
        "unserved": len(verdict.unserved),
        "unserved_visits": _unserved_rows(roster, lang),
        "warnings": _fault_rows(problem.warnings),
        **_needs(roster),
        **_hhcrsp(problem, roster.plan),
    }


def _by_term(values: Mapping[Term, int]) -> dict[str, int]:
    return {term.value: int(values.get(term, 0)) for term in Term}


def _unserved_rows(roster: Roster, lang: Lang) -> list[dict[str, str]]:
    return [
        {
            "visit": visit.id,
            "client": visit.client,
            "priority": visit.priority.value,
            "reason": code,
            "sentence": wording.reason(lang, code),
        }
        for visit, code in roster.unserved
    ]


def _violation_rows(violations: Iterable[Violation]) -> list[Document]:
    return [
        {
            "rule": violation.rule.value,
            "caregiver": violation.caregiver,
            "visit": violation.visit,
            "date": None if violation.date is None else violation.date.isoformat(),
            "amount": violation.amount,
            "place": violation.place,
            "detail": violation.detail,
        }
        for violation in violations
    ]


def _fault_rows(faults: Iterable[Fault]) -> list[Document]:
    return [fault.model_dump() for fault in faults]


def _needs(roster: Roster) -> Document:
    """Return the minutes of care needed, paid for and served, where there are health records."""
    gap = roster.care_gap
    if gap is None:
        return {}
    return {"care_minutes": asdict(gap)}


def _hhcrsp(problem: Problem, plan: Plan) -> Document:
    if problem.instance is None:
        return {}
    return {"hhcrsp": asdict(hhcrsp_cost(problem.instance, plan))}
