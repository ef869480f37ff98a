"""How a series of visits could be made: lines to read, and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from optimizer.domain.scenario import Scenario
from optimizer.i18n import Lang, listed, sentence
from optimizer.replan import Occurrence, SeriesRecommendation, SeriesSuggestion
from optimizer.report import wording
from optimizer.report.by_hand_text import barred_text, change_document, terms_text
from optimizer.report.wording import clock, signed
from optimizer.units import format_clock


def series_text(day: Scenario, found: SeriesRecommendation, *, lang: Lang) -> Iterator[str]:
    """Yield the lines about who could take a series."""
    count = len(found.suggestions)
    key = "replan.series_ways" if count else "replan.series_nobody"
    yield sentence(lang, key, series=found.series, count=count)
    for number, one in enumerate(found.suggestions, start=1):
        yield sentence(
            lang,
            "replan.series_way",
            number=number,
            caregivers=listed(lang, one.caregivers),
            weekdays=_weekdays(one, lang),
            made=len(one.occurrences) - one.left_out,
            count=len(one.occurrences),
            difference=signed(one.difference / day.ticks_per_minute),
            terms=terms_text(day, one.terms, lang),
        )
        yield from (_visit(each, one.caregivers, lang) for each in one.occurrences)
        for change in one.changes:
            if change.before is not None and change.after is not None:
                yield sentence(
                    lang,
                    "replan.option_moves",
                    visit=change.visit,
                    start=f"{change.after.date} {clock(change.after.start)}",
                    start_before=f"{change.before.date} {clock(change.before.start)}",
                )
    yield from barred_text(found.barred, lang)


def _weekdays(one: SeriesSuggestion, lang: Lang) -> str:
    days = sorted({each.date.isoweekday() for each in one.occurrences})
    return listed(lang, [sentence(lang, f"printed.weekday.{day}") for day in days])


def _visit(one: Occurrence, usual: tuple[str, ...], lang: Lang) -> str:
    day = wording.day(lang, one.date)
    if one.start is None:
        return sentence(lang, "replan.series_left_out", day=day)
    people, start = listed(lang, one.caregivers), clock(one.start)
    if one.caregivers == usual:
        return sentence(lang, "replan.series_visit", day=day, start=start, caregivers=people)
    if one.obstacle is None:
        return sentence(lang, "replan.series_stand_in", day=day, start=start, caregivers=people)
    why = sentence(lang, f"explain.obstacle.{one.obstacle}")
    return sentence(
        lang, "replan.series_because", day=day, start=start, caregivers=people, obstacle=why
    )


def series_document(day: Scenario, found: SeriesRecommendation) -> dict[str, Any]:
    """Return the same as JSON; costs are in ticks of travel."""
    return {
        "scenario": day.id,
        "ticks_per_minute": day.ticks_per_minute,
        "series": found.series,
        "suggestions": [_way(one) for one in found.suggestions],
        "barred": {obstacle.value: count for obstacle, count in found.barred.items()},
    }


def _way(one: SeriesSuggestion) -> dict[str, Any]:
    return {
        "caregivers": list(one.caregivers),
        "weekdays": sorted({each.date.isoweekday() for each in one.occurrences}),
        "left_out": one.left_out,
        "difference": one.difference,
        "terms": {term.value: amount for term, amount in one.terms.items()},
        "visits": [
            {
                "visit": each.visit,
                "date": each.date.isoformat(),
                "start": None if each.start is None else format_clock(each.start),
                "caregivers": list(each.caregivers),
                "obstacle": None if each.obstacle is None else each.obstacle.value,
            }
            for each in one.occurrences
        ],
        "changes": [change_document(change) for change in one.changes],
    }
