"""Numbers and codes of a roster in a person's words."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from statistics import fmean

from optimizer.domain.policy import COUNTED, IN_FEN, Term
from optimizer.domain.visit import Visit
from optimizer.gap import is_loose
from optimizer.i18n import Lang, Sentence, has_sentence, sentence, translated
from optimizer.i18n import duration as exact_duration
from optimizer.report.continuity import circles_of, continuity_of
from optimizer.report.contracts import ContractUse
from optimizer.report.roster import Roster
from optimizer.report.statistics import TimeSpent, num_shifts
from optimizer.units import FEN_PER_YUAN, MS_PER_MINUTE, format_clock, to_ms

LONGER = 60
"Seconds: a run whose proof has had too little time is advised twice its own, in steps of this."

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class CostLine:
    """One cost term of a roster in words.

    Attributes
    ----------
    term
        The term.
    name, words
        Its name and a sentence with its quantity.
    minutes
        What it costs, in minutes of travel.
    """

    term: Term
    name: str
    words: str
    minutes: float


def clock(ms: int) -> str:
    """Return hours and minutes of a time, such as ``07:30``, or ``01:30+1`` after midnight."""
    return format_clock(ms // MS_PER_MINUTE * MS_PER_MINUTE)


def duration(lang: Lang, ms: int) -> str:
    """Return a duration in hours and minutes, or in seconds below one minute."""
    return translated(lang, rounded_duration(ms))


def rounded_duration(ms: int) -> Sentence:
    """Return a duration in whole minutes, or in whole seconds below one minute."""
    if 0 < ms < MS_PER_MINUTE:
        return exact_duration(max(1, ms // 1000) * 1000)
    return exact_duration(round(ms / MS_PER_MINUTE) * MS_PER_MINUTE)


def minutes_of_travel(roster: Roster, cost: int) -> float:
    """Return a cost in minutes of travel."""
    return cost / roster.scenario.ticks_per_minute


def number(value: float) -> str:
    """Return a number with separated thousands, and one decimal where it is small."""
    text = f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:,.1f}"
    return text.replace("-", MINUS)


def signed(value: float, decimals: int = 1) -> str:
    """Return a change with its sign: "+12.0" or, with a proper minus sign, "−12.0"."""
    return f"{value:+,.{decimals}f}".replace("-", MINUS)


def cost_lines(lang: Lang, roster: Roster) -> tuple[CostLine, ...]:
    """Return every cost term that counts in this roster, in the order of `Term`."""
    return tuple(
        _cost_line(lang, roster, term)
        for term in Term
        if roster.cost_breakdown.get(term, 0)
        or (roster.quantities.get(term, 0) and term is Term.TRAVEL)
    )


def _cost_line(lang: Lang, roster: Roster, term: Term) -> CostLine:
    quantity = roster.quantities.get(term, 0)
    ticks = roster.scenario.ticks_per_minute
    if term in COUNTED | {Term.UNSERVED}:
        fields = {"count": number(quantity)}
    elif term in IN_FEN:
        fields = {"yuan": f"{quantity / ticks / FEN_PER_YUAN:,.2f}"}
    else:
        fields = {"duration": duration(lang, to_ms(quantity, ticks))}
    return CostLine(
        term=term,
        name=sentence(lang, f"term.{term}"),
        words=sentence(lang, f"term.{term}.sentence", **fields),
        minutes=minutes_of_travel(roster, roster.cost_breakdown.get(term, 0)),
    )


def reason(lang: Lang, code: str) -> str:
    """Return the sentence of an unserved visit's reason; a dash where none is given."""
    if not code:
        return "–"
    key = f"reason.{code}"
    if has_sentence(key) and code != "other":
        return sentence(lang, key)
    return sentence(lang, "reason.other", code=code)


def helps(lang: Lang, code: str) -> str:
    """Return what may help an unserved visit, by its reason; empty where that is not known."""
    key = f"reason.{code}.help"
    return sentence(lang, key) if has_sentence(key) else ""


def town(lang: Lang, code: str) -> str:
    """Return the name of a town; the code itself where none is known."""
    key = f"town.{code}"
    return sentence(lang, key) if has_sentence(key) else code


def window(visit: Visit) -> str:
    """Return a visit's window of the start, such as ``07:00–08:30``."""
    return f"{clock(visit.window.earliest)}–{clock(visit.window.latest)}"


def horizon(lang: Lang, roster: Roster) -> str:
    """Return the days that are planned, in words."""
    span = roster.scenario.horizon
    if span.days == 1:
        return span.start.isoformat()
    return sentence(lang, "text.horizon", first=span.start.isoformat(), days=span.days)


