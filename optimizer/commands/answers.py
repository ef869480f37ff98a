"""The JSON documents that commands answer with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from optimizer.domain.plan import Plan
from optimizer.errors import Fault
from optimizer.formats.hhcrsp import HhcrspInstance
from optimizer.formats.hhcrsp_solution import hhcrsp_cost
from optimizer.i18n.catalogue import Lang
from optimizer.prepare import Prepared
from optimizer.report.result_document import result_document
from optimizer.report.roster import Roster
from optimizer.report.verdict_document import (
    care_minutes,
    roster_alerts,
    unserved_rows,
    verdict_document,
    violation_rows,
)
from optimizer.result import Result

Document = dict[str, Any]


SOLVE_KEYS = (
    "scenario",
    "status",
    "cost",
    "cost_breakdown",
    "quantities",
    "ticks_per_minute",
    "served",
    "unserved",
    "unserved_visits",
    "violations",
    "iterations",
    "seconds",
    "seed",
    "termination",
    "lower_bound",
    "least_unserved",
    "gap",
    "gap_is_loose",
    "curve",
    "warnings",
)
"What ``solve --json`` always answers, in the order in which a person reads it."


def solve_answer(problem: Prepared, result: Result, roster: Roster, *, lang: Lang) -> Document:
    """Return what ``solve --json`` prints; costs are in ticks of travel."""
    known = {
        **result_document(result),
        "unserved_visits": unserved_rows(roster, lang),
        "violations": violation_rows(result.violations),
        "least_unserved": result.least_unserved,
        "warnings": _fault_rows(problem.warnings),
    }
    return {
        **{key: known[key] for key in SOLVE_KEYS},
        **care_minutes(roster),
        **roster_alerts(roster, lang),
        **_least(result),
        **_hhcrsp(problem, result.plan),
    }


def verify_answer(problem: Prepared, roster: Roster, *, lang: Lang) -> Document:
    """Return what ``verify --json`` prints; costs are in ticks of travel."""
    return {
        **verdict_document(roster, lang=lang),
        "warnings": _fault_rows(problem.warnings),
        **_hhcrsp(problem, roster.plan),
    }


def _least(result: Result) -> Document:
    """Return what any roster that serves the same visits needs, of several days."""
    if result.least is None:
        return {}
    least = result.least
    return {
        "least": {
            "travel": least.travel,
            "off_care": least.off_care,
            "care": least.care,
            "caregivers": dict(least.caregivers),
        }
    }


def _fault_rows(faults: Iterable[Fault]) -> list[Document]:
    return [fault.model_dump() for fault in faults]


def _hhcrsp(problem: Prepared, plan: Plan) -> Document:
    if not isinstance(problem.origin, HhcrspInstance):
        return {}
    return {"hhcrsp": asdict(hhcrsp_cost(problem.origin, plan))}
