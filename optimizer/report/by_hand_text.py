"""What changing a roster by hand has brought, who could take a visit, and two rosters compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from optimizer.domain.policy import Term
from optimizer.domain.scenario import Scenario
from optimizer.explanation import Obstacle
from optimizer.i18n import Lang, listed, sentence, translated
from optimizer.replan import Appointment, Change, Comparison, Elsewhere, HandMade, Recommendation
from optimizer.report.wording import clock, signed
from optimizer.units import format_clock


def hand_text(day: Scenario, made: HandMade, *, lang: Lang) -> Iterator[str]:
    """Yield the lines about a roster changed by hand."""
    if made.said is not None:
        yield translated(lang, made.said)
    yield from _changes(day, made.changes, lang)
    yield _cost(day, made.difference, made.terms, lang)
    if made.broken:
        yield sentence(lang, "replan.broken", count=len(made.broken))
        yield from (f"  {one.place}: {translated(lang, one.detail)}" for one in made.broken)


def comparison_text(day: Scenario, found: Comparison, *, lang: Lang) -> Iterator[str]:
    """Yield the lines about two rosters; costs in minutes of travel side by side."""
    tpm = day.ticks_per_minute
    for term in Term:
        one, other = found.first.cost_breakdown[term], found.second.cost_breakdown[term]
        if one or other:
            name = sentence(lang, f"term.{term.value}")
            yield f"{name}: {one / tpm:.1f} → {other / tpm:.1f} ({signed((other - one) / tpm)})"
    yield _cost(day, found.difference, found.terms, lang)
    yield from _changes(day, found.changes, lang)


def recommendation_text(day: Scenario, found: Recommendation, *, lang: Lang) -> Iterator[str]:
    """Yield the lines about who could take a visit."""
    count = len(found.suggestions)
    yield sentence(
        lang, "replan.could_come" if count else "replan.nobody", visit=found.visit, count=count
    )
    for number, one in enumerate(found.suggestions, start=1):
        yield sentence(
            lang,
            "replan.option",
            number=number,
            caregiver=listed(lang, [one.caregiver, *([one.partner] if one.partner else [])]),
            start=_moment(day, one.date.isoformat(), one.start),
            difference=signed(one.difference / day.ticks_per_minute),
            terms=terms_text(day, one.terms, lang),
        )
        if one.elsewhere is not None:
            yield _elsewhere(day, one.elsewhere, lang)
        for visit, then, now in one.moved:
            yield sentence(
                lang, "replan.option_moves", visit=visit, start=clock(now), start_before=clock(then)
            )
        for other in one.other_days:
            yield sentence(
                lang,
                "replan.other_day",
                start=_moment(day, other.date.isoformat(), other.start),
                difference=signed(other.difference / day.ticks_per_minute),
            )
    for rival in found.rivals:
        visits = listed(lang, rival.visits)
        yield sentence(lang, "explain.rival", caregiver=rival.caregiver, visits=visits)
    yield from barred_text(found.barred, lang)


def barred_text(barred: Mapping[Obstacle, int], lang: Lang) -> Iterator[str]:
    """Yield how many caregivers each obstacle keeps away."""
    for obstacle, some in barred.items():
        words = sentence(lang, f"explain.obstacle.{obstacle}")
        yield sentence(lang, "explain.group", count=some, obstacle=words)


def _elsewhere(day: Scenario, one: Elsewhere, lang: Lang) -> str:
    return sentence(
        lang,
        "replan.elsewhere",
        visit=one.visit,
        caregiver=one.caregiver,
        start=_moment(day, one.date.isoformat(), one.start),
        difference=signed(one.difference / day.ticks_per_minute),
    )


def hand_document(day: Scenario, made: HandMade, *, lang: Lang) -> dict[str, Any]:
    """Return the same as JSON; costs are in ticks of travel."""
    return {
        "scenario": day.id,
        "ticks_per_minute": day.ticks_per_minute,
        "difference": made.difference,
        "terms": _by_code(made.terms),
        "broken": [
            {
                "rule": one.rule.value,
                "place": one.place,
                "visit": one.visit,
                "caregiver": one.caregiver,
                "sentence": translated(lang, one.detail),
            }
            for one in made.broken
        ],
        "changes": [change_document(change) for change in made.changes],
        "said": None if made.said is None else translated(lang, made.said),
        "plan": made.plan.model_dump(mode="json", exclude_none=True),
    }


def comparison_document(day: Scenario, found: Comparison) -> dict[str, Any]:
    """Return two rosters compared as JSON; costs are in ticks of travel."""
    return {
        "scenario": day.id,
        "ticks_per_minute": day.ticks_per_minute,
        "first": {"cost": found.first.cost, "terms": _by_code(found.first.cost_breakdown)},
        "second": {"cost": found.second.cost, "terms": _by_code(found.second.cost_breakdown)},
        "difference": found.difference,
        "terms": _by_code(found.terms),
        "changes": [change_document(change) for change in found.changes],
    }


def recommendation_document(day: Scenario, found: Recommendation) -> dict[str, Any]:
    """Return who could take a visit as JSON; costs are in ticks of travel."""
    return {
        "scenario": day.id,
        "ticks_per_minute": day.ticks_per_minute,
        "visit": found.visit,
        "suggestions": [
            {
                "caregiver": one.caregiver,
                "partner": one.partner,
                "date": one.date.isoformat(),
                "shift": one.shift,
                "start": format_clock(one.start),
                "minutes": one.minutes / 60_000,
                "difference": one.difference,
                "terms": _by_code(one.terms),
                "moved": [
                    {"visit": visit, "before": format_clock(then), "after": format_clock(now)}
                    for visit, then, now in one.moved
                ],
                "other_days": [
                    {
                        "date": other.date.isoformat(),
                        "start": format_clock(other.start),
                        "difference": other.difference,
                    }
                    for other in one.other_days
                ],
                "elsewhere": None
                if one.elsewhere is None
                else {
                    "visit": one.elsewhere.visit,
                    "caregiver": one.elsewhere.caregiver,
                    "date": one.elsewhere.date.isoformat(),
                    "start": format_clock(one.elsewhere.start),
                    "difference": one.elsewhere.difference,
                },
            }
            for one in found.suggestions
        ],
        "rivals": [
            {"caregiver": one.caregiver, "visits": list(one.visits)} for one in found.rivals
        ],
        "barred": {obstacle.value: count for obstacle, count in found.barred.items()},
    }


def _cost(day: Scenario, difference: int, terms: Mapping[Term, int], lang: Lang) -> str:
    amount = signed(difference / day.ticks_per_minute)
    return sentence(lang, "replan.cost", difference=amount, terms=terms_text(day, terms, lang))


def terms_text(day: Scenario, terms: Mapping[Term, int], lang: Lang) -> str:
    """Return the terms that differ, in minutes of travel."""
    each = [
        f"{sentence(lang, f'term.{term.value}')} {signed(amount / day.ticks_per_minute)}"
        for term, amount in terms.items()
    ]
    return listed(lang, each) or sentence(lang, "replan.no_terms")


def _changes(day: Scenario, changes: Sequence[Change], lang: Lang) -> Iterator[str]:
    if not changes:
        yield sentence(lang, "replan.same")
    for one in changes:
        yield sentence(
            lang,
            "replan.change",
            visit=one.visit,
            client=one.client,
            before=_appointment(day, one.before, lang),
            after=_appointment(day, one.after, lang),
        )


def _appointment(day: Scenario, one: Appointment | None, lang: Lang) -> str:
    if one is None:
        return sentence(lang, "replan.no_appointment")
    people = listed(lang, one.caregivers)
    start = _moment(day, one.date.isoformat(), one.start)
    return sentence(lang, "replan.appointment", caregivers=people, start=start)


def _moment(day: Scenario, date: str, start: int) -> str:
    return clock(start) if day.horizon.days == 1 else f"{date} {clock(start)}"


def _by_code(terms: Mapping[Term, int]) -> dict[str, int]:
    return {term.value: amount for term, amount in terms.items()}


def change_document(one: Change) -> dict[str, Any]:
    """Return a visit that differs as JSON."""
    return {
        "kind": one.kind.value,
        "visit": one.visit,
        "client": one.client,
        "before": _told(one.before),
        "after": _told(one.after),
    }


def _told(one: Appointment | None) -> dict[str, Any] | None:
    if one is None:
        return None
    start, end = format_clock(one.start), format_clock(one.end)
    people = list(one.caregivers)
    return {"date": one.date.isoformat(), "start": start, "end": end, "caregivers": people}
