"""A master pattern as a person reads it: what was learned, what is kept, what deviates and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from optimizer.domain.pattern import Pattern
from optimizer.domain.scenario import Scenario
from optimizer.i18n import Lang, listed, sentence
from optimizer.pattern import Cause, Deviation, Stability
from optimizer.report.wording import clock, day, signed
from optimizer.units import format_clock


def learned_text(pattern: Pattern, *, lang: Lang) -> str:
    """Return what was learned, in one sentence."""
    return sentence(
        lang,
        "pattern.learned",
        slots=len(pattern.slots),
        cycle=pattern.cycle,
        visits=sum(slot.seen for slot in pattern.slots),
        steady=sum(slot.seen == slot.weeks for slot in pattern.slots),
    )


def laid_out_text(visits: int, kept: int, ended: int, *, lang: Lang) -> str:
    """Return how many visits of later days have an appointment in the pattern."""
    return sentence(
        lang, "pattern.laid_out", visits=visits, kept=kept, beyond=visits - kept, ended=ended
    )


def deviation_text(
    scenario: Scenario, weeks: Sequence[Stability], found: Sequence[Deviation], *, lang: Lang
) -> Iterator[str]:
    """Yield the lines about a roster held against a pattern.

    Parameters
    ----------
    scenario
        The days of the roster.
    weeks
        What is kept, week by week.
    found
        Every visit that deviates.
    lang
        Language of all words.
    """
    yield sentence(lang, "pattern.heading")
    for week in weeks:
        yield "  " + _week(week, lang)
    if not found:
        yield sentence(lang, "pattern.none_deviates")
        return
    yield sentence(lang, "pattern.deviating", count=len(found))
    for one in found:
        yield "  " + _line(scenario, one, lang)
    tried = sum(one.cause is not None for one in found)
    if tried < len(found):
        yield sentence(lang, "pattern.unasked", tried=tried)


def deviation_document(
    scenario: Scenario, weeks: Sequence[Stability], found: Sequence[Deviation], *, lang: Lang
) -> dict[str, Any]:
    """Return the same as JSON; costs are in ticks of travel."""
    return {
        "scenario": scenario.id,
        "ticks_per_minute": scenario.ticks_per_minute,
        "weeks": [
            {
                "monday": week.monday.isoformat(),
                "due": week.due,
                "kept": week.kept,
                "same_caregivers": week.same_caregivers,
                "same_day": week.same_day,
                "same_time": week.same_time,
                "beyond": week.beyond,
                "ended": week.ended,
            }
            for week in weeks
        ],
        "deviations": [
            {
                "visit": one.visit,
                "client": one.due.slot.client,
                "due": {
                    "date": one.due.date.isoformat(),
                    "start": format_clock(one.due.slot.start),
                    "caregivers": list(one.due.slot.caregivers),
                },
                "made": None
                if one.made is None
                else {
                    "date": one.made.date.isoformat(),
                    "start": format_clock(one.made.start),
                    "caregivers": list(one.made.caregivers),
                },
                "cause": one.cause,
                "reason": one.reason,
                "rule": one.rule,
                "difference": one.difference,
                "sentence": None if one.cause is None else _why(scenario, one, one.cause, lang),
            }
            for one in found
        ],
    }


def _week(week: Stability, lang: Lang) -> str:
    return sentence(
        lang,
        "pattern.week",
        monday=week.monday.isoformat(),
        due=week.due,
        kept=week.kept,
        share=f"{100 * week.kept / week.due:.0f} %" if week.due else "–",
        caregivers=week.same_caregivers,
        day=week.same_day,
        time=week.same_time,
        beyond=week.beyond,
        ended=week.ended,
    )


def _line(scenario: Scenario, one: Deviation, lang: Lang) -> str:
    slot, made = one.due.slot, one.made
    words = {
        "visit": one.visit,
        "client": slot.client,
        "due": sentence(
            lang,
            "pattern.appointment",
            caregivers=listed(lang, slot.caregivers),
            day=day(lang, one.due.date),
            start=clock(slot.start),
        ),
        "made": sentence(lang, "pattern.left_out")
        if made is None
        else sentence(
            lang,
            "pattern.appointment",
            caregivers=listed(lang, made.caregivers),
            day=day(lang, made.date),
            start=clock(made.start),
        ),
    }
    if one.cause is None:
        return sentence(lang, "pattern.line_unasked", **words)
    return sentence(lang, "pattern.line", why=_why(scenario, one, one.cause, lang), **words)


def _why(scenario: Scenario, one: Deviation, cause: Cause, lang: Lang) -> str:
    return sentence(
        lang,
        f"pattern.cause.{cause}",
        caregiver=one.caregiver,
        reason="" if one.reason is None else sentence(lang, f"pattern.reason.{one.reason}"),
        caregivers=listed(lang, one.due.slot.caregivers),
        rule="" if one.rule is None else sentence(lang, f"rule.{one.rule.value}"),
        difference=""
        if one.difference is None
        else signed(one.difference / scenario.ticks_per_minute).lstrip("+"),
    )
