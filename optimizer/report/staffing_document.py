"""The answer to a staffing question for a machine."""

from __future__ import annotations

from typing import Any

from optimizer.i18n import Lang
from optimizer.report.staffing_text import staffing_words
from optimizer.shortfall.staffing import Kind, Staffing, Valued


def staffing_document(answer: Staffing, *, cover: float | None, lang: Lang) -> dict[str, Any]:
    """Return an answer as JSON; money in fen.

    Parameters
    ----------
    answer
        What was found and proven.
    cover
        The share of visits that was asked for, in percent, or None.
    lang
        Language of the sentences.
    """
    scarcest = answer.scarcest
    return {
        "scenario": answer.scenario.id,
        "sentences": list(staffing_words(answer, cover, lang=lang)),
        "visits": answer.visits,
        "cover": cover,
        "goal": answer.goal,
        "budget_fen": answer.budget,
        "reached": answer.is_reached,
        "hires": answer.hires,
        "unserved": answer.team.unserved,
        "fen": answer.fen,
        "proven_too_few": answer.too_few,
        "curve": [
            {"hires": one.hires, "found": one.found, "proven": one.proven} for one in answer.curve
        ],
        "team": [{"count": one.count, **_kind(one.kind)} for one in answer.hirings],
        "no_people": list(answer.no_people),
        "no_money": list(answer.no_money),
        "confirmed": list(answer.confirmed),
        "futures": None
        if answer.futures is None
        else {
            "drawn": answer.futures.drawn,
            "reached": answer.futures.reached,
            "reached_without": answer.futures.reached_without,
            "unserved": list(answer.futures.unserved),
            "unserved_without": list(answer.futures.without),
            "allowed": list(answer.futures.allowed),
        },
        "values": [_value(one) for one in answer.values],
        "scarcest": None
        if scarcest is None
        else {
            "grade": [one.model_dump(mode="json", exclude_none=True) for one in scarcest.grade],
            "too_few": scarcest.too_few,
            "least_unserved": scarcest.least_unserved,
        },
        "kinds": [_kind(one) for one in answer.kinds],
    }


def _value(one: Valued) -> dict[str, Any]:
    return {"kind": one.kind.number, "estimate": round(one.estimate, 3), "saved": one.saved}


def _kind(kind: Kind) -> dict[str, Any]:
    return {"kind": kind.number, "fen": kind.fen, "town": kind.town, **_record(kind)}


def _record(kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = kind.record().model_dump(mode="json", exclude_none=True)
    return found
