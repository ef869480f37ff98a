"""Explanations as JSON, for the command line and the service."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from optimizer.explanation import Against, Alternatives, Explained, Explanation, Fix, PlanState
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.replan import ReplanAnswer
from optimizer.report.explain_text import fix_words
from optimizer.units import format_clock

_NO_REPLANS: Mapping[str, ReplanAnswer] = MappingProxyType({})


def explain_document(
    state: PlanState,
    found: Explanation,
    *,
    lang: Lang,
    replans: Mapping[str, ReplanAnswer] = _NO_REPLANS,
) -> dict[str, Any]:
    """Return explanations as a JSON document.

    Parameters
    ----------
    state
        The plan.
    found
        Why it is as it is.
    lang
        Language of the sentences; codes are the same in both.
    replans
        Per unserved visit what planning everybody anew has found, where it was tried.
    """
    return {
        "scenario": state.scenario.id,
        "ticks_per_minute": state.scenario.ticks_per_minute,
        "unserved": [_visit(one, replans.get(one.reasons.visit), lang) for one in found.unserved],
        "stops": [_stop(one) for one in found.stops],
    }


def _visit(one: Explained, replan: ReplanAnswer | None, lang: Lang) -> dict[str, Any]:
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
        "replan": None if replan is None else _replan(replan, lang),
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
