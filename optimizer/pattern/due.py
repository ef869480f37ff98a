"""Which visits of later days are which appointments of a pattern."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from optimizer.domain.index import ScenarioIndex
from optimizer.domain.pattern import Pattern, Slot
from optimizer.domain.visit import Visit

Service = tuple[str, str | None, tuple[str, ...]]
"Client and recurring service: its series, or where there is none the services of the visit."


@dataclass(frozen=True, slots=True)
class Due:
    """An appointment of a pattern on a day.

    Attributes
    ----------
    slot
        What the pattern says.
    date
        The day.
    """

    slot: Slot
    date: dt.date


def service_of(one: Visit | Slot) -> Service:
    """Return whose recurring service a visit or a slot is."""
    return one.client, one.series, () if one.series is not None else tuple(sorted(one.services))


def due_on(pattern: Pattern, dates: Iterable[dt.date]) -> tuple[Due, ...]:
    """Return all appointments of a pattern on some days, by day and start."""
    by_day: dict[tuple[int, int], list[Slot]] = defaultdict(list)
    for slot in pattern.slots:
        by_day[slot.week, slot.weekday].append(slot)
    return tuple(
        Due(slot, day)
        for day in dates
        for slot in sorted(by_day[pattern.week_of(day), day.isoweekday()], key=_moment)
    )


def matched(index: ScenarioIndex, pattern: Pattern) -> tuple[Mapping[str, Due], tuple[Due, ...]]:
    """Return the appointment of each visit that has one, and the appointments without a visit.

    Visits are given appointments of their service one after the other: those with the fewest
    days to choose from first, each the free one nearest to its window.
    """
    free: dict[Service, list[Due]] = defaultdict(list)
    for due in due_on(pattern, index.dates):
        free[service_of(due.slot)].append(due)
    found: dict[str, Due] = {}
    days_of = {visit.id: index.allowed_dates(visit) for visit in index.visit.values()}
    for name in sorted(days_of, key=lambda name: (len(days_of[name]), days_of[name], name)):
        visit, days = index.visit[name], days_of[name]
        fitting = [due for due in free[service_of(visit)] if due.date in days]
        if fitting:
            best = min(
                fitting, key=lambda due: (_outside(visit, due.slot), due.date, due.slot.start)
            )
            free[service_of(visit)].remove(best)
            found[name] = best
    left = [due for several in free.values() for due in several]
    return found, tuple(sorted(left, key=lambda due: (due.date, *_moment(due.slot))))


def _outside(visit: Visit, slot: Slot) -> int:
    """Return by how much a slot's start lies outside a visit's window, in milliseconds."""
    window = visit.window
    return max(0, window.earliest - slot.start, slot.start - window.latest)


def _moment(slot: Slot) -> tuple[int, str, str, tuple[str, ...]]:
    return slot.start, slot.client, slot.series or "", slot.services
