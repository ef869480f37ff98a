"""Explanations as JSON, for the command line and the service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optimizer.explain import Against, Alternatives, Board, Fix, VisitReasons
from optimizer.i18n.catalogue import Lang, sentence
from optimizer.report.explain_text import fix_words
from optimizer.units import format_clock

Explained = tuple[VisitReasons, tuple[Fix, ...]]
"What is known of an unserved visit, and what would serve it."


def explain_document(
    board: Board, missing: Sequence[Explained], stops: Sequence[Alternatives], *, lang: Lang
) -> dict[str, Any]:
    """Return explanations as a JSON document.

    Parameters
    ----------
    board
        The plan.
    missing
        Unserved visits with what would serve them.
    stops
        Who else could make a stop.
    lang
        Language of the sentences; codes are the same in both.
    """
    return {
        "scenario": board.scenario.id,
        "ticks_per_minute": board.scenario.ticks_per_minute,
        "unserved": [_visit(found, helps, lang) for found, helps in missing],
        "stops": [_stop(found) for found in stops],
    }


def _visit(found: VisitReasons, helps: Sequence[Fix], lang: Lang) -> dict[str, Any]:
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
        "fixes": [_fix(fix, lang) for fix in helps],
    }  # fmt: skip


def _fix(fix: Fix, lang: Lang) -> dict[str, Any]:
    return {
        "fix": fix.kind.value,
        "minutes": fix.minutes,
        "caregiver": fix.caregiver,
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