def day(lang: Lang, date: datetime.date) -> str:
    """Return a date with its day of the week."""
    weekday = sentence(lang, f"printed.weekday.{date.isoweekday()}")
    return sentence(lang, "printed.day", date=date.isoformat(), weekday=weekday)


def served(lang: Lang, roster: Roster) -> str:
    """Return how many visits are served and by how many."""
    return sentence(
        lang,
        "text.served",
        served=len(roster.served),
        visits=len(roster.scenario.visits),
        caregivers=len({route.caregiver for route in roster.plan.routes}),
        routes=len(roster.plan.routes),
        shifts=num_shifts(roster),
    )


def making(lang: Lang, roster: Roster) -> tuple[str, ...]:
    """Return the sentences about how the plan was made and what is proven of it."""
    lines = []
    made = roster.result
    if made is not None:
        lines.append(
            sentence(
                lang,
                "text.run",
                status=sentence(lang, f"status.{made.status}"),
                termination=sentence(lang, f"termination.{made.termination}"),
                seconds=f"{made.seconds:.1f}",
                iterations=f"{made.iterations:,}",
                seed=made.seed,
            )
        )
        lines += _proven(lang, roster, made.seconds)
    return tuple(lines)


def _proven(lang: Lang, roster: Roster, seconds: float) -> tuple[str, ...]:
    """Return what is proven of a plan that was made in so many seconds."""
    if roster.lower_bound is None or roster.gap is None:
        return ()
    said = {
        "minutes": number(minutes_of_travel(roster, roster.lower_bound)),
        "percent": f"{100 * roster.gap:.1f}",
    }
    if not is_loose(roster.gap):
        return (sentence(lang, "text.bound", **said),)
    longer = LONGER * max(1, math.ceil(seconds * 2 / LONGER))
    return (sentence(lang, "text.bound_loose", **said, seconds=longer),)


def shares(lang: Lang, time: TimeSpent) -> str:
    """Return how the time away from home is spent, in percent."""
    return sentence(
        lang,
        "text.shares",
        care=f"{time.percent(time.care):.0f}",
        travel=f"{time.percent(time.travel):.0f}",
        waiting=f"{time.percent(time.waiting):.0f}",
        pause=f"{time.percent(time.pause):.0f}",
    )


def yuan(fen: int) -> str:
    """Return money in yuan, to the fen."""
    return f"{fen / 100:,.2f}"


def purchase(lang: Lang, uses: tuple[ContractUse, ...]) -> str:
    """Return what the roster costs those who buy by contract, all together."""
    return sentence(lang, "text.purchase", yuan=yuan(sum(use.fen for use in uses)))


def circles(lang: Lang, roster: Roster) -> tuple[str, ...]:
    """Return how many caregivers clients see, and how often they come at the usual time.

    Nothing is said of a single day, on which hardly anybody is visited twice.
    """
    rows = continuity_of(roster)
    found = circles_of(rows) if roster.scenario.horizon.days > 1 else None
    if found is None:
        return ()
    seen = sentence(
        lang,
        "text.circles",
        mean=f"{found.mean:.1f}",
        most=found.most,
        main=f"{found.by_main:.0f}",
        two=f"{found.by_two:.0f}",
    )
    lines = [seen, *_least(lang, roster)]
    if found.on_time is not None:
        lines.append(sentence(lang, "text.on_time", percent=f"{found.on_time:.0f}"))
    own = [row for row in rows if row.responsible is not None]
    if own:
        kept = sum(row.by_responsible >= row.due for row in own)
        lines.append(sentence(lang, "text.responsible", kept=kept, count=len(own)))
    return tuple(lines)


def _least(lang: Lang, roster: Roster) -> tuple[str, ...]:
    """Return what any roster needs that serves the same visits, where that has been worked out."""
    least = None if roster.result is None else roster.result.least
    if least is None or not least.caregivers:
        return ()
    tpm = roster.scenario.ticks_per_minute
    said = sentence(
        lang,
        "text.least",
        mean=f"{math.floor(10 * fmean(least.caregivers.values())) / 10:.1f}",
        most=max(least.caregivers.values()),
        travel=duration(lang, to_ms(least.travel, tpm) // MS_PER_MINUTE * MS_PER_MINUTE),
    )
    share = least.most_care_share
    if share is None or not least.off_care:
        return (said,)
    # Rounded up, so that no roster can have more than is said.
    most = f"{math.ceil(1000 * share) / 10:.1f}"
    return said, sentence(lang, "text.care_share", share=most)
