"""A repair as JSON: proposals with their changes, calls and plans."""

from __future__ import annotations

from typing import Any

from optimizer.i18n import Lang
from optimizer.replan import CALLED, Appointment, Change, Proposal, Repair
from optimizer.report.replan_text import (
    carer_words,
    carers_to_call,
    client_words,
    clients_to_call,
)
from optimizer.units import format_clock


def repair_document(found: Repair, chosen: Proposal, *, lang: Lang) -> dict[str, Any]:
    """Return a repair as a JSON document; costs are in ticks of travel.

    Parameters
    ----------
    found
        What has been proposed.
    chosen
        The proposal that was taken, perhaps without what was refused.
    lang
        Language of the sentences; codes are the same in both.
    """
    situation = found.situation
    return {
        "scenario": found.scenario.id,
        "date": situation.date.isoformat(),
        "now": None if situation.now is None else format_clock(situation.now),
        "ticks_per_minute": found.scenario.ticks_per_minute,
        "begun": sorted(situation.fixed),
        "proposals": [_proposal(found, one, lang) for one in found.proposals],
        "chosen": _proposal(found, chosen, lang),
    }


def _proposal(found: Repair, one: Proposal, lang: Lang) -> dict[str, Any]:
    return {
        "aim": one.aim.value,
        "calls": one.calls,
        "clients_to_call": clients_to_call(one.changes),
        "unserved": len(one.verdict.unserved),
        "lost": list(one.lost),
        "gained": list(one.gained),
        "difference": one.difference,
        "terms": {term.value: amount for term, amount in one.terms.items()},
        "changes": [_change(found, change, lang) for change in one.changes],
        "caregivers": [
            {
                "caregiver": errand.caregiver,
                "date": errand.date.isoformat(),
                "takes": [change.visit for change in errand.takes],
                "gives": [change.visit for change in errand.gives],
                "moves": [change.visit for change in errand.moves],
                "say": carer_words(found, errand, lang=lang),
            }
            for errand in carers_to_call(found, one.changes)
        ],
        "plan": one.plan.model_dump(mode="json", exclude_none=True),
    }


def _change(found: Repair, change: Change, lang: Lang) -> dict[str, Any]:
    return {
        "group": change.group,
        "kind": change.kind.value,
        "visit": change.visit,
        "client": change.client,
        "before": _appointment(change.before),
        "after": _appointment(change.after),
        "calls": change.calls,
        "say": client_words(found, change, lang=lang) if change.kind in CALLED else None,
    }


def _appointment(one: Appointment | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "date": one.date.isoformat(),
        "start": format_clock(one.start),
        "end": format_clock(one.end),
        "caregivers": list(one.caregivers),
    }
