"""The JSON documents that commands answer with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from optimizer.commands.documents import Problem
from optimizer.domain.plan import Plan
from optimizer.errors import Fault
from optimizer.formats.hhcrsp_solution import hhcrsp_cost
from optimizer.i18n.catalogue import Lang
from optimizer.report.roster import Roster
from optimizer.report.verdict_document import (
    by_term,
    care_minutes,
    unserved_rows,
    verdict_document,
    violation_rows,
)
from optimizer.result import Result

Document = dict[str, Any]


def solve_answer(problem: Problem, result: Result, roster: Roster, *, lang: Lang) -> Document:
    """Return what ``solve --json`` prints; costs are in ticks of travel."""
    return {
        "scenario": problem.scenario.id,
        "status": result.status.value,
        "cost": result.cost,
        "cost_breakdown": by_term(result.cost_breakdown),
        "quantities": by_term(result.quantities),
        "ticks_per_minute": problem.scenario.ticks_per_minute,
        "served": result.served,
        "unserved": result.unserved,
        "unserved_visits": unserved_rows(roster, lang),
        "violations": violation_rows(result.violations),
        "iterations": result.iterations,
        "seconds": round(result.seconds, 3),
        "seed": result.seed,
        "termination": result.termination.value,
        "lower_bound": result.lower_bound,
        "least_unserved": None if result.coverage is None else result.coverage.least_unserved,
        "gap": result.gap,
        "curve": [[round(seconds, 3), cost] for seconds, cost in result.curve],
        "warnings": _fault_rows(problem.warnings),
        **care_minutes(roster),
        **_hhcrsp(problem, result.plan),
    }


def verify_answer(problem: Problem, roster: Roster, *, lang: Lang) -> Document:
    """Return what ``verify --json`` prints; costs are in ticks of travel."""
    return {
        **verdict_document(roster, lang=lang),
        "warnings": _fault_rows(problem.warnings),
        **_hhcrsp(problem, roster.plan),
    }


def _fault_rows(faults: Iterable[Fault]) -> list[Document]:
    return [fault.model_dump() for fault in faults]


def _hhcrsp(problem: Problem, plan: Plan) -> Document:
    if problem.instance is None:
        return {}
    return {"hhcrsp": asdict(hhcrsp_cost(problem.instance, plan))}
