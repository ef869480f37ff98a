"""A roster's verdict as JSON, for the command line and the service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from optimizer.domain.policy import Term
from optimizer.i18n.catalogue import Lang
from optimizer.report import wording
from optimizer.report.needs_document import alert_row
from optimizer.report.roster import Roster
from optimizer.verification.verdict import Violation


def verdict_document(roster: Roster, *, lang: Lang) -> dict[str, Any]:
    """Return what the verifier found out as a JSON document; costs are in ticks of travel.

    Parameters
    ----------
    roster
        The plan with its verdict.
    lang
        Language of the sentences; codes are the same in both.
    """
    return {
        "scenario": roster.scenario.id,
        "feasible": not roster.violations,
        "violations": violation_rows(roster.violations),
        "cost": roster.cost,
        "cost_breakdown": by_term(roster.cost_breakdown),
        "quantities": by_term(roster.quantities),
        "ticks_per_minute": roster.scenario.ticks_per_minute,
        "served": len(roster.served),
        "unserved": len(roster.unserved),
        "unserved_visits": unserved_rows(roster, lang),
        **care_minutes(roster),
        **roster_alerts(roster, lang),
    }


def by_term(values: Mapping[Term, int]) -> dict[str, int]:
    """Return the value of every term, 0 where there is none."""
    return {term.value: int(values.get(term, 0)) for term in Term}


def unserved_rows(roster: Roster, lang: Lang) -> list[dict[str, str]]:
    """Return the visits that do not take place, with the first reason."""
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


def violation_rows(violations: Iterable[Violation]) -> list[dict[str, Any]]:
    """Return the rules that are broken, each with where and by how much."""
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


def care_minutes(roster: Roster) -> dict[str, Any]:
    """Return the minutes of care needed, paid for and served, where there are health records."""
    gap = roster.care_gap
    return {} if gap is None else {"care_minutes": asdict(gap)}


def roster_alerts(roster: Roster, lang: Lang) -> dict[str, Any]:
    """Return what visits cannot answer for, where there are health records."""
    rows = [alert_row(one, lang) for one in roster.alerts]
    return {} if roster.needs is None else {"alerts": rows}
