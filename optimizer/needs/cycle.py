"""Which days of four weeks a service falls on.

The cycle has 28 days, counted from a Monday that is the same for everybody. Days come in an
order of preference in which fewer days are always a part of more days: who gets more never
loses a day, and a cut never moves what is left. A client has the same order for most services,
so that they share visits.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from datetime import date
from functools import cache

DAYS = 28
WEEKS_PER_CYCLE = 4
CYCLES_PER_YEAR = 13
MONTHS_PER_YEAR = 12

_WEEKDAYS = (0, 3, 5, 1, 6, 2, 4)
"Every beginning of it is spread over the week as evenly as such an order can be."
_WEEKS = (0, 2, 1, 3)


def day_of_cycle(day: date) -> int:
    """Return a date's place in its cycle, 0 (a Monday) to 27."""
    # Day 1 of the proleptic calendar is a Monday.
    return (day.toordinal() - 1) % DAYS


def phase_of(client: str) -> int:
    """Return a number that spreads clients over days, the same on every machine."""
    return zlib.crc32(client.encode("utf-8"))


@cache
def preferred_days(phase: int, shift: int) -> tuple[int, ...]:
    """Return all days of the cycle, most preferred first.

    Parameters
    ----------
    phase
        The client's phase, 0 to 27; decides the first weekday and week.
    shift
        Days by which the service is moved away from the client's usual ones.
    """
    weekdays = [(weekday + phase % 7 + shift) % 7 for weekday in _WEEKDAYS]
    weeks = [(week + phase // 7) % WEEKS_PER_CYCLE for week in _WEEKS]
    return tuple(7 * week + weekday for weekday in weekdays for week in weeks)


def choose_days(
    phase: int,
    count: int,
    *,
    shift: int = 0,
    weekdays: Collection[int] = (),
    barred: Collection[int] = (),
    tiring: Collection[int] = (),
    min_days: int = 0,
    only: Collection[int] | None = None,
) -> tuple[int, ...]:
    """Return days of the cycle for a service, most preferred first.

    Parameters
    ----------
    phase
        The client's phase (any whole number).
    count
        Days wanted, 0 to 28; fewer are returned where no more are left.
    shift
        Days by which the service is moved away from the client's usual ones.
    weekdays
        Fixed days of the week, 1 = Monday; they come first.
    barred
        Weekdays, 1 = Monday, on which it cannot be.
    tiring
        Weekdays, 1 = Monday, that are chosen last.
    min_days
        Days that lie between two of them at least, counted around the cycle; given up
        rather than the number of days where both cannot be had.
    only
        Days of the cycle that are possible at all; all of them if not given.
    """
    order = preferred_days(phase % DAYS, shift)
    if only is not None:
        order = tuple(day for day in order if day in only)
    if weekdays:
        order = tuple(sorted(order, key=lambda day: day % 7 + 1 not in weekdays))
    if barred:
        order = tuple(day for day in order if day % 7 + 1 not in barred)
    if min_days > 1 and not weekdays:
        order = _spread(order, min_days)
    if tiring:
        rested = sorted(order, key=lambda day: day % 7 + 1 in tiring)[:count]
        order = tuple(day for day in order if day in rested)
    return order[:count]


@cache
def _spread(order: tuple[int, ...], min_days: int) -> tuple[int, ...]:
    """Return the days with those that keep the distance to all before them first."""
    chosen: list[int] = []
    for day in order:
        if all(_distance(day, other) >= min_days for other in chosen):
            chosen.append(day)
    return (*chosen, *(day for day in order if day not in chosen))


def _distance(one: int, other: int) -> int:
    apart = abs(one - other)
    return min(apart, DAYS - apart)
