"""What one rule asks for: by itself, by what its condition orders, by times the record says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from optimizer.domain.health import Condition, Medicine
from optimizer.domain.visit import Trace
from optimizer.needs.book import Book
from optimizer.needs.catalogue import DayWindow
from optimizer.needs.conditions import all_hold, asks_for
from optimizer.needs.facts import Evidence, Facts
from optimizer.needs.rules import Add, NeedRule, Session
from optimizer.needs.wishes import Wishes
from optimizer.units import MS_PER_DAY, MS_PER_MINUTE, format_clock

_EXACT = 15 * MS_PER_MINUTE
"A medicine that is due to the minute may be so early or late (field practice)."
_ABOUT = 30 * MS_PER_MINUTE
"Any other may."
_EARLY = 15 * MS_PER_MINUTE
"An escort comes so long before the way, at the earliest."


AFTERWARDS = 90 * MS_PER_MINUTE
"What would have begun at most so long before the way back takes place right after it."
_MORNING = "morning"
"Name of the moment that stands for the morning after."
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Away:
    """Hours of some weekdays, 1 = Monday, in which a client is not at home."""

    weekdays: frozenset[int]
    leaves: int
    returns: int


def trace_of(rule: NeedRule, seen: Evidence, facts: Facts, book: Book) -> Trace:
    """Return where something comes from that follows from a rule."""
    return Trace.model_construct(
        rule=rule.id,
        fields=seen.fields,
        recorded_on=seen.on,
        unsigned=book.rules.approval_of(rule.id, facts.day) is None,
    )


def ask(
    wishes: Wishes, rule: NeedRule, add: Add, seen: tuple[Evidence, Trace], facts: Facts, book: Book
) -> None:
    """Note what a rule that holds asks for, if its own further tests hold as well.

    Parameters
    ----------
    wishes
        What has been asked for so far.
    rule, add
        The rule, and what it asks for.
    seen
        What the rule has seen, and the reason that it gives.
    facts
        What is known of the client.
    book
        Catalogue and rules.
    """
    trace = seen[1]
    if add.when:
        more = all_hold(add.when, facts)
        if more is None:
            return
        trace = trace_of(rule, seen[0] + more, facts, book)
    per_day, days, names = add.per_day, add.days, add.windows
    weekdays: tuple[int, ...] = ()
    timed: list[DayWindow] = list(_doses(facts.record.medicines)) if add.medicines else []
    least = 0
    if add.medicines and not timed:
        return
    if add.ordered:
        ordered = _ordered(rule, facts)
        per_day = max((c.times_a_day for c in ordered if c.times_a_day), default=per_day)
        weekdays = ordered_weekdays(rule, facts)
        days = 4 * len(weekdays) if weekdays else days
        moments = _moments(ordered, add, book)
        if moments is not None:
            names, per_day = moments, len(moments)
            if not moments:
                return
        if add.after_session and rule.session is not None:
            away = next(_absences(ordered, rule.session))
            if _back_late(away, add, book):
                names = (_MORNING,)
                weekdays = tuple(sorted(day % _WEEK + 1 for day in weekdays))
        if add.session and rule.session is not None:
            away = next(_absences(ordered, rule.session))
            timed, least = [_before(away)], (away.returns - away.leaves) // MS_PER_MINUTE
    wish = wishes[add.service]
    wish.add_timed(timed, least)
    wish.add(days, per_day, trace, names, weekdays)


def _back_late(away: Away, add: Add, book: Book) -> bool:
    """Return whether a client comes back long after the moments at which a service is meant."""
    windows = book.catalogue.services[add.service].windows
    latest = max(one.latest for one in windows if not add.windows or one.name in add.windows)
    return away.returns - latest > AFTERWARDS


def _moments(ordered: Iterable[Condition], add: Add, book: Book) -> tuple[str, ...] | None:
    """Return the moments of the injections that count; None where the record says no kinds."""
    doses = [dose for condition in ordered for dose in condition.insulin]
    if not doses or not add.kinds:
        return None
    there = {window.name for window in book.catalogue.services[add.service].windows}
    meant = (d.moment for d in doses if d.kind in add.kinds and d.moment in there)
    return tuple(dict.fromkeys(meant))


def _doses(medicines: Iterable[Medicine]) -> Iterator[DayWindow]:
    """Yield a moment for each time at which somebody has to hand a medicine over."""
    widths: dict[int, int] = {}
    for medicine in medicines:
        for time in medicine.times if medicine.helped else ():
            width = _EXACT if medicine.exact else _ABOUT
            widths[time] = min(width, widths.get(time, width))
    for time, width in sorted(widths.items()):
        yield DayWindow.model_construct(
            name="t" + format_clock(time).replace(":", ""),
            earliest=max(0, time - width),
            latest=min(MS_PER_DAY, time + width),
            preferred_until=None,
            meal=None,
        )


def _before(away: Away) -> DayWindow:
    """Return when somebody comes who goes along."""
    return DayWindow.model_construct(
        name="session",
        earliest=max(0, away.leaves - _EARLY),
        latest=away.leaves,
        preferred_until=None,
        meal=None,
    )


def _ordered(rule: NeedRule, facts: Facts) -> list[Condition]:
    """Return the conditions that a rule asks for and the record has."""
    return [
        condition
        for code, recorded in facts.conditions.items()
        if any(asks_for(test, code) for test in rule.when)
        for condition, _ in recorded
    ]


def ordered_weekdays(rule: NeedRule, facts: Facts) -> tuple[int, ...]:
    """Return the fixed weekdays of the conditions that a rule asks for."""
    return tuple(sorted({day for one in _ordered(rule, facts) for day in one.weekdays}))


def absences(rule: NeedRule, session: Session, facts: Facts) -> list[Away]:
    """Return when a client is away because of the conditions that a rule asks for."""
    return list(_absences(_ordered(rule, facts), session))


def _absences(ordered: Iterable[Condition], session: Session) -> Iterator[Away]:
    for one in ordered:
        starts = session.starts if one.starts is None else one.starts
        lasts = session.lasts if one.lasts is None else one.lasts
        returns = min(MS_PER_DAY, starts + lasts + session.way)
        yield Away(frozenset(one.weekdays), max(0, starts - session.way), returns)
