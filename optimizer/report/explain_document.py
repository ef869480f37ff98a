"""Explanations as JSON, for the command line and the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from optimizer.explanation import Against, Alternatives, Fix, PlanState, VisitReasons
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.replan import ReplanAnswer
from optimizer.report.explain_text import fix_words
from optimizer.units import format_clock


@dataclass(frozen=True, slots=True)
class Explained:
    """What is known of a visit that is left out, and what would serve it."""

    reasons: VisitReasons
    fixes: tuple[Fix, ...]
    replan: ReplanAnswer | None = None


def explain_document(
    state: PlanState, missing: Sequence[Explained], stops: Sequence[Alternatives], *, lang: Lang
) -> dict[str, Any]:
    """Return explanations as a JSON document.

    Parameters
    ----------
    state
        The plan.
    missing
        Unserved visits with what would serve them.
    stops
        Who else could make a stop.
    lang
        Language of the sentences; codes are the same in both.
    """
    return {
        "scenario": state.scenario.id,
        "ticks_per_minute": state.scenario.ticks_per_minute,
        "unserved": [_visit(one, lang) for one in missing],
        "stops": [_stop(found) for found in stops],
    }


def _visit(one: Explained, lang: Lang) -> dict[str, Any]:
    found = one.reasons
    return {
        "visit": found.visit,
        "standing": found.standing.value,
        "sentence": sentence(lang, f"explain.standing.{found.standing}"),
        "obstacle": None if found.obstacle is None else found.obstacle.value,
        "carers": [
            {
                "visit": carer.visit,
                "carer": carer.carer,
                "able_alone": list(carer.able_alone),
                "counts": {obstacle.value: count for obstacle, count in carer.counts.items()},
                "caregivers": [_against(one) for one in carer.against],
            }
            for carer in found.carers
        ],
        "rivals": [
            {"caregiver": one.caregiver, "date": one.date.isoformat(), "visits": list(one.visits)}
            for one in found.rivals
        ],
        "openings": [
            {"caregiver": one.caregiver, "date": one.date.isoformat(),
             "start": format_clock(one.start)}
            for one in found.openings
        ],
        "fixes": [_fix(fix, lang) for fix in one.fixes],
        "replan": None if one.replan is None else _replan(one.replan, lang),
    }  # fmt: skip


def _replan(found: ReplanAnswer, lang: Lang) -> dict[str, Any]:
    document: dict[str, Any] = {"tried": found.tried, "complete": found.is_complete}
    best = found.best
    if best is None:
        return {**document, "found": False}
    return {
        **document,
        "found": True,
        "smaller": best.is_smaller,
        "fix": None if best.fix is None else _fix(best.fix, lang),
        "difference": best.difference,
        "terms": {term.value: amount for term, amount in best.terms.items()},
        "moved": [
            {"visit": one.visit, "carer": one.carer, "before": one.before, "after": one.after}
            for one in best.moved
        ],
        "lost": list(best.lost),
        "gained": list(best.gained),
    }


def _fix(fix: Fix, lang: Lang) -> dict[str, Any]:
    return {
        "fix": fix.kind.value,
        "minutes": fix.minutes,
        "caregiver": fix.caregiver,
        "carers": list(fix.carers),
        "like": fix.like,
        "qualifications": [one.model_dump() for one in fix.qualifications],
        "date": fix.date.isoformat(),
        "start": format_clock(fix.start),
        "sentence": fix_words(fix, lang=lang),
    }


def _against(one: Against) -> dict[str, Any]:
    return {
        "caregiver": one.caregiver,
        "obstacle": None if one.obstacle is None else one.obstacle.value,
        "proven": one.is_proven,
        "busy_with": list(one.busy_with),
    }


def _stop(found: Alternatives) -> dict[str, Any]:
    return {
        "visit": found.visit,
        "carer": found.carer,
        "caregiver": found.caregiver,
        "date": found.date.isoformat(),
        "start": format_clock(found.start),
        "can_leave": found.can_leave,
        "options": [
            {
                "caregiver": option.caregiver,
                "start": format_clock(option.start),
                "difference": option.difference,
                "terms": {term.value: amount for term, amount in option.terms.items()},
            }
            for option in found.options
        ],
        "barred": [_against(one) for one in found.barred],
    }
