"""From a series to its visits in the horizon: how many are due, on which days each may be.

A series has *usual days*: of each period of weeks so many of its allowed days, those that are
wished for first, as evenly spread as they can be. They only count: as many visits are due in a
horizon as usual days lie in it, so that a week planned day by day has as many visits as one that
is planned at once. On which of the allowed days of the period a visit takes place is left to the
search.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations, count

from optimizer.domain.series import ExceptionKind, Series
from optimizer.domain.visit import Coupling, CouplingKind, StartWindow, Visit

WEEK = 7
FIRST_MONDAY = date(2001, 1, 1)
"Monday from which periods of several weeks are counted where no first day is given."


@dataclass(frozen=True, slots=True)
class SeriesVisits:
    """What becomes of series in a horizon.

    Attributes
    ----------
    visits
        The visits, series by series, in the order of their numbers.
    couplings
        What keeps the visits of a series apart.
    """

    visits: tuple[Visit, ...] = ()
    couplings: tuple[Coupling, ...] = ()


def visits_of_series(
    series: Sequence[Series], days: Sequence[date], taken: Container[str] = ()
) -> SeriesVisits:
    """Return the visits of some series in a horizon; the same series give the same ids.

    Parameters
    ----------
    series
        Series without faults.
    days
        The horizon, in order.
    taken
        Ids that other visits have.
    """
    visits: list[Visit] = []
    couplings: list[Coupling] = []
    for one in series:
        found = tuple(_visit(one, due, taken) for due in _due(one, days))
        visits += found
        couplings += _ties(one, found)
    return SeriesVisits(tuple(visits), tuple(couplings))


def usual_days(series: Series, first: date) -> tuple[date, ...]:
    """Return the usual days of the period that begins on a Monday, in order.

    Parameters
    ----------
    series
        The series; its first and last day and its exceptions are left aside.
    first
        The Monday.
    """
    open_days = allowed_days(series, first)
    wished = [day for day in open_days if day.isoweekday() in series.preferred_weekdays]
    others = [day for day in open_days if day not in wished]
    turn = zlib.crc32(series.id.encode("utf-8"))
    chosen = _evenly(wished, min(series.count, len(wished)), turn)
    chosen += _evenly(others, min(series.count - len(chosen), len(others)), turn)
    return tuple(sorted(chosen))


def allowed_days(series: Series, first: date) -> tuple[date, ...]:
    """Return the days of the period from a Monday on whose days of the week are allowed."""
    period = (first + timedelta(days=n) for n in range(WEEK * series.weeks))
    return tuple(
        day for day in period if not series.weekdays or day.isoweekday() in series.weekdays
    )


def _evenly(days: Sequence[date], number: int, turn: int) -> list[date]:
    """Return so many of the days, as evenly spread as they can be, `turn` days on."""
    return [days[(turn + n * len(days) // number) % len(days)] for n in range(number)]


def period_of(series: Series, day: date) -> date:
    """Return the Monday on which the period begins in which a day lies."""
    start = series.since or FIRST_MONDAY
    anchor = start - timedelta(days=start.weekday())
    length = WEEK * series.weeks
    return day - timedelta(days=(day - anchor).days % length)


@dataclass(frozen=True, slots=True)
class _Due:
    """One visit that is due.

    Attributes
    ----------
    number
        Its number in its period, from 1; of one more than usual, 101 on its first day.
    period
        Monday on which that begins.
    place
        The day after which it is ordered: its usual day, or the one on which it is fixed.
    dates
        Days on which it may be.
    window
        Its own window, of a fixed one that has one.
    """

    number: int
    period: date
    place: date
    dates: tuple[date, ...]
    window: StartWindow | None = None


def _visit(series: Series, due: _Due, taken: Container[str]) -> Visit:
    name = f"{series.id}-{due.period:%Y%m%d}-{due.number}"
    names = (name + (f"+{n}" if n else "") for n in count())
    wished = tuple(day for day in due.dates if day.isoweekday() in series.preferred_weekdays)
    window, late = _window(series, due)
    return Visit(
        id=next(one for one in names if one not in taken),
        client=series.client,
        services=series.services,
        carers=series.carers,
        dates=due.dates,
        preferred_dates=wished if len(wished) < len(due.dates) else (),
        window=window,
        preferred_until=late,
        priority=series.priority,
        unserved_price=series.unserved_price,
        mandatory=series.mandatory,
        payer=series.payer,
        series=series.id,
    )


def _window(series: Series, due: _Due) -> tuple[StartWindow, int | None]:
    """Return when a visit may begin, and until when it is not late."""
    if due.window is not None:
        return due.window, None
    if series.usual_start is None:
        return series.window, None
    earliest, latest = series.window.earliest, series.window.latest
    soonest = max(earliest, series.usual_start - series.tolerance)
    late = min(latest, series.usual_start + series.tolerance)
    return StartWindow.model_construct(earliest=soonest, latest=latest), late


def _due(series: Series, days: Sequence[date]) -> list[_Due]:
    """Return the visits that are due, in the order of their usual days."""
    periods = dict.fromkeys(period_of(series, day) for day in days)
    due = [one for period in periods for one in _due_in(series, period, days)]
    due.sort(key=lambda one: (one.place, one.number))
    if due and series.done and series.max_days is not None:
        last = max(series.done) + timedelta(days=series.max_days)
        soon = tuple(day for day in due[0].dates if day <= last)
        # Where it is too late already, any of its days will have to do.
        due[0] = replace(due[0], dates=soon or due[0].dates)
    return due


def _due_in(series: Series, period: date, days: Sequence[date]) -> Iterator[_Due]:
    """Yield the visits of one period that are due within the horizon."""
    inside = [day for day in days if period_of(series, day) == period and _holds(series, day)]
    due = _usual_in(series, period, inside, days[-1])
    fixed = [day for day in inside if _is(series, ExceptionKind.FIXED, day)]
    for day in fixed:
        near = min(due, key=lambda one: (abs((one[1] - day).days), one[0]), default=None)
        due = [one for one in due if one is not near]
        number = 101 + (day - period).days if near is None else near[0]
        yield _Due(number, period, day, (day,), _own_window(series, day))
    free = tuple(day for day in inside if day not in fixed and _is_free(series, day))
    spare = len(free) - len(due)
    for place, (number, day) in enumerate(due):
        # They are all alike: the first is never later than that the others find days after it.
        dates = free[place : place + spare + 1] if place < len(free) and spare >= 0 else free
        if dates:
            yield _Due(number, period, day, dates)


def _usual_in(
    series: Series, period: date, inside: Collection[date], last: date
) -> list[tuple[int, date]]:
    """Return numbers and usual days of the visits of a period that are due in the horizon."""
    usual = [
        (number, day)
        for number, day in enumerate(usual_days(series, period), start=1)
        if _holds(series, day) and not _is(series, ExceptionKind.CANCELLED, day)
    ]
    if not series.done:
        return [one for one in usual if one[1] in inside]
    # What should have been before the horizon and has not taken place is still due.
    done = sum(period_of(series, day) == period for day in series.done)
    return [one for one in usual[done:] if one[1] <= last]


def _is_free(series: Series, day: date) -> bool:
    """Return whether a visit that is not fixed may be on a day of the horizon."""
    is_off = any(_is(series, kind, day) for kind in (ExceptionKind.MOVED, ExceptionKind.CANCELLED))
    is_soon = any((day - before).days < series.min_days for before in series.done)
    is_allowed = not series.weekdays or day.isoweekday() in series.weekdays
    return is_allowed and not is_off and not is_soon


def _holds(series: Series, day: date) -> bool:
    return (series.since is None or series.since <= day) and (
        series.until is None or day <= series.until
    )


def _is(series: Series, kind: ExceptionKind, day: date) -> bool:
    return any(one.kind is kind and one.covers(day) for one in series.exceptions)


def _own_window(series: Series, day: date) -> StartWindow | None:
    """Return the window of the exception that fixes a day."""
    return next(
        one.window
        for one in series.exceptions
        if one.kind is ExceptionKind.FIXED and one.covers(day)
    )


def _ties(series: Series, visits: Sequence[Visit]) -> Iterator[Coupling]:
    """Yield what keeps the visits of a series apart, and from being too far from each other.

    Without a largest gap, visits of one period may take each other's days; with one, neighbours
    come in the order of their numbers, because only between neighbours it is one.
    """
    for one, other in combinations(range(len(visits)), 2):
        first, second = visits[one], visits[other]
        most = series.max_days if other == one + 1 else None
        least = (second.dates[0] - first.dates[-1]).days
        farthest = (second.dates[-1] - first.dates[0]).days
        if least >= series.min_days and (most is None or farthest <= most):
            continue
        yield Coupling.model_construct(
            kind=CouplingKind.APART,
            first=first.id,
            second=second.id,
            min_gap=0,
            max_gap=None,
            min_days=series.min_days,
            max_days=most,
            ordered=most is not None,
            different_caregivers=False,
        )
